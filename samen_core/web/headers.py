"""Security headers of every page (nl-standards §4.1: what Internet.nl tests) and the validators of cacheable pages."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, current_app, g, request
from sqlalchemy import Row, select

from samen_core.db.changes import LogHead
from samen_core.web.blueprint import CACHE
from samen_core.web.context import READING, current_platform, current_uow, request_itself

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from samen_core.web.kept import KeptPages

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
    )
)
EMBEDDED_POLICY = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
HSTS = "max-age=31536000; includeSubDomains"
PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
}
SAME_MINUTES = 5
"""How long a page may stay as it was though nothing changed but the time."""
_TABLE = LogHead.__table__
_HEAD = select(_TABLE.c.hash, _TABLE.c.handled).where(_TABLE.c.id == 1)


def page_validator(view: Callable[..., Any] | None) -> str | None:
    """The ETag of a public page for a visitor without a session, or None where it may not be kept.

    Every change of the city is in the change log or made by a handler of an event, so the end of the log's chain, the number of
    handled events, the language and the time, by five minutes (pages show what opens and what is left of a term), tell whether the page
    would be the same; nothing has to be rendered to know.
    """
    if not getattr(view, CACHE, False) or request.method not in READING or request.cookies:
        return None
    platform = current_platform()
    now = platform.clock()
    time = now.replace(minute=now.minute - now.minute % SAME_MINUTES, second=0, microsecond=0).isoformat()
    head = _end_of_log()
    platform.settings.follow(head.hash)
    platform.block_states.follow(head.hash)
    platform.texts.follow(head.hash)
    facts = (platform.build, *head, time, _address())
    return hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()[:24]


def _end_of_log() -> Row[Any, Any]:
    """The end of the chain and the handled events; past the unit of work where the answer is likely to need nothing else."""
    if request.if_none_match or kept_pages().knows(_address()):
        with current_platform().engine.connect() as connection:
            return connection.execute(_HEAD).one()
    return current_uow().session.connection().execute(_HEAD).one()


def answer_from_validator(view: Callable[..., Any] | None) -> Response | None:
    """What needs no drawing: a 304 when the visitor has this page already, or the page as it was drawn for somebody else."""
    validator = page_validator(view)
    g.samen_validator = validator
    if validator is None:
        return None
    if request.if_none_match.contains_weak(validator):
        return Response(status=304)
    return kept_pages().find(_address(), validator)


def keep_page(response: Response) -> None:
    """Keep the answer of this request for who asks the same, where it may be kept."""
    if validator := g.get("samen_validator"):
        kept_pages().keep(_address(), validator, response)


def keep_nothing() -> None:
    """The answer of this request is for this visitor alone: it begins a session, or lacks what may be there again at once."""
    g.samen_validator = None


def _address() -> str:
    found = request_itself()
    return "\n".join((found.host, found.script_root, found.full_path))


def kept_pages() -> KeptPages:
    """The drawn pages of this process."""
    found: KeptPages = current_app.extensions["samen_kept_pages"]
    return found


def allow_embedding(response: Response) -> Response:
    """Let pages of other sites show this answer in a frame.

    Only for pages that are the same for everybody and hold no form: nobody can be made to click on something there.
    """
    response.headers["Content-Security-Policy"] = EMBEDDED_POLICY
    return response


def set_page_headers(response: Response) -> Response:
    """Put the headers of a page on an answer, without replacing what the view chose."""
    # Looked through once: setdefault does so for each.
    chosen = {name.lower() for name, _value in response.headers}
    response.headers.extend([(name, value) for name, value in PAGE_HEADERS.items() if name.lower() not in chosen])
    if response.headers["Content-Security-Policy"] == EMBEDDED_POLICY:
        del response.headers["X-Frame-Options"]
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    response.headers.setdefault("Vary", "Cookie")
    if "Cache-Control" not in response.headers:
        validator = g.get("samen_validator")
        if validator and response.status_code in (200, 304) and "Set-Cookie" not in response.headers:
            response.set_etag(validator, weak=True)
            response.headers["Cache-Control"] = "public, no-cache"
        else:
            response.headers["Cache-Control"] = "private, no-store"
    return response


def leave_out_unwanted_body(response: Response) -> None:
    """Take the content off an answer that says the visitor has it already (304) or wanted another version (412; RFC 9110 §13.1.1)."""
    if response.status_code not in (HTTPStatus.NOT_MODIFIED, HTTPStatus.PRECONDITION_FAILED):
        return
    # What is read from disk was opened; closing the answer closes it too.
    response.call_on_close(getattr(response.response, "close", lambda: None))
    response.direct_passthrough = False
    response.response = []
    for name in ("Content-Length", "Content-Type", "Content-Disposition", "Content-Encoding"):
        response.headers.pop(name, None)

"""Forged requests: every writing request of a page must come from a page of ours, and from who is logged in also with a token.

An anonymous visitor has no cookie to abuse, so the browser's own word (``Sec-Fetch-Site``, ``Origin``) is enough; that also stops a
stranger from logging a visitor in to another account. The API is left alone: it never looks at the cookie.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, request
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms.validators import ValidationError

from samen_core.errors import NotAllowed
from samen_core.i18n import _
from samen_core.web.context import READING, current_actor, current_platform, is_api

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
FOREIGN = _("Dit formulier kwam niet van deze website. Open de pagina hier en vul het formulier opnieuw in.")
STALE = _("Wij konden niet zien of u dit formulier zelf verstuurde. Misschien logde u intussen opnieuw in.")


class StaleForm(NotAllowed):
    """A form of a page that was opened before somebody logged in anew."""

    title = _("Uw formulier is niet verstuurd")

    def __init__(self) -> None:
        super().__init__(STALE)


def init_csrf(app: Flask) -> None:
    """Check every writing request before its view."""
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_FIELD_NAME=FIELD)

    @app.before_request
    def protect() -> None:
        if request.method in READING or is_api():
            return
        if not is_own_site():
            raise NotAllowed(FOREIGN)
        if not current_actor().is_anonymous:
            _require_token()


def csrf_token() -> str:
    """The token for a form on this page; empty for an anonymous visitor, who needs none and gets no session for it."""
    return "" if current_actor().is_anonymous else generate_csrf()


def is_own_site() -> bool:
    """Whether the browser says that this request comes from a page of ours; one that says nothing is believed."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        # "none": typed or bookmarked, so not from another site.
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    public = urlsplit(current_platform().config.web.base_url)
    return urlsplit(origin).netloc.lower() in (request.host.lower(), public.netloc.lower())


def _require_token() -> None:
    try:
        validate_csrf(request.form.get(FIELD) or request.headers.get(HEADER))
    except ValidationError:
        raise StaleForm from None

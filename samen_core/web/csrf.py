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
STALE = _("Wij konden niet zien of u dit formulier zelf verstuurde. Ga terug, ververs de pagina en probeer het nog eens.")


def init_csrf(app: Flask) -> None:
    """Check every writing request before its view."""
    app.config.update(WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_FIELD_NAME=FIELD)

    @app.before_request
    def protect() -> None:
        if request.method in READING or is_api():
            return
        _require_own_site()
        if not current_actor().is_anonymous:
            _require_token()


def csrf_token() -> str:
    """The token for a form on this page; empty for an anonymous visitor, who needs none and gets no session for it."""
    return "" if current_actor().is_anonymous else generate_csrf()


def _require_own_site() -> None:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        # "none": typed or bookmarked, so not from another site.
        if site not in ("same-origin", "none"):
            raise NotAllowed(FOREIGN)
        return
    origin = request.headers.get("Origin")
    if origin is None:
        return
    public = urlsplit(current_platform().config.web.base_url)
    if urlsplit(origin).netloc.lower() not in (request.host.lower(), public.netloc.lower()):
        raise NotAllowed(FOREIGN)


def _require_token() -> None:
    try:
        validate_csrf(request.form.get(FIELD) or request.headers.get(HEADER))
    except ValidationError:
        raise NotAllowed(STALE) from None

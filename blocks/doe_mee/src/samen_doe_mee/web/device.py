"""By what a browser is known again without an account: a code in a cookie, which the visitor sees and can type on another device.

The cookie is set only in answer to a form that somebody sent, never by looking around.
"""

from __future__ import annotations

from datetime import timedelta

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from samen_core.api import clean_code, new_code
from samen_core.web.api import current_actor, current_platform

COOKIE = "samen_doe_mee"
KEPT = timedelta(days=365)


def device_code() -> str:
    """The code that this browser keeps; "" when it keeps none that we gave."""
    return clean_code(request.cookies.get(COOKIE, "")[:64]) or ""


def device_or_new() -> str:
    """The code that this browser keeps, or a new one to keep; "" for who is logged in and has none: they need none."""
    return device_code() or (new_code() if current_actor().is_anonymous else "")


def keep_device(response: Response | AnyResponse, code: str) -> None:
    """Let the browser keep this code from this answer on; nothing without one."""
    if code:
        secure = current_platform().config.web.base_url.startswith("https:")
        response.set_cookie(COOKIE, code, max_age=KEPT, path="/", secure=secure, httponly=True, samesite="Lax")

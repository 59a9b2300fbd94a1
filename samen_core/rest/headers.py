"""Headers that every answer of the API carries, and which other sites may call it from a browser."""

from __future__ import annotations

from flask import Flask, Request, Response

from samen_core.i18n import SOURCE_LANGUAGE, activate, current_language
from samen_core.platform import Platform
from samen_core.rest.version import REST_VERSION
from samen_core.web.context import is_api, request_itself

SECURITY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Rule transport/security-headers. A client that keeps an answer itself can still ask with If-None-Match whether it changed."""

_ALWAYS = (*SECURITY.items(), ("API-Version", REST_VERSION), ("Vary", "Accept, Accept-Language, Authorization, Origin"))

EXPOSED = "API-Version, Allow, ETag, Link, Location, Retry-After, WWW-Authenticate"
ALLOWED = "Accept, Accept-Language, Authorization, Content-Type, If-Match, If-None-Match"
PREFLIGHT_SECONDS = "600"
MAX_BODY = 1_000_000
"""Bytes of a JSON body; an upload resource sets its own bound on the request."""


def install_headers(app: Flask, platform: Platform) -> None:
    """Prepare every call of the API and finish every answer."""
    origins = frozenset(platform.config.web.api_origins)

    def before() -> None:
        found = request_itself()
        if is_api(found):
            found.max_content_length = MAX_BODY
            activate(platform.translations.translator(_language(platform, found)))

    def after(response: Response) -> Response:
        found = request_itself()
        if is_api(found):
            finish(response, found, origins)
        return response

    app.before_request(before)
    app.after_request(after)


def _language(platform: Platform, req: Request) -> str:
    # Not best_match: that prefers an exact "nl" with q=0.5 over the "en" of "en-GB".
    wanted = (tag.partition("-")[0].lower() for tag, quality in req.accept_languages if quality)
    return next((code for code in wanted if code in platform.translations.languages), SOURCE_LANGUAGE)


def finish(response: Response, req: Request, origins: frozenset[str]) -> None:
    """Set the headers of an answer; ``origins`` are the sites that browsers may call the API from."""
    headers = response.headers
    headers.extend(_ALWAYS)
    headers["Content-Language"] = current_language()
    origin = req.headers.get("Origin")
    if origin in origins and "Access-Control-Allow-Origin" not in headers:
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = EXPOSED
        if req.method == "OPTIONS" and "Access-Control-Request-Method" in req.headers:
            headers["Access-Control-Allow-Methods"] = headers.get("Allow", "")
            headers["Access-Control-Allow-Headers"] = ALLOWED
            headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS

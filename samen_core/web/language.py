"""Language by URL: Dutch without prefix, every other language under ``/<code>/``.

A WSGI layer moves the prefix into SCRIPT_NAME, so routes are written once and ``url_for`` answers in the language of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from samen_core.i18n import SOURCE_LANGUAGE

ENVIRON_KEY = "samen.language"
WITHOUT_LANGUAGE = ("/api/", "/static/", "/id/", "/health/", "/metrics", "/files/", "/.well-known/")
"""Paths that have no language: they exist only without prefix."""

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class LanguagePrefix:
    """The WSGI layer that reads the language from the path."""

    def __init__(self, app: WsgiApp, languages: Iterable[str]) -> None:
        self.app = app
        self.prefixes = {f"/{code}": code for code in languages if code != SOURCE_LANGUAGE}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        path: str = environ.get("PATH_INFO", "")
        prefix = path[: path.find("/", 1)] if "/" in path[1:] else path
        code = self.prefixes.get(prefix)
        if code and not path[len(prefix) :].startswith(WITHOUT_LANGUAGE):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
            environ[ENVIRON_KEY] = code
        return self.app(environ, start_response)

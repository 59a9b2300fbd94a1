"""The addresses of what makes reporting work without internet."""

from __future__ import annotations

from dataclasses import dataclass

from samen_core.web.api import page_url
from samen_oog_oor import paths

OFFLINE = f"{paths.REPORT}/offline"
SEND = f"{paths.REPORT}/verzenden"
WORKER = f"{paths.REPORT}/werker.js"
MANIFEST = f"{paths.REPORT}/app.webmanifest"


@dataclass(frozen=True, slots=True)
class AppUrls:
    """In the language of the page. ``scope`` is the part of the website that the worker of the browser looks after."""

    offline: str
    send: str
    worker: str
    manifest: str
    scope: str


def app_urls() -> AppUrls:
    """The addresses for the page that is shown."""
    return AppUrls(page_url(OFFLINE), page_url(SEND), page_url(WORKER), page_url(MANIFEST), page_url(paths.REPORT))

"""The browser checks find what they are for, also under a strict content security policy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Error, Page

from samen_core.testing.browser import axe_violations, sideways_scroll
from tests.support.paths import AXE

GOOD = """<!doctype html><html lang="nl"><head><title>Goed</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/style.css"></head><body><main><h1>Goed</h1><p>Tekst</p>{}</main></body></html>"""
STYLE = ".wide { width: 600px; height: 30px } .box { overflow-x: auto } p { margin: 0 }"

Serve = Callable[[str], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A function that serves an HTML text under a strict policy and gives its address."""
    pages: dict[str, tuple[str, str]] = {"/style.css": ("text/css", STYLE)}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = pages.get(self.path, ("text/plain", ""))
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'self'")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def add(html: str) -> str:
        pages["/page"] = ("text/html", html)
        return f"http://127.0.0.1:{server.server_port}/page"

    yield add
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_axe_passes_a_good_page(page: Page, serve: Serve) -> None:
    page.goto(serve(GOOD.format("")))
    assert axe_violations(page, AXE) == []


def test_axe_names_rule_and_element(page: Page, serve: Serve) -> None:
    page.goto(serve(GOOD.format('<img src="/x.png" class="bare">')))
    [line] = axe_violations(page, AXE)
    assert line.startswith("image-alt (critical)")
    assert 'class="bare"' in line


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("", []),
        ('<div class="wide"></div>', ['<div class="wide"></div>']),
        ('<div class="box"><div class="wide"></div></div>', []),
    ],
)
def test_sideways_scroll(page: Page, serve: Serve, html: str, found: list[str]) -> None:
    page.goto(serve(GOOD.format(html)))
    assert sideways_scroll(page) == found


def test_browser_reaches_no_other_machine(page: Page) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")

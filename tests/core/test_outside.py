"""Calling other servers: what they answer, no more of it than asked, and only those that may be called."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from samen_core.errors import Invalid
from samen_core.outside import NotReached, call_outside, check_outside_address
from samen_core.platform import Platform


class Echo(BaseHTTPRequestHandler):
    """Says what it was asked; redirects at ``/elders``."""

    def do_GET(self) -> None:
        """Answer a question."""
        self._answer(302 if self.path == "/elders" else 200, f"{self.command} {self.path} {self.headers['X-Test']}".encode())

    def do_POST(self) -> None:
        """Give back what was sent."""
        self._answer(404, self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *_args: Any) -> None:
        """Stay silent."""

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        if status == 302:
            self.send_header("Location", "/")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """Loopback may be called."""
    return {"blocks": ["citycontent"], "web": {"webhook_networks": ["127.0.0.0/8"]}}


@pytest.fixture
def echo() -> Iterator[str]:
    """The address of a server."""
    server = HTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_answer_has_its_status_type_and_body(platform: Platform, echo: str) -> None:
    answer = call_outside(platform, "GET", f"{echo}/a?b=c", headers={"X-Test": "ja"})
    assert (answer.status, answer.content_type, answer.body) == (200, "text/plain", b"GET /a?b=c ja")
    answer = call_outside(platform, "POST", f"{echo}/a", b"x=1")
    assert (answer.status, answer.body) == (404, b"x=1")


def test_a_redirect_is_not_followed(platform: Platform, echo: str) -> None:
    assert call_outside(platform, "GET", f"{echo}/elders").status == 302


def test_an_answer_that_is_too_long_is_none(platform: Platform, echo: str) -> None:
    assert call_outside(platform, "POST", echo, b"12345", most=5).body == b"12345"
    with pytest.raises(NotReached, match="TooLong"):
        call_outside(platform, "POST", echo, b"123456", most=5)


def test_nobody_there_is_said(platform: Platform) -> None:
    with pytest.raises(NotReached):
        call_outside(platform, "GET", "http://127.0.0.1:1/")


def test_other_inside_addresses_may_not_be_called(platform: Platform) -> None:
    for url in ("http://10.0.0.1/", "https://192.168.1.1/", "ftp://127.0.0.1/", "https://localhost.localdomain.localhost/"):
        with pytest.raises(Invalid):
            check_outside_address(platform, url)
        with pytest.raises(Invalid):
            call_outside(platform, "GET", url)

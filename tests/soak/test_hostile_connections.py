"""What no browser sends, over bare connections to the real server: it refuses or hangs up, and goes on for everybody else."""

from __future__ import annotations

import contextlib
import socket

import pytest

from tests.soak.conftest import DemoCity
from tests.support.installation import Server

pytestmark = pytest.mark.parametrize("city", ["sqlite"], indirect=True)

HOST = b"Host: 127.0.0.1\r\n"
SECRET = b"geheim-van-mevrouw-de-vries"
REQUESTS = (
    b"",
    b"\r\n\r\n",
    b"\x00\x00\x00\x00",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
    b"GET  /  HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: \r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: evil.example\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET //evil.example/%2e%2e HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /../../../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /static/..%2f..%2f..%2fsamen.toml HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /static/core/../../../samen.toml HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /%ff%fe HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /organisaties?q=%00 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /organisaties?q=\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /zoeken?q=" + SECRET + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /organisaties/" + SECRET + b" HTTP/1.1\r\n" + HOST + b"Referer: http://x/?" + SECRET + b"\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: 1\r\n" % number for number in range(500)) + b"\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X : 1\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X\x00Y: 1\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X: a\x00b\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b"Cookie: samen=" + SECRET + b"; samen=\xff; =; a\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + HOST + b'Range: bytes=-1-,9-1\r\nIf-None-Match: "\r\nIf-Modified-Since: gisteren\r\n\r\n',
    b"POST /inloggen HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    b"POST /inloggen HTTP/1.1\r\n" + HOST + b"Content-Length: 1e3\r\n\r\n",
    b"POST /inloggen HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999\r\n\r\nemail=",
    b"POST /inloggen HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nemail=",
    b"POST /inloggen HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nx\r\n0\r\n\r\n",
    b"POST /inloggen HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET /beheer HTTP/1.1\r\n\r\n",
    b"POST /inloggen HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    b"POST /inloggen HTTP/1.1\r\n" + HOST + b"Expect: 200-nooit\r\nContent-Length: 5\r\n\r\nemail",
    b"POST /api/v1/core/_zoek HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n\xff\xfe",
    b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n",
    b"TRACE / HTTP/1.1\r\n" + HOST + b"Cookie: " + SECRET + b"\r\n\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
    b"get / http/1.1\r\nhost: 127.0.0.1\r\n\r\n",
)
HELD_OPEN = 60
"""Connections that are opened and left."""


def send(port: int, content: bytes) -> bytes:
    """What the server answers; empty when it hangs up or waits for more."""
    with socket.create_connection(("127.0.0.1", port), timeout=3) as connection:
        answer = b""
        with contextlib.suppress(TimeoutError, ConnectionError, BrokenPipeError):
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                answer += part
        return answer


def test_bare_connections(city: DemoCity) -> None:
    with city.serving() as server:
        workers = set(server.workers())
        for content in REQUESTS:
            answer = send(server.port, content)
            status = answer[:12].split()[1:2]
            assert not status or (status[0].isdigit() and int(status[0]) < 500) or status[0] in (b"501", b"505"), (
                content[:200],
                answer[:300],
            )
            assert b"SAMEN_SECRET" not in answer
            assert b"[city]" not in answer
            assert b"Traceback" not in answer
            assert b"Cookie" not in content or SECRET not in answer, content[:200]
        look_alive(server)
        assert workers <= set(server.workers()), "a worker ended"
    log = server.text()
    assert SECRET.decode() not in log
    assert "Traceback" not in log
    assert '"level": "error"' not in log


def test_connections_that_say_nothing_keep_nobody_out(city: DemoCity) -> None:
    """What begins a request and stalls halfway holds a thread: that is for the web server in front (docs/operating.md)."""
    with city.serving() as server, contextlib.ExitStack() as stack:
        for _number in range(HELD_OPEN):
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=5))
        look_alive(server)


def look_alive(server: Server) -> None:
    """An ordinary visitor is served."""
    assert server.visitor().get("/organisaties").status == 200
    assert server.visitor().get("/health/ready").json() == {"status": "ok"}

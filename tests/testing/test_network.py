"""The guard keeps tests on this machine."""

from __future__ import annotations

import asyncio
import http.client
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from samen_core.testing.network import NetworkForbidden

ELSEWHERE = "192.0.2.1"  # an address for documentation (RFC 5737): never somebody's


def test_refuses_connections_elsewhere() -> None:
    with socket.socket() as tcp, pytest.raises(NetworkForbidden, match=ELSEWHERE):
        tcp.connect((ELSEWHERE, 80))
    with socket.socket(socket.AF_INET6) as tcp, pytest.raises(NetworkForbidden):
        tcp.connect_ex(("2001:db8::1", 80))


def test_refuses_datagrams_elsewhere() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as udp, pytest.raises(NetworkForbidden):
        udp.sendto(b"x", (ELSEWHERE, 53))


def test_refuses_names_elsewhere() -> None:
    with pytest.raises(NetworkForbidden, match="example"):
        http.client.HTTPConnection("example.org").connect()
    with pytest.raises(NetworkForbidden):
        socket.gethostbyname("example.org")


def test_refuses_asyncio_too() -> None:
    # In a thread: Playwright keeps a loop running in this one.
    with ThreadPoolExecutor(1) as thread, pytest.raises(NetworkForbidden):
        thread.submit(lambda: asyncio.run(asyncio.open_connection(ELSEWHERE, 80))).result()


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "localhost"), (socket.AF_INET6, "::1")])
def test_lets_loopback_through(family: socket.AddressFamily, host: str) -> None:
    with socket.create_server((host, 0), family=family) as server, socket.create_connection((host, server.getsockname()[1])) as client:
        accepted, _ = server.accept()
        accepted.sendall(b"ok")
        accepted.close()
        assert client.recv(2) == b"ok"


def test_lets_unix_sockets_through() -> None:
    with socket.socket(socket.AF_UNIX) as client, pytest.raises(FileNotFoundError):
        client.connect("/nonexistent/socket")

"""Keeps tests on this machine: while the guard is on, reaching anything beyond loopback is an error."""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# What each audit event of the socket module says about the other side: the place of the address among its arguments.
_ADDRESS_OF = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
_LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname")


class NetworkForbidden(RuntimeError):
    """A test tried to reach another machine. No OSError, so that code which copes with a broken network does not hide it."""


class _Guard:
    """The process's one audit hook: Python offers no way to remove a hook, so it is added once and switched."""

    def __init__(self) -> None:
        self.depth = 0
        self.installed = False

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self.depth or event not in _ADDRESS_OF:
            return
        address = arguments[_ADDRESS_OF[event]]
        if isinstance(address, tuple):
            host = address[0]
        elif event in _LOOKUPS:
            host = address
        else:
            return  # a Unix socket
        if not _stays_here(host):
            raise NetworkForbidden(f"a test tried to reach {host!r}; tests may only reach loopback addresses of this machine")


_guard = _Guard()


@contextmanager
def loopback_only() -> Iterator[None]:
    """Refuse connections, datagrams and name look-ups beyond loopback with NetworkForbidden; may be nested."""
    if not _guard.installed:
        sys.addaudithook(_guard)
        _guard.installed = True
    _guard.depth += 1
    try:
        yield
    finally:
        _guard.depth -= 1


def _stays_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not host or host in ("localhost", socket.gethostname()):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False

"""Calling an address elsewhere: the address that was judged, without following it anywhere, not for long, and not for much."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult

from samen_core.webhooks.addresses import find_address

TIMEOUT = 5.0
"""Seconds to wait for the other side at each step."""
DEADLINE = 15.0
"""Seconds that a whole call may take: one that sends a letter now and then may not hold the worker."""


class NoAnswer(Exception):
    """The address did not answer, or not as a web server does."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered. ``body`` is empty where nobody asked for it."""

    status: int
    content_type: str
    body: bytes


def post(address: SplitResult, body: bytes, headers: Mapping[str, str], networks: Iterable[str]) -> int:
    """Post a body and give the status of the answer; a redirect is an answer too.

    Raises AddressUnknown, AddressForbidden and NoAnswer.
    """
    return call("POST", address, body, headers, networks).status


def call(
    method: str, address: SplitResult, body: bytes | None, headers: Mapping[str, str], networks: Iterable[str], *, most: int = 0
) -> Answer:
    """Ask an address something, and read at most so many bytes of its answer; a redirect is an answer too.

    Raises AddressUnknown, AddressForbidden, and NoAnswer, also for an answer that is longer.
    """
    host = address.hostname or ""
    port = address.port or (443 if address.scheme == "https" else 80)
    ip = find_address(host, port, networks)
    connection = _Connection(host, port, ip, secure=address.scheme == "https")
    timer = threading.Timer(DEADLINE, connection.cut)
    timer.daemon = True
    timer.start()
    try:
        connection.request(method, (address.path or "/") + (f"?{address.query}" if address.query else ""), body, dict(headers))
        response = connection.getresponse()
        content = response.read(most + 1) if most else b""
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(type(error).__name__) from error
    finally:
        timer.cancel()
        connection.close()
    if len(content) > most:
        raise NoAnswer("TooLong")
    return Answer(response.status, response.headers.get("Content-Type", ""), content)


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was looked up before, under the name that it is called by."""

    def __init__(self, host: str, port: int, ip: str, *, secure: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._ip = ip
        self._secure = secure
        # What http.client leaves out of the Host header where it is the usual one.
        self.default_port = 443 if secure else 80

    def connect(self) -> None:
        """Connect to the address, and prove who is there."""
        sock = socket.create_connection((self._ip, self.port), TIMEOUT)
        self.sock = ssl.create_default_context().wrap_socket(sock, server_hostname=self.host) if self._secure else sock

    def cut(self) -> None:
        """End the call from another thread."""
        sock = self.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

"""Posting to an address elsewhere: to the address that was judged, without following it anywhere, and not for long."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterable, Mapping
from urllib.parse import SplitResult

from samen_core.webhooks.addresses import find_address

TIMEOUT = 5.0
"""Seconds to wait for the other side at each step."""
DEADLINE = 15.0
"""Seconds that a whole call may take: one that sends a letter now and then may not hold the worker."""


class NoAnswer(Exception):
    """The address did not answer, or not as a web server does."""


def post(address: SplitResult, body: bytes, headers: Mapping[str, str], networks: Iterable[str]) -> int:
    """Post a body and give the status of the answer; a redirect is an answer too.

    Raises AddressUnknown, AddressForbidden and NoAnswer.
    """
    host = address.hostname or ""
    port = address.port or (443 if address.scheme == "https" else 80)
    ip = find_address(host, port, networks)
    connection = _Connection(host, port, ip, secure=address.scheme == "https")
    timer = threading.Timer(DEADLINE, connection.cut)
    timer.daemon = True
    timer.start()
    try:
        connection.request("POST", (address.path or "/") + (f"?{address.query}" if address.query else ""), body, dict(headers))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(type(error).__name__) from error
    finally:
        timer.cancel()
        connection.close()


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

"""A visitor of a running server on loopback: a small browser without a screen, over one connection."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from samen_core.testing.visitors import Pairs


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Visitor:
    """Keeps its cookies and its connection; not to be shared by threads."""

    def __init__(self, port: int, timeout: float = 60) -> None:
        self.port = port
        self.timeout = timeout
        self.cookies: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None

    def request(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request; a connection that the server closed meanwhile is opened again. Raises OSError when nobody answers."""
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        fresh = self._connection is None
        try:
            return self._once(method, path, body, sent)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.close()
            if fresh:
                raise
            return self._once(method, path, body, sent)
        except (http.client.HTTPException, OSError) as error:
            self.close()
            raise OSError(str(error)) from error

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        for header in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(header).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return answer

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def get(self, path: str, **headers: str) -> Answer:
        """Read a page."""
        return self.request("GET", path, headers=headers)

    def post(self, path: str, form: Iterable[tuple[str, str]] | Mapping[str, str]) -> Answer:
        """Send a form, as a browser does from a page of the site."""
        pairs = form.items() if isinstance(form, Mapping) else form
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        return self.request("POST", path, urlencode(list(pairs)).encode(), headers)

    def call(self, method: str, path: str, content: Any = None, token: str = "", **headers: str) -> Answer:
        """Call the API with JSON."""
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        body = None
        if content is not None:
            sent["Content-Type"] = "application/json"
            body = json.dumps(content).encode()
        return self.request(method, f"/api/v1{path}", body, {**sent, **headers})

    def log_in(self, email: str, password: str) -> None:
        """Log in with a password. Raises AssertionError when that is refused."""
        answer = self.post("/inloggen", {"email": email, "password": password})
        assert answer.status == 303, (answer.status, answer.text)


def changed(pairs: Pairs, **values: str) -> Pairs:
    """The pairs of a form with these values instead."""
    return [(name, value) for name, value in pairs if name not in values] + list(values.items())

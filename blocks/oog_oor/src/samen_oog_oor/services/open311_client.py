"""Asking another Open311 server: what it is sent, and what its answers mean (open311.md §2.5 to §2.8)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from samen_core.api import Invalid, NotReached, Platform, call_outside
from samen_oog_oor.georeport import write_moment

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
AGAIN = frozenset({408, 409, 425, 429})
"""Statuses below 500 after which it may work later."""
NOT_FOUND = 404


class Refused(Exception):
    """The server answered that it does not want this, and trying again does not help."""


class LaterMaybe(Exception):
    """The server could not be reached, or said that it has a problem: it may work later."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A server that can be asked."""

    platform: Platform
    base_url: str
    jurisdiction_id: str
    key: str

    def send(self, fields: Sequence[tuple[str, str]], once: str) -> tuple[str, str]:
        """Send a request; its id and its token, of which one is empty. Raises Refused and LaterMaybe."""
        body = urlencode([("api_key", self.key), *self._common(), *fields]).encode()
        found = self._ask("POST", "requests", body, {**FORM, "Idempotency-Key": once})
        first = found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}
        id, token = (str(first.get(name) or "").strip()[:120] for name in ("service_request_id", "token"))
        if not id and not token:
            raise Refused("NoId")
        return id, "" if id else token

    def id_of(self, token: str) -> str:
        """The id that belongs to a token by now; empty while there is none. Raises LaterMaybe."""
        try:
            found = self._ask("GET", f"tokens/{quote(token, safe='')}")
        except Refused:
            return ""
        first = found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}
        return str(first.get("service_request_id") or "").strip()[:120]

    def updates(self, since: datetime, until: datetime) -> list[dict[str, str]] | None:
        """What was told there in a period, as texts by their names; None where there is no such list. Raises Refused and LaterMaybe."""
        period = [("start_date", write_moment(since) or ""), ("end_date", write_moment(until) or "")]
        try:
            return _texts(self._ask("GET", "servicerequestupdates", query=[*self._common(), *period]))
        except Refused as error:
            if str(error).startswith(str(NOT_FOUND)):
                return None
            raise

    def requests(self, ids: Sequence[str]) -> list[dict[str, str]]:
        """How these requests stand there, as texts by their names. Raises Refused and LaterMaybe."""
        return _texts(self._ask("GET", "requests", query=[*self._common(), ("service_request_id", ",".join(ids))]))

    def _common(self) -> list[tuple[str, str]]:
        return [("jurisdiction_id", self.jurisdiction_id)] if self.jurisdiction_id else []

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Sequence[tuple[str, str]] = (),
    ) -> Any:
        url = f"{self.base_url.rstrip('/')}/{path}.json" + (f"?{urlencode(query)}" if query else "")
        try:
            answer = call_outside(self.platform, method, url, body, headers)
        except NotReached as error:
            raise LaterMaybe(str(error)) from error
        except Invalid as error:
            raise Refused("AddressForbidden") from error
        if answer.status >= 500 or answer.status in AGAIN:
            raise LaterMaybe(str(answer.status))
        if not 200 <= answer.status < 300:
            raise Refused(f"{answer.status} {_said(answer.body)}".strip())
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            # An answer that is no JSON comes from something in between, or from a server that is being mended.
            raise LaterMaybe("NoJson") from None


def _said(body: bytes) -> str:
    """What the errors of a server say, in short; nothing where it says nothing that can be read."""
    try:
        errors = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    found = [str(error.get("description") or "") for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    return " ".join(found)[:300]


def _texts(found: Any) -> list[dict[str, str]]:
    if not isinstance(found, list):
        raise LaterMaybe("NoList")
    return [
        {str(name): str(value).strip() for name, value in item.items() if value is not None} for item in found if isinstance(item, dict)
    ]

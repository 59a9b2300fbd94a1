"""Drawn pages, kept in memory for the next visitor without a session, who would see the same.

A page is kept with its validator, which is another as soon as anything in the city changed
(:func:`samen_core.web.headers.page_validator`): what is found is as right as the page in a browser that asks whether it still is. A crowd
that comes to one page costs one drawing.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from flask import Response

MEGABYTE = 1_000_000
LARGEST = 500_000
"""Longer answers are not kept, in bytes: one of them would push out much else."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer as its view made it: the body, and the headers that the view chose."""

    validator: str
    body: bytes
    headers: tuple[tuple[str, str], ...]


class KeptPages:
    """The answers of this process that were asked for last, one per address, up to ``room`` bytes. Threads share it."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._size = 0
        self._pages: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def knows(self, address: str) -> bool:
        """Whether something is kept of this address, be it of before."""
        return address in self._pages

    def find(self, address: str, validator: str) -> Response | None:
        """The answer of this address, or None when none with this validator was kept."""
        with self._lock:
            kept = self._pages.get(address)
            if kept is None or kept.validator != validator:
                return None
            self._pages.move_to_end(address)
        return Response(kept.body, headers=list(kept.headers))

    def keep(self, address: str, validator: str, response: Response) -> None:
        """Keep a whole answer that every visitor may have; another is left alone."""
        if response.status_code != 200 or not response.is_sequence or "Set-Cookie" in response.headers:
            return
        body = response.get_data()
        if len(body) > min(LARGEST, self.room):
            return
        with self._lock:
            self._drop(address)
            self._pages[address] = _Kept(validator, body, tuple(response.headers.items()))
            self._size += len(body)
            while self._size > self.room:
                self._drop(next(iter(self._pages)))

    def _drop(self, address: str) -> None:
        if (old := self._pages.pop(address, None)) is not None:
            self._size -= len(old.body)

"""What somebody reports, as it comes in by any channel."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from samen_core.api import FileValue

KEY_LENGTH = 80
"""So long may the key be that a device makes for what it sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalPlace:
    """Where it is: a point in degrees (WGS 84), an address by postcode and house number, words, or only an area.

    ``address`` are words of the reporter, which only staff read. ``address_id`` is a number of the national address register. Of a point
    and an address the point counts.
    """

    lat: float | None = None
    lon: float | None = None
    address: str = ""
    address_id: str | None = None
    postcode: str = ""
    house_number: str = ""
    area_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach the reporter. ``share``: those who do the work may have it too; ``wants_mail``: a message at each step."""

    name: str = ""
    email: str = ""
    phone: str = ""
    share: bool = False
    wants_mail: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveSignal:
    """One observation. ``case_id`` is what it should be joined to; ``idempotency_key`` makes that what is sent twice counts once.

    ``unasked``: the extra questions could not be asked, as to who wrote without internet; then those that need an answer may have none.
    ``link`` is the address of a picture elsewhere. It is kept below the text for staff; nobody fetches what is there.
    """

    category_id: uuid.UUID
    text: str
    type: str = "problem"
    answers: Mapping[str, Any] = field(default_factory=dict)
    place: SignalPlace | None = None
    contact: Contact | None = None
    channel: str = "web"
    case_id: uuid.UUID | None = None
    idempotency_key: str | None = None
    files: tuple[FileValue, ...] = ()
    confidential: bool = False
    unasked: bool = False
    link: str = ""

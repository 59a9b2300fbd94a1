"""The key in the links of who registered, worked out each time, so that every mail can carry it and no table holds it."""

from __future__ import annotations

import uuid

from samen_core.api import Platform, keyed_hash

_LENGTH = 40


def registration_key(platform: Platform, id: uuid.UUID) -> str:
    """The key of a registration: 160 bits that only this installation can make."""
    return keyed_hash(platform, "doe_mee.registration", id.hex)[:_LENGTH]


def key_hash(platform: Platform, key: str) -> str:
    """What is stored of a key (``Registration.code_hash``)."""
    return keyed_hash(platform, "doe_mee.registration_key", key)

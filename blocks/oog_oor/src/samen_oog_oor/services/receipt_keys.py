"""The key in the links of a reporter, worked out from the signal each time, so that every mail can carry it and no table holds it."""

from __future__ import annotations

import uuid

from samen_core.api import Platform, keyed_hash

_LENGTH = 40


def receipt_key(platform: Platform, signal_id: uuid.UUID) -> str:
    """The key of a signal: 160 bits that only this installation can make. The page of the link is ``paths.receipt(key)``."""
    return keyed_hash(platform, "oog_oor.receipt", signal_id.hex)[:_LENGTH]


def short_code(code: str) -> str:
    """The first part of the code of a receipt: enough to compare with what somebody reads out; the whole opens what is theirs alone."""
    return f"{code.partition('-')[0]}…"


def key_hash(platform: Platform, key: str) -> str:
    """What is stored of a key (``Signal.key_hash``)."""
    return keyed_hash(platform, "oog_oor.key", key)

"""Random tokens, their hashes, and keyed hashes of what may not be stored as it is."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from samen_core.platform import Platform


def new_token() -> str:
    """A random token of 256 bits, safe in a URL, a header and a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a random token (64 hexadecimal digits). It is long and random, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_hash(platform: Platform, purpose: str, value: str) -> str:
    """A hash that only this installation can make, for a value that could be guessed (64 hexadecimal digits)."""
    return hmac.digest(platform.config.secret_key.encode(), f"{purpose}\n{value}".encode(), "sha256").hex()

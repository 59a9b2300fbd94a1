"""Sealed texts: what must go through an address, and may not be read there. Only this installation opens them, for one purpose.

Addresses stand in the logs of proxies and in the history of browsers, so what is personal never goes in one as it is.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def seal(secret: str, purpose: str, text: str, now: datetime) -> str:
    """The text as a sealed one (encrypted and signed), safe in an address. ``secret`` is that of the installation."""
    return _box(secret, purpose).encrypt_at_time(text.encode(), int(now.timestamp())).decode().rstrip("=")


def unseal(secret: str, purpose: str, sealed: str, now: datetime | None = None, term: timedelta | None = None) -> str:
    """The text of a sealed one. Raises ValueError when it was not sealed here for this purpose, or longer than ``term`` before ``now``."""
    from cryptography.fernet import InvalidToken

    box = _box(secret, purpose)
    try:
        token = sealed.encode("ascii") + b"=" * (-len(sealed) % 4)
        if now is None or term is None:
            return box.decrypt(token).decode()
        return box.decrypt_at_time(token, int(term.total_seconds()), int(now.timestamp())).decode()
    except InvalidToken:
        raise ValueError("not sealed here, or too long ago") from None


def _box(secret: str, purpose: str) -> Fernet:
    from cryptography.fernet import Fernet

    key = hmac.new(secret.encode(), f"seal:{purpose}".encode(), hashlib.sha256).digest()
    return Fernet(urlsafe_b64encode(key))

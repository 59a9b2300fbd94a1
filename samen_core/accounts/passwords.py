"""Passwords: rules, argon2 hashes, and a check that takes as long for an unknown account as for a known one."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from samen_core.i18n import Text, _

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MIN_LENGTH = 12
MAX_LENGTH = 128
"""Longer is refused: hashing takes time that grows with the length."""
JUDGED = 72
"""How much of a password zxcvbn looks at."""
ENOUGH = 3
"""The least strength on zxcvbn's scale of 0 to 4: over 100 million guesses."""


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    # The least that OWASP advises: enough against guessing, and four log-ins at once still fit in a small server's memory.
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


def normalised(password: str) -> str:
    """The password in one Unicode form, so that every keyboard types the same (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKD", password)


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher().hash(normalised(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the stored hash; None (no account, no password) costs the same time and is never right."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        right = _hasher().verify(stored or _nobody(), normalised(password[: MAX_LENGTH * 2]))
    except (VerificationError, InvalidHashError):
        return False
    return bool(right) and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with weaker settings than those of today."""
    return _hasher().check_needs_rehash(stored)


def problems(password: str, personal: tuple[str, ...] = ()) -> list[Text]:
    """What is wrong with a new password; ``personal`` are words that others know of its owner (e-mail address, name)."""
    if len(password) < MIN_LENGTH:
        return [_("Gebruik minstens {n} tekens, bijvoorbeeld drie of vier woorden achter elkaar.", n=MIN_LENGTH)]
    if len(password) > MAX_LENGTH:
        return [_("Gebruik hoogstens {n} tekens.", n=MAX_LENGTH)]
    from zxcvbn import zxcvbn

    words = [known for word in personal for known in _variants(word) if len(known) > 2]
    if zxcvbn(password[:JUDGED], user_inputs=words)["score"] < ENOUGH:
        return [_("Dit wachtwoord is makkelijk te raden. Kies drie of vier woorden die niets met elkaar te maken hebben.")]
    return []


def _variants(word: str) -> list[str]:
    parts = word.replace("@", " ").replace(".", " ").split()
    return [word, *parts, "".join(parts)]

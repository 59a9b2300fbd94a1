"""Short codes that people read, write down and type: the code of a receipt."""

from __future__ import annotations

import re
import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: without I, L and O, which look like digits, and without U, so that words come up less often."""

_LENGTH = 12
_GROUP = 4
_MISREAD = str.maketrans("OIL", "011")
_BETWEEN = re.compile(r"[\s\-‐-―−._]+")  # every dash that a word processor makes of "-"


def new_code() -> str:
    """A random code of 60 bits in three groups: ``7F4K-9Q2M-X3TB``.

    Enough against guessing only where the number of tries is limited; of a code that gives access, store the keyed hash.
    """
    return _written(secrets.randbits(_LENGTH * 5))


def code_of(digest: str) -> str:
    """The code that this keyed hash (hexadecimal, of 60 bits or more) gives, each time: of a form that may be sent twice."""
    return _written(int(digest[: _LENGTH * 5 // 4], 16))


def clean_code(text: str) -> str | None:
    """A typed code as :func:`new_code` wrote it, or None when it cannot be one.

    Lower case is fine, so are spaces or dashes anywhere or nowhere, and O for 0, I or L for 1.
    """
    letters = _BETWEEN.sub("", text).upper().translate(_MISREAD)
    return _grouped(letters) if len(letters) == _LENGTH and all(letter in _ALPHABET for letter in letters) else None


def _written(number: int) -> str:
    return _grouped("".join([_ALPHABET[number >> 5 * place & 31] for place in range(_LENGTH)]))


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))

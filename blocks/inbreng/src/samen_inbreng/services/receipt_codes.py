"""The code of a receipt: what of it is stored, and how a form that is sent twice gets the same one."""

from __future__ import annotations

from samen_core.api import UnitOfWork, clean_code, keyed_hash, new_code

_PURPOSE = "inbreng receipt"
_BITS = 60
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def code_hash(uow: UnitOfWork, code: str) -> str:
    """What is stored of a code."""
    return keyed_hash(uow.platform, _PURPOSE, code)


def code_of_form(uow: UnitOfWork, nonce: str) -> str:
    """The code that the form with this random mark gives, each time that it is sent."""
    number = int(keyed_hash(uow.platform, "inbreng receipt of form", nonce), 16) >> (256 - _BITS)
    letters = "".join(_ALPHABET[number >> shift & 31] for shift in range(0, _BITS, 5))
    return clean_code(letters) or new_code()

"""The code of a receipt: what of it is stored, and how a form that is sent twice gets the same one."""

from __future__ import annotations

from samen_core.api import UnitOfWork, code_of, keyed_hash

_PURPOSE = "inbreng receipt"


def code_hash(uow: UnitOfWork, code: str) -> str:
    """What is stored of a code."""
    return keyed_hash(uow.platform, _PURPOSE, code)


def code_of_form(uow: UnitOfWork, nonce: str) -> str:
    """The code that the form with this random mark gives, each time that it is sent."""
    return code_of(keyed_hash(uow.platform, "inbreng receipt of form", nonce))

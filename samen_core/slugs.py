"""Names in page addresses, and names as lists sort them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, select

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute

    from samen_core.db.unit_of_work import UnitOfWork

SLUG_LENGTH = 80
"""How long the column of a slug is."""

_ROOM_FOR_NUMBER = 8
_NOT_SORTED_ON = re.compile(r"[^a-z0-9]+")
_NO_DECOMPOSITION = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n"})


def fold(name: str) -> str:
    """A name as lists sort it: without case, accents and punctuation, so that every database sorts alike. At most 200 characters."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(_NO_DECOMPOSITION)
    return _NOT_SORTED_ON.sub(" ", "".join(letter for letter in plain if not unicodedata.combining(letter))).strip()[:200]


def slugify(name: str, fallback: str) -> str:
    """A name as it stands in a page address: ``Één café!`` is ``een-cafe``. ``fallback`` is for names without Latin letters or digits."""
    slug = fold(name).replace(" ", "-")
    longest = SLUG_LENGTH - _ROOM_FOR_NUMBER
    if len(slug) > longest:
        slug = slug[:longest].rpartition("-")[0] or slug[:longest]
    return slug or fallback


def free_slug(uow: UnitOfWork, column: InstrumentedAttribute[Any], name: str, fallback: str, reserved: Collection[str] = ()) -> str:
    """A slug that no row has in this unique ``column`` yet: the one of the name, else with ``-2``, ``-3``… behind it.

    For things whose slug never changes. Store it in the same transaction: until that ends nobody else gets a slug of this name.
    """
    base = slugify(name, fallback)
    _wait_for_turn(uow, column, base)
    if base not in reserved and not _taken(uow, column, column == base):
        return base
    taken = {*reserved, *_taken(uow, column, column.startswith(f"{base}-"))}
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def _taken(uow: UnitOfWork, column: InstrumentedAttribute[Any], which: ColumnElement[bool]) -> list[str]:
    return list(uow.session.execute(select(column).where(which)).scalars())


def _wait_for_turn(uow: UnitOfWork, column: InstrumentedAttribute[Any], base: str) -> None:
    """Let transactions that want the same slug go one by one; on SQLite all that write do."""
    if uow.session.get_bind().dialect.name == "postgresql":
        name = f"{column.class_.__tablename__}.{column.key}={base}"
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        uow.session.execute(select(func.pg_advisory_xact_lock(key)))

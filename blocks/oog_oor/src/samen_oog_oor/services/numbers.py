"""The numbers of cases: ``ZM-2026-000123``, without gaps by hand or race, also when many are made at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from samen_core.api import CITY_TIME_ZONE, UnitOfWork, fold
from samen_oog_oor.models import Number
from samen_oog_oor.settings import NUMBER_LETTERS

_PREFIXES = ("gemeente ", "stad ", "de ", "den ", "het ")


def _next(insert: Any) -> Any:
    first = insert(Number).values(last=1)
    return first.on_conflict_do_update(index_elements=[Number.year], set_={"last": Number.last + 1}).returning(Number.last)


_NEXT: dict[str, Any] = {"sqlite": _next(sqlite_insert), "postgresql": _next(postgresql_insert)}


def next_number(uow: UnitOfWork) -> str:
    """The number of the next case of this year, by the calendar of the city. One statement.

    Others who make a case wait for the end of this transaction, so take it when everything else was checked.
    """
    year = uow.now.astimezone(CITY_TIME_ZONE).year
    connection = uow.session.connection()
    last: int = connection.execute(_NEXT[connection.dialect.name], {"year": year}).scalar_one()
    return f"{letters(uow)}-{year}-{last:06}"


def letters(uow: UnitOfWork) -> str:
    """The letters that numbers start with: those that the city set, else the first two of its name."""
    chosen = str(uow.platform.setting(NUMBER_LETTERS) or "").strip()
    if chosen:
        return chosen.upper()
    name = fold(uow.platform.config.city.name).lower()
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return "".join(letter for letter in name if letter.isalpha() and letter.isascii())[:2].upper() or "OO"

"""The numbers of cases: ``ZM-2026-000123``, without gaps by hand or race, also when many are made at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from samen_core.api import CITY_TIME_ZONE, Prepared, UnitOfWork, fold
from samen_oog_oor.models import Number
from samen_oog_oor.settings import NUMBER_LETTERS

_PREFIXES = ("gemeente ", "stad ", "de ", "den ", "het ")


Numbering = Mapping[str, Prepared]
"""A statement that takes a number, by the kind of database."""


def numbering(*beside: Any) -> Numbering:
    """The statement that takes a number, and reads these columns in the same go; to be made once."""
    return {name: Prepared(_next(insert, beside)) for name, insert in (("sqlite", sqlite_insert), ("postgresql", postgresql_insert))}


def _next(insert: Any, beside: tuple[Any, ...]) -> Any:
    first = insert(Number.__table__).values(year=bindparam("of_year"), last=1)
    counted = first.on_conflict_do_update(index_elements=[Number.year], set_={"last": Number.last + 1})
    return counted.returning(Number.last, *beside)


_NEXT = numbering()
_BACK: Any = update(Number).where(Number.year == bindparam("of_year")).values(last=Number.last - 1)


def next_number(uow: UnitOfWork) -> str:
    """The number of the next case of this year, by the calendar of the city. One statement.

    Others who make a case wait for the end of this transaction, so take it when everything else was checked.
    """
    return take_number(uow, _NEXT, {})[0]


def take_number(uow: UnitOfWork, statement: Numbering, values: Mapping[str, Any]) -> tuple[str, Any]:
    """A number as of :func:`next_number`, and what its statement read beside it with these values."""
    connection, year = uow.session.connection(), _year(uow)
    last, *beside = statement[connection.dialect.name].row(connection, {"of_year": year, **values})
    return f"{letters(uow)}-{year}-{last:06}", beside


def give_back(uow: UnitOfWork) -> None:
    """Give back the number that this transaction took last: until it ends nobody else can have taken a later one. One statement."""
    uow.session.connection().execute(_BACK, {"of_year": _year(uow)})


def _year(uow: UnitOfWork) -> int:
    return uow.now.astimezone(CITY_TIME_ZONE).year


def letters(uow: UnitOfWork) -> str:
    """The letters that numbers start with: those that the city set, else the first two of its name."""
    chosen = str(uow.platform.setting(NUMBER_LETTERS) or "").strip()
    if chosen:
        return chosen.upper()
    name = fold(uow.platform.config.city.name).lower()
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return "".join(letter for letter in name if letter.isalpha() and letter.isascii())[:2].upper() or "OO"

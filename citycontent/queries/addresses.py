"""Addresses, and in which buurt a postcode and house number lie."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from citycontent.models import Address, AddressBookEntry, PostcodeArea
from samen_core.api import UnitOfWork

_BOOK = select(AddressBookEntry.area_id).where(
    AddressBookEntry.postcode == bindparam("postcode"), AddressBookEntry.house_number == bindparam("house_number")
)
_SAME_POSTCODE = (
    select(AddressBookEntry.area_id, func.count().label("number"))
    .where(AddressBookEntry.postcode >= bindparam("first"), AddressBookEntry.postcode <= bindparam("last"))
    .group_by(AddressBookEntry.area_id)
    .order_by(func.count().desc(), AddressBookEntry.area_id)
)
_POINT = select(PostcodeArea.area_id).where(PostcodeArea.postcode4 == bindparam("postcode4"))
_BOOK_SIZE = select(func.count()).select_from(AddressBookEntry)
ADDRESS_COLUMNS = (
    Address.street,
    Address.house_number,
    Address.house_letter,
    Address.house_number_addition,
    Address.postcode,
    Address.locality,
    Address.bag_num,
    Address.lat,
    Address.lon,
)
_VALUES = select(*ADDRESS_COLUMNS).where(Address.id == bindparam("id"))


def area_of_address(uow: UnitOfWork, postcode: str, house_number: int) -> uuid.UUID | None:
    """The buurt of an address by the address book."""
    return uow.session.execute(_BOOK, {"postcode": postcode, "house_number": house_number}).scalar_one_or_none()


def areas_of_postcode(uow: UnitOfWork, start: str) -> list[uuid.UUID]:
    """The buurten in which postcodes that begin with ``start`` lie, the one with most addresses first."""
    span = {"first": start.ljust(6, "A") if len(start) < 6 else start, "last": start.ljust(6, "Z") if len(start) < 6 else start}
    return [row.area_id for row in uow.session.execute(_SAME_POSTCODE, span)]


def area_of_reference_point(uow: UnitOfWork, postcode4: str) -> uuid.UUID | None:
    """The buurt of the reference point of a four-digit postcode."""
    return uow.session.execute(_POINT, {"postcode4": postcode4}).scalar_one_or_none()


def book_size(uow: UnitOfWork) -> int:
    """How many addresses the address book holds."""
    return int(uow.session.execute(_BOOK_SIZE).scalar_one())


def address_values(uow: UnitOfWork, id: uuid.UUID | None) -> dict[str, Any] | None:
    """The fields of an address, as its form shows them."""
    if id is None:
        return None
    row = uow.session.execute(_VALUES, {"id": id}).one_or_none()
    return dict(row._mapping) if row else None


class Prefixed:
    """The columns of a row that start with a prefix, without it: ``Prefixed(row, "address_").street``."""

    def __init__(self, row: Any, prefix: str) -> None:
        self._row = row
        self._prefix = prefix

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, self._prefix + name)


def street_line(row: Row[Any] | Any) -> str:
    """``Oude Klinkerstraat 104a-2``, from anything with the columns of an address; empty when there is none."""
    addition = f"-{row.house_number_addition}" if row.house_number_addition else ""
    number = f"{row.house_number or ''}{(row.house_letter or '').lower()}{addition}"
    return f"{row.street or ''} {number}".strip()


def postcode_line(row: Row[Any] | Any) -> str:
    """``2712 AB Zoetermeer``; empty when there is no address."""
    postcode = f"{row.postcode[:4]} {row.postcode[4:]}" if row.postcode else ""
    return f"{postcode} {row.locality or ''}".strip()

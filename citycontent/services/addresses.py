"""Addresses of organisations and events, and loading the address book."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select

from citycontent.geo import find_area
from citycontent.models import Address, AddressBookEntry, PostcodeArea
from citycontent.permissions import EDIT_AREA
from citycontent.queries import addresses as queries
from citycontent.schemas.common import AddressValue
from samen_core.api import SubjectData, SubjectRef, UnitOfWork, register, uuid7

BATCH = 5_000
_IDENTITY = ("street", "house_number", "house_letter", "house_number_addition", "postcode", "locality")
_PLACE = ("lat", "lon")


@dataclass(frozen=True, slots=True)
class Placed:
    """An address as it is stored, with the buurt that it lies in where that is known."""

    id: uuid.UUID | None = None
    area_id: uuid.UUID | None = None


def find_or_create_address(uow: UnitOfWork, value: AddressValue | None, current: Address | None = None) -> Placed:
    """The stored address that equals ``value`` (``current`` is tried first), or a new one. Its caller checked the permission.

    Other coordinates make another address, since the one that is stored may be of others too; without coordinates those of before hold.
    A BAG number stays with the address that has it.
    """
    if value is None:
        return Placed()
    place = () if value.lat is None and (value.street or value.postcode) else _PLACE
    if current is not None and _same(current, value, (*_IDENTITY, *place)):
        return Placed(current.id, current.area_id)
    bag_num, row = value.bag_num, None
    if bag_num:
        row = _find(uow, Address.bag_num == bag_num)
        if row is not None and not _same(row, value, place):
            bag_num = row = None
    if row is None and not bag_num:
        row = _find(uow, *(getattr(Address, name) == getattr(value, name) for name in (*_IDENTITY, *place)))
    if row is not None:
        return Placed(row.id, row.area_id)
    area_id = _locate(uow, value)
    address = Address(
        id=uuid7(),
        area_id=area_id,
        created_at=uow.now,
        updated_at=uow.now,
        bag_num=bag_num,
        **{name: getattr(value, name) for name in (*_IDENTITY, *_PLACE)},
    )
    title = ", ".join(part for part in (queries.street_line(value), queries.postcode_line(value)) if part) or f"{value.lat}, {value.lon}"
    register(uow, SubjectRef("address", address.id), SubjectData(title=title, url="", area_ref=area_id))
    uow.session.add(address)
    uow.session.flush()
    return Placed(address.id, area_id)


def _same(stored: Any, value: AddressValue, names: Iterable[str]) -> bool:
    return all(getattr(stored, name) == getattr(value, name) for name in names)


def _find(uow: UnitOfWork, *same: ColumnElement[bool]) -> Any:
    columns = (Address.id, Address.area_id, Address.lat, Address.lon)
    return uow.session.execute(select(*columns).where(*same, Address.state == "active").order_by(Address.id).limit(1)).first()


def _locate(uow: UnitOfWork, value: AddressValue) -> uuid.UUID | None:
    if value.postcode and value.house_number and (found := queries.area_of_address(uow, value.postcode, value.house_number)):
        return found
    if value.lat is not None and value.lon is not None:
        return find_area(uow, value.lat, value.lon)
    return None


@dataclass(frozen=True, slots=True)
class BookRow:
    """One line for the address book."""

    postcode: str
    house_number: int
    area_id: uuid.UUID
    lat: float | None = None
    lon: float | None = None


def replace_address_book(uow: UnitOfWork, rows: Iterable[BookRow]) -> int:
    """Put these rows in place of the whole address book; the number of rows. A pair that comes twice counts once, the last."""
    EDIT_AREA.require(uow.actor)
    before = queries.book_size(uow)
    uow.session.execute(delete(AddressBookEntry))
    unique = {(row.postcode, row.house_number): row for row in rows}
    for batch in _batches(unique.values()):
        uow.session.execute(
            insert(AddressBookEntry),
            [
                {"postcode": row.postcode, "house_number": row.house_number, "area_id": row.area_id, "lat": row.lat, "lon": row.lon}
                for row in batch
            ],
        )
    uow.record("citycontent.address_book.imported", before={"count": before}, after={"count": len(unique)})
    return len(unique)


def replace_postcode_areas(uow: UnitOfWork, rows: Iterable[dict[str, Any]]) -> int:
    """Put these reference points of four-digit postcodes in place of the ones there are; the number of rows."""
    EDIT_AREA.require(uow.actor)
    uow.session.execute(delete(PostcodeArea))
    found = list(rows)
    if found:
        uow.session.execute(insert(PostcodeArea), found)
    uow.record("citycontent.postcode_areas.imported", after={"count": len(found)})
    return len(found)


def _batches(rows: Iterable[BookRow]) -> Iterator[list[BookRow]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch

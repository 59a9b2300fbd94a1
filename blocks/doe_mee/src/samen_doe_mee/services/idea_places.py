"""Where an idea is about: one place by address, point or words, an area, or the whole city; always inside the city."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from citycontent.api import AddressBookEntry, Area, FindNeighbourhood, area_map, buurt_at, find_neighbourhood
from samen_core.api import Invalid, PlaceValue, Text, UnitOfWork, _
from samen_doe_mee.models.base import TITLE_LENGTH

POINT_DIGITS = 6
STREET_DIGITS = 3
"""Decimals of an address: some streets, so that nobody can tell in which house its author may live."""
_NUMBER = re.compile(r"\d{1,5}", re.ASCII)
_BOOK = select(AddressBookEntry.lat, AddressBookEntry.lon, AddressBookEntry.area_id).where(
    AddressBookEntry.postcode == bindparam("postcode"), AddressBookEntry.house_number == bindparam("house_number")
)
_AREA = select(Area.id, Area.classification).where(Area.id == bindparam("id"), Area.state == "active", Area.valid_until.is_(None))
NO_PLACE: Text = _("Vertel om welke plek het gaat: met een adres, een punt op de kaart of in uw eigen woorden.")


@dataclass(frozen=True, slots=True)
class Located:
    """Where it is, as it is stored and shown."""

    whole_city: bool = False
    place: str = ""
    lat: float | None = None
    lon: float | None = None
    area_id: uuid.UUID | None = None


def locate(uow: UnitOfWork, where: str, place: PlaceValue | None, area_id: uuid.UUID | None) -> Located:
    """Find where an idea is. Raises Invalid with the fields ``where``, ``place`` and ``area_id``."""
    if where == "city":
        return Located(whole_city=True)
    if where == "area":
        return Located(area_id=_area(uow, area_id))
    if where != "place":
        raise Invalid({"where": [_("Kies waar uw idee over gaat.")]})
    if place is None or place == PlaceValue():
        raise Invalid({"place": [NO_PLACE]})
    words = " ".join(place.text.split())[:TITLE_LENGTH]
    if place.lat is not None and place.lon is not None:
        return _at_point(uow, place.lat, place.lon, words)
    if place.postcode:
        return _at_address(uow, place, words, area_id)
    # Words alone: the buurt, when it was chosen too, says where to look for them.
    return Located(place=words, area_id=_area(uow, area_id) if area_id is not None else None)


def _area(uow: UnitOfWork, area_id: uuid.UUID | None) -> uuid.UUID:
    if area_id is None:
        raise Invalid({"area_id": [_("Kies een wijk of buurt.")]})
    row = uow.session.execute(_AREA, {"id": area_id}).one_or_none()
    if row is None:
        raise Invalid({"area_id": [_("Dit gebied bestaat niet.")]})
    found: uuid.UUID = row.id
    return found


def _at_point(uow: UnitOfWork, lat: float, lon: float, words: str) -> Located:
    lat, lon = round(lat, POINT_DIGITS), round(lon, POINT_DIGITS)
    found = buurt_at(uow, lat, lon)
    if found is None and area_map(uow).of("buurt"):
        raise Invalid({"place": [_("Deze plek ligt buiten {city}. Kies een plek in de gemeente.", city=uow.platform.config.city.name)]})
    return Located(place=words, lat=lat, lon=lon, area_id=found[0] if found else None)


def _at_address(uow: UnitOfWork, place: PlaceValue, words: str, area_id: uuid.UUID | None) -> Located:
    number = _NUMBER.match(place.house_number)
    house = int(number[0]) if number else 0
    near = f"{place.postcode[:4]} {place.postcode[4:]}"
    row = uow.session.execute(_BOOK, {"postcode": place.postcode, "house_number": house}).one_or_none()
    if row is not None:
        lat, lon = (None if row[0] is None else round(row.lat, STREET_DIGITS)), (None if row[1] is None else round(row.lon, STREET_DIGITS))
        return Located(place=words or near, lat=lat, lon=lon, area_id=row.area_id)
    if area_id is not None:
        return Located(place=words or near, area_id=_area(uow, area_id))
    try:
        likely = find_neighbourhood(uow, FindNeighbourhood(postcode=place.postcode, house_number=house))
    except Invalid as error:
        raise Invalid({"place": error.errors["postcode"]}) from None
    if not likely.exact and len(likely.choices) > 1:
        raise Invalid({"place": [_("Wij kennen dit adres niet. Controleer het huisnummer, of kies hieronder de buurt.")]})
    return Located(place=words or near, area_id=likely.area.id)

"""Where a signal is about: a point, an address by the city's address book, an area or words, always inside the city."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from citycontent.api import AddressBookEntry, Area, FindNeighbourhood, area_map, buurt_at, find_neighbourhood
from samen_core.api import Invalid, Text, UnitOfWork, _
from samen_oog_oor.models import Case
from samen_oog_oor.models.base import NUMBER_LENGTH, TITLE_LENGTH
from samen_oog_oor.schemas.receiving import SignalPlace

DIGITS = 6
"""Decimals of a degree that are kept: a tenth of a metre."""
STREET_DIGITS = 3
"""Decimals of what everybody sees of an address: some streets (111 by 68 metres), so that no house can be told."""
_NUMBER = re.compile(r"\s*(\d{1,5})", re.ASCII)
_POSTCODE = re.compile(r"[1-9][0-9]{3}[A-Z]{2}", re.ASCII)
_BOOK = (
    select(AddressBookEntry.lat, AddressBookEntry.lon, AddressBookEntry.area_id, Area.name)
    .join(Area, Area.id == AddressBookEntry.area_id)
    .where(AddressBookEntry.postcode == bindparam("postcode"), AddressBookEntry.house_number == bindparam("house_number"))
)
_AREA = select(Area.id, Area.name).where(Area.id == bindparam("id"), Area.state == "active")


@dataclass(frozen=True, slots=True)
class Located:
    """A place in the city. ``words`` are what the reporter wrote, ``address`` what the address book knows; empty when unknown."""

    lat: float | None = None
    lon: float | None = None
    words: str = ""
    address: str = ""
    address_id: str = ""
    area_id: uuid.UUID | None = None
    area_name: str = ""


def locate(uow: UnitOfWork, place: SignalPlace, areas: str | None = None) -> Located:
    """Find a place. At most two statements for a point or a known address, one less with the version of the areas at hand.

    Raises Invalid by ``place`` for what is outside the city or says nothing, and by ``place.postcode`` for an address that is not there.
    """
    words = " ".join(place.address.split())[:TITLE_LENGTH]
    address_id = (place.address_id or "")[:NUMBER_LENGTH]
    typed = _typed(place)
    if place.lat is not None and place.lon is not None:
        found = _at_point(uow, place.lat, place.lon, areas)
        return Located(found.lat, found.lon, words or typed, "", address_id, found.area_id, found.area_name)
    if place.postcode or place.house_number:
        return _at_address(uow, place, words, typed, address_id)
    if place.area_id is not None:
        row = uow.session.execute(_AREA, {"id": place.area_id}).one_or_none()
        if row is None:
            raise Invalid({"place.area_id": [_("Dit gebied bestaat niet.")]})
        return Located(words=words, address_id=address_id, area_id=row.id, area_name=row.name)
    if words or address_id:
        return Located(words=words, address_id=address_id)
    raise Invalid({"place": [NO_PLACE]})


def set_place(case: Case, place: Located, words: str = "") -> None:
    """Put a case at a place; ``words`` are what staff read of it. What everybody may know of it begins anew.

    A point that somebody chose is where the thing is. One that the address book gave is a house, where the reporter may live: everybody
    gets the streets around it, and no address, until staff clears that (:func:`clear_place`).
    """
    case.lat, case.lon, case.area_id = place.lat, place.lon, place.area_id
    case.address, case.address_id, case.public_place = words, place.address_id, ""
    case.public_lat, case.public_lon = _around(place.lat, place.lon) if place.address else (place.lat, place.lon)


def clear_place(case: Case, words: str) -> None:
    """Let everybody read these words for the place. Those of the address itself clear the point too; taking them back hides it again."""
    former, case.public_place = case.public_place, words.strip()
    if case.address and case.public_place == case.address:
        case.public_lat, case.public_lon = case.lat, case.lon
    elif case.address and former == case.address:
        case.public_lat, case.public_lon = _around(case.lat, case.lon)


def forget_place(case: Case) -> None:
    """Let go of the address and of the point where it is a house; what everybody may know stays."""
    case.address, case.address_id, case.lat, case.lon = "", "", case.public_lat, case.public_lon


def _around(lat: float | None, lon: float | None) -> tuple[float | None, float | None]:
    return (None, None) if lat is None or lon is None else (round(lat, STREET_DIGITS), round(lon, STREET_DIGITS))


def _at_point(uow: UnitOfWork, lat: float, lon: float, areas: str | None) -> Located:
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Invalid({"place": [_("Dit punt ligt niet op de kaart.")]})
    lat, lon = round(lat, DIGITS), round(lon, DIGITS)
    found = buurt_at(uow, lat, lon, areas)
    if found is not None:
        return Located(lat, lon, area_id=found[0], area_name=found[1])
    if area_map(uow).of("buurt"):
        raise Invalid({"place": [_("Deze plek ligt buiten {city}. Kies een plek in de gemeente.", city=uow.platform.config.city.name)]})
    return Located(lat, lon)


def _at_address(uow: UnitOfWork, place: SignalPlace, words: str, typed: str, address_id: str) -> Located:
    postcode, number = "".join(place.postcode.split()).upper(), _NUMBER.match(place.house_number)
    errors: dict[str, list[Text]] = {}
    if not _POSTCODE.fullmatch(postcode):
        errors["place.postcode"] = [_("Vul een postcode in van vier cijfers en twee letters, bijvoorbeeld 2712 AB.")]
    if number is None:
        errors["place.house_number"] = [_("Vul een huisnummer in, bijvoorbeeld 12.")]
    if errors or number is None:
        raise Invalid(errors)
    row = uow.session.execute(_BOOK, {"postcode": postcode, "house_number": int(number[1])}).one_or_none()
    if row is not None:
        return Located(row.lat, row.lon, words, typed, address_id, row.area_id, row.name)
    try:
        likely = find_neighbourhood(uow, FindNeighbourhood(postcode=postcode, house_number=int(number[1])))
    except Invalid as error:
        raise Invalid({"place.postcode": error.errors["postcode"]}) from None
    if not likely.exact and len(likely.choices) > 1:
        raise Invalid({"place.postcode": [_("Wij kennen dit adres niet. Controleer het huisnummer, of kies hieronder de buurt.")]})
    return Located(words=words or typed, address_id=address_id, area_id=likely.area.id, area_name=likely.area.name)


def _typed(place: SignalPlace) -> str:
    postcode = "".join(place.postcode.split()).upper()
    shown = f"{postcode[:4]} {postcode[4:]}" if len(postcode) == 6 else postcode
    return f"{shown} {place.house_number.strip()}".strip()[:TITLE_LENGTH]


NO_PLACE: Text = _("Vertel waar het is: met een adres, een punt op de kaart, of in uw eigen woorden.")

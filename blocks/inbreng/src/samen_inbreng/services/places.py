"""The area of a contribution: what was chosen, or else where its place lies."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

from citycontent.api import FindNeighbourhood, find_area, find_neighbourhood
from samen_core.api import Invalid, PlaceValue, SubjectCard, Text, UnitOfWork, _, cards

_DIGITS = re.compile(r"\d{1,5}")


def area_of(
    uow: UnitOfWork,
    area_id: uuid.UUID | None,
    *places: PlaceValue | None,
    known: Mapping[uuid.UUID, SubjectCard] | None = None,
) -> tuple[uuid.UUID | None, dict[str, list[Text]]]:
    """The area, and what is wrong with the one that was chosen. No statement without area or place.

    A point in the city tells its buurt; an address does so when the address book knows it for sure. ``known`` are cards that were read.
    """
    if area_id is not None:
        area = (cards(uow, [area_id]) if known is None else known).get(area_id)
        if area is None or area.type != "area" or area.state != "active":
            return None, {"area_id": [_("Dit gebied bestaat niet.")]}
        return area_id, {}
    for place in places:
        found = _of_place(uow, place) if place is not None else None
        if found is not None:
            return found, {}
    return None, {}


def _of_place(uow: UnitOfWork, place: PlaceValue) -> uuid.UUID | None:
    if place.lat is not None and place.lon is not None:
        return find_area(uow, place.lat, place.lon)
    number = _DIGITS.match(place.house_number)
    if not place.postcode or number is None:
        return None
    try:
        found = find_neighbourhood(uow, FindNeighbourhood(postcode=place.postcode, house_number=int(number[0])))
    except Invalid:
        return None
    return found.area.id if found.exact else None

"""Which buurt is mine? From the address book that the city loaded, without asking anybody outside."""

from __future__ import annotations

from dataclasses import dataclass

from citycontent.queries.addresses import area_of_address, area_of_reference_point, areas_of_postcode
from citycontent.queries.areas import AreaRow, AreaTree, area_tree
from citycontent.schemas import FindNeighbourhood
from samen_core.api import Invalid, UnitOfWork, _


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The buurt of an address. When not ``exact``, ``area`` is only likely and ``choices`` are the buurten to choose from, it first."""

    area: AreaRow
    exact: bool
    choices: tuple[AreaRow, ...] = ()


def find_neighbourhood(uow: UnitOfWork, command: FindNeighbourhood, tree: AreaTree | None = None) -> Neighbourhood:
    """The buurt of a postcode and house number; at most five statements. Raises Invalid for a postcode that is not of this city.

    An address that the book does not know gets the likely buurt: where most addresses of its postcode lie, else those of its four digits,
    else the reference point of the four digits. A four-digit postcode may span several buurten, so the choice is the reader's.
    """
    tree = tree or area_tree(uow)
    exact = tree.get(area_of_address(uow, command.postcode, command.house_number))
    if exact is not None:
        return Neighbourhood(exact, exact=True)
    choices = [area for area_id in areas_of_postcode(uow, command.postcode) if (area := tree.get(area_id))]
    choices += [area for area_id in areas_of_postcode(uow, command.postcode[:4]) if (area := tree.get(area_id)) and area not in choices]
    point = tree.get(area_of_reference_point(uow, command.postcode[:4]))
    if point is not None and point not in choices:
        choices.append(point)
    if choices:
        return Neighbourhood(choices[0], exact=False, choices=tuple(choices))
    city = uow.platform.config.city.name
    shown = f"{command.postcode[:4]} {command.postcode[4:]}"
    raise Invalid(
        {
            "postcode": [
                _(
                    "Postcode {postcode} ligt niet in {city}. Controleer de postcode, of kies uw buurt op de kaart.",
                    postcode=shown,
                    city=city,
                )
            ]
        }
    )

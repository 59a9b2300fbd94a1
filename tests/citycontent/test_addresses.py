"""Addresses: which are the same, and what becomes of a correction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from citycontent.models import Organization
from citycontent.queries.addresses import address_values
from citycontent.schemas import AddressValue, UpdateOrganization
from citycontent.services.organizations import update_organization
from samen_core.db.unit_of_work import UnitOfWork

Make = Callable[..., Organization]
STREET = AddressValue(street="Dorpsstraat", house_number=3, postcode="2712AB", locality="Zoetermeer", lat=52.05, lon=4.49)


def corrected(uow: UnitOfWork, made: Organization, address: AddressValue) -> dict[str, Any]:
    """Another address for an organisation; what is stored then."""
    command = UpdateOrganization(name=made.name, sector=made.sector, version=made.version, address=address)
    stored = address_values(uow, update_organization(uow, made.id, command).address_id)
    assert stored is not None
    return stored


@pytest.mark.parametrize("locality", ["", "Zoetermeer"])
def test_places_of_only_coordinates_differ_by_them(uow: UnitOfWork, make_organization: Make, locality: str) -> None:
    first, second, third = (
        make_organization(name, address=AddressValue(locality=locality, lat=lat, lon=4.5))
        for name, lat in (("A", 52.01), ("B", 52.02), ("C", 52.01))
    )
    assert first.address_id == third.address_id
    assert first.address_id != second.address_id
    assert corrected(uow, first, AddressValue(locality=locality, lat=52.03, lon=4.6))["lat"] == 52.03


def test_corrected_coordinates_of_a_street_are_stored_for_who_corrects(uow: UnitOfWork, make_organization: Make) -> None:
    made, neighbour = make_organization("A", address=STREET), make_organization("B", address=STREET)
    assert made.address_id == neighbour.address_id
    assert corrected(uow, made, replace(STREET, lat=52.06))["lat"] == 52.06
    kept = address_values(uow, neighbour.address_id)
    assert kept is not None
    assert kept["lat"] == 52.05, "the address of another does not move"


def test_an_address_without_coordinates_keeps_those_that_are_known(uow: UnitOfWork, make_organization: Make) -> None:
    made = make_organization("A", address=STREET)
    assert corrected(uow, made, replace(STREET, lat=None, lon=None))["lat"] == 52.05
    assert make_organization("B", address=replace(STREET, lat=None, lon=None)).address_id == made.address_id


def test_a_bag_number_stays_with_one_address(uow: UnitOfWork, make_organization: Make) -> None:
    numbered = replace(STREET, bag_num="0637200000000001")
    made = make_organization("A", address=numbered)
    assert make_organization("B", address=replace(numbered, street="Dorpsstr.")).address_id == made.address_id
    other = corrected(uow, made, replace(numbered, lat=52.07))
    assert (other["lat"], other["bag_num"]) == (52.07, None), "the number stays with the address that has it"

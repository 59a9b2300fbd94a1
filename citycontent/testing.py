"""Short ways to make the things of the city in tests of blocks, and pytest fixtures of them, found by the entry point of the distribution.

Each ``make_…`` makes one thing in the transaction of ``uow``, as the service of that thing does, and takes the values of its command.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from uuid import UUID

    from citycontent.models import Address, Area, Event, Organization, Person, Project
    from samen_core.api import Platform, UnitOfWork

YEAR = 2026
"""The division of the city that made areas belong to."""


@pytest.fixture
def organization(platform: Platform) -> Organization:
    """An organisation of the city, already committed."""
    from samen_core.api import system

    with platform.unit_of_work(system("test")) as uow:
        return make_organization(uow, "Buurthuis De Ster", "civil_society")


@pytest.fixture
def project(platform: Platform, organization: Organization) -> Project:
    """A project that ``organization`` leads, already committed."""
    from samen_core.api import system

    with platform.unit_of_work(system("test")) as uow:
        return make_project(uow, lead_organization_id=organization.id)


def make_organization(uow: UnitOfWork, name: str = "Wijkraad Palenstein", sector: str = "citizens", **values: Any) -> Organization:
    """An organisation."""
    from citycontent.schemas import CreateOrganization
    from citycontent.services.organizations import create_organization

    return create_organization(uow, CreateOrganization(name=name, sector=sector, **values))


def make_person(uow: UnitOfWork, given_name: str = "Anna", family_name: str = "Berg", **values: Any) -> Person:
    """A person with a public role."""
    from citycontent.schemas import CreatePerson
    from citycontent.services.persons import create_person

    return create_person(uow, CreatePerson(given_name=given_name, family_name=family_name, **values))


def make_representative(uow: UnitOfWork, account_id: UUID, organization_id: UUID) -> Person:
    """The person of an account, as a member that may act for this organisation."""
    from citycontent.models import AccountPerson
    from citycontent.schemas import CreateMembership
    from citycontent.services.memberships import create_membership

    person = make_person(uow)
    create_membership(uow, CreateMembership(person_id=person.id, organization_id=organization_id))
    uow.session.add(AccountPerson(account_id=account_id, person_id=person.id, linked_at=uow.now))
    return person


def make_project(uow: UnitOfWork, name: str = "Groene Markt", status: str = "execution", **values: Any) -> Project:
    """A project."""
    from citycontent.schemas import CreateProject
    from citycontent.services.projects import create_project

    return create_project(uow, CreateProject(name=name, status=status, **values))


def make_event(uow: UnitOfWork, name: str = "Inloopavond", **values: Any) -> Event:
    """An event on the calendar; it begins tomorrow, unless ``start_date`` says otherwise."""
    from citycontent.schemas import CreateEvent
    from citycontent.services.events import create_event

    return create_event(uow, CreateEvent(**{"name": name, "start_date": uow.now + timedelta(days=1), **values}))


def make_area(uow: UnitOfWork, name: str = "Palenstein", classification: str = "buurt", **values: Any) -> Area:
    """An area of the current division: a square beside those that were made before. ``values`` are those of ``AreaValue``."""
    from sqlalchemy import func, select

    from citycontent.models import Area
    from citycontent.services.areas import AreaValue, store_areas

    number = uow.session.execute(select(func.count()).select_from(Area)).scalar_one()
    prefix, digits = {"gemeente": ("GM", 0), "wijk": ("WK", 2), "buurt": ("BU", 4)}[classification]
    west, south, size = 4.4 + number * 0.01, 52.0, 0.01
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    known = {
        "code": f"{prefix}0637" + (f"{number:0{digits}d}" if digits else ""),
        "parent_code": None,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "lat": south + size / 2,
        "lon": west + size / 2,
    }
    value = AreaValue(name=name, classification=classification, **{**known, **values})
    store_areas(uow, YEAR, [value])
    return uow.session.execute(select(Area).where(Area.code == value.code, Area.year == YEAR)).scalar_one()


def make_address(uow: UnitOfWork, street: str = "Dorpsstraat", house_number: int = 1, **values: Any) -> Address:
    """An address where something public is."""
    from citycontent.models import Address
    from citycontent.schemas import AddressValue
    from citycontent.services.addresses import find_or_create_address

    known = {"postcode": "2712AB", "locality": "Zoetermeer"}
    placed = find_or_create_address(uow, AddressValue(street=street, house_number=house_number, **{**known, **values}))
    return uow.session.get_one(Address, placed.id)


def make_many(uow: UnitOfWork, number: int) -> None:
    """So many more organisations, persons, projects, events and themes; the first project gets them all."""
    from citycontent.schemas import CreateTheme
    from citycontent.services.themes import create_theme

    lead = make_organization(uow, f"Stichting {number} samen", "civil_society")
    project = make_project(uow, f"Project {number}", lead_organization_id=lead.id)
    for at in range(number):
        make_organization(uow, f"Bewonersgroep {number}-{at}", parent_id=lead.id)
        make_person(uow, "Jip", f"Van Straat {number}-{at}")
        make_project(uow, f"Plein {number}-{at}", "preparation", lead_organization_id=lead.id)
        create_theme(uow, CreateTheme(name=f"Thema {number}-{at}"))
        start = uow.now + timedelta(days=at + 1)
        make_event(uow, f"Avond {number}-{at}", start_date=start, project_id=project.id, organization_id=lead.id)

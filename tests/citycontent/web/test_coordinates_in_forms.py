"""A place that is known only by coordinates, such as a field in a park, stays what it is when its form is sent."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from citycontent.models import Address, Organization
from citycontent.schemas import AddressValue
from samen_core.actor import system
from tests.citycontent.web.conftest import form_values, send

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
PATH = "/organisaties/speeltuin/bewerken"
PLACE = AddressValue(lat=52.0625, lon=4.4875)


@pytest.fixture
def manager(uow, make_organization, as_role):
    make_organization("Speeltuin", address=PLACE)
    make_organization("Buurthuis", address=AddressValue(street="Dorpsstraat", house_number=3, lat=52.06, lon=4.49))
    uow.commit()
    return as_role("manager")


def place(platform, slug="speeltuin"):
    """Street and coordinates of an organisation's address now; None without one."""
    with platform.read(system("test")) as reader:
        found = select(Address.street, Address.lat, Address.lon).join(Organization, Organization.address_id == Address.id)
        row = reader.session.execute(found.where(Organization.slug == slug)).one_or_none()
    return tuple(row) if row else None


def test_another_change_keeps_the_coordinates(platform, manager):
    assert send(manager, PATH, abstract="Voor kinderen tot tien jaar").status_code == 303
    assert place(platform) == ("", 52.0625, 4.4875)


def test_a_street_that_is_added_keeps_them_too(platform, manager):
    assert send(manager, PATH, address__street="Parkpad").status_code == 303
    assert place(platform) == ("Parkpad", 52.0625, 4.4875)
    assert send(manager, PATH, abstract="Voor kinderen").status_code == 303
    assert place(platform) == ("Parkpad", 52.0625, 4.4875)


def test_they_can_be_corrected_and_taken_away(platform, manager):
    assert send(manager, PATH, address__lat="52,0630").status_code == 303
    assert place(platform) == ("", 52.063, 4.4875)
    assert send(manager, PATH, address__lat="", address__lon="").status_code == 303
    assert place(platform) is None


def test_a_mistake_gives_them_back_as_they_were_typed(platform, manager):
    answer = send(manager, PATH, name="", address__lat="52,07")
    assert answer.status_code == 400
    assert dict(form_values(answer.text, PATH))["address.lat"] == "52,07"
    half = send(manager, PATH, address__lat="")
    assert half.status_code == 400
    assert "de breedte én de lengte" in half.text
    assert place(platform) == ("", 52.0625, 4.4875)


def test_an_address_with_a_street_asks_for_no_coordinates(platform, manager):
    path = "/organisaties/buurthuis/bewerken"
    assert "address.lat" not in dict(form_values(manager.get(path).text, path))
    assert send(manager, path, abstract="Voor iedereen").status_code == 303
    assert place(platform, "buurthuis") == ("Dorpsstraat", 52.06, 4.49)

"""The short ways to make things of the city, which tests of blocks elsewhere stand on."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from citycontent.models import Address, Area, Organization
from citycontent.testing import make_address, make_area, make_event, make_many, make_organization, make_person, make_project
from samen_core.api import cards


def test_each_makes_one_thing_that_is_registered(uow):
    wijk = make_area(uow, "Centrum", "wijk")
    buurt = make_area(uow, "Dorp", parent_code=wijk.code)
    organization = make_organization(uow, "Fietsersbond", "civil_society")
    things = (
        wijk,
        buurt,
        organization,
        make_person(uow),
        make_project(uow, lead_organization_id=organization.id),
        make_event(uow, organization_id=organization.id),
        make_address(uow, house_number=12),
    )
    assert set(cards(uow, [thing.id for thing in things])) == {thing.id for thing in things}
    assert buurt.parent_id == wijk.id
    assert uow.session.execute(select(func.count()).select_from(Address)).scalar_one() == 1
    assert uow.session.execute(select(func.count()).select_from(Area)).scalar_one() == 2


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_many_can_be_made_more_than_once(uow):
    make_many(uow, 2)
    uow.commit()
    before = uow.session.execute(select(func.count()).select_from(Organization)).scalar_one()
    make_many(uow, 3)
    uow.commit()
    assert uow.session.execute(select(func.count()).select_from(Organization)).scalar_one() == before + 4  # and who leads them

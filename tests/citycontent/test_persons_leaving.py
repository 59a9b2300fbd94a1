"""A person who leaves: taken away or erased, and what that means for memberships, accounts and sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from citycontent.models import Membership, Organization, Person
from citycontent.queries import memberships
from citycontent.schemas import CreateMembership, Delete, UpdateMembership
from citycontent.services.memberships import create_membership, update_membership
from citycontent.services.persons import delete_person
from samen_core.actor import anonymous
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Gone
from samen_core.platform import Platform
from samen_core.subjects import Subject

MakePerson = Callable[..., Person]
MakeOrganization = Callable[..., Organization]


@pytest.fixture
def membership(uow: UnitOfWork, make_person: MakePerson, make_organization: MakeOrganization) -> Membership:
    command = CreateMembership(person_id=make_person().id, organization_id=make_organization().id, role="voorzitter")
    made = create_membership(uow, command)
    uow.commit()
    return made


def test_the_memberships_of_who_is_taken_away_go_too(platform: Platform, uow: UnitOfWork, membership: Membership, outbox: Any) -> None:
    delete_person(uow, membership.person_id, Delete(version=1, reason="vertrokken"))
    uow.commit()
    assert membership.state == "deleted"
    assert [told["id"] for told in outbox.events("citycontent.membership.deleted")] == [str(membership.id)]
    with platform.read(anonymous()) as reader:
        card = reader.session.get(Subject, membership.id)
        assert card is not None
        assert (card.state, card.public) == ("deleted", False)
        row = memberships.membership_by_id(reader, membership.id)
        assert row is not None
        assert row.state == "deleted", "known by its id only: answered as gone"
    same = {"person_id": membership.person_id, "organization_id": membership.organization_id, "role": "lid"}
    with pytest.raises(Gone):
        update_membership(uow, membership.id, UpdateMembership(version=membership.version, **same))


def test_a_membership_that_was_left_behind_stays_hidden(platform: Platform, uow: UnitOfWork, membership: Membership) -> None:
    # As versions before this one left it.
    uow.session.execute(update(Person).where(Person.id == membership.person_id).values(state="deleted"))
    uow.commit()
    with platform.read(anonymous()) as reader:
        assert memberships.membership_by_id(reader, membership.id) is None
    same = {"person_id": membership.person_id, "organization_id": membership.organization_id}
    update_membership(uow, membership.id, UpdateMembership(role="lid", version=membership.version, **same))
    uow.commit()
    assert not uow.session.execute(select(Subject.public).where(Subject.id == membership.id)).scalar_one()

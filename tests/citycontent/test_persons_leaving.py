"""A person who leaves: taken away or erased, and what that means for memberships, accounts and sessions."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from sqlalchemy import insert, select, update

from citycontent.models import AccountPerson, Identifier, Membership, Organization, PartialDate, Person, Slug
from citycontent.queries import counters, memberships
from citycontent.schemas import CreateMembership, Delete, UnlinkPerson, UpdateMembership
from citycontent.services.acting import end_acting
from citycontent.services.memberships import create_membership, delete_membership, update_membership
from citycontent.services.organizations import delete_organization
from citycontent.services.persons import delete_person, erase_person, unlink_person
from samen_core.accounts.models import UserSession
from samen_core.accounts.services.privacy import erase_account, export_json
from samen_core.actor import Actor, anonymous
from samen_core.api import uuid7
from samen_core.db.changes import Change
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Gone, NotAllowed
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


class TestActing:
    """A session that acts on behalf of an organisation lets go when its account may not do so any longer."""

    @pytest.fixture
    def account(self, platform: Platform, uow: UnitOfWork, membership: Membership, actor_as: Any) -> Actor:
        person_id, organization_id = membership.person_id, membership.organization_id
        uow.commit()
        found: Actor = actor_as("resident")
        now = platform.clock()
        later = now + timedelta(days=1)
        uow.session.execute(insert(AccountPerson).values(account_id=found.account_id, person_id=person_id, linked_at=now))
        values = {"public_id": uuid7(), "user_id": found.account_id, "data": {}, "device": "", "keep": False, "renew": False}
        times = {"created_at": now, "last_seen_at": now, "idle_until": later, "expires_at": later}
        uow.session.execute(insert(UserSession).values(id="a", on_behalf_of_id=organization_id, **values, **times))
        uow.commit()
        return found

    def acts_for(self, uow: UnitOfWork) -> Any:
        return uow.session.execute(select(UserSession.on_behalf_of_id)).scalar_one()

    def changed(self, membership: Membership, **values: Any) -> UpdateMembership:
        same = {"person_id": membership.person_id, "organization_id": membership.organization_id, "version": membership.version}
        return UpdateMembership(**{**same, "role": "voorzitter", **values})

    def test_a_membership_that_goes_on_keeps_it(self, uow: UnitOfWork, membership: Membership, account: Actor) -> None:
        update_membership(uow, membership.id, self.changed(membership, role="lid"))
        uow.commit()
        assert self.acts_for(uow) == membership.organization_id

    def test_another_membership_of_the_organization_keeps_it(self, uow: UnitOfWork, membership: Membership, account: Actor) -> None:
        same = {"person_id": membership.person_id, "organization_id": membership.organization_id}
        create_membership(uow, CreateMembership(role="penningmeester", **same))
        delete_membership(uow, membership.id, Delete(version=membership.version))
        assert self.acts_for(uow) == membership.organization_id

    @pytest.mark.parametrize("values", [{"end_date": PartialDate("2001")}, {"can_represent": False}])
    def test_a_membership_that_ends(self, uow: UnitOfWork, membership: Membership, account: Actor, values: dict[str, Any]) -> None:
        update_membership(uow, membership.id, self.changed(membership, **values))
        assert self.acts_for(uow) is None

    def test_a_membership_person_or_organization_that_goes(self, uow: UnitOfWork, membership: Membership, account: Actor) -> None:
        person_id, organization_id = membership.person_id, membership.organization_id
        for leave in (
            lambda: delete_membership(uow, membership.id, Delete(version=1)),
            lambda: delete_person(uow, person_id, Delete(version=1)),
            lambda: unlink_person(uow, person_id, UnlinkPerson()),
            lambda: delete_organization(uow, organization_id, Delete(version=1)),
        ):
            assert self.acts_for(uow) == organization_id
            leave()
            assert self.acts_for(uow) is None
            uow.rollback()

    def test_a_membership_whose_last_day_passed(self, uow: UnitOfWork, membership: Membership, account: Actor) -> None:
        end_acting(uow)
        assert self.acts_for(uow) == membership.organization_id
        uow.session.execute(update(Membership).where(Membership.id == membership.id).values(end_date=PartialDate("2001")))
        end_acting(uow)
        assert self.acts_for(uow) is None


class TestErasing:
    """The right to be forgotten (AVG art. 17)."""

    FULL: ClassVar[dict[str, Any]] = {
        "summary": "Geheim A",
        "biography": "Geheim B",
        "email": "geheim@samen.example",
        "phone": "0790001",
        "homepage": "https://geheim.example",
        "identifiers": (("wikidata", "Q9"),),
        "links": ({"url": "https://geheim.example/a"},),
        "sources": ({"url": "https://geheim.example/b"},),
    }

    def nothing_left(self, platform: Platform, person_id: uuid.UUID) -> None:
        with platform.read(anonymous()) as reader:
            row = reader.session.execute(select(Person.__table__).where(Person.id == person_id)).one()
            card = reader.session.get(Subject, person_id)
            assert card is not None
            assert (row.state, card.state, card.public, card.title, card.summary) == ("deleted", "deleted", False, "", "")
            beside = [reader.session.execute(select(column)).all() for column in (Slug.slug, Identifier.identifier)]
            stored = repr((row, card.url, beside)).lower()
            for trace in ("anna", "berg", "geheim", "0790001", "q9"):
                assert trace not in stored
            assert "geheim" not in repr(reader.session.execute(select(Change.after, Change.before)).all()).lower()

    @pytest.mark.parametrize("deleted_before", [False, True])
    def test_a_person_is_erased(self, platform: Platform, uow: UnitOfWork, make_person: MakePerson, deleted_before: bool) -> None:
        person = make_person(**self.FULL)
        uow.commit()
        id = person.id
        if deleted_before:
            delete_person(uow, id, Delete(version=1))
            uow.commit()
        erase_person(uow, id, Delete(version=person.version, reason="op verzoek"))
        uow.commit()
        assert counters.facet(uow, "person.visibility") == {"known": 0}
        uow.commit()
        self.nothing_left(platform, id)

    def test_only_a_manager_erases(self, platform: Platform, uow: UnitOfWork, make_person: MakePerson, actor_as: Any) -> None:
        id = make_person().id
        uow.commit()
        with platform.unit_of_work(actor_as("facilitator")) as unit, pytest.raises(NotAllowed):
            erase_person(unit, id, Delete(version=1))

    @pytest.mark.parametrize(("visibility", "erased"), [("known", True), ("private", True), ("public_officer", False)])
    def test_who_has_the_account_takes_along_and_erases_the_person(
        self, platform: Platform, uow: UnitOfWork, make_person: MakePerson, actor_as: Any, visibility: str, erased: bool
    ) -> None:
        """The export shows what is found by way of the link between account and person."""
        account, other = actor_as("resident"), actor_as("resident")
        person = make_person(**self.FULL, visibility=visibility)
        id = person.id
        uow.session.execute(insert(AccountPerson).values(account_id=account.account_id, person_id=id, linked_at=uow.now))
        uow.commit()
        with platform.unit_of_work(other) as unit:
            assert "geheim@samen.example" not in repr(export_json(unit, other.account_id))
        with platform.unit_of_work(account) as unit:
            assert "geheim@samen.example" in repr(export_json(unit, account.account_id))
            erase_account(unit, account.account_id)
        if erased:
            self.nothing_left(platform, id)
        with platform.read(anonymous()) as reader:
            assert (reader.session.execute(select(Person.email).where(Person.id == id)).scalar_one() == "") == erased
            assert reader.session.execute(select(AccountPerson)).all() == []

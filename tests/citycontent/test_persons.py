"""Persons: what is shown to whom, and the account that is theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from citycontent.models import AccountPerson, Membership, Organization, PartialDate, Person
from citycontent.queries import counters, documents, memberships, persons
from citycontent.queries.pages import whereabouts
from citycontent.queries.persons import PersonFilter
from citycontent.schemas import CreateMembership, CreatePerson, Delete, LinkAccount, UnlinkPerson, UpdatePerson
from citycontent.services.memberships import create_membership
from citycontent.services.persons import (
    create_person,
    delete_person,
    link_account,
    person_values,
    unlink_own_account,
    unlink_person,
    update_person,
)
from samen_core.accounts.models import User
from samen_core.actor import Actor, anonymous
from samen_core.api import PageRequest, capacities
from samen_core.db.changes import Change
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Conflict, Invalid, NotAllowed
from samen_core.events.signals import ACCOUNT_ERASED
from samen_core.platform import Platform
from samen_core.settings import change_settings
from samen_core.subjects import Subject

MakePerson = Callable[..., Person]
MakeOrganization = Callable[..., Organization]


def changed(person: Person, **values: Any) -> UpdatePerson:
    base = {"given_name": person.given_name, "family_name": person.family_name, "visibility": person.visibility, "version": person.version}
    return UpdatePerson(**{**base, **values})


def test_the_name_follows_from_its_parts(uow: UnitOfWork) -> None:
    made = create_person(uow, CreatePerson(given_name="Joost", family_name_prefix="van der", family_name="Hulk"))
    assert (made.name, made.sort_name, made.slug) == ("Joost van der Hulk", "hulk joost van der", "joost-van-der-hulk")
    assert create_person(uow, CreatePerson(name="Kapitein Rob")).sort_name == "kapitein rob"


def test_a_private_person_is_nowhere_to_be_seen(platform: Platform, uow: UnitOfWork, make_person: MakePerson, actor_as: Any) -> None:
    private = make_person("Anna", "Geheim", visibility="private")
    make_person("Bert", "Bekend", visibility="known")
    uow.commit()
    assert private.slug == "persoon", "its address tells nothing"
    with platform.read(anonymous()) as reader:
        card = reader.session.get(Subject, private.id)
        assert card is not None
        assert not card.public
        assert documents.person_documents(reader, [private.id]) == []
    for actor in (anonymous(), actor_as("resident"), actor_as("facilitator")):
        with platform.read(actor) as reader:
            page = persons.list_persons(reader, PersonFilter(), PageRequest())
            assert [row.name for row in page.items] == ["Bert Bekend"]
            assert persons.person_by_slug(reader, private.slug) is None
            assert persons.person_by_id(reader, private.id) is None
            found = whereabouts(reader, "person", private.slug)
            assert found is not None
            assert not found.public
    with platform.read(actor_as("manager")) as reader:
        assert len(persons.list_persons(reader, PersonFilter(), PageRequest()).items) == 2
        assert persons.person_by_slug(reader, private.slug) is not None


def test_becoming_private_hides_the_person_and_the_roles(
    platform: Platform, uow: UnitOfWork, make_person: MakePerson, make_organization: MakeOrganization
) -> None:
    person, organization = make_person(summary="Voorzitter"), make_organization()
    membership = create_membership(uow, CreateMembership(person_id=person.id, organization_id=organization.id, role="voorzitter"))
    uow.commit()
    update_person(uow, person.id, changed(person, visibility="private", summary="Voorzitter"))
    uow.commit()
    with platform.read(anonymous()) as reader:
        public = dict(reader.session.execute(select(Subject.id, Subject.public)).all())
        assert not public[person.id]
        assert not public[membership.id]
        assert memberships.members_of(reader, organization.id) == []
        assert memberships.membership_by_id(reader, membership.id) is None
        found = whereabouts(reader, "person", "anna-berg")
        assert found is not None
        assert not found.public
        assert counters.facet(reader, "person.visibility") == {"known": 0, "private": 1}
        assert reader.session.execute(select(Subject.summary).where(Subject.id == person.id)).scalar_one() == ""
    update_person(uow, person.id, changed(person, visibility="known", summary="Voorzitter"))
    uow.commit()
    assert person.slug == "anna-berg"
    with platform.read(anonymous()) as reader:
        assert [row.name for row in memberships.members_of(reader, organization.id)] == ["Anna Berg"]


@pytest.mark.parametrize(
    ("audience", "visitor", "resident", "staff"),
    [("staff", False, False, True), ("logged_in", False, True, True), ("everyone", True, True, True)],
)
def test_the_city_chooses_who_sees_contact_details(
    platform: Platform, uow: UnitOfWork, actor_as: Any, audience: str, visitor: bool, resident: bool, staff: bool
) -> None:
    known = create_person(uow, CreatePerson(name="Bert Bekend", visibility="known", email="bert@b.example", phone="1234"))
    officer = create_person(uow, CreatePerson(name="Wies Wethouder", visibility="public_officer", email="wies@b.example"))
    change_settings(uow, {"citycontent.contact_audience": audience})
    uow.commit()
    for actor, sees in ((anonymous(), visitor), (actor_as("resident"), resident), (actor_as("facilitator"), staff)):
        with platform.read(actor) as reader:
            values, other = persons.person_by_slug(reader, known.slug), persons.person_by_slug(reader, officer.slug)
            assert values is not None
            assert other is not None
            assert values["email"] == ("bert@b.example" if sees else "")
            assert values["name"] == "Bert Bekend"
            assert other["email"] == "wies@b.example"


def test_the_log_names_fields_but_no_personal_values(uow: UnitOfWork, make_person: MakePerson) -> None:
    person = make_person("Anna", "Berg", email="anna@berg.example")
    uow.commit()
    update_person(uow, person.id, changed(person, email="anders@berg.example", identifiers=(("wikidata", "Q1"),)))
    uow.commit()
    rows = uow.session.execute(select(Change).where(Change.subject_id == person.id).order_by(Change.seq)).scalars().all()
    assert [row.action for row in rows] == ["citycontent.person.created", "citycontent.person.updated"]
    written = repr([(row.before, row.after, row.sentence) for row in rows])
    for secret in ("Anna", "Berg", "berg.example", "Q1"):
        assert secret not in written
    assert set(rows[1].after or {}) == {"email", "identifiers"}


def test_a_changed_person_conflicts_and_form_values_come_back(uow: UnitOfWork, make_person: MakePerson) -> None:
    person = make_person(links=({"url": "https://a.example", "note": "x"},))
    uow.commit()
    update_person(uow, person.id, changed(person, phone="079 123"))
    uow.commit()
    with pytest.raises(Conflict) as caught:
        update_person(uow, person.id, changed(person, version=1))
    assert caught.value.current["phone"] == "079 123"
    assert person_values(uow, person)["links"] == ""


def test_only_a_manager_edits_persons(platform: Platform, uow: UnitOfWork, make_person: MakePerson, actor_as: Any) -> None:
    person = make_person()
    uow.commit()
    for role in ("resident", "facilitator", "decision_maker", "moderator"):
        with platform.unit_of_work(actor_as(role)) as unit:
            for attempt in (
                lambda unit=unit: create_person(unit, CreatePerson(name="X")),
                lambda unit=unit: update_person(unit, person.id, changed(person)),
                lambda unit=unit: delete_person(unit, person.id, Delete(version=1)),
            ):
                with pytest.raises(NotAllowed):
                    attempt()
            unit.rollback()
    with platform.unit_of_work(actor_as("manager")) as unit:
        delete_person(unit, person.id, Delete(version=1))
    with platform.read(anonymous()) as reader:
        assert persons.person_by_slug(reader, person.slug) is None


class TestAccount:
    """The link between an account and a person."""

    @pytest.fixture
    def email_of(self, platform: Platform) -> Callable[[Actor], str]:
        def find(account: Actor) -> str:
            with platform.read(anonymous()) as reader:
                return str(reader.session.execute(select(User.email).where(User.id == account.account_id)).scalar_one())

        return find

    def test_capacities_are_the_memberships_that_hold_today(
        self,
        platform: Platform,
        uow: UnitOfWork,
        make_person: MakePerson,
        make_organization: MakeOrganization,
        actor_as: Any,
        email_of: Any,
    ) -> None:
        account, other = actor_as("resident"), actor_as("resident")
        person = make_person()
        year = platform.clock().year

        def join(name: str, **values: Any) -> None:
            command = CreateMembership(person_id=person.id, organization_id=make_organization(name).id, role="lid", **values)
            create_membership(uow, command)

        join("Altijd")
        join("Dit jaar", start_date=PartialDate(str(year)), end_date=PartialDate(str(year)))
        join("Vorig jaar", end_date=PartialDate(str(year - 1)))
        join("Volgend jaar", start_date=PartialDate(str(year + 1)))
        join("Zonder mandaat", can_represent=False)
        link_account(uow, person.id, LinkAccount(email=email_of(account).upper()))
        uow.commit()
        with platform.read(account) as reader:
            assert [(item.title, item.sector, item.role) for item in capacities(reader)] == [
                ("Altijd", "citizens", "lid"),
                ("Dit jaar", "citizens", "lid"),
            ]
        with platform.read(other) as reader:
            assert capacities(reader) == []

    def test_a_link_is_made_once_and_undone(
        self, platform: Platform, uow: UnitOfWork, make_person: MakePerson, actor_as: Any, email_of: Any
    ) -> None:
        account, other = actor_as("resident"), actor_as("resident")
        person, somebody = make_person(), make_person("Bert")
        link_account(uow, person.id, LinkAccount(email=email_of(account)))
        uow.commit()
        for target, email in ((person, email_of(other)), (somebody, email_of(account))):
            with pytest.raises(Invalid):
                link_account(uow, target.id, LinkAccount(email=email))
        with pytest.raises(Invalid):
            link_account(uow, somebody.id, LinkAccount(email="niemand@samen.example"))
        uow.rollback()
        with platform.unit_of_work(account) as unit:
            unlink_own_account(unit)
        link_account(uow, person.id, LinkAccount(email=email_of(other)))
        unlink_person(uow, person.id, UnlinkPerson(reason="op verzoek"))
        uow.commit()
        assert uow.session.execute(select(AccountPerson)).all() == []
        actions = uow.session.execute(
            select(Change.action).where(Change.action.like("citycontent.account.%")).order_by(Change.seq)
        ).scalars()
        assert [action.rpartition(".")[2] for action in actions] == ["linked", "unlinked", "linked", "unlinked"]

    def test_nobody_but_the_manager_links(
        self, platform: Platform, uow: UnitOfWork, make_person: MakePerson, actor_as: Any, email_of: Any
    ) -> None:
        account, facilitator, manager = actor_as("resident"), actor_as("facilitator"), actor_as("manager")
        person = make_person()
        uow.commit()
        for actor in (account, facilitator):
            with platform.unit_of_work(actor) as unit:
                with pytest.raises(NotAllowed):
                    link_account(unit, person.id, LinkAccount(email=email_of(account)))
                with pytest.raises(NotAllowed):
                    unlink_person(unit, person.id, UnlinkPerson())
                unit.rollback()
        with platform.unit_of_work(manager) as unit:
            link_account(unit, person.id, LinkAccount(email=email_of(account)))
        with platform.unit_of_work(anonymous()) as unit, pytest.raises(NotAllowed):
            unlink_own_account(unit)

    def test_erasing_the_account_or_taking_the_person_away_ends_the_link(
        self, uow: UnitOfWork, make_person: MakePerson, make_organization: MakeOrganization, actor_as: Any, email_of: Any
    ) -> None:
        account, other = actor_as("resident"), actor_as("resident")
        person, somebody = make_person(), make_person("Bert")
        membership = create_membership(uow, CreateMembership(person_id=somebody.id, organization_id=make_organization().id))
        link_account(uow, person.id, LinkAccount(email=email_of(account)))
        link_account(uow, somebody.id, LinkAccount(email=email_of(other)))
        uow.commit()
        uow.send(ACCOUNT_ERASED, account_id=account.account_id)
        uow.commit()
        assert uow.session.execute(select(AccountPerson.person_id)).scalars().all() == [somebody.id]
        delete_person(uow, somebody.id, Delete(version=1))
        uow.commit()
        assert uow.session.execute(select(AccountPerson)).all() == []
        assert uow.session.get(Person, person.id) is not None
        assert uow.session.get(Membership, membership.id) is not None

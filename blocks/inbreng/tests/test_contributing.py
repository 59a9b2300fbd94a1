"""Giving a contribution: who may, what is stored, what counts, and that nothing is lost when many give at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from citycontent.models import AccountPerson, Organization, Project
from citycontent.schemas import CreateMembership, CreatePerson
from citycontent.services.memberships import create_membership
from citycontent.services.persons import create_person
from samen_core.api import Actor, Gone, Invalid, NotAllowed, NotFound, PlaceValue, anonymous, system
from samen_core.platform import Platform
from samen_inbreng.models import Activity, Contribution, Tally
from samen_inbreng.queries.answers import unanswered
from samen_inbreng.schemas.activity import CloseActivity
from samen_inbreng.schemas.contribution import Contribute, EnterContribution
from samen_inbreng.services.activities import close_activity
from samen_inbreng.services.contributions import contribute
from samen_inbreng.services.entry import import_contributions
from samen_inbreng.testing import FORM, a_contribution, an_activity, an_entry

As = Callable[..., Actor]
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("db_url", ["postgresql"], indirect=True)


def tallies(platform: Platform, activity: Activity) -> dict[tuple[str, str], int]:
    with platform.engine.connect() as connection:
        rows = connection.execute(select(Tally.dimension, Tally.value, Tally.number).where(Tally.activity_id == activity.id))
        return {(row.dimension, row.value): row.number for row in rows if row.number}


def stored(platform: Platform, id: uuid.UUID) -> Contribution:
    with platform.read(system("test")) as uow:
        return uow.session.get_one(Contribution, id)


def test_anybody_contributes_without_a_name(platform: Platform, project: Project) -> None:
    activity = an_activity(platform, project.id)
    given = a_contribution(platform, activity, "Meer bomen graag.")
    found = stored(platform, given.contribution.id)
    assert (found.text, found.author_name, found.sector, found.channel, found.number) == ("Meer bomen graag.", "", "citizens", "online", 1)
    assert found.account_id is None
    assert len(given.receipt_code) == 14
    assert given.receipt_code not in (found.receipt_hash or "")
    assert tallies(platform, activity) == {
        ("number", ""): 1,
        ("total", ""): 1,
        ("sector", "citizens"): 1,
        ("channel", "online"): 1,
        ("area", ""): 1,
    }


def test_an_account_has_no_code_and_its_address_is_not_copied(platform: Platform, project: Project, actor_as: As) -> None:
    resident = actor_as("resident")
    given = a_contribution(platform, an_activity(platform, project.id), actor=resident, name="Jan", wants_mail=True)
    found = stored(platform, given.contribution.id)
    assert (found.account_id, found.author_name, found.email, found.wants_mail) == (resident.account_id, "Jan", "", True)
    assert given.receipt_code == ""


def test_who_may_take_part(platform: Platform, project: Project, actor_as: As) -> None:
    named = an_activity(platform, project.id, access="named")
    with pytest.raises(Invalid) as refused:
        a_contribution(platform, named)
    assert set(refused.value.errors) == {"name", "email"}
    a_contribution(platform, named, name="Jan", email="jan@samen.example")
    a_contribution(platform, named, actor=actor_as("resident"))
    closed_off = an_activity(platform, project.id, access="logged_in")
    with pytest.raises(NotAllowed) as login:
        a_contribution(platform, closed_off)
    assert login.value.log_in
    a_contribution(platform, closed_off, actor=actor_as("resident"))


def test_only_while_it_is_open(platform: Platform, project: Project) -> None:
    with platform.read(system("test")) as uow:
        now = uow.now
    with pytest.raises(Invalid):
        a_contribution(platform, an_activity(platform, project.id, opens_at=now + timedelta(days=1)))
    with pytest.raises(Gone):
        a_contribution(platform, an_activity(platform, project.id, closes_at=now - timedelta(hours=1)))
    activity = an_activity(platform, project.id)
    with platform.unit_of_work(system("test")) as uow:
        close_activity(uow, activity.id, CloseActivity(version=activity.version))
    with pytest.raises(Gone):
        a_contribution(platform, activity)
    with pytest.raises(NotFound), platform.unit_of_work(anonymous("test")) as uow:
        contribute(uow, uuid.uuid4(), Contribute(text="x"))


def test_the_questions_are_checked_and_stored_by_code(platform: Platform, project: Project) -> None:
    activity = an_activity(platform, project.id, form=FORM)
    given = a_contribution(platform, activity, answers={"gebruik": "soms", "wensen": ["bank", "licht"], "cijfer": 4})
    assert stored(platform, given.contribution.id).answers == {"gebruik": "soms", "wensen": ["bank", "licht"], "cijfer": 4}
    with pytest.raises(Invalid) as refused:
        a_contribution(platform, activity, "", answers={"gebruik": "nooit", "cijfer": 9, "anders": 1})
    assert set(refused.value.errors) == {"text", "answers.gebruik", "answers.cijfer", "answers.anders"}


def test_a_contribution_without_words_needs_an_answer(platform: Platform, project: Project) -> None:
    activity = an_activity(platform, project.id, form=FORM, asks_text=False)
    a_contribution(platform, activity, "", answers={"gebruik": "soms"})
    with pytest.raises(Invalid):
        a_contribution(platform, activity, "")


def test_the_same_form_sent_twice_is_one_contribution(platform: Platform, project: Project) -> None:
    activity = an_activity(platform, project.id)
    with platform.unit_of_work(anonymous("test")) as uow:
        first = contribute(uow, activity.id, Contribute(text="Een bankje."), nonce="abc")
    with platform.unit_of_work(anonymous("test")) as uow:
        again = contribute(uow, activity.id, Contribute(text="Een bankje."), nonce="abc")
    with platform.unit_of_work(anonymous("test")) as uow:
        other = contribute(uow, activity.id, Contribute(text="En een boom."), nonce="abc")
    assert again.contribution.id == first.contribution.id
    assert again.receipt_code == first.receipt_code
    assert other.contribution.id != first.contribution.id
    assert other.receipt_code != first.receipt_code
    assert tallies(platform, activity)["total", ""] == 2


def test_on_behalf_of_an_organization(platform: Platform, project: Project, organization: Organization, actor_as: As) -> None:
    activity = an_activity(platform, project.id)
    resident = actor_as("resident")
    with pytest.raises(NotAllowed):
        a_contribution(platform, activity, actor=resident.acting_for(organization.id))
    with platform.unit_of_work(system("test")) as uow:
        _member(uow, organization.id, resident)
    given = a_contribution(platform, activity, actor=resident.acting_for(organization.id))
    found = stored(platform, given.contribution.id)
    assert (found.on_behalf_of_id, found.sector) == (organization.id, "civil_society")
    assert tallies(platform, activity)["sector", "civil_society"] == 1


def _member(uow: Any, organization_id: uuid.UUID, resident: Actor) -> None:
    person = create_person(uow, CreatePerson(name="Test lid", visibility="known"))
    create_membership(uow, CreateMembership(person_id=person.id, organization_id=organization_id, role="lid", can_represent=True))
    uow.session.add(AccountPerson(account_id=resident.account_id, person_id=person.id, linked_at=uow.now))


def test_replies_go_three_deep_and_are_counted_above(platform: Platform, project: Project) -> None:
    activity = an_activity(platform, project.id)
    chain = [a_contribution(platform, activity).contribution]
    for number in range(3):
        chain.append(a_contribution(platform, activity, f"Reactie {number}", parent_id=chain[-1].id).contribution)
    assert [stored(platform, item.id).depth for item in chain] == [0, 1, 2, 3]
    assert [stored(platform, item.id).replies for item in chain] == [3, 2, 1, 0]
    assert {stored(platform, item.id).root_id for item in chain[1:]} == {chain[0].id}
    with pytest.raises(Invalid):
        a_contribution(platform, activity, "Te diep", parent_id=chain[-1].id)
    counted = tallies(platform, activity)
    assert (counted["total", ""], counted["replies", ""], counted["number", ""]) == (1, 3, 4)


def test_a_reply_only_where_that_is_allowed_and_in_the_same_activity(platform: Platform, project: Project) -> None:
    quiet = an_activity(platform, project.id, allows_replies=False)
    first = a_contribution(platform, quiet).contribution
    with pytest.raises(Invalid):
        a_contribution(platform, quiet, parent_id=first.id)
    with pytest.raises(Invalid):
        a_contribution(platform, an_activity(platform, project.id), parent_id=first.id)
    with pytest.raises(NotFound):
        a_contribution(platform, an_activity(platform, project.id), parent_id=uuid.uuid4())


def test_wrong_references_are_told(platform: Platform, project: Project) -> None:
    activity = an_activity(platform, project.id)
    with pytest.raises(Invalid) as refused:
        a_contribution(platform, activity, area_id=project.id)
    assert set(refused.value.errors) == {"area_id"}
    given = a_contribution(platform, activity, place=PlaceValue(text="bij de vijver"))
    assert stored(platform, given.contribution.id).place == {"text": "bij de vijver"}


@POSTGRESQL
def test_thirty_at_once_all_get_a_number(platform: Platform, project: Project) -> None:
    activity = an_activity(platform, project.id)
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda n: a_contribution(platform, activity, f"Idee {n}").contribution.number, range(30)))
    assert sorted(given) == list(range(1, 31))
    assert tallies(platform, activity)["total", ""] == 30
    with platform.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Contribution)).scalar() == 30


@POSTGRESQL
def test_closing_waits_for_a_contribution_that_is_being_given(platform: Platform, project: Project) -> None:
    activity = an_activity(platform, project.id)

    def close() -> int:
        with platform.unit_of_work(system("test")) as uow:
            close_activity(uow, activity.id, CloseActivity(version=activity.version))
            return unanswered(uow, project.id)

    with ThreadPoolExecutor(1) as pool:
        with platform.unit_of_work(anonymous("test")) as uow:
            contribute(uow, activity.id, Contribute(text="Net op tijd"))
            closing = pool.submit(close)
            waiting = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
            with platform.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                while not closing.done() and not connection.execute(waiting).scalar_one():
                    pass
        assert closing.result() == 1, "who closes knows of what came in just before"
    with pytest.raises(Gone):
        a_contribution(platform, activity, "Te laat")


@POSTGRESQL
def test_replies_and_withdrawals_at_once_do_not_block_each_other(platform: Platform, project: Project, actor_as: As) -> None:
    from samen_inbreng.schemas.contribution import WithdrawContribution
    from samen_inbreng.services.own import withdraw_contribution

    activity = an_activity(platform, project.id)
    root = a_contribution(platform, activity).contribution
    resident = actor_as("resident")
    mine = [a_contribution(platform, activity, f"Van mij {n}", resident, parent_id=root.id).contribution for n in range(8)]

    def act(number: int) -> None:
        if number % 2:
            a_contribution(platform, activity, "Nog een", parent_id=mine[number // 2].id if number % 4 == 3 else root.id)
        else:
            with platform.unit_of_work(resident) as uow:
                one = uow.session.get_one(Contribution, mine[number // 2].id)
                withdraw_contribution(uow, one.id, WithdrawContribution(version=one.version))

    errors = []
    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(act, number) for number in range(16)]:
            try:
                future.result()
            except Gone:
                errors.append(1)
    published = _published(platform)
    assert stored(platform, root.id).replies == published - 1
    assert tallies(platform, activity)["replies", ""] == published - 1


def _published(platform: Platform) -> int:
    with platform.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(Contribution).where(Contribution.state == "published")).scalar_one())


def test_what_came_by_letter_is_entered_by_staff(platform: Platform, project: Project, organization: Organization, actor_as: As) -> None:
    activity = an_activity(platform, project.id)
    found = an_entry(
        platform, activity, actor=actor_as("facilitator", project.id), channel="phone", sector="business", source="Belnotitie 4"
    )
    assert (found.channel, found.sector, found.source) == ("phone", "business", "Belnotitie 4")
    assert found.entered_by_id is not None
    assert found.account_id is None
    for actor in (actor_as("resident"), anonymous("test"), actor_as("facilitator", organization.id)):
        with pytest.raises(NotAllowed):
            an_entry(platform, activity, actor=actor)
    assert tallies(platform, activity)["channel", "phone"] == 1


def test_what_is_entered_for_an_organization_is_of_its_sector(
    platform: Platform, project: Project, organization: Organization, actor_as: As
) -> None:
    activity = an_activity(platform, project.id)
    found = an_entry(platform, activity, sector="citizens", organization_id=organization.id)
    assert (found.sector, found.on_behalf_of_id) == (organization.sector, organization.id)
    with platform.unit_of_work(system("test")) as uow:
        common = {"channel": "letter", "received_on": date(2026, 1, 2), "sector": "citizens"}
        for_other = EnterContribution(text="Van de winkel", organization_id=organization.id, **common)
        both = import_contributions(uow, activity.id, [for_other, EnterContribution(text="Van mij", **common)])
        assert [item.contribution.sector for item in both if item.contribution] == [organization.sector, "citizens"]
    assert tallies(platform, activity)["sector", organization.sector] == 2

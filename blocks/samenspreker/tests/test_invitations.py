"""Offering a seat by mail, answering it, and the alternate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from citycontent.models import AccountPerson
from citycontent.schemas import CreatePerson
from citycontent.services.persons import create_person
from samen_core.accounts.models import User
from samen_core.accounts.services.privacy import erase_account, export_account
from samen_core.actor import Actor, anonymous
from samen_core.api import Conflict, Gone, Invalid, NotAllowed, TooMany, system, uuid7
from samen_core.platform import Platform
from samen_core.testing.platforms import Clock, Outbox
from samen_core.testing.privacy import keep_to_terms
from samen_samenspreker.events import SeatAccepted, SeatDeclined, SeatHandedOver, SeatOffered
from samen_samenspreker.models import Question, Seat
from samen_samenspreker.queries.seats import offered_to, seats_of
from samen_samenspreker.schemas.seats import DeclineSeat, EndSeat, HandOver, OfferSeat, SeatVersion, TakeSeat
from samen_samenspreker.services.common import my_seats
from samen_samenspreker.services.invitations import (
    MAILS_OF_STAFF,
    accept,
    accept_by_link,
    count_mail,
    decline,
    decline_by_link,
    hand_over,
    offer_seat,
    read_invitation,
    remind,
    take_back,
    withdraw_offer,
)
from samen_samenspreker.services.seats import end_seat
from samen_samenspreker.testing import a_seat, an_accepted_question, an_offer, in_step, queued_mail, token_of

ADDRESS = "sam.bakker@dorpsstraat.example"


@pytest.fixture
def question(platform: Platform) -> Question:
    return an_accepted_question(platform)


def address_of(platform: Platform, actor: Actor) -> str:
    with platform.read(system("test")) as uow:
        return str(uow.session.get_one(User, actor.account_id).email)


def stored(platform: Platform, seat: Seat) -> Seat:
    with platform.read(system("test")) as uow:
        return uow.session.get_one(Seat, seat.id)


def test_an_offer_is_one_mail_with_a_link_of_which_only_the_hash_is_kept(platform: Platform, question: Question, outbox: Outbox) -> None:
    seat, token = an_offer(platform, question, "Sam.Bakker@Dorpsstraat.example", responsibility="Vertel wat u elke dag ziet.")
    (mail,) = queued_mail(platform)
    assert mail.recipient == ADDRESS
    assert question.title in mail.body
    assert "Vertel wat u elke dag ziet." in mail.body
    assert f"/samenspreker/uitnodiging/{token}" in mail.body
    found = stored(platform, seat)
    assert (found.state, found.email) == ("offered", ADDRESS)
    assert found.token_hash not in (None, token)
    (event,) = outbox.events(SeatOffered.type)
    assert event["thing_id"] == str(seat.id)
    assert ADDRESS not in str(outbox.events())


def test_a_mail_in_english_is_english(platform: Platform, question: Question) -> None:
    seat, _token = an_offer(platform, question, ADDRESS)
    with platform.unit_of_work(system("test")) as uow:
        offer_seat(uow, seat.id, OfferSeat(email=ADDRESS, name="Sam", language="en", version=stored(platform, seat).version))
    mail = queued_mail(platform)[-1]
    assert mail.language == "en"
    assert "/en/samenspreker/uitnodiging/" in mail.body
    assert mail.body.startswith("Dear Sam,")


def test_who_was_asked_takes_the_seat_and_the_address_goes(
    platform: Platform, question: Question, actor_as: Callable[..., Actor], outbox: Outbox
) -> None:
    sam = actor_as("resident")
    seat, token = an_offer(platform, question, address_of(platform, sam))
    with platform.unit_of_work(sam) as uow:
        accept_by_link(uow, token, TakeSeat(name="Sam", wants_mail=True))
    found = stored(platform, seat)
    assert (found.state, found.account_id, found.holder_name, found.email, found.token_hash) == (
        "accepted",
        sam.account_id,
        "Sam",
        "",
        None,
    )
    with platform.read(sam) as uow:
        assert [mine.id for mine in my_seats(uow, question.id)] == [seat.id]
    assert len(outbox.events(SeatAccepted.type)) == 1
    with platform.unit_of_work(sam) as uow, pytest.raises(Gone):
        accept_by_link(uow, token, TakeSeat())


def test_a_forwarded_mail_gives_nobody_else_the_seat(platform: Platform, question: Question, actor_as: Callable[..., Actor]) -> None:
    seat, token = an_offer(platform, question, ADDRESS)
    for actor in (actor_as("resident"), actor_as("facilitator"), anonymous()):
        with platform.unit_of_work(actor) as uow, pytest.raises(NotAllowed):
            accept_by_link(uow, token, TakeSeat(name="Iemand anders"))
        with platform.unit_of_work(actor) as uow, pytest.raises(NotAllowed):
            accept(uow, seat.id, TakeSeat(name="Iemand anders"))
    assert stored(platform, seat).state == "offered"


def test_a_link_ends_after_21_days(platform: Platform, question: Question, clock: Clock) -> None:
    _seat, token = an_offer(platform, question, ADDRESS)
    clock.forward(days=20, hours=23)
    with platform.read(anonymous()) as uow:
        assert read_invitation(uow, token).question.id == question.id
    clock.forward(hours=2)
    for used in (token, "verzonnen", ""):
        with platform.read(anonymous()) as uow, pytest.raises(Gone):
            read_invitation(uow, used)


def test_no_without_account(platform: Platform, question: Question, outbox: Outbox) -> None:
    seat, token = an_offer(platform, question, ADDRESS)
    with platform.unit_of_work(anonymous()) as uow:
        decline_by_link(uow, token, DeclineSeat(reason="Geen tijd."))
    found = stored(platform, seat)
    assert (found.state, found.reason, found.email, found.holder_name, found.token_hash) == ("declined", "Geen tijd.", "", "", None)
    assert len(outbox.events(SeatDeclined.type)) == 1
    with platform.unit_of_work(anonymous()) as uow, pytest.raises(Gone):
        decline_by_link(uow, token, DeclineSeat())
    with platform.unit_of_work(system("test")) as uow:
        offer_seat(uow, seat.id, OfferSeat(email="ander@dorpsstraat.example", version=found.version))
    assert (stored(platform, seat).state, stored(platform, seat).reason) == ("offered", "")


def test_a_reminder_has_a_new_link_and_waits_a_day(platform: Platform, question: Question, clock: Clock) -> None:
    seat, first = an_offer(platform, question, ADDRESS)
    version = stored(platform, seat).version
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid):
        remind(uow, seat.id, SeatVersion(version=version))
    clock.forward(days=1, minutes=1)
    with platform.unit_of_work(system("test")) as uow:
        remind(uow, seat.id, SeatVersion(version=version))
    mail = queued_mail(platform)[-1]
    assert mail.subject.startswith("Herinnering")
    with platform.read(anonymous()) as uow:
        assert read_invitation(uow, token_of(mail.body)).seat.id == seat.id
        with pytest.raises(Gone):
            read_invitation(uow, first)


def test_an_offer_that_is_withdrawn_is_gone(platform: Platform, question: Question, actor_as: Callable[..., Actor]) -> None:
    seat, token = an_offer(platform, question, ADDRESS)
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        withdraw_offer(uow, seat.id, SeatVersion(version=stored(platform, seat).version))
    with platform.unit_of_work(actor_as("facilitator", question.id)) as uow:
        withdraw_offer(uow, seat.id, SeatVersion(version=stored(platform, seat).version))
    found = stored(platform, seat)
    assert (found.state, found.email, found.token_hash) == ("open", "", None)
    with platform.read(anonymous()) as uow, pytest.raises(Gone):
        read_invitation(uow, token)
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Conflict):
        withdraw_offer(uow, seat.id, SeatVersion(version=found.version - 1))


def test_a_member_takes_the_seat_of_the_organization(platform: Platform, question: Question, member_of: Callable[..., Any]) -> None:
    member, organization = member_of("Fietsersbond", "civil_society")
    stranger, _other = member_of("Winkeliers", "business")
    seat, token = an_offer(platform, question, ADDRESS, organization_id=organization.id, title="")
    with platform.read(member) as uow:
        waiting = uow.session.execute(offered_to(member.account_id, uow.now.date().isoformat())).all()
        assert [(row.kind, row.seat_id, row.slug) for row in waiting] == [("seat_offered", seat.id, question.slug)]
        assert uow.session.execute(offered_to(stranger.account_id, uow.now.date().isoformat())).all() == []
    with platform.unit_of_work(stranger) as uow, pytest.raises(NotAllowed):
        accept(uow, seat.id, TakeSeat())
    with platform.unit_of_work(member) as uow:
        assert accept(uow, seat.id, TakeSeat(name="")).account_id == member.account_id
    with platform.read(anonymous()) as uow, pytest.raises(Gone):
        read_invitation(uow, token)


def test_a_person_of_the_city_takes_its_own_seat(platform: Platform, question: Question, actor_as: Callable[..., Actor]) -> None:
    actor = actor_as("resident")
    with platform.unit_of_work(system("test")) as uow:
        person = create_person(uow, CreatePerson(given_name="Anna", family_name="Berg", visibility="known"))
        uow.session.add(AccountPerson(account_id=actor.account_id, person_id=person.id, linked_at=uow.now))
    seat, _token = an_offer(platform, question, ADDRESS, person_id=person.id, title="")
    with platform.unit_of_work(actor) as uow:
        accept(uow, seat.id, TakeSeat(name="Anna Berg"))
    with platform.read(system("test")) as uow:
        assert [row.person_name for row in seats_of(uow, question.id)] == ["Anna Berg"]


def test_everybody_has_one_seat_at_a_table(platform: Platform, question: Question, actor_as: Callable[..., Actor]) -> None:
    sam = actor_as("resident")
    a_seat(platform, question, account_id=sam.account_id)
    _seat, token = an_offer(platform, question, address_of(platform, sam))
    with platform.unit_of_work(sam) as uow, pytest.raises(Invalid):
        accept_by_link(uow, token, TakeSeat())


def test_no_answer_at_a_closed_table(platform: Platform, question: Question, actor_as: Callable[..., Actor]) -> None:
    sam = actor_as("resident")
    seat, token = an_offer(platform, question, address_of(platform, sam))
    in_step(platform, question, "closed")
    with platform.unit_of_work(sam) as uow, pytest.raises(Invalid):
        accept(uow, seat.id, TakeSeat())
    with platform.read(anonymous()) as uow, pytest.raises(Gone):
        read_invitation(uow, token)


def test_only_who_was_asked_says_no_without_link(platform: Platform, question: Question, actor_as: Callable[..., Actor]) -> None:
    sam = actor_as("resident")
    seat, _token = an_offer(platform, question, address_of(platform, sam))
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        decline(uow, seat.id, DeclineSeat())
    with platform.unit_of_work(sam) as uow:
        assert decline(uow, seat.id, DeclineSeat()).state == "declined"


@pytest.fixture
def seated(platform: Platform, question: Question, actor_as: Callable[..., Actor]) -> tuple[Actor, Seat]:
    """Somebody at the table, with the seat."""
    holder = actor_as("resident")
    return holder, a_seat(platform, question, account_id=holder.account_id, title="Bewoner")


def asked_to_replace(platform: Platform, holder: Actor, seat: Seat, email: str) -> str:
    with platform.unit_of_work(holder) as uow:
        hand_over(uow, seat.id, HandOver(email=email, version=stored(platform, seat).version))
    return token_of(queued_mail(platform)[-1].body)


def test_an_alternate_says_yes(
    platform: Platform, question: Question, seated: tuple[Actor, Seat], actor_as: Callable[..., Actor], outbox: Outbox
) -> None:
    (holder, seat), robin = seated, actor_as("resident")
    token = asked_to_replace(platform, holder, seat, address_of(platform, robin))
    assert address_of(platform, holder) not in queued_mail(platform)[-1].body
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        accept_by_link(uow, token, TakeSeat())
    with platform.unit_of_work(robin) as uow:
        accept_by_link(uow, token, TakeSeat(name="Robin"))
    found = stored(platform, seat)
    assert (found.alternate_id, found.alternate_name, found.alternate_email, found.alternate_token_hash) == (
        robin.account_id,
        "Robin",
        "",
        None,
    )
    assert (found.account_id, found.state) == (holder.account_id, "accepted")
    assert len(outbox.events(SeatHandedOver.type)) == 1
    told = queued_mail(platform)[-1]
    assert (told.recipient, address_of(platform, robin) in told.body) == (address_of(platform, holder), False)
    with platform.read(robin) as uow:
        assert [mine.id for mine in my_seats(uow, question.id)] == [seat.id]
    with platform.unit_of_work(robin) as uow:
        take_back(uow, seat.id, SeatVersion(version=found.version))
    assert stored(platform, seat).alternate_id is None


def test_an_alternate_says_no_without_account(platform: Platform, seated: tuple[Actor, Seat]) -> None:
    holder, seat = seated
    token = asked_to_replace(platform, holder, seat, ADDRESS)
    with platform.unit_of_work(anonymous()) as uow:
        decline_by_link(uow, token, DeclineSeat(reason="Nee"))
    found = stored(platform, seat)
    assert (found.state, found.alternate_email, found.alternate_token_hash, found.reason) == ("accepted", "", None, "")
    assert "nee gezegd" in queued_mail(platform)[-1].body


def test_only_the_holder_asks_an_alternate_and_never_itself(
    platform: Platform, seated: tuple[Actor, Seat], actor_as: Callable[..., Actor]
) -> None:
    holder, seat = seated
    with platform.unit_of_work(actor_as("facilitator")) as uow, pytest.raises(NotAllowed):
        hand_over(uow, seat.id, HandOver(email=ADDRESS, version=seat.version))
    with platform.unit_of_work(holder) as uow, pytest.raises(Invalid) as error:
        hand_over(uow, seat.id, HandOver(email=address_of(platform, holder).upper(), version=seat.version))
    assert set(error.value.errors) == {"email"}


def test_another_alternate_ends_the_link_of_the_first(platform: Platform, seated: tuple[Actor, Seat], clock: Clock) -> None:
    holder, seat = seated
    first = asked_to_replace(platform, holder, seat, ADDRESS)
    second = asked_to_replace(platform, holder, seat, "ander@dorpsstraat.example")
    with platform.read(anonymous()) as uow:
        assert read_invitation(uow, second).for_alternate
        with pytest.raises(Gone):
            read_invitation(uow, first)
    clock.forward(days=22)
    with platform.read(anonymous()) as uow, pytest.raises(Gone):
        read_invitation(uow, second)


def test_ending_a_seat_ends_its_links(platform: Platform, seated: tuple[Actor, Seat]) -> None:
    holder, seat = seated
    token = asked_to_replace(platform, holder, seat, ADDRESS)
    with platform.unit_of_work(holder) as uow:
        end_seat(uow, seat.id, EndSeat(reason="Ik stop.", version=stored(platform, seat).version))
    with platform.read(anonymous()) as uow, pytest.raises(Gone):
        read_invitation(uow, token)


def test_an_erased_account_leaves_no_trace_at_tables(
    platform: Platform, question: Question, seated: tuple[Actor, Seat], actor_as: Callable[..., Actor]
) -> None:
    holder, seat = seated
    other = an_accepted_question(platform, title="Waar komt de markt?")
    replaced = a_seat(
        platform, other, account_id=actor_as("resident").account_id, alternate_id=holder.account_id, alternate_name="De Vries"
    )
    asked, _token = an_offer(platform, other, address_of(platform, holder))
    with platform.unit_of_work(holder) as uow:
        erase_account(uow, holder.account_id)
    ended, kept, free = stored(platform, seat), stored(platform, replaced), stored(platform, asked)
    assert (ended.state, ended.account_id, ended.holder_name) == ("ended", None, "")
    assert (kept.state, kept.alternate_id, kept.alternate_name) == ("accepted", None, "")
    assert (free.state, free.email, free.token_hash) == ("open", "", None)


def test_an_export_shows_an_alternate_nothing_of_the_holder(platform: Platform, question: Question, actor_as: Callable[..., Actor]) -> None:
    holder, alternate = actor_as("resident"), actor_as("resident")
    names = {"holder_name": "De Vries", "alternate_name": "Robin"}
    a_seat(platform, question, account_id=holder.account_id, alternate_id=alternate.account_id, **names)
    for actor, own, foreign in ((holder, "De Vries", "Robin"), (alternate, "Robin", "De Vries")):
        with platform.read(actor) as uow:
            (found,) = [things for things in export_account(uow, actor.account_id) if things.table == "samenspreker__seat"]
            values = [value for record in found.records for value in record.values]
        assert own in values
        assert foreign not in values


def test_addresses_without_answer_are_forgotten(platform: Platform, question: Question, seated: tuple[Actor, Seat], clock: Clock) -> None:
    holder, seat = seated
    asked, _token = an_offer(platform, question, ADDRESS)
    asked_to_replace(platform, holder, seat, "ander@dorpsstraat.example")
    for days, state in ((59, "offered"), (2, "open")):
        clock.forward(days=days)
        keep_to_terms(platform)
        assert stored(platform, asked).state == state
    assert (stored(platform, asked).email, stored(platform, seat).alternate_email) == ("", "")
    assert stored(platform, seat).state == "accepted"


def test_no_mail_names_more_than_its_reader(platform: Platform, question: Question, actor_as: Callable[..., Actor]) -> None:
    people = [actor_as("resident") for _number in range(3)]
    addresses = [address_of(platform, actor) for actor in people]
    for address in addresses:
        an_offer(platform, question, address)
    for mail in queued_mail(platform):
        assert [address for address in addresses if address in f"{mail.body} {mail.subject} {mail.reply_to}"] == []
        assert mail.recipient in addresses


class TestLimits:
    @pytest.fixture
    def samen_config(self) -> dict[str, Any]:
        return {"blocks": ["citycontent", "inbreng", "samenspreker"], "limits": {"enabled": True}}

    def test_so_many_invitations_an_hour_and_no_more(self, platform: Platform, clock: Clock) -> None:
        actor = Actor(kind="account", account_id=uuid7())
        for number in range(MAILS_OF_STAFF):
            count_mail(platform, actor, MAILS_OF_STAFF, f"adres{number}@samen.example")
        with pytest.raises(TooMany):
            count_mail(platform, actor, MAILS_OF_STAFF, "nog-een@samen.example")
        count_mail(platform, Actor(kind="account", account_id=uuid7()), MAILS_OF_STAFF, "nog-een@samen.example")
        clock.forward(hours=1)
        count_mail(platform, actor, MAILS_OF_STAFF, "nog-een@samen.example")

    def test_one_address_is_not_flooded_by_many(self, platform: Platform) -> None:
        for _number in range(5):
            count_mail(platform, Actor(kind="account", account_id=uuid7()), MAILS_OF_STAFF, "Druk@samen.example")
        with pytest.raises(TooMany):
            count_mail(platform, Actor(kind="account", account_id=uuid7()), MAILS_OF_STAFF, "druk@samen.example ")


def test_the_log_of_a_table_never_holds_an_address(platform: Platform, question: Question, outbox: Outbox) -> None:
    from samen_core.db.changes import Change

    _seat, token = an_offer(platform, question, ADDRESS)
    with platform.unit_of_work(anonymous()) as uow:
        decline_by_link(uow, token, DeclineSeat(reason="Geen tijd."))
    with platform.read(system("test")) as uow:
        rows = uow.session.execute(select(Change)).scalars().all()
    text = " ".join(f"{row.before} {row.after} {row.reason} {row.sentence}" for row in rows)
    assert ADDRESS not in text
    assert token not in text
    assert "Geen tijd." not in text
    assert ADDRESS not in str(outbox.events())
    assert token not in str(outbox.events())

"""A signal comes in: what is checked, where it goes, what the reporter gets, and what nobody else learns."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from citycontent.api import AddressBookEntry, Area
from citycontent.testing import make_area
from samen_core.api import Actor, Conflict, Invalid, NotAllowed, NotFound, Platform, anonymous, change_settings, system
from samen_core.testing.platforms import Outbox
from samen_oog_oor.models import Case, Category, Number, Reporter, Signal, Viewing
from samen_oog_oor.queries.nearby import cases_nearby
from samen_oog_oor.schemas.moving import MoveCase, Withdraw
from samen_oog_oor.schemas.receiving import Contact, ReceiveSignal, SignalPlace
from samen_oog_oor.services.confirming import confirm_signal
from samen_oog_oor.services.contact import mail_addresses, open_contact
from samen_oog_oor.services.moving import move_case
from samen_oog_oor.services.receipt_keys import key_hash
from samen_oog_oor.services.receiving import Received, receive_once
from samen_oog_oor.services.withdrawing import withdraw
from samen_oog_oor.settings import NUMBER_LETTERS
from samen_oog_oor.testing import a_case, a_category, a_rule, a_signal

HERE = SignalPlace(lat=52.005, lon=4.405)
ActorAs = Callable[..., Actor]


@pytest.fixture
def buurt(platform: Platform) -> uuid.UUID:
    """A buurt around HERE, with one address in its book."""
    with platform.unit_of_work(system("test")) as uow:
        area = make_area(uow, "Palenstein")
        make_area(uow, "Dorp")
        uow.session.add(AddressBookEntry(postcode="2712AB", house_number=12, area_id=area.id, lat=52.006, lon=4.406))
        return area.id


@pytest.fixture
def command(platform: Platform) -> ReceiveSignal:
    """A signal about lighting, by a visitor."""
    category = a_category(platform, "Straatverlichting", promise="Wij maken het binnen vijf dagen.")
    return ReceiveSignal(category_id=category.id, text="De lamp is stuk. Bel mij op 06 12345678.", place=HERE)


def receive(platform: Platform, command: ReceiveSignal, actor: Actor | None = None) -> Received:
    with platform.unit_of_work(actor or anonymous()) as uow:
        return receive_once(uow, command)


def errors_of(platform: Platform, command: ReceiveSignal, actor: Actor | None = None) -> set[str]:
    with pytest.raises(Invalid) as raised:
        receive(platform, command, actor)
    return set(raised.value.errors)


def test_a_first_signal_makes_a_case(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal, outbox: Outbox) -> None:
    received = receive(platform, command)
    case = received.case
    assert case.number == f"ZO-{received.signal.at.year}-000001"
    assert (case.state, case.signals, case.area_id, case.title) == ("new", 1, buurt, "Straatverlichting, Palenstein")
    assert case.public_text == received.signal.public_text == "", "what was typed is not public before somebody looked"
    assert case.promised_on is not None
    assert case.promised_on > received.signal.at.date()
    assert received.signal.key_hash == key_hash(platform, received.key)
    assert received.code == received.signal.code
    assert not received.again
    assert [event["number"] for event in outbox.events("oog_oor.case.opened")] == [case.number]
    assert "06 12345678" not in str(outbox.events())


def numbers_given(platform: Platform) -> int:
    with platform.read(anonymous()) as uow:
        return uow.session.execute(select(Number.last)).scalar_one()


def test_numbers_follow_each_other_in_a_year(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal) -> None:
    first, second = receive(platform, command), receive(platform, command)
    assert second.case.id != first.case.id
    assert int(second.case.number[-6:]) == int(first.case.number[-6:]) + 1
    assert numbers_given(platform) == 2


def test_what_another_process_changed_counts_at_once(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal) -> None:
    """Each process keeps categories, rules and areas in memory, and sees in the statement of the number whether they are still so."""
    receive(platform, command)
    rule = a_rule(platform, conditions={"categories": [str(command.category_id)]})
    assert receive(platform, command).case.organization_id == rule.organization_id
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Area, buurt).state = "deleted"
    assert errors_of(platform, command) == {"place"}
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Category, command.category_id).active = False
    assert errors_of(platform, command) == {"category_id", "place"}
    assert numbers_given(platform) == 2


def test_everything_that_is_wrong_is_said_at_once(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal) -> None:
    wrong = replace(command, text=" ", type="gossip", category_id=uuid.UUID(int=1), place=None)
    assert errors_of(platform, wrong) == {"text", "type", "category_id", "place"}
    with platform.read(anonymous()) as uow:
        assert uow.session.execute(select(func.count()).select_from(Case)).scalar_one() == 0


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (SignalPlace(lat=48.85, lon=2.35), "place"),
        (SignalPlace(lat=148.85, lon=2.35), "place"),
        (SignalPlace(), "place"),
        (SignalPlace(postcode="1000", house_number="1"), "place.postcode"),
        (SignalPlace(postcode="9999 ZZ", house_number="1"), "place.postcode"),
        (SignalPlace(postcode="2712 AB", house_number="x"), "place.house_number"),
        (SignalPlace(area_id=uuid.UUID(int=3)), "place.area_id"),
    ],
)
def test_a_place_is_inside_the_city(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal, place: SignalPlace, field: str) -> None:
    assert errors_of(platform, replace(command, place=place)) == {field}


def test_an_address_gives_the_point_and_the_buurt(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal) -> None:
    case = receive(platform, replace(command, place=SignalPlace(postcode="2712 ab", house_number="12a"))).case
    assert (case.lat, case.lon, case.area_id, case.address) == (52.006, 4.406, buurt, "2712 AB 12a")


def test_words_of_a_reporter_about_the_place_are_for_staff(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal) -> None:
    received = receive(platform, replace(command, place=SignalPlace(address="bij de tuin van mevrouw Jansen", area_id=buurt)))
    assert received.signal.address == "bij de tuin van mevrouw Jansen"
    assert "Jansen" not in received.case.title + received.case.address
    assert received.case.area_id == buurt
    assert received.case.lat is None


def test_a_compliment_needs_no_place(platform: Platform, command: ReceiveSignal) -> None:
    assert receive(platform, replace(command, type="compliment", place=None)).case.area_id is None


@pytest.mark.parametrize("stop", ["emergency", "not_ours"])
def test_a_stopper_says_where_to_go(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal, stop: str) -> None:
    category = a_category(platform, "Brand", stop=stop, stop_text="Bel 112.")
    with pytest.raises(Invalid) as raised:
        receive(platform, replace(command, category_id=category.id))
    assert "Bel 112." in str(raised.value.errors["category_id"][0])


def test_the_same_key_counts_once(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal, actor_as: ActorAs) -> None:
    keyed = replace(command, idempotency_key="from-the-phone-1")
    first, again = receive(platform, keyed), receive(platform, keyed)
    assert again.again
    assert (again.code, again.key, again.case.number) == (first.code, first.key, first.case.number)
    with pytest.raises(Conflict):
        receive(platform, replace(keyed, text="Iets heel anders"))
    with pytest.raises(Conflict):
        receive(platform, replace(keyed, type="idea"))
    other = receive(platform, keyed, actor_as("resident"))
    assert other.case.id != first.case.id, "a key belongs to who used it"
    assert numbers_given(platform) == 2, "what came twice took no number"


def test_the_same_key_in_one_moment_counts_once(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal) -> None:
    keyed = replace(command, idempotency_key="twice")
    found: list[Received] = []
    start = threading.Barrier(4)

    def send() -> None:
        start.wait()
        found.append(receive(platform, keyed))

    threads = [threading.Thread(target=send) for _nth in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len({one.signal.id for one in found}) == 1
    assert sorted(one.again for one in found) == [False, True, True, True]


def test_many_at_once_get_numbers_of_their_own(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(receive(platform, command).case.number)) for _nth in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(number[-6:]) for number in found) == [1, 2, 3, 4, 5, 6]


def test_joining_keeps_the_version_of_the_case(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal, outbox: Outbox) -> None:
    first = receive(platform, command)
    before = first.case.version
    joined = receive(platform, replace(command, case_id=first.case.id, text="Hier ook"))
    assert joined.case.id == first.case.id
    assert joined.signal.id != first.signal.id
    assert (joined.case.signals, joined.case.version) == (2, before)
    assert len(outbox.events("oog_oor.case.opened")) == 1
    assert len(outbox.events("oog_oor.signal.received")) == 2


def test_joining_what_was_merged_or_closed(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal) -> None:
    whole = receive(platform, command).case
    part = receive(platform, command).case
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Case, part.id).merged_into_id = whole.id
    assert receive(platform, replace(command, case_id=part.id)).case.id == whole.id
    with platform.unit_of_work(system("test")) as uow:
        closed = uow.session.get_one(Case, whole.id)
        closed.state, closed.resolution, closed.closed_at = "resolved", "repaired", uow.now
    assert receive(platform, replace(command, case_id=whole.id)).case.id not in (whole.id, part.id), "nothing is lost"


def test_nobody_joins_what_they_may_not_know_of(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal, actor_as: ActorAs) -> None:
    hidden = a_case(platform, confidential=True)
    counted = a_case(platform, publication="count")
    for case in (hidden, counted):
        assert errors_of(platform, replace(command, case_id=case.id)) == {"case_id"}
        assert receive(platform, replace(command, case_id=case.id, channel="staff"), actor_as("manager")).case.id == case.id


def test_contact_is_sealed_and_opening_it_is_written_down(
    platform: Platform, buurt: uuid.UUID, command: ReceiveSignal, actor_as: ActorAs, outbox: Outbox
) -> None:
    contact = Contact(name="Noor", email="Noor@example.org", phone="0612345678", share=True)
    received = receive(platform, replace(command, contact=contact))
    with platform.read(system("test")) as uow:
        reporter = uow.session.get_one(Reporter, received.signal.id)
        stored = f"{reporter.name} {reporter.email} {reporter.phone} {reporter.email_hash}"
        assert not any(word in stored for word in ("Noor", "noor", "0612345678"))
        assert [one.email for one in mail_addresses(uow, [received.signal.id])] == ["Noor@example.org"]
    staff = actor_as("moderator")
    with platform.unit_of_work(staff) as uow:
        case = uow.session.get_one(Case, received.case.id)
        assert open_contact(uow, case, received.signal.id, "ask") == contact
        with pytest.raises(NotFound):
            open_contact(uow, case, uuid.UUID(int=9), "ask")
    with platform.read(system("test")) as uow:
        viewing = uow.session.execute(select(Viewing)).scalar_one()
        assert (viewing.account_id, viewing.what, viewing.reason) == (staff.account_id, "contact", "ask")
        assert viewing.case_id == received.case.id
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        open_contact(uow, uow.session.get_one(Case, received.case.id), received.signal.id, "ask")
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Case, received.case.id).confidential = True
    with platform.unit_of_work(actor_as("facilitator")) as uow, pytest.raises(NotFound):
        open_contact(uow, uow.session.get_one(Case, received.case.id), received.signal.id, "ask")
    [mail] = outbox.mails()
    assert mail.to == "Noor@example.org"
    assert received.case.number in mail.text
    assert received.key in mail.text
    assert received.code in mail.text
    assert "binnen vijf dagen" in mail.text
    assert "06 12345678" not in mail.text


def test_without_contact_there_is_no_mail(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal, outbox: Outbox) -> None:
    received = receive(platform, command)
    assert outbox.mails() == []
    with platform.read(system("test")) as uow:
        assert uow.session.get(Reporter, received.signal.id) is None


def test_a_signal_that_has_to_be_confirmed_counts_afterwards(
    platform: Platform, buurt: uuid.UUID, command: ReceiveSignal, outbox: Outbox
) -> None:
    category = a_category(platform, "Overlast", confirm_by_mail=True)
    asks = replace(command, category_id=category.id)
    assert errors_of(platform, asks) == {"contact.email"}
    received = receive(platform, replace(asks, contact=Contact(email="noor@example.org")))
    assert received.signal.confirmed_at is None
    assert received.case.confidential
    assert received.case.signals == 0
    assert outbox.events("oog_oor.case.opened") == []
    assert f"{received.key}/bevestigen" in outbox.mails()[0].text
    with platform.read(anonymous()) as uow:
        assert mail_addresses(uow, [received.signal.id]) == [], "nothing more before it is confirmed"
    for again in (False, True):
        with platform.unit_of_work(anonymous()) as uow:
            confirmed = confirm_signal(uow, received.key)
        assert confirmed is not None
        assert confirmed.again is again
        assert (confirmed.case.signals, confirmed.case.confidential) == (1, False)
    joined = receive(platform, replace(asks, case_id=received.case.id, contact=Contact(email="sam@example.org")))
    with platform.unit_of_work(anonymous()) as uow:
        confirm_signal(uow, joined.key)
    assert len(outbox.events("oog_oor.case.opened")) == 1, "it is not opened by who joins"
    with platform.unit_of_work(anonymous()) as uow:
        assert uow.session.get_one(Case, received.case.id).signals == 2
        assert confirm_signal(uow, "made-up") is None


def test_a_signal_that_is_confirmed_after_its_case_closed_gets_a_case_of_its_own(
    platform: Platform, buurt: uuid.UUID, command: ReceiveSignal, outbox: Outbox
) -> None:
    """Else nobody would ever answer it; one that was taken back before is confirmed for nothing."""
    category = a_category(platform, "Overlast", confirm_by_mail=True)
    with platform.unit_of_work(system("test")) as uow:
        first = a_case(uow, category, title="Overlast, Palenstein", state="in_progress", area_id=buurt)
        a_signal(uow, first)
    joins = replace(command, category_id=category.id, case_id=first.id, contact=Contact(email="sam@example.org"))
    late, gone = receive(platform, joins), receive(platform, replace(joins, contact=Contact(email="kim@example.org")))
    with platform.unit_of_work(system("test")) as uow:
        withdraw(uow, gone.signal.id, Withdraw())
        move_case(uow, first.id, MoveCase(state="resolved", text="Gepraat.", resolution="repaired"))
    with platform.unit_of_work(anonymous()) as uow:
        confirmed, nothing = confirm_signal(uow, late.key), confirm_signal(uow, gone.key)
    assert confirmed is not None
    assert nothing is not None
    assert (confirmed.case.state, confirmed.case.signals, confirmed.case.title, confirmed.case.area_id) == ("new", 1, first.title, buurt)
    assert confirmed.case.promised_on is not None
    assert nothing.case.id == first.id
    with platform.read(system("test")) as uow:
        assert (uow.session.get_one(Case, first.id).signals, uow.session.get_one(Signal, late.signal.id).case_id) == (1, confirmed.case.id)
    assert [event["case_id"] for event in outbox.events("oog_oor.case.opened")] == [str(confirmed.case.id)]
    assert [mail.to for mail in outbox.mails() if "afgesloten" in mail.text] == ["noor@example.org"]


def test_what_professionals_confide_is_told_to_nobody(
    platform: Platform, buurt: uuid.UUID, command: ReceiveSignal, actor_as: ActorAs, outbox: Outbox
) -> None:
    with pytest.raises(NotAllowed):
        receive(platform, replace(command, confidential=True), actor_as("resident"))
    received = receive(platform, replace(command, confidential=True), actor_as("moderator"))
    assert received.case.confidential
    assert outbox.events("oog_oor.case.opened") == [] == outbox.events("oog_oor.signal.received")
    with platform.read(anonymous()) as uow:
        assert cases_nearby(uow, _with_radius(command, 500), 52.005, 4.405) == []


def test_staff_writes_down_what_somebody_said(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal, actor_as: ActorAs) -> None:
    by_phone = replace(command, channel="staff", place=SignalPlace(address="Bij de brug", area_id=buurt))
    with pytest.raises(NotAllowed):
        receive(platform, by_phone, actor_as("resident"))
    received = receive(platform, by_phone, actor_as("moderator"))
    assert received.signal.account_id is None, "it is not a signal of the officer"
    assert received.case.address == "Bij de brug"
    assert receive(platform, command, actor_as("resident")).signal.account_id is not None


class _Radius:
    def __init__(self, id: uuid.UUID, radius: int) -> None:
        self.id = id
        self.radius = radius


def _with_radius(command: ReceiveSignal, radius: int) -> _Radius:
    return _Radius(command.category_id, radius)


def test_cases_nearby(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal) -> None:
    near = receive(platform, command).case
    away = receive(platform, replace(command, place=SignalPlace(lat=52.0065, lon=4.405))).case  # 167 metres north
    old = receive(platform, command).case
    lately = receive(platform, command).case
    with platform.unit_of_work(system("test")) as uow:
        for id, days in ((old.id, 40), (lately.id, 5)):
            case = uow.session.get_one(Case, id)
            case.state, case.resolution, case.answer, case.closed_at = "resolved", "repaired", "Klaar.", uow.now - timedelta(days=days)
    with platform.read(anonymous()) as uow:
        found = cases_nearby(uow, _with_radius(command, 50), 52.005, 4.405)
        assert [(one.id, one.open) for one in found] == [(near.id, True), (lately.id, False)]
        assert (found[0].metres, found[1].answer) == (0, "Klaar.")
        wide = cases_nearby(uow, _with_radius(command, 200), 52.005, 4.405)
        assert [one.id for one in wide if one.open] == [near.id, away.id]
        assert cases_nearby(uow, _with_radius(command, 0), 52.005, 4.405) == []


def test_a_case_without_a_page_is_near_without_words(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal) -> None:
    category = a_category(platform, "Zwerfvuil", publication="point", radius=50)
    receive(platform, replace(command, category_id=category.id))
    with platform.read(anonymous()) as uow:
        [one] = cases_nearby(uow, category, 52.005, 4.405)
    assert (one.readable, one.number, one.title, one.text, one.answer) == (False, "", "", "", "")


def test_coming_in_takes_few_statements(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal) -> None:
    receive(platform, command)
    sent: list[Any] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
            sent.append(statement)

    event.listen(platform.engine, "before_cursor_execute", note)
    receive(platform, replace(command, idempotency_key="one"))
    assert len(sent) <= 10, "\n".join(sent)
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(func.count()).select_from(Signal)).scalar_one() == 2


def test_a_city_chooses_the_letters_of_its_numbers(platform: Platform, buurt: uuid.UUID, command: ReceiveSignal, actor_as: ActorAs) -> None:
    """They stand in addresses, so they are letters."""
    for wrong in ("Z/M", "Z M", "Ü", "12", "ABCDEFG"):
        with platform.unit_of_work(actor_as("manager")) as uow, pytest.raises(Invalid):
            change_settings(uow, {NUMBER_LETTERS: wrong})
    with platform.unit_of_work(actor_as("manager")) as uow:
        change_settings(uow, {NUMBER_LETTERS: " zm "})
    received = receive(platform, command)
    assert received.case.number == f"ZM-{received.signal.at.year}-000001"

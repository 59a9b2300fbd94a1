"""Questions to reporters and to somebody outside: asked, reminded, answered once, ended; the case goes back to where it was."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from samen_core.api import Actor, Conflict, Gone, Invalid, NotAllowed, NotFound, Platform, seal, stored_files, system
from samen_core.platform import utc_now
from samen_core.testing.visitors import SAME_SITE, send_form, text_of
from samen_oog_oor import paths, testing
from samen_oog_oor.models import Case, Inquiry, Reporter, Signal
from samen_oog_oor.schemas.inquiries import AskReporter, AskThirdParty
from samen_oog_oor.schemas.own_signals import NewAddress
from samen_oog_oor.services import inquiries
from samen_oog_oor.services.contact import PURPOSE, open_contact, share_contact
from samen_oog_oor.services.inquiries import (
    answer,
    ask_reporter,
    ask_third_party,
    find_inquiry,
    inquiry_key,
    open_inquiries_of,
    remind,
    take_back,
)
from samen_oog_oor.services.new_address import ask_new_address
from samen_oog_oor.services.own_data import own_data
from samen_oog_oor.services.receipt_keys import receipt_key

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ActorAs = Callable[..., Actor]
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xf8\xff\xff?"
    b"\x00\x05\xfe\x02\xfe\r\xefF\xb8\x00\x00\x00\x00IEND\xaeB`\x82"
)


def set_clock(clock: Any, moment: str) -> None:
    """Let it be this moment."""
    clock.shift = datetime.fromisoformat(moment) - utc_now()


def a_reported_case(platform: Platform, state: str = "in_progress", **values: Any) -> tuple[Case, Signal]:
    with platform.unit_of_work(system("test")) as uow:
        case = testing.a_case(uow, state=state, promised_on=uow.now.date() + timedelta(days=5), **values)
        return case, testing.a_signal(uow, case)


def ask(platform: Platform, actor: Actor, case: Case, **values: Any) -> Inquiry:
    with platform.unit_of_work(actor) as uow:
        return ask_reporter(
            uow, case.id, AskReporter(**{"text": "Wij vinden de lamp niet.", "questions": ("Welk huisnummer?",), **values})
        )[0]


def state_of(platform: Platform, case: Case) -> str:
    with platform.read(system("test")) as uow:
        return uow.session.get_one(Case, case.id).state


@pytest.mark.parametrize("state", ["new", "triaged", "assigned", "in_progress", "planned"])
@SQLITE
def test_an_answer_brings_the_case_back_to_where_it_was(platform: Platform, actor_as: ActorAs, state: str) -> None:
    case, signal = a_reported_case(platform, state)
    inquiry = ask(platform, actor_as("facilitator"), case)
    assert state_of(platform, case) == "awaiting_reporter"
    with platform.unit_of_work(system("test")) as uow:
        assert [row.id for row in open_inquiries_of(uow, signal.id)] == [inquiry.id]
        answer(uow, inquiry.id, {"q1": "Nummer 12."})
    assert state_of(platform, case) == state
    with platform.read(system("test")) as uow:
        found = uow.session.get_one(Inquiry, inquiry.id)
        assert found.answers == {"q1": "Nummer 12."}
        assert found.answered_at == found.closed_at
        assert not open_inquiries_of(uow, signal.id)


def test_a_key_works_once_and_until_its_last_day(platform: Platform, actor_as: ActorAs, clock: Any) -> None:
    case, _signal = a_reported_case(platform)
    inquiry = ask(platform, actor_as("facilitator"), case)
    key = inquiry_key(platform, inquiry.id)
    with platform.unit_of_work(system("test")) as uow:
        assert find_inquiry(uow, key).id == inquiry.id
        answer(uow, inquiry.id, {"q1": "Nummer 12."})
    with platform.unit_of_work(system("test")) as uow:
        with pytest.raises(Gone):
            find_inquiry(uow, key)
        with pytest.raises(Gone):
            answer(uow, inquiry.id, {"q1": "Nummer 13."})


def test_the_last_day_counts_whole(platform: Platform, actor_as: ActorAs, clock: Any, outbox: Any) -> None:
    """In the city, on the day that the clock goes back too; a minute past midnight it is over."""
    case, _signal = a_reported_case(platform)
    set_clock(clock, "2026-10-22T00:30+02:00")
    inquiry = ask(platform, actor_as("facilitator"), case, days=3)
    assert "tot en met zondag 25 oktober 2026" in outbox.mails()[0].text
    set_clock(clock, "2026-10-25T23:58+01:00")
    with platform.unit_of_work(system("test")) as uow:
        assert find_inquiry(uow, inquiry_key(platform, inquiry.id)).id == inquiry.id
    set_clock(clock, "2026-10-26T00:01+01:00")
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Gone):
        find_inquiry(uow, inquiry_key(platform, inquiry.id))


def test_a_crowd_is_not_asked(platform: Platform, actor_as: ActorAs, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them can be."""
    monkeypatch.setattr(inquiries, "MOST_ASKED", 2)
    case, signal = a_reported_case(platform)
    with platform.unit_of_work(system("test")) as uow:
        for name in ("a", "b"):
            testing.a_signal(uow, uow.session.get_one(Case, case.id), email=f"{name}@example.org")
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        with pytest.raises(Invalid) as error:
            ask_reporter(uow, case.id, AskReporter(text="Waar?"))
        assert set(error.value.errors) == {"signal_ids"}
        assert len(ask_reporter(uow, case.id, AskReporter(text="Waar?", signal_ids=(signal.id,)))) == 1


def test_half_way_it_is_asked_again_and_at_the_end_the_case_goes_on(platform: Platform, actor_as: ActorAs, clock: Any, outbox: Any) -> None:
    case, _signal = a_reported_case(platform, "planned", planned_on=None)
    inquiry = ask(platform, actor_as("facilitator"), case, days=6)
    outbox.drain()
    key = inquiry_key(platform, inquiry.id)
    assert [key in message.text for message in outbox.mails()] == [True]
    for days, mails, state in ((2, 1, "awaiting_reporter"), (2, 2, "awaiting_reporter"), (1, 2, "awaiting_reporter"), (2, 2, "planned")):
        clock.forward(days=days)
        with platform.unit_of_work(system("worker")) as uow:
            remind(uow)
        outbox.drain()
        assert (len(outbox.mails()), state_of(platform, case)) == (mails, state)
    assert sorted("herinnering" in mail.text for mail in outbox.mails()) == [False, True]
    assert all(key in mail.text for mail in outbox.mails())


def test_an_answer_to_a_case_that_went_on_is_kept_and_moves_nothing(platform: Platform, actor_as: ActorAs) -> None:
    case, _signal = a_reported_case(platform)
    first, second = (ask(platform, actor_as("facilitator"), case) for _number in range(2))
    with platform.unit_of_work(system("test")) as uow:
        answer(uow, first.id, {"q1": "Nummer 12."})
    assert state_of(platform, case) == "in_progress"
    with platform.unit_of_work(system("test")) as uow:
        answer(uow, second.id, {"q1": "Nummer 13."})
    assert state_of(platform, case) == "in_progress"
    with platform.read(system("test")) as uow:
        assert [row.answers for row in uow.session.execute(select(Inquiry).order_by(Inquiry.asked_at)).scalars()] == [
            {"q1": "Nummer 12."},
            {"q1": "Nummer 13."},
        ]


def test_a_question_that_is_taken_back_ends_the_waiting_when_it_was_the_last(platform: Platform, actor_as: ActorAs) -> None:
    case, _signal = a_reported_case(platform)
    officer = actor_as("facilitator")
    first, second = (ask(platform, officer, case) for _number in range(2))
    other, _signal = a_reported_case(platform)
    with platform.unit_of_work(officer) as uow, pytest.raises(NotFound):
        take_back(uow, other.id, first.id)
    for inquiry, state in ((first, "awaiting_reporter"), (second, "in_progress")):
        with platform.unit_of_work(officer) as uow:
            take_back(uow, case.id, inquiry.id)
        assert state_of(platform, case) == state
    with platform.unit_of_work(officer) as uow, pytest.raises(Gone):
        take_back(uow, case.id, first.id)


def test_what_cannot_be_asked(platform: Platform, actor_as: ActorAs) -> None:
    officer = actor_as("facilitator")
    case, _signal = a_reported_case(platform)
    closed, _other = a_reported_case(platform, "resolved")
    with platform.unit_of_work(system("test")) as uow:
        silent = testing.a_case(uow)
        testing.a_signal(uow, silent, email="")
    wanted = AskReporter(text="Waar is het?")
    with platform.unit_of_work(officer) as uow:
        with pytest.raises(Invalid):
            ask_reporter(uow, silent.id, wanted)
        with pytest.raises(Invalid):
            ask_reporter(uow, closed.id, wanted)
        with pytest.raises(Conflict):
            ask_reporter(uow, case.id, AskReporter(text="Waar?", version=99))
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        ask_third_party(uow, case.id, AskThirdParty(text="Komt u?", email="info@example.org"))
    assert state_of(platform, case) == "in_progress"


@SQLITE
def test_what_another_secret_sealed_reaches_nobody_and_stops_nothing(
    platform: Platform, actor_as: ActorAs, clock: Any, outbox: Any
) -> None:
    case, signal = a_reported_case(platform)
    third(platform, actor_as("facilitator"), case)
    asked, other = a_reported_case(platform)
    ask(platform, actor_as("facilitator"), asked)
    with platform.unit_of_work(system("test")) as uow:
        sealed = seal("the secret of before", PURPOSE, testing.EMAIL, uow.now)
        uow.session.execute(update(Reporter).values(name=sealed, email=sealed, email_hash="of before"))
        uow.session.execute(update(Inquiry).where(Inquiry.to == "third_party").values(email=sealed))
    before = len(outbox.mails())
    clock.shift = timedelta(days=8)
    with platform.unit_of_work(system("test")) as uow:
        remind(uow)
        assert own_data(uow, receipt_key(platform, signal.id)).contact == {}
        assert share_contact(uow, [signal.id]) == {}
        ask_new_address(uow, other.id, NewAddress(email="nieuw@example.org"))
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        with capture_logs() as logs, pytest.raises(Invalid) as refused:
            ask_reporter(uow, asked.id, AskReporter(text="Waar is het?"))
        assert "Geen van deze melders" in str(list(refused.value.errors.values()))
        assert [entry["event"] for entry in logs] == ["contact_cannot_be_opened"]
        assert open_contact(uow, case, signal.id, "Bellen over de plek.") is None
    assert ["nieuw@example.org" in str(mail.to) for mail in outbox.mails()[before:]] == [True]


def third(platform: Platform, actor: Actor, case: Case) -> str:
    with platform.unit_of_work(actor) as uow:
        command = AskThirdParty(text="Wanneer komt u de lamp maken?", email="aannemer@example.org", questions=("Op welke dag?",))
        return inquiry_key(platform, ask_third_party(uow, case.id, command).id)


@SQLITE
def test_somebody_without_an_account_answers_with_a_picture(
    platform: Platform, actor_as: ActorAs, client: FlaskClient, as_role: Callable[..., FlaskClient], outbox: Any
) -> None:
    case, signal = a_reported_case(platform, title="Lamp bij de Markt", address="", lat=52.0561, lon=4.4942)
    path = paths.inquiry(third(platform, actor_as("facilitator"), case))
    outbox.drain()
    mail = next(message for message in outbox.mails() if message.to == "aannemer@example.org")
    assert path in mail.text
    assert "Wanneer komt u de lamp maken?" in mail.text
    assert "52.05610, 4.49420" in mail.text, "who comes has to find it, also without an address"
    assert testing.EMAIL not in mail.text
    assert state_of(platform, case) == "awaiting_third_party"
    html = client.get(path).text
    assert "Lamp bij de Markt" in html
    assert "Op welke dag?" in html
    assert "52.05610, 4.49420" in html
    for secret in (testing.TEXT, testing.EMAIL, signal.code, "Noor"):
        assert secret not in html, "the link tells nothing of a reporter"
    empty = send_form(client, path)
    assert empty.status_code == 400
    files = {"q1": "Donderdag.", "photos": (io.BytesIO(PIXEL), "lamp.png"), "photos.alt": ""}
    sent = client.post(path, data=files, headers=SAME_SITE, content_type="multipart/form-data")
    assert sent.status_code == 200
    assert "Uw antwoord is binnen" in text_of(sent.text)
    assert client.get(path).status_code == client.post(path, data={"q1": "Nog eens"}, headers=SAME_SITE).status_code == 410
    assert state_of(platform, case) == "in_progress"
    with platform.read(system("test")) as uow:
        pictures = stored_files(uow, [signal.id])[signal.id]
        assert [picture.alt for picture in pictures] == [f"Foto van de uitvoerder bij zaak {case.number}"]
    assert client.get(f"/files/{pictures[0].id}").status_code == 404, "not for everybody"
    desk = as_role("facilitator")
    assert desk.get(f"/files/{pictures[0].id}").status_code == 200
    shown = desk.get(paths.work(case.number)).text
    assert "aannemer@example.org" not in shown
    assert shown.index("Vragen en antwoorden") < shown.index("Donderdag.") < shown.index(f"/files/{pictures[0].id}")


@SQLITE
def test_a_wrong_key_tells_nothing(client: FlaskClient) -> None:
    assert client.get(paths.inquiry("x" * 40)).status_code == 404
    assert client.get(paths.inquiry("x" * 400)).status_code == 404


@SQLITE
def test_an_officer_asks_by_form(platform: Platform, as_role: Callable[..., FlaskClient]) -> None:
    case, _signal = a_reported_case(platform)
    desk = as_role("facilitator")
    wrong = send_form(desk, paths.work(case.number, "vraag"), text="", questions="\n".join("abcdef"), days="999")
    assert wrong.status_code == 400
    assert wrong.text.count('href="#') >= 3
    assert (
        send_form(desk, paths.work(case.number, "vraag"), text="Waar is het?", questions="Welke straat?\nWelk nummer?").status_code == 303
    )
    said = text_of(desk.get(paths.work(case.number)).text)
    assert "Waar is het?" in said
    assert "Wacht op de melder" in said
    assert send_form(desk, paths.work(case.number, "derde"), email="geen adres", text="x").status_code == 400
    with platform.read(system("test")) as uow:
        inquiry = uow.session.execute(select(Inquiry)).scalar_one()
        assert [question["label"] for question in inquiry.form["questions"]] == ["Welke straat?", "Welk nummer?"]
    gone = send_form(desk, paths.work(case.number, f"vraag/{inquiry.id}/terug"), page=paths.work(case.number))
    assert gone.status_code == 303
    assert state_of(platform, case) == "in_progress"

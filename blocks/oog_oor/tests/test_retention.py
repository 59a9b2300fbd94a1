"""What goes when its term is over, when an account is erased, and what becomes an account's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from samen_core.accounts.models import User
from samen_core.accounts.services.privacy import erase_account, export_account
from samen_core.api import ACCOUNT_CONFIRMED, having_words, system
from samen_core.events.worker import Worker
from samen_core.testing.privacy import keep_to_terms, privacy_round_trip
from samen_oog_oor.models import Case, Inquiry, Note, Reporter, Signal, Support, Verdict, Viewing
from samen_oog_oor.testing import EMAIL, TEXT, a_case, a_category, a_note, a_signal, a_verdict, an_inquiry, make_many

if TYPE_CHECKING:
    from collections.abc import Callable

    from samen_core.api import Actor, Platform
    from samen_core.testing.platforms import Clock


def everything(platform: Platform) -> tuple[Signal, Signal]:
    """A signal on a case that was closed just now, and one on a case that is open; with all that stands on them."""
    with platform.unit_of_work(system("test")) as uow:
        category = a_category(uow)
        found = []
        for state in ("resolved", "new"):
            case = a_case(uow, category, state=state)
            signal = a_signal(uow, case, answers={"hoelang": "een week"})
            a_note(uow, case)
            an_inquiry(uow, case, signal_id=signal.id, email="verzegeld", answers={"wanneer": "morgen"})
            a_verdict(uow, signal, content=False)
            uow.session.add(Support(id=signal.id, case_id=case.id, who=f"iemand {state}", at=uow.now))
            uow.session.add(Viewing(id=signal.id, case_id=case.id, what="contact", at=uow.now))
            found.append(signal)
        return found[0], found[1]


def left(platform: Platform, signal: Signal) -> dict[str, bool]:
    """What there is still of a signal."""
    with platform.read(system("test")) as uow:
        now = uow.session.get_one(Signal, signal.id)
        inquiry = uow.session.execute(select(Inquiry).where(Inquiry.signal_id == signal.id)).scalar_one()
        case_id = now.case_id
        rows = {
            name: uow.session.execute(select(model).where(model.case_id == case_id)).first() is not None
            for name, model in (("note", Note), ("support", Support), ("viewing", Viewing))
        }
        verdict = uow.session.execute(select(Verdict).where(Verdict.signal_id == signal.id)).scalar_one()
        return {
            "contact": uow.session.get(Reporter, signal.id) is not None and bool(inquiry.email),
            "text": bool(now.text or now.answers or inquiry.answers or verdict.reason),
            **rows,
        }


def searched(platform: Platform, words: str) -> set[object]:
    """The things that the search of the desk finds with these words, closed cases too."""
    with platform.read(system("test")) as uow:
        having = having_words(uow, words)
        assert having is not None
        return set(uow.session.scalars(having))


ALL = dict.fromkeys(("contact", "text", "note", "support", "viewing"), True)


def test_contact_goes_first_then_what_was_written_then_who_looked(platform: Platform, clock: Clock) -> None:
    ended, running = everything(platform)
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Case).values(address="Voorweg 12"))
    Worker(platform).drain()
    cases = {ended.case_id, running.case_id}
    assert (searched(platform, "bankje"), searched(platform, "voorweg 12")) == ({ended.id, running.id}, cases)
    clock.forward(days=89)
    assert keep_to_terms(platform) == {}
    clock.forward(days=2)
    assert keep_to_terms(platform) == {"oog_oor.contact": 3}
    assert left(platform, ended) == {**ALL, "contact": False}
    clock.forward(days=640)
    assert set(keep_to_terms(platform)) == {"oog_oor.signals", "oog_oor.supports", "oog_oor.viewings"}
    assert left(platform, ended) == dict.fromkeys(ALL, False)
    assert (searched(platform, "bankje"), searched(platform, "voorweg")) == ({running.id}, {running.case_id}), "without a worker"
    assert left(platform, running) == {**ALL, "viewing": False}
    assert keep_to_terms(platform) == {}


def test_a_case_that_is_open_again_keeps_what_it_has(platform: Platform, clock: Clock) -> None:
    ended, _running = everything(platform)
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Case).where(Case.id == ended.case_id).values(state="in_progress"))
    clock.forward(days=800)
    keep_to_terms(platform)
    assert left(platform, ended)["contact"]


def test_own_data_is_exported_opened_and_erased(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    resident = actor_as("resident")
    signal = a_signal(platform, account_id=resident.account_id, email="ik@example.org", name="Ik Zelf", phone="0612345678")
    with platform.read(system("test")) as uow:
        assert resident.account_id is not None
        values = [value for own in export_account(uow, resident.account_id) for record in own.records for value in record.values]
    assert {TEXT, "ik@example.org", "Ik Zelf", "0612345678"} <= set(map(str, values))
    Worker(platform).drain()
    assert searched(platform, "bankje") == {signal.id}
    with platform.unit_of_work(system("test")) as uow:
        erase_account(uow, resident.account_id)
    assert searched(platform, "bankje") == set(), "at once"
    Worker(platform).drain()
    assert searched(platform, "bankje") == set(), "and it does not come back"
    with platform.read(system("test")) as uow:
        assert uow.session.get(Reporter, signal.id) is None
        now = uow.session.get_one(Signal, signal.id)
        assert (now.text, now.account_id) == ("", None)


def test_who_proves_an_address_gets_what_was_sent_with_it(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    resident = actor_as("resident")
    mine, other = a_signal(platform), a_signal(platform, email="ander@example.org")
    owned = a_signal(platform, account_id=actor_as("resident").account_id)
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(User).where(User.id == resident.account_id).values(email=EMAIL.upper()))
        uow.send(ACCOUNT_CONFIRMED, account_id=resident.account_id)
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Signal, mine.id).account_id == resident.account_id
        assert uow.session.get_one(Signal, other.id).account_id is None
        assert uow.session.get_one(Signal, owned.id).account_id == owned.account_id, "of another account it stays"


def test_everything_declared_goes_as_it_says(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        make_many(uow, 1)
    assert privacy_round_trip(platform, "oog_oor") == []


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_files_that_only_staff_saw_go_with_the_text(platform: Platform, clock: Clock) -> None:
    from samen_core.api import File, store_file

    signal = a_signal(platform, a_case(platform, state="resolved"))
    with platform.unit_of_work(system("test")) as uow:
        hidden = store_file(uow, b"a;b\r\n", "origineel.csv", "text/csv", signal.id, public=False)
        shown = store_file(uow, b"a;c\r\n", "voor iedereen.csv", "text/csv", signal.id)
    clock.forward(days=731)
    keep_to_terms(platform)
    with platform.read(system("test")) as uow:
        states = dict(uow.session.execute(select(File.id, File.state)).all())
    assert (states[hidden.id], states[shown.id]) == ("gone", "active")

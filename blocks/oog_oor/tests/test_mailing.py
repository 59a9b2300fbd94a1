"""A mail to the reporters of one case, however many: everybody once, also when a worker dies half-way, and closing waits for none of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from samen_core.api import Platform, system
from samen_core.mail.models import QueuedMail
from samen_core.testing.platforms import Clock, Outbox
from samen_oog_oor.models import Case, Mailing, Signal
from samen_oog_oor.schemas.moving import MoveCase, Withdraw
from samen_oog_oor.services import mailing
from samen_oog_oor.services.moving import move_case
from samen_oog_oor.services.withdrawing import withdraw
from samen_oog_oor.testing import a_case, a_signal

CLOSE = MoveCase(state="resolved", text="De lamp doet het weer.", resolution="repaired")


@pytest.fixture
def crowd(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A case with more reporters than get their mail at once: one reported twice, one twice under two spellings."""
    monkeypatch.setattr(mailing, "AT_ONCE", 3)
    monkeypatch.setattr(mailing, "PORTION", 4)
    with platform.unit_of_work(system("test")) as uow:
        case = a_case(uow, state="in_progress")
        for name in ("a", "b", "c", "b", "d", "e", "f", "E", "g", "h"):
            a_signal(uow, case, email=f"{name}@example.org")
        return case


def rows(platform: Platform, table: Any) -> int:
    """How many rows there are."""
    with platform.read(system()) as uow:
        return uow.session.execute(select(func.count()).select_from(table)).scalar_one()


def close(platform: Platform, case: Case) -> None:
    """Somebody closes it."""
    with platform.unit_of_work(system("test")) as uow:
        move_case(uow, case.id, CLOSE)


ALL = dict.fromkeys([f"{name}@example.org" for name in "abcdefgh"], 1)


def test_everybody_hears_once_and_closing_waits_for_none_of_it(platform: Platform, outbox: Outbox, crowd: Case) -> None:
    close(platform, crowd)
    assert (rows(platform, Mailing), rows(platform, QueuedMail)) == (2, 0)
    assert all(event["about"] == [] for event in outbox.events("oog_oor.mails.waiting")), "nobody outside is told"
    mails = outbox.mails()
    assert Counter(mail.to.lower() for mail in mails) == ALL
    assert all("De lamp doet het weer." in mail.text and crowd.number in mail.text for mail in mails)
    assert len({mail.text for mail in mails}) == len(mails), "each has a link and a code of its own"
    assert rows(platform, Mailing) == 0


def test_a_worker_that_dies_half_way_leaves_nobody_out(
    platform: Platform, outbox: Outbox, clock: Clock, crowd: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its portion had put in the queue goes with it; the next does all of that portion again."""
    close(platform, crowd)
    queued: list[int] = []
    really = mailing.queue_mail

    def dies(*arguments: Any) -> Any:
        queued.append(1)
        if len(queued) == 6:
            raise KeyboardInterrupt
        return really(*arguments)

    monkeypatch.setattr(mailing, "queue_mail", dies)
    with pytest.raises(KeyboardInterrupt):
        outbox.drain()
    assert (rows(platform, Mailing), rows(platform, QueuedMail)) == (1, 4)
    clock.shift += timedelta(minutes=10)
    assert Counter(mail.to.lower() for mail in outbox.mails()) == ALL


def test_what_happens_meanwhile_changes_nobodys_news(platform: Platform, outbox: Outbox, crowd: Case) -> None:
    """The mails say what was decided; only who took the signal back before they left gets none."""
    with platform.unit_of_work(system("test")) as uow:
        mine = uow.session.execute(select(Signal.id).where(Signal.case_id == crowd.id).order_by(Signal.at, Signal.id)).scalars().all()
        withdraw(uow, mine[0], Withdraw())
    close(platform, crowd)
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Signal, mine[2]).withdrawn_at = uow.now
        move_case(uow, crowd.id, MoveCase(state="in_progress", text="Toch niet."))
    told = Counter((mail.to.lower()[0], "Opgelost" in mail.text, "Toch niet." in mail.text) for mail in outbox.mails())
    assert told == {(name, closed, not closed): 1 for name in "bdefgh" for closed in (True, False)}


def test_an_address_that_cannot_exist_keeps_nobody_from_hearing(platform: Platform, outbox: Outbox) -> None:
    """Neither few at once, nor the officer who closes the case."""
    with platform.unit_of_work(system("test")) as uow:
        case = a_case(uow, state="in_progress")
        for email in ("niets", "noor@example.org"):
            a_signal(uow, case, email=email)
    close(platform, case)
    assert [mail.to for mail in outbox.mails()] == ["noor@example.org"]

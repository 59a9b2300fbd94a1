"""Mail with an answer: whoever agreed, one mail an address, in the own language, in portions; and the end of it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from citycontent.models import Project
from samen_core.api import Actor, anonymous, system
from samen_core.events.types import EventHandler
from samen_core.jobs import run_due_jobs
from samen_core.mail import QueuedMail
from samen_core.platform import Platform
from samen_core.testing.platforms import Clock, Outbox
from samen_inbreng.api import WriteAnswer, mail_recipients, mail_recipients_by_id, write_answer
from samen_inbreng.models import Contribution
from samen_inbreng.services import answer_mails
from samen_inbreng.services.mails import stop_mail, unsubscribe_url
from samen_inbreng.testing import a_contribution, an_activity

As = Callable[..., Actor]


def confirmed(platform: Platform, *ids: uuid.UUID) -> None:
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Contribution).where(Contribution.id.in_(ids)).values(email_confirmed_at=uow.now, wants_mail=True))


def send(platform: Platform, clock: Clock, outbox: Outbox, subject_id: uuid.UUID, *ids: uuid.UUID, **values: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        command = WriteAnswer(**{"outcome": "adopted", "reason": "Wij doen het.", "contribution_ids": ids, **values})
        write_answer(uow, subject_id, command)
    clock.forward(minutes=11)
    run_due_jobs(platform, uuid.uuid4())
    while queued(outbox):
        pass


def queued(outbox: Outbox) -> int:
    """Handle the events of answers, and leave the mails in the queue."""
    from samen_core.events.worker import Worker

    class AnswersOnly(Worker):
        @property
        def handlers(self) -> dict[str, EventHandler]:
            return {name: handler for name, handler in super().handlers.items() if name == "inbreng.mail_answer"}

    return AnswersOnly(outbox.platform).drain()


def mails(platform: Platform) -> list[QueuedMail]:
    with platform.read(system("test")) as uow:
        about = QueuedMail.subject.in_(("Er is een antwoord op uw bijdrage", "There is an answer to your contribution"))
        return list(uow.session.execute(select(QueuedMail).where(about).order_by(QueuedMail.id)).scalars())


def test_whoever_agreed_gets_one_mail(platform: Platform, project: Project, clock: Clock, outbox: Outbox, actor_as: As) -> None:
    activity = an_activity(platform, project.id)
    resident = actor_as("resident")
    own = [a_contribution(platform, activity, f"Idee {place}", actor=resident, wants_mail=True).contribution.id for place in range(3)]
    silent = a_contribution(platform, activity, "Geen mail", actor=actor_as("resident")).contribution.id
    with platform.translations.use("en"):
        english = a_contribution(platform, activity, "More trees", email="anna@samen.example", wants_mail=True).contribution.id
    twice = a_contribution(platform, activity, "Bomen", email="Anna@samen.example", wants_mail=True).contribution.id
    unproven = a_contribution(platform, activity, "Bomen", email="nooit@samen.example", wants_mail=True).contribution.id
    confirmed(platform, english, twice)
    send(platform, clock, outbox, project.id, *own, silent, english, twice, unproven)
    found = mails(platform)
    assert len(found) == 2
    to_resident, to_anna = found
    assert to_resident.recipient.startswith("resident-")
    assert "U gaf 3 bijdragen over “Groene Markt”" in to_resident.body
    assert "Overgenomen" in to_resident.body
    assert "Wij doen het." in to_resident.body
    assert to_resident.body.count("/bijdragen/") == 3
    assert to_resident.unsubscribe_url in to_resident.body
    assert (to_anna.recipient.lower(), to_anna.language) == ("anna@samen.example", "en")
    assert "Adopted" in to_anna.body
    assert "/en/inbreng/" in to_anna.body


def test_mails_leave_in_portions_and_once(
    platform: Platform, project: Project, clock: Clock, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_mails, "PORTION", 4)
    activity = an_activity(platform, project.id)
    ids = [
        a_contribution(platform, activity, f"Idee {place}", email=f"p{place % 10}@samen.example", wants_mail=True).contribution.id
        for place in range(13)
    ]
    confirmed(platform, *ids)
    send(platform, clock, outbox, project.id, *ids)
    assert Counter(mail.recipient for mail in mails(platform)) == {f"p{place}@samen.example": 1 for place in range(10)}
    assert len(outbox.events("inbreng.answer.mailed")) == 2
    with platform.read(system("test")) as uow:
        batches = list(mail_recipients(uow, project.id, batch=4))
        assert [len(batch) for batch in batches] == [4, 4, 2]
        assert len({recipient.email for batch in batches for recipient in batch}) == 10
        first = batches[0][:2]
        assert mail_recipients_by_id(uow, [recipient.contribution_id for recipient in first]) == first
        assert mail_recipients_by_id(uow, []) == []


def test_who_unsubscribed_or_left_gets_none_and_only_the_answer_that_counts_is_mailed(
    app: Any, platform: Platform, project: Project, clock: Clock, outbox: Outbox
) -> None:
    activity = an_activity(platform, project.id)
    ids = [
        a_contribution(platform, activity, "Idee", email=f"p{place}@samen.example", wants_mail=True).contribution.id for place in range(3)
    ]
    confirmed(platform, *ids)
    with platform.read(anonymous()) as uow:
        url = next(iter(mail_recipients(uow, project.id)))[0].unsubscribe_url
    path = url.removeprefix(platform.config.web.base_url.rstrip("/"))
    assert app.test_client().post(path).status_code in (200, 303)
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Contribution).where(Contribution.id == ids[1]).values(state="withdrawn"))
    # The worker was away while a mistake was corrected: only the answer that counts is told.
    with platform.unit_of_work(system("test")) as uow:
        write_answer(uow, project.id, WriteAnswer(outcome="not_adopted", reason="Fout.", contribution_ids=(ids[2],)))
    clock.forward(minutes=11)
    send(platform, clock, outbox, project.id, ids[2], reason="Goed.", replace=True)
    found = mails(platform)
    assert [mail.recipient for mail in found] == ["p2@samen.example"]
    assert "Goed." in found[0].body


def test_who_unsubscribed_gets_none_however_the_address_is_written_and_whatever_the_account(
    platform: Platform, project: Project, actor_as: As
) -> None:
    activity, resident = an_activity(platform, project.id), actor_as("resident")
    own = a_contribution(platform, activity, "Met account", actor=resident, wants_mail=True).contribution
    with platform.read(system("test")) as uow:
        (address,) = [recipient.email for batch in mail_recipients(uow, project.id) for recipient in batch]
    written = [a_contribution(platform, activity, text, email=text).contribution.id for text in (address.upper(), address.capitalize())]
    confirmed(platform, *written)
    for first in (own.id, *written):
        confirmed(platform, own.id, *written)
        with platform.unit_of_work(anonymous("test")) as uow:
            stop_mail(uow, unsubscribe_url(uow, first, "nl").rpartition("/")[2])
        with platform.read(system("test")) as uow:
            assert list(mail_recipients(uow, project.id)) == []

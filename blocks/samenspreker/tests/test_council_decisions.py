"""When the council decides elsewhere, the table says so and everybody who took part gets a receipt, each once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest
from sqlalchemy import func, select, update

from citycontent.testing import make_organization
from samen_core.api import Change, Event, SubjectData, SubjectRef, latest_lines, register, system, update_card, uuid7
from samen_core.events.outbox import OutboxDelivery
from samen_inbreng.models import Contribution
from samen_inbreng.testing import a_contribution, an_activity
from samen_samenspreker.events import CouncilDecided
from samen_samenspreker.hooks import COUNCIL_DECISION
from samen_samenspreker.models import Question
from samen_samenspreker.services import mails
from samen_samenspreker.testing import a_seat, a_table

KIND = "project"
"""Stands in for the type of decisions of a block that this one does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided(Event):
    type: ClassVar[str] = COUNCIL_DECISION
    thing_id: uuid.UUID


@pytest.fixture
def question(platform):
    return a_table(platform, step="execute")


@pytest.fixture
def council(platform):
    with platform.unit_of_work(system("test")) as uow:
        return make_organization(uow, "Gemeenteraad", "government")


@pytest.fixture
def decision(platform, monkeypatch):
    """A public decision in the register, with linked data that says when it was taken and what was done with what people said."""
    kind = platform.subject_types.get(KIND)
    facts = {"legislationDate": "2026-11-02", "comment": {"@type": "Comment", "text": "De oversteek wordt breder."}}
    monkeypatch.setitem(platform.subject_types._types, KIND, replace(kind, linked_data=lambda _uow, _id: facts))
    id = uuid7()
    with platform.unit_of_work(system("test")) as uow:
        register(uow, SubjectRef(KIND, id), data())
    return id


def data(**values):
    return SubjectData(**{"title": "Een fietsstraat", "url": "/besluiten/1", "summary": "De raad stemt in.", **values})


def decided(platform, decision, *about):
    with platform.unit_of_work(system("test")) as uow:
        uow.publish(Decided(thing_id=decision, about=(SubjectRef(KIND, decision), *about)))


def of(question):
    return SubjectRef("question", question.id)


def takes_part(platform, question, address, language="nl", *, wants_mail=True):
    given = a_contribution(platform, an_activity(platform, question.id))
    with platform.unit_of_work(system("test")) as uow:
        values = {"email": address, "email_confirmed_at": uow.now, "wants_mail": wants_mail, "language": language}
        uow.session.execute(update(Contribution).where(Contribution.id == given.contribution.id).values(**values))


@pytest.fixture
def sent(platform, monkeypatch):
    """The mails that leave."""
    found = []

    class Mailer:
        def send(self, mail):
            found.append(mail)

    monkeypatch.setattr(platform, "mailer", Mailer())
    return found


def lines(platform, question):
    with platform.read(system("test")) as uow:
        return [
            line.sentence for line in latest_lines(uow, question.id, 20)[0] if "esluit" in line.sentence and "fietsstraat" in line.sentence
        ]


def test_the_logbook_of_the_table_says_who_decided_what(platform, question, council, decision, outbox):
    decided(platform, decision, of(question), SubjectRef("organization", council.id))
    outbox.drain()
    assert lines(platform, question) == ["Besluit van Gemeenteraad: “Een fietsstraat”."]
    with platform.read(system("test")) as uow, platform.translations.use("en"):
        assert "Decision of Gemeenteraad: “Een fietsstraat”." in [line.sentence for line in latest_lines(uow, question.id)[0]]


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_receipt_says_what_was_decided_by_whom_and_what_was_done_with_it(platform, question, council, decision, outbox, sent):
    takes_part(platform, question, "buur@voorbeeld.nl")
    takes_part(platform, question, "stil@voorbeeld.nl", wants_mail=False)
    decided(platform, decision, of(question), SubjectRef("organization", council.id))
    outbox.drain()
    [mail] = [mail for mail in sent if "besloten over iets" in mail.subject]
    assert mail.to == "buur@voorbeeld.nl"
    for part in (
        f"de vraag “{question.title}”",
        "Wie besloot: Gemeenteraad. Wanneer: 2 november 2026.",
        "Het besluit: Een fietsstraat",
        "De raad stemt in.",
        "Wat er met de inbreng is gedaan:",
        "De oversteek wordt breder.",
        "/besluiten/1",
    ):
        assert part in mail.body, part
    assert mail.unsubscribe_url in mail.body


def test_each_gets_one_receipt_whatever_is_repeated(platform, question, council, decision, outbox, sent, monkeypatch):
    monkeypatch.setattr(mails, "PORTION", 2)
    people = [f"buur{number}@voorbeeld.nl" for number in range(5)]
    for address in people:
        takes_part(platform, question, address)
    a_seat(platform, question)
    for _ in range(2):
        decided(platform, decision, of(question), SubjectRef("organization", council.id))
        while outbox.drain():
            pass
    with platform.write_engine.begin() as connection:
        worked = OutboxDelivery.handler == "samenspreker.council_decided"
        connection.execute(update(OutboxDelivery).where(worked).values(state="pending", attempts=0, done_at=None))
    while outbox.drain():
        pass
    assert sorted(mail.to for mail in sent if "besloten over iets" in mail.subject) == people
    assert len(lines(platform, question)) == 1


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_another_decision_is_told_too(platform, question, council, decision, outbox, sent):
    takes_part(platform, question, "buur@voorbeeld.nl")
    other = uuid7()
    with platform.unit_of_work(system("test")) as uow:
        register(uow, SubjectRef(KIND, other), data(title="Toch geen fietsstraat"))
    for id in (decision, other):
        decided(platform, id, of(question))
        outbox.drain()
    bodies = [mail.body for mail in sent if "besloten over iets" in mail.subject]
    assert ["Toch geen" in body for body in bodies] == [False, True]
    assert lines(platform, question)[0] == "Er is een besluit genomen: “Toch geen fietsstraat”."


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_decision_that_nobody_may_know_of_any_more_is_not_told(platform, question, decision, outbox, sent):
    takes_part(platform, question, "buur@voorbeeld.nl")
    decided(platform, decision, of(question))
    with platform.unit_of_work(system("test")) as uow:
        update_card(uow, SubjectRef(KIND, decision), data(public=False))
    outbox.drain()
    assert (lines(platform, question), [mail for mail in sent if "besloten over iets" in mail.subject]) == ([], [])
    for public in (True, False):
        with platform.unit_of_work(system("test")) as uow:
            update_card(uow, SubjectRef(KIND, decision), data(public=public))
        if public:
            decided(platform, decision, of(question))
            outbox.drain()
        with platform.read(system("test")) as uow:
            table = uow.session.get_one(Question, question.id)
            told = mails.KINDS["council"](uow, table, decision)
        assert (told is not None) == public, "a mail that still waits is not sent when the decision was taken away"


def test_a_table_that_went_on_elsewhere_is_told_there(platform, question, decision, outbox):
    into = a_table(platform, step="execute")
    refused = a_table(platform)
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Question).where(Question.id == question.id).values(state="merged", merged_into_id=into.id))
        uow.session.execute(update(Question).where(Question.id == refused.id).values(state="refused"))
    decided(platform, decision, of(question), of(into), of(refused), SubjectRef("question", uuid7()))
    outbox.drain()
    assert [len(lines(platform, table)) for table in (question, into, refused)] == [0, 1, 0]
    with platform.read(system("test")) as uow:
        number = select(func.count()).select_from(Change).where(Change.action == CouncilDecided.type)
        assert uow.session.execute(number).scalar_one() == 1

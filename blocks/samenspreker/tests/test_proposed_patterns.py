"""What Oog & Oor proposes comes in as a question to be judged, once, and names what everybody may know of what it is about."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import select

from samen_core.api import Event, SubjectData, SubjectRef, register, system, uuid7
from samen_samenspreker.events import QuestionAccepted, QuestionMade
from samen_samenspreker.hooks import PATTERN_PROPOSED
from samen_samenspreker.models import Question
from samen_samenspreker.schemas.questions import JudgeQuestion
from samen_samenspreker.services.judging import accept

KIND = "project"
"""Stands in for the types of a block that this one does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed(Event):
    type: ClassVar[str] = PATTERN_PROPOSED
    pattern_id: uuid.UUID
    title: str
    question: str


def thing(platform: Any, title: str, *, public: bool = True) -> SubjectRef:
    """Something of another block in the register."""
    ref = SubjectRef(KIND, uuid7())
    with platform.unit_of_work(system("test")) as uow:
        register(uow, ref, SubjectData(title=title, url=f"/ergens/{ref.id}", public=public))
    return ref


def proposed(platform: Any, pattern: SubjectRef, *cases: SubjectRef, question: str = "Hoe houden we het plein licht?") -> None:
    with platform.unit_of_work(system("test")) as uow:
        uow.publish(Proposed(pattern_id=pattern.id, title="Lampen", question=question, about=(pattern, *cases)))


def questions(platform: Any) -> list[Question]:
    with platform.read(system("test")) as uow:
        return list(uow.session.execute(select(Question)).scalars())


def test_a_pattern_becomes_a_question_that_waits_to_be_judged(platform: Any, outbox: Any) -> None:
    pattern = thing(platform, "Lampen bij het plein")
    shown, hidden = thing(platform, "Lamp kapot bij nummer 3"), thing(platform, "Iets vertrouwelijks", public=False)
    proposed(platform, pattern, shown, hidden)
    outbox.drain()
    (question,) = questions(platform)
    assert (question.title, question.state) == ("Hoe houden we het plein licht?", "submitted")
    assert f"/ergens/{pattern.id}" in question.description
    assert "Lamp kapot bij nummer 3" in question.description
    assert "vertrouwelijks" not in question.description
    assert "2 zaken" in question.description
    (made,) = outbox.events(QuestionMade.type)
    assert {"type": KIND, "id": str(pattern.id)} in made["about"]
    assert made["question_id"] == str(question.id)


def test_it_is_judged_as_any_other(platform: Any, outbox: Any, actor_as: Any) -> None:
    proposed(platform, thing(platform, "Lampen bij het plein"))
    outbox.drain()
    (question,) = questions(platform)
    with platform.unit_of_work(actor_as("manager")) as uow:
        accept(uow, question.id, JudgeQuestion(reason="Hier gaan wij samen naar kijken.", version=question.version))
    assert [event["question_id"] for event in outbox.events(QuestionAccepted.type)] == [str(question.id)]


def test_what_is_not_for_everybody_or_says_nothing_becomes_no_question(platform: Any, outbox: Any) -> None:
    proposed(platform, thing(platform, "Nog geheim", public=False))
    proposed(platform, thing(platform, "Zonder vraag"), question="  ")
    outbox.drain()
    assert questions(platform) == []

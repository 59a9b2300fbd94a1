"""Answering contributions: alone, a selection, or all of a theme.

An answer is public and mailed ten minutes after it was written (a setting); until then it can be withdrawn. Whether it is sent follows from
its date. One that was sent is never changed: a new answer takes its place.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, exists, func, insert, select, update

from samen_core.api import (
    Conflict,
    Invalid,
    NotFound,
    SubjectCard,
    SubjectRef,
    Text,
    UnitOfWork,
    _,
    cards,
    n_,
    require_capacity,
    uuid7,
)
from samen_inbreng.events import AnswerEvent, AnswerSent, AnswerWithdrawn, AnswerWritten
from samen_inbreng.labels import OUTCOME_LABELS
from samen_inbreng.models import Answer, AnswerTarget, Contribution, Theme, ThemedContribution
from samen_inbreng.permissions import ANSWER
from samen_inbreng.queries.answers import answered_by, pending, sent
from samen_inbreng.schemas.answers import WriteAnswer
from samen_inbreng.services.common import CONTRIBUTION
from samen_inbreng.settings import ANSWER_MINUTES, number

SENT = AnswerSent.type
MOST_DUE = 500
NAMED = 20
"""An event names the contributions of an answer when there are at most this many."""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer that was written: for how many contributions, and how many of the theme it leaves alone: they have one already."""

    answer: Answer
    number: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Targets:
    """What an answer would be for. ``problems`` say, by field, why it cannot be written."""

    ids: tuple[uuid.UUID, ...]
    left_out: int
    problems: dict[str, list[Text]]


def write_answer(uow: UnitOfWork, subject_id: uuid.UUID, command: WriteAnswer) -> Written:
    """Give contributions on a subject an outcome with its reason; it is sent after the ten minutes of the setting.

    Raises NotAllowed, NotFound (no such subject or theme) and Invalid with everything that is wrong: a reply, a contribution that was
    withdrawn or hidden, one that an answer waits for, or that was answered (unless ``replace``).
    """
    ANSWER.require(uow.actor, subject_id)
    subject = _subject(uow, subject_id)
    on_behalf_of = require_capacity(uow, uow.actor.on_behalf_of).subject_id if uow.actor.on_behalf_of else None
    targets = find_targets(uow, subject_id, command, lock=True)
    if targets.problems:
        raise Invalid(targets.problems)
    answer = Answer(
        id=uuid7(),
        subject_id=subject_id,
        theme_id=command.theme_id,
        outcome=command.outcome,
        reason=command.reason,
        by_organization_id=on_behalf_of,
        account_id=uow.actor.account_id,
        at=uow.now,
        send_at=uow.now + timedelta(minutes=number(uow, ANSWER_MINUTES)),
    )
    uow.session.add(answer)
    uow.session.flush()
    rows = [{"contribution_id": id, "answer_id": answer.id} for id in targets.ids]
    uow.session.connection().execute(insert(AnswerTarget), rows)
    _mark_answered(uow, answer.id)
    uow.record(AnswerWritten.type, subject_id, after={"answer": answer.id, "outcome": answer.outcome, "number": len(targets.ids)})
    _tell(uow, AnswerWritten, answer, subject, targets.ids)
    return Written(answer, len(targets.ids), targets.left_out)


def find_targets(uow: UnitOfWork, subject_id: uuid.UUID, command: WriteAnswer, *, lock: bool = False) -> Targets:
    """The contributions that an answer would be for. Of a theme those that need one; a selection must fit as a whole.

    Two statements at most, three with the lock. Raises NotFound for a theme of another subject.
    """
    chosen = Contribution.id.in_(command.contribution_ids)
    if command.theme_id is not None:
        _require_theme(uow, subject_id, command.theme_id)
        themed = select(ThemedContribution.contribution_id).where(ThemedContribution.theme_id == command.theme_id)
        chosen = Contribution.id.in_(themed)
    if lock:
        # By itself: a statement that waits for a lock goes on to see the answers that there were when it began. Replies, which get no
        # answer, are left alone: acts in a thread lock them after its first contribution, not in order of id.
        first = select(Contribution.id).where(chosen, Contribution.parent_id.is_(None)).order_by(Contribution.id)
        uow.session.execute(first.with_for_update(key_share=True))
    statement = select(
        Contribution.id,
        Contribution.subject_id,
        Contribution.state,
        Contribution.parent_id,
        answered_by(pending()).label("is_pending"),
        answered_by(sent()).label("is_sent"),
    )
    rows = uow.session.execute(statement.where(chosen).order_by(Contribution.id), {"now": uow.now}).all()
    if command.theme_id is None:
        return _chosen(subject_id, command, rows)
    there = [row for row in rows if _fits(row, subject_id)]
    fitting = [row.id for row in there if not row.is_pending and (command.replace or not row.is_sent)]
    problems = {} if fitting else {"": [_("In dit thema is geen bijdrage die nog een antwoord nodig heeft.")]}
    return Targets(tuple(fitting), len(there) - len(fitting), problems)


def withdraw_answer(uow: UnitOfWork, answer_id: uuid.UUID) -> Answer:
    """Take an answer back before it is sent; its contributions wait for one again.

    Raises NotFound, NotAllowed, and Conflict when it was withdrawn already or its ten minutes are over.
    """
    statement = select(Answer).where(Answer.id == answer_id).with_for_update().execution_options(populate_existing=True)
    answer = uow.session.execute(statement).scalar_one_or_none()
    if answer is None:
        raise NotFound
    ANSWER.require(uow.actor, answer.subject_id)
    if answer.withdrawn_at is not None:
        raise Conflict(_("Dit antwoord is al ingetrokken."))
    if answer.send_at <= uow.now:
        raise Conflict(_("Dit antwoord is al verstuurd. Schrijf een nieuw antwoord: dat komt ervoor in de plaats."))
    targets = select(AnswerTarget.contribution_id).where(AnswerTarget.answer_id == answer.id)
    # In order of id, as whoever writes an answer locks them, so that two people never wait for each other.
    uow.session.execute(
        select(Contribution.id).where(Contribution.id.in_(targets)).order_by(Contribution.id).with_for_update(key_share=True)
    )
    answer.withdrawn_at = uow.now
    uow.session.flush()
    _mark_answered(uow, answer.id)
    uow.record(AnswerWithdrawn.type, answer.subject_id, after={"answer": answer.id, "outcome": answer.outcome})
    _tell(uow, AnswerWithdrawn, answer, _subject(uow, answer.subject_id))
    return answer


def minutes_left(send_at: datetime, now: datetime) -> int:
    """How many minutes an answer can still be withdrawn, rounded up; 0 when it is sent."""
    return max(0, -int(-(send_at - now).total_seconds() // 60))


def send_due(uow: UnitOfWork) -> None:
    """The job of every minute: tell of the answers whose time came, once each.

    What people see does not wait for this; the log line makes pages that browsers keep stale, and the event sends the mails.
    """
    due = (
        select(Answer)
        .where(Answer.told_at.is_(None), Answer.send_at <= uow.now, Answer.withdrawn_at.is_(None))
        .order_by(Answer.send_at, Answer.id)
        .limit(MOST_DUE)
        .with_for_update(skip_locked=True)
    )
    answers = list(uow.session.execute(due).scalars())
    subjects = cards(uow, [answer.subject_id for answer in answers])
    numbers = _numbers(uow, [answer.id for answer in answers])
    for answer in answers:
        answer.told_at = uow.now
        count = numbers.get(answer.id, 0)
        facts = {"answer": answer.id, "outcome": answer.outcome, "number": count}
        uow.record(SENT, answer.subject_id, after=facts, public=True, sentence=sent_sentence(answer.outcome, count))
        _tell(uow, AnswerSent, answer, subjects.get(answer.subject_id))
    uow.session.flush()


def sent_sentence(outcome: str, number: int) -> Text:
    """The line of the public logbook for an answer that was sent."""
    label = OUTCOME_LABELS.get(outcome, _("Beantwoord"))
    return n_("{n} bijdrage kreeg antwoord: {outcome}.", "{n} bijdragen kregen antwoord: {outcome}.", number, outcome=label)


def _chosen(subject_id: uuid.UUID, command: WriteAnswer, rows: Sequence[Row[*tuple[Any, ...]]]) -> Targets:
    fitting = [row for row in rows if _fits(row, subject_id)]
    problems: dict[str, list[Text]] = {}
    if wrong := len(set(command.contribution_ids)) - len(fitting):
        problems["contribution_ids"] = [_unfit(wrong)]
    if waiting := sum(row.is_pending for row in fitting):
        problems.setdefault("contribution_ids", []).append(_waiting(waiting))
    if not command.replace and (already := sum(row.is_sent for row in fitting)):
        problems["replace"] = [_already(already)]
    return Targets(tuple(row.id for row in fitting), 0, problems)


def _fits(row: Row[*tuple[Any, ...]], subject_id: uuid.UUID) -> bool:
    return row.subject_id == subject_id and row.state == "published" and row.parent_id is None


def _unfit(number: int) -> Text:
    return n_(
        "{n} gekozen bijdrage kan geen antwoord krijgen: het is een reactie op een ander, of hij is ingetrokken, verborgen of van een "
        "ander onderwerp.",
        "{n} gekozen bijdragen kunnen geen antwoord krijgen: het zijn reacties op een ander, of ze zijn ingetrokken, verborgen of van een "
        "ander onderwerp.",
        number,
    )


def _waiting(number: int) -> Text:
    return n_(
        "Voor {n} gekozen bijdrage staat al een antwoord klaar om te versturen. Trek dat eerst in.",
        "Voor {n} gekozen bijdragen staat al een antwoord klaar om te versturen. Trek dat eerst in.",
        number,
    )


def _already(number: int) -> Text:
    return n_(
        "{n} gekozen bijdrage heeft al een antwoord. Zet hier een vinkje als het nieuwe antwoord daarvoor in de plaats komt.",
        "{n} gekozen bijdragen hebben al een antwoord. Zet hier een vinkje als het nieuwe antwoord daarvoor in de plaats komt.",
        number,
    )


def _require_theme(uow: UnitOfWork, subject_id: uuid.UUID, theme_id: uuid.UUID) -> None:
    theme = uow.session.get(Theme, theme_id)
    if theme is None or theme.subject_id != subject_id:
        raise NotFound


def _subject(uow: UnitOfWork, subject_id: uuid.UUID) -> SubjectCard:
    card = cards(uow, [subject_id]).get(subject_id)
    if card is None:
        raise NotFound
    return card


def _mark_answered(uow: UnitOfWork, answer_id: uuid.UUID) -> None:
    """Set for the contributions of an answer whether one was written that is not withdrawn."""
    has_one = exists().where(
        AnswerTarget.contribution_id == Contribution.id, Answer.id == AnswerTarget.answer_id, Answer.withdrawn_at.is_(None)
    )
    ids = select(AnswerTarget.contribution_id).where(AnswerTarget.answer_id == answer_id)
    mark = update(Contribution).where(Contribution.id.in_(ids)).values(answered=has_one)
    uow.session.execute(mark.execution_options(synchronize_session=False))


def _numbers(uow: UnitOfWork, ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    if not ids:
        return {}
    statement = select(AnswerTarget.answer_id, func.count()).where(AnswerTarget.answer_id.in_(ids)).group_by(AnswerTarget.answer_id)
    return {row[0]: row[1] for row in uow.session.execute(statement)}


def _tell(
    uow: UnitOfWork, event: type[AnswerEvent], answer: Answer, subject: SubjectCard | None, targets: Sequence[uuid.UUID] = ()
) -> None:
    about = [SubjectRef(subject.type, subject.id)] if subject else []
    if len(targets) <= NAMED:
        about += [SubjectRef(CONTRIBUTION, id) for id in targets]
    uow.publish(event(answer_id=answer.id, subject_id=answer.subject_id, about=tuple(about)))

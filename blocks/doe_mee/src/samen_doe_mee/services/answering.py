"""Answering contributions on plans and ideas: who does it and by when, alone or many at once.

The answer itself is inbreng's, with its ten minutes to take it back. Who may give it is this block's to say: the right to answer on the
plan, its organisation, area or project, or a role as a colleague. Everything of one act happens, or nothing.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from samen_core.api import ACCOUNT_NAMES, STAFF, Grant, Invalid, NotAllowed, NotFound, Text, UnitOfWork, _, colleagues, n_
from samen_doe_mee.models import Colleague, Duty
from samen_doe_mee.permissions import ANSWER
from samen_doe_mee.queries.answering import ANSWERERS, WorkFilter, count_work, work_by_id
from samen_doe_mee.schemas.answering import AssignDuties, GiveAnswers
from samen_doe_mee.services.ready_texts import fill, place_values, what_stays_unfilled
from samen_inbreng.api import Answer, WriteAnswer, withdraw_answer, write_answer


@dataclass(frozen=True, slots=True)
class Given:
    """What came of an act on several: the answers that were written, and for how many contributions."""

    answers: tuple[uuid.UUID, ...]
    number: int


@contextmanager
def answering_at(uow: UnitOfWork, subject_id: uuid.UUID) -> Iterator[None]:
    """Inside the block the actor may answer at inbreng on this one subject: our own rule said so. Who acts stays who acts."""
    actor = uow.actor
    if actor.is_system:
        yield
        return
    with uow.acting(replace(actor, grants=(*actor.grants, Grant("facilitator", subject_id)), scopes=None)):
        yield


def give_answers(uow: UnitOfWork, command: GiveAnswers) -> Given:
    """Answer these contributions; those of which the filled-in text is the same share one answer.

    Raises NotAllowed for who may answer none, and Invalid for a place that does not exist, a contribution that is not on the actor's list
    (any more), and what inbreng refuses. Then nothing is answered.
    """
    if wrong := what_stays_unfilled(command.reason):
        raise Invalid({"reason": wrong})
    rows = _chosen(uow, command.contribution_ids)
    groups: dict[tuple[uuid.UUID, str], list[uuid.UUID]] = defaultdict(list)
    for row in rows:
        groups[row.subject_id, fill(command.reason, place_values(uow, row))].append(row.id)
    return _write(uow, command, groups)


def _write(uow: UnitOfWork, command: GiveAnswers, groups: Mapping[tuple[uuid.UUID, str], Sequence[uuid.UUID]]) -> Given:
    answers = []
    for (subject_id, reason), ids in groups.items():
        with answering_at(uow, subject_id):
            asked = WriteAnswer(outcome=command.outcome, reason=reason, contribution_ids=tuple(ids), replace=command.replace)
            answers.append(write_answer(uow, subject_id, asked).answer.id)
    return Given(tuple(answers), sum(len(ids) for ids in groups.values()))


def withdraw(uow: UnitOfWork, answer_id: uuid.UUID) -> Answer:
    """Take an answer back that was not sent yet. Raises NotFound, also for one that the actor may not answer, and Conflict."""
    answer = uow.session.get(Answer, answer_id)
    if answer is None or not may_answer_at(uow, answer.subject_id):
        raise NotFound
    with answering_at(uow, answer.subject_id):
        return withdraw_answer(uow, answer_id)


def may_answer_at(uow: UnitOfWork, subject_id: uuid.UUID) -> bool:
    """Whether the actor may answer what was said about this activity or idea. One statement."""
    filters = (WorkFilter(activity_id=subject_id, written=None), WorkFilter(idea_id=subject_id, written=None))
    return any(count_work(uow, filter, 1).number for filter in filters)


def assign_duties(uow: UnitOfWork, command: AssignDuties) -> int:
    """Say who answers these contributions and by when; for how many. Raises NotAllowed and Invalid."""
    rows = _chosen(uow, command.contribution_ids)
    errors: dict[str, list[Text]] = {}
    if command.owner_id is None and command.due_on is None and not command.clear_owner:
        errors["owner_id"] = [_("Kies wie antwoordt, of een dag.")]
    if command.owner_id is not None and command.owner_id not in possible_owners(uow, {row.plan_id for row in rows if row.plan_id}):
        errors["owner_id"] = [_("Deze collega kan hier niet antwoorden.")]
    if errors:
        raise Invalid(errors)
    ids = [row.id for row in rows]
    locked = select(Duty).where(Duty.contribution_id.in_(ids)).order_by(Duty.contribution_id).with_for_update()
    known = {duty.contribution_id: duty for duty in uow.session.execute(locked).scalars()}
    for row in rows:
        duty = known.get(row.id)
        if duty is None:
            duty = Duty(contribution_id=row.id, plan_id=row.plan_id, idea_id=row.idea_id)
            uow.session.add(duty)
        if command.owner_id is not None or command.clear_owner:
            duty.owner_id = command.owner_id
        if command.due_on is not None:
            duty.due_on = command.due_on
    uow.session.flush()
    facts = {"number": len(rows), "owner": str(command.owner_id or ""), "due_on": command.due_on.isoformat() if command.due_on else ""}
    for plan_id in sorted({row.plan_id for row in rows if row.plan_id}):
        uow.record("doe_mee.duty.assigned", plan_id, after=facts)
    return len(rows)


def possible_owners(uow: UnitOfWork, plan_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Who may be asked to answer on all of these plans: colleagues at the plans and, for staff, those with the right in the city."""
    name = ACCOUNT_NAMES.c
    at_plans = (
        select(Colleague.account_id, Colleague.plan_id, name.name)
        .join(ACCOUNT_NAMES, name.id == Colleague.account_id)
        .where(Colleague.plan_id.in_(list(plan_ids)), Colleague.role.in_(ANSWERERS))
    )
    names: dict[uuid.UUID, str] = {}
    plans: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for row in uow.session.execute(at_plans) if plan_ids else ():
        names[row.account_id] = row.name
        plans[row.account_id].add(row.plan_id)
    found = {id: called for id, called in names.items() if plans[id] == plan_ids}
    if STAFF.somewhere(uow.actor):
        found |= colleagues(uow, ANSWER.roles)
    return dict(sorted(found.items(), key=lambda item: (item[1].lower(), item[0])))


def _chosen(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[Any]:
    """The chosen contributions. Raises NotAllowed, and Invalid when not all of them are on the actor's list."""
    rows = work_by_id(uow, ids)
    missing = len(set(ids)) - len(rows)
    if missing and not rows and uow.actor.is_anonymous:
        raise NotAllowed(log_in=True)
    if missing:
        text = n_(
            "{n} gekozen bijdrage staat niet (meer) op uw lijst: hij is ingetrokken of verborgen, of u mag er niet op antwoorden.",
            "{n} gekozen bijdragen staan niet (meer) op uw lijst: ze zijn ingetrokken of verborgen, of u mag er niet op antwoorden.",
            missing,
        )
        raise Invalid({"contribution_ids": [text]})
    return rows

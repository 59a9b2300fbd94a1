"""What became of contributions to a table: outcome, themes with what the decision answered to them, and what followed from it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, func, select

from samen_core.api import UnitOfWork
from samen_inbreng.api import Activity, Contribution, Outcome, outcomes_of, said, themes_of_contributions
from samen_samenspreker.models import Action, Evaluation, FinalReport, Question, Round, RoundActivity
from samen_samenspreker.queries.decisions import AnyRow, decisions_of, weighings_of

MOST = 200
_C = Contribution.__table__.c
_QUESTION: BindParameter[Any] = bindparam("question_id", type_=_C.subject_id.type)
_FACTS = (
    select(
        _C.id,
        _C.number,
        _C.state,
        _C.parent_id,
        _C.text,
        _C.answers,
        _C.sector,
        _C.channel,
        _C.author_name,
        _C.at,
        _C.received_on,
        Activity.slug,
        Activity.title,
        Activity.form,
        Round.number.label("round_number"),
        Round.title.label("round_title"),
    )
    .join(Activity, Activity.id == _C.activity_id)
    .outerjoin(RoundActivity, RoundActivity.activity_id == _C.activity_id)
    .outerjoin(Round, Round.id == RoundActivity.round_id)
    .where(_C.subject_id == _QUESTION)
)
_OF_ACCOUNT = (
    _FACTS.where(_C.account_id == bindparam("account_id", type_=_C.account_id.type), _C.state != "withdrawn")
    .order_by(_C.at, _C.id)
    .limit(MOST)
)
_ONE = _FACTS.where(_C.id == bindparam("id", type_=_C.id.type))
_ACTIONS = (
    select(Action.state, func.count().label("number"))
    .where(Action.question_id == _QUESTION, Action.parent_id.is_(None), Action.cycle == bindparam("cycle"))
    .group_by(Action.state)
)
_EVALUATED = select(Evaluation.published_at).where(
    Evaluation.question_id == _QUESTION, Evaluation.cycle == bindparam("cycle"), Evaluation.published_at.is_not(None)
)
_TABLE = (
    select(Question.slug, Question.title, Question.step)
    .join(Contribution, _C.subject_id == Question.id)
    .where(_C.id == bindparam("id", type_=_C.id.type), Question.state == "accepted")
)
_REPORTED = select(FinalReport.published_at).where(FinalReport.question_id == _QUESTION).order_by(FinalReport.number.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Trail:
    """One contribution and what became of it.

    ``text`` is all that was said, "" for one that is no longer shown. ``themes`` are (title, what the decision answered, "" while there is
    none). ``outcome`` None: it waits for an answer; a reply needs none.
    """

    row: Row[*tuple[Any, ...]]
    text: str
    outcome: Outcome | None
    themes: tuple[tuple[str, str], ...]

    @property
    def is_reply(self) -> bool:
        """Whether it answers another contribution."""
        return self.row.parent_id is not None


@dataclass(frozen=True, slots=True)
class Followed:
    """What followed on a decision: numbers of actions per state, and since when there are an evaluation and a final report."""

    actions: dict[str, int]
    evaluated_at: Any
    reported_at: Any


def trails_of_account(uow: UnitOfWork, question_id: uuid.UUID, account_id: uuid.UUID) -> tuple[AnyRow | None, list[Trail]]:
    """The decision that holds, and what an account contributed to this table, oldest first (at most 200). Five statements."""
    rows = uow.session.execute(_OF_ACCOUNT, {"question_id": question_id, "account_id": account_id}).all()
    return _trails(uow, question_id, rows)


def trail_of(uow: UnitOfWork, question_id: uuid.UUID, contribution_id: uuid.UUID) -> tuple[AnyRow | None, Trail | None]:
    """The decision that holds, and one contribution to this table; None when it is not one of it. Five statements."""
    rows = uow.session.execute(_ONE, {"question_id": question_id, "id": contribution_id}).all()
    decision, found = _trails(uow, question_id, rows)
    return decision, found[0] if found else None


def table_of(uow: UnitOfWork, contribution_id: uuid.UUID) -> AnyRow | None:
    """The table that a contribution is for (slug, title, step); None for one about something else. One statement."""
    return uow.session.execute(_TABLE, {"id": contribution_id}).one_or_none()


def followed(uow: UnitOfWork, question_id: uuid.UUID, cycle: int) -> Followed:
    """What followed on the decision of a cycle. Three statements."""
    values = {"question_id": question_id, "cycle": cycle}
    actions = {row.state: row.number for row in uow.session.execute(_ACTIONS, values)}
    evaluated = uow.session.execute(_EVALUATED, values).scalar_one_or_none()
    return Followed(actions, evaluated, uow.session.execute(_REPORTED, {"question_id": question_id}).scalar_one_or_none())


def _trails(uow: UnitOfWork, question_id: uuid.UUID, rows: Sequence[Any]) -> tuple[AnyRow | None, list[Trail]]:
    ids = [row.id for row in rows]
    decision = decisions_of(uow, question_id).published
    answers = {}
    if decision is not None:
        answers = {item.theme_id: item.text for item in weighings_of(uow, [decision.id])[decision.id] if item.theme_id}
    outcomes, themes = outcomes_of(uow, ids), themes_of_contributions(uow, ids)
    found = []
    for row in rows:
        shown = row.state == "published"
        named = tuple((title, answers.get(id, "")) for id, title in themes[row.id])
        found.append(Trail(row, said(row.form, row.text, row.answers) if shown else "", outcomes.get(row.id), named))
    return decision, found

"""Closing a round: only with what was heard and what is done with it, when everything that was said has its answer.

Who closes is told at once everything that lacks. Opening a closed round again is possible, never in silence.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import false, func, select

from samen_core.api import Conflict, Gone, Invalid, SubjectRef, Text, UnitOfWork, _, n_
from samen_doe_mee.events.plans import RoundClosed, RoundReopened
from samen_doe_mee.models import Activity, Plan, Round
from samen_doe_mee.schemas.results import ClosingTexts, ReopenRound
from samen_doe_mee.services.activity_types import type_of
from samen_doe_mee.services.kinds import ROUND
from samen_doe_mee.services.plans import EDITORS, is_public, keep_plan, plan_refs
from samen_doe_mee.services.rounds import locked_round
from samen_inbreng.api import Activity as Talk
from samen_inbreng.api import Contribution, finish_subject, outcomes_by_activity

TEXTS = ("heard", "done", "agreed", "disagreed", "minority")
NEEDED: dict[str, Text] = {
    "heard": _("Schrijf wat u hebt gehoord."),
    "done": _("Schrijf wat u ermee doet, of waarom niet."),
}
"""The texts without which no round closes, and what is said when one lacks."""


@dataclass(frozen=True, slots=True)
class Todo:
    """What an activity of a round still lacks: its result text, answers that nobody wrote, answers that wait to be sent."""

    activity: Activity
    result: bool
    unanswered: int
    unsent: int

    @property
    def done(self) -> bool:
        """Whether nothing lacks."""
        return not (self.result or self.unanswered or self.unsent)


def save_closing(uow: UnitOfWork, round_id: uuid.UUID, command: ClosingTexts) -> Round:
    """Keep the texts of a round that is not closed yet, for later; nobody reads them before it is.

    Raises NotFound, NotAllowed, Conflict with the texts of now, and Gone when it is closed already.
    """
    _plan, found = _locked(uow, round_id, command.version)
    if found.closed_at is not None:
        raise Gone(_("Deze ronde is al afgesloten. Pas de tekst aan, of heropen de ronde."))
    _assign(found, command)
    uow.session.flush()
    uow.record("doe_mee.round.closing_saved", found.id)
    return found


def close_round(uow: UnitOfWork, round_id: uuid.UUID, command: ClosingTexts) -> Round:
    """Publish what was heard and what is done with it; from then nothing comes in any more and everybody who took part hears it.

    Raises NotFound, NotAllowed, Conflict, Gone, and Invalid with everything that lacks.
    """
    plan, found = _locked(uow, round_id, command.version)
    _require_public(plan)
    if found.closed_at is not None:
        raise Gone(_("Deze ronde is al afgesloten. Pas de tekst aan, of heropen de ronde."))
    activities = activities_of(uow, found.id)
    # Locked first: what comes in now comes in before or after, and is counted or refused.
    talks = [activity.talk_id for activity in activities if activity.talk_id is not None]
    if talks:
        uow.session.execute(select(Talk.id).where(Talk.id.in_(talks)).order_by(Talk.id).with_for_update()).all()
    errors = what_lacks(uow, found, activities)
    for name, text in NEEDED.items():
        if not getattr(command, name).strip():
            errors[name] = [text]
    if errors:
        raise Invalid(errors)
    for activity in activities:
        type_of(activity.type).closing(uow, activity)
        finish_subject(uow, activity.id)
    _assign(found, command)
    found.closed_at, found.told_at = uow.now, None
    keep_plan(
        uow,
        plan,
        "round_closed",
        _("De ronde “{title}” is afgesloten: er staat wat is gehoord en wat ermee wordt gedaan.", title=found.title),
    )
    uow.publish(RoundClosed(plan_id=plan.id, round_id=found.id, about=plan_refs(plan, SubjectRef(ROUND, found.id))))
    return found


def correct_closing(uow: UnitOfWork, round_id: uuid.UUID, command: ClosingTexts) -> Round:
    """Correct the texts of a closed round; the logbook says that it was. Raises NotFound, NotAllowed, Conflict, Gone and Invalid."""
    plan, found = _locked(uow, round_id, command.version)
    if found.closed_at is None:
        raise Gone(_("Deze ronde is niet afgesloten."))
    errors = {name: [text] for name, text in NEEDED.items() if not getattr(command, name).strip()}
    if errors:
        raise Invalid(errors)
    if all(getattr(found, name) == getattr(command, name) for name in TEXTS):
        return found
    _assign(found, command)
    found.changed_at = uow.now
    keep_plan(uow, plan, "round_corrected", _("De tekst over wat er met de ronde “{title}” is gedaan, is aangepast.", title=found.title))
    return found


def reopen_round(uow: UnitOfWork, round_id: uuid.UUID, command: ReopenRound) -> Round:
    """Take back that a round is closed; everybody reads who did and why. What was written stays, until it is closed again.

    Raises NotFound, NotAllowed, Conflict, and Gone when it is not closed or the plan ended.
    """
    plan, found = _locked(uow, round_id, command.version)
    if found.closed_at is None:
        raise Gone(_("Deze ronde is niet afgesloten."))
    if plan.state != "published":
        raise Gone(_("Dit plan is afgerond of ingetrokken. Wat er staat, verandert niet meer."))
    found.closed_at = found.told_at = found.changed_at = None
    found.reopened_at, found.reopened_reason = uow.now, command.reason
    sentence = _("De ronde “{title}” is heropend: {reason}", title=found.title, reason=command.reason)
    keep_plan(uow, plan, "round_reopened", sentence, reason=command.reason)
    uow.publish(RoundReopened(plan_id=plan.id, round_id=found.id, about=plan_refs(plan, SubjectRef(ROUND, found.id))))
    return found


def activities_of(uow: UnitOfWork, round_id: uuid.UUID) -> list[Activity]:
    """The activities of a round in order, without those that were removed."""
    mine = select(Activity).where(Activity.round_id == round_id, Activity.removed_at.is_(None)).order_by(Activity.position, Activity.id)
    return list(uow.session.execute(mine).scalars())


def todo_of(uow: UnitOfWork, activities: Sequence[Activity]) -> list[Todo]:
    """What each of these activities still lacks. Three statements."""
    talks = [activity.talk_id for activity in activities if activity.talk_id is not None and type_of(activity.type).collects_contributions]
    waiting = {id: of.get("", 0) for id, of in outcomes_by_activity(uow, talks).items()}
    unwritten = _unwritten(uow, talks)
    found = []
    for activity in activities:
        open_ = unwritten.get(activity.talk_id, 0) if activity.talk_id is not None else 0
        all_ = waiting.get(activity.talk_id, 0) if activity.talk_id is not None else 0
        found.append(Todo(activity, activity.result_at is None, open_, max(0, all_ - open_)))
    return found


def what_lacks(uow: UnitOfWork, found: Round, activities: Sequence[Activity]) -> dict[str, list[Text]]:
    """Everything beside its texts for which a round cannot be closed yet."""
    problems: list[Text] = []
    if found.closes_at > uow.now:
        problems.append(_("De ronde loopt nog. Sluit haar af als zij voorbij is."))
    for todo in todo_of(uow, activities):
        problems += todo_words(todo)
    return {"": problems} if problems else {}


def todo_words(todo: Todo) -> list[Text]:
    """What an activity lacks, a sentence each."""
    title, problems = todo.activity.title, []
    if todo.result:
        problems.append(_("“{title}” heeft nog geen uitslag.", title=title))
    if todo.unanswered:
        problems.append(
            n_(
                "Bij “{title}” wacht nog {n} bijdrage op een antwoord.",
                "Bij “{title}” wachten nog {n} bijdragen op een antwoord.",
                todo.unanswered,
                title=title,
            )
        )
    if todo.unsent:
        problems.append(
            n_(
                "Bij “{title}” moet nog {n} antwoord worden verstuurd. Dat gaat binnen een paar minuten vanzelf.",
                "Bij “{title}” moeten nog {n} antwoorden worden verstuurd. Dat gaat binnen een paar minuten vanzelf.",
                todo.unsent,
                title=title,
            )
        )
    return problems


def closing_values(found: Round) -> dict[str, Any]:
    """What the form that closes a round shows."""
    return {**{name: getattr(found, name) for name in TEXTS}, "version": found.version}


def _locked(uow: UnitOfWork, round_id: uuid.UUID, version: int) -> tuple[Plan, Round]:
    plan, found = locked_round(uow, round_id, *EDITORS)
    if found.version != version:
        raise Conflict(current=closing_values(found), version=found.version)
    return plan, found


def _require_public(plan: Plan) -> None:
    if not is_public(plan):
        raise Gone(_("Dit plan is niet (meer) openbaar. Een ronde sluiten heeft dan geen zin."))


def _assign(found: Round, command: ClosingTexts) -> None:
    for name in TEXTS:
        setattr(found, name, getattr(command, name).strip())


def _unwritten(uow: UnitOfWork, talks: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    if not talks:
        return {}
    waiting = (
        select(Contribution.activity_id, func.count().label("number"))
        .where(
            Contribution.activity_id.in_(talks),
            Contribution.parent_id.is_(None),
            Contribution.state == "published",
            Contribution.answered == false(),
        )
        .group_by(Contribution.activity_id)
    )
    return {row.activity_id: int(row.number) for row in uow.session.execute(waiting)}

"""Going from step to step: forward through the gates, back with a reason into a new cycle, never silently."""

from __future__ import annotations

import uuid

from samen_core.api import Invalid, NotAllowed, Text, UnitOfWork, _, uuid7
from samen_samenspreker.events import StepChanged
from samen_samenspreker.models import Move, Question
from samen_samenspreker.permissions import FACILITATE, MOVE
from samen_samenspreker.schemas.questions import AskQuestion
from samen_samenspreker.schemas.steps import NEEDS_REASON, NO_REASON, FollowUp, MoveQuestion
from samen_samenspreker.services.common import check_version, get_question, locked_question, log, my_seats, require_active
from samen_samenspreker.services.gates import BACK, BY_STEPS, FORWARD, Transition, missing
from samen_samenspreker.services.questions import Asked, ask
from samen_samenspreker.settings import step_name

NO_WAY = _("Van deze stap kan de vraag daar niet heen.")


def move(uow: UnitOfWork, id: uuid.UUID, command: MoveQuestion) -> Question:
    """Bring a question to another step.

    Raises NotFound, Gone (not on the table), NotAllowed, Conflict (somebody moved or changed it), and Invalid: for a way that does not
    exist, without a reason for a way back, and with everything that is missing for a way forward.
    """
    question = locked_question(uow, id)
    require_active(question)
    transition = BY_STEPS.get((question.step, command.to_step))
    _require_right(uow, question, transition)
    check_version(question, command.version, {"step": question.step, "cycle": question.cycle})
    if transition is None:
        raise Invalid({"to_step": [NO_WAY]})
    if transition.is_back:
        if len(command.reason) < NEEDS_REASON:
            raise Invalid({"reason": [NO_REASON]})
        _go(uow, question, transition, command.reason, question.cycle + 1)
        return question
    lacking = missing(uow, question, command.to_step)
    if lacking:
        raise Invalid({"": [item.text for item in lacking]})
    _go(uow, question, transition, command.reason, question.cycle)
    return question


def may_move(uow: UnitOfWork, question: Question, transition: Transition, *, seat_roles: frozenset[str] | None = None) -> bool:
    """Whether the actor may make this transition. ``seat_roles``, where known, are those of the actor's seats: then no SQL."""
    if not MOVE.allows(uow.actor, question.id):
        return False
    if transition.permission.allows(uow.actor, question.id):
        return True
    if not transition.seat_role:
        return False
    roles = seat_roles if seat_roles is not None else frozenset(seat.role for seat in my_seats(uow, question.id))
    return transition.seat_role in roles


def ways(uow: UnitOfWork, question: Question) -> list[Transition]:
    """The transitions that the actor may make from here, forward first, whatever is still missing. At most one statement."""
    if question.state != "accepted":
        return []
    found = [way for way in (FORWARD.get(question.step), BACK.get(question.step)) if way is not None]
    roles = None
    if any(way.seat_role and not way.permission.allows(uow.actor, question.id) for way in found):
        roles = frozenset(seat.role for seat in my_seats(uow, question.id))
    return [way for way in found if may_move(uow, question, way, seat_roles=roles)]


def follow_up(uow: UnitOfWork, id: uuid.UUID, command: FollowUp) -> Asked:
    """Put the question that follows from an evaluation; it refers back. Raises NotFound, NotAllowed, Gone and Invalid."""
    question = get_question(uow, id)
    FACILITATE.require(uow.actor, question.id)
    require_active(question, "evaluate", "closed")
    return ask(
        uow,
        AskQuestion(
            kind=command.kind,
            title=command.title,
            description=command.description,
            why_now=command.why_now,
            area_id=question.area_id,
            theme_id=question.theme_id,
            project_id=question.project_id,
            sectors=tuple(question.sectors),
            reason=command.reason,
            follows_id=question.id,
        ),
    )


def _require_right(uow: UnitOfWork, question: Question, transition: Transition | None) -> None:
    """Somebody who may make no step at all hears that, also for a way that does not exist."""
    if transition is None:
        FACILITATE.require(uow.actor, question.id)
    elif not may_move(uow, question, transition):
        right = transition.permission.label
        raise NotAllowed(_("U hebt hiervoor geen rechten: {right}.", right=right), log_in=uow.actor.is_anonymous)


def _go(uow: UnitOfWork, question: Question, transition: Transition, reason: str, cycle: int) -> None:
    before = {"step": question.step, "cycle": question.cycle}
    question.step, question.step_since, question.cycle = transition.to_step, uow.now, cycle
    row = Move(
        id=uuid7(),
        question_id=question.id,
        from_step=transition.from_step,
        to_step=transition.to_step,
        cycle=cycle,
        reason=reason,
        account_id=uow.actor.account_id,
        at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    after: dict[str, object] = {"step": question.step, "cycle": cycle}
    log(uow, StepChanged, question, _sentence(uow, transition, cycle), thing=row.id, before=before, after=after, reason=reason)


def _sentence(uow: UnitOfWork, transition: Transition, cycle: int) -> Text:
    names = {"before": step_name(uow, transition.from_step), "after": step_name(uow, transition.to_step)}
    if transition.is_back:
        return _("De vraag ging terug van stap “{before}” naar “{after}”. Keer {cycle} begint.", cycle=cycle, **names)
    return _("De vraag ging van stap “{before}” naar “{after}”.", **names)

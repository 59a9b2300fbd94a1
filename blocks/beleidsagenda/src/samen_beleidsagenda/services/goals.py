"""Goals of themes: what the city wants to reach, and how it stands."""

from __future__ import annotations

import uuid
from typing import Any

from samen_beleidsagenda.events import GoalChanged
from samen_beleidsagenda.labels import PROGRESS_LABELS
from samen_beleidsagenda.models import Goal
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.structure import CreateGoal, UpdateGoal
from samen_beleidsagenda.services import approval
from samen_beleidsagenda.services.common import check_version, enter, keep_card, locked_thing, log, require_write, set_confidential, tell
from samen_beleidsagenda.services.references import Reference, check_references
from samen_core.api import UnitOfWork, _, difference, uuid7

FIELDS = ("theme_id", "title", "text", "document_id", "indicator_id", "target", "target_date", "progress", "position")


def create_goal(uow: UnitOfWork, command: CreateGoal) -> Goal:
    """Add a goal as a draft. Raises NotAllowed, and Invalid for what it refers to."""
    check_references(uow, _references(command))
    goal = Goal(id=uuid7(), confidential=command.confidential)
    _fill(goal, command)
    enter(uow, goal)
    uow.session.flush()
    log(uow, "beleidsagenda.goal.created", goal, _("Het doel is toegevoegd."), after={"title": goal.title})
    return goal


def update_goal(uow: UnitOfWork, id: uuid.UUID, command: UpdateGoal) -> Goal:
    """Replace what is known of a goal. Raises NotFound, NotAllowed, Invalid, and Conflict with the values of now."""
    goal = locked_thing(uow, Goal, id)
    require_write(uow, goal)
    check_version(goal, command.version, goal_values(goal))
    check_references(uow, _references(command), (goal.theme_id, goal.document_id, goal.indicator_id))
    set_confidential(uow, goal, command.confidential)
    progress = goal.progress
    _fill(goal, command)
    before, after = difference(goal)
    if not after:
        return goal
    keep_card(uow, goal)
    moved = _("Hoe het doel ervoor staat: {progress}.", progress=PROGRESS_LABELS[goal.progress])
    sentence = moved if goal.progress != progress else _("Het doel is bijgewerkt.")
    log(uow, "beleidsagenda.goal.updated", goal, sentence, before=before, after=after)
    tell(uow, GoalChanged, goal)
    return goal


def publish_goal(uow: UnitOfWork, id: uuid.UUID, command: Approve) -> Goal:
    """Make a goal public. Raises as :func:`approval.publish`."""
    return approval.publish(uow, Goal, id, command, GoalChanged)


def goal_values(goal: Goal) -> dict[str, Any]:
    """What the form of a goal shows."""
    return {name: getattr(goal, name) for name in (*FIELDS, "confidential", "version")}


def _fill(goal: Goal, command: CreateGoal) -> None:
    for name in FIELDS:
        setattr(goal, name, getattr(command, name))


def _references(command: CreateGoal) -> list[Reference]:
    return [
        ("theme_id", "theme", command.theme_id),
        ("document_id", "document", command.document_id),
        ("indicator_id", "", command.indicator_id),
    ]

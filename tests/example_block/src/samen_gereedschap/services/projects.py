"""The tool list of a project: what it needs, and whether one may borrow for it."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import delete, insert, select

from citycontent.api import Project
from samen_core.api import Conflict, Delivered, NotFound, SubjectRef, UnitOfWork, _
from samen_gereedschap.events import ProjectOpened
from samen_gereedschap.models import KINDS, Need, ProjectTools
from samen_gereedschap.permissions import PLAN
from samen_gereedschap.queries.projects import ToolList, tool_list
from samen_gereedschap.schemas import PlanTools

DECIDED = "samenspreker.decision.published"
"""An event of another block, by its name: without that block it never comes."""

OPENED = _("U kunt voor dit project gereedschap lenen.")
CHANGED = "gereedschap.project.changed"


def get_list(uow: UnitOfWork, project_id: uuid.UUID) -> ToolList:
    """The tool list of a project. Raises NotFound."""
    found = tool_list(uow, project_id)
    if found is None:
        raise NotFound
    return found


def may_plan(uow: UnitOfWork, found: ToolList) -> bool:
    """Whether the actor may keep this list: by a grant on the project, on the organisation that leads it, or on the city."""
    return PLAN.allows(uow.actor, found.project_id, scopes=_scopes(found))


def plan_tools(uow: UnitOfWork, project_id: uuid.UUID, command: PlanTools) -> ProjectTools:
    """Replace the tool list of a project, or make it. Raises NotFound, NotAllowed, and Conflict with the values of now."""
    # The project's own row is the lock: a list that is not there yet has none.
    uow.session.execute(select(Project.id).where(Project.id == project_id).with_for_update(key_share=True))
    found = get_list(uow, project_id)
    PLAN.require(uow.actor, project_id, scopes=_scopes(found))
    if found.version != command.version:
        raise Conflict(current=list_values(found), version=found.version)
    if found.version:
        kept = uow.session.get_one(ProjectTools, project_id)
        opens = command.open and not kept.open
        # With the moment the version rises also when only numbers change, so that who edits at the same time sees it.
        kept.open, kept.note, kept.updated_at = command.open, command.note, uow.now
        uow.session.execute(delete(Need).where(Need.project_id == project_id))
    else:
        opens = command.open
        kept = ProjectTools(project_id=project_id, open=command.open, note=command.note, updated_at=uow.now)
        uow.session.add(kept)
        uow.session.flush()
    if command.needs:
        rows = [{"project_id": project_id, "kind": kind, "number": number} for kind, number in command.needs.items()]
        uow.session.execute(insert(Need), rows)
    uow.record(CHANGED, project_id, before=dict(found.needs), after={"open": command.open, **command.needs})
    if opens:
        _tell_open(uow, project_id)
    uow.session.flush()
    return kept


def open_after_decision(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: once a decision on a project is published the work starts, so open its tool list; one that is there is left as it is."""
    for ref in event.about:
        if ref.type != "project":
            continue
        found = tool_list(uow, ref.id)
        if found is None or found.version:
            continue
        uow.session.add(ProjectTools(project_id=ref.id, open=True, updated_at=uow.now))
        _tell_open(uow, ref.id)


def list_values(found: ToolList) -> dict[str, Any]:
    """The values of a tool list as its form shows them."""
    numbers = {kind: found.needs.get(kind, 0) for kind in KINDS}
    return {"version": found.version, "open": found.open, "note": found.note, **numbers}


def _tell_open(uow: UnitOfWork, project_id: uuid.UUID) -> None:
    uow.record(ProjectOpened.type, project_id, public=True, sentence=OPENED)
    uow.publish(ProjectOpened(project_id=project_id, about=(SubjectRef("project", project_id),)))


def _scopes(found: ToolList) -> tuple[uuid.UUID, ...]:
    return (found.lead_organization_id,) if found.lead_organization_id else ()

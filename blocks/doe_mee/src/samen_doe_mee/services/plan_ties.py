"""What a plan is tied to: a project of the city, the idea that it came from, a question at the table."""

from __future__ import annotations

import uuid
from typing import Any

from samen_core.api import UnitOfWork, _
from samen_doe_mee.models import Plan
from samen_doe_mee.schemas.plan_parts import TiePlan
from samen_doe_mee.services.plans import EDITORS, check_references, keep_plan, plan_to_work_at
from samen_doe_mee.services.rounds import require_running

TIES = ("project_id", "came_from_id", "question_id")


def tie_plan(uow: UnitOfWork, id: uuid.UUID, command: TiePlan) -> Plan:
    """Tie a plan to these. Raises NotFound, NotAllowed, Gone, Conflict with the values of now, Invalid for what there is not."""
    plan = plan_to_work_at(uow, id, *EDITORS, version=command.version)
    require_running(plan)
    changed = {name: getattr(command, name) for name in TIES if getattr(command, name) != getattr(plan, name)}
    if not changed:
        return plan
    check_references(uow, changed)
    for name, value in changed.items():
        setattr(plan, name, value)
    keep_plan(uow, plan, "tied", _("Het plan hoort nu bij iets anders."), after=changed)
    return plan


def tie_values(plan: Plan) -> dict[str, Any]:
    """What its form shows."""
    return {name: getattr(plan, name) for name in (*TIES, "version")}

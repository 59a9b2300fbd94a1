"""What a plan is tied to: a project of the city, the idea that it came from, a question at the table."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from samen_core.api import Invalid, UnitOfWork, _, cards, subject_named
from samen_doe_mee.models import Idea, Plan
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


def idea_named(uow: UnitOfWork, typed: str, field: str) -> uuid.UUID | None:
    """The idea that is meant by a number or the address of its page; None for nothing typed. Raises Invalid (``field``) for none."""
    text = typed.strip().rstrip("/").rpartition("/")[2].removeprefix("#")
    if not text:
        return None
    which = Idea.number == int(text) if text.isascii() and text.isdigit() and len(text) < 10 else Idea.slug == text
    id = uow.session.execute(select(Idea.id).where(which, Idea.state.in_(("published", "merged")))).scalar_one_or_none()
    if id is None:
        raise Invalid({field: [_("Wij kennen geen idee met dit nummer of adres.")]})
    return id


def question_named(uow: UnitOfWork, typed: str, field: str) -> uuid.UUID | None:
    """The thing of another block at the address of a page; None for nothing typed. Raises Invalid (``field``) where there is none."""
    text = typed.strip()
    if not text:
        return None
    id = subject_named(uow, text)
    if id is None:
        raise Invalid({field: [_("Op dit adres staat geen vraag. Kopieer het webadres van de pagina van de vraag.")]})
    return id


def tie_values(uow: UnitOfWork, plan: Plan) -> dict[str, Any]:
    """What its form shows: the project, and the addresses of the idea and the question."""
    known = cards(uow, [id for id in (plan.came_from_id, plan.question_id) if id is not None])
    idea, question = (known.get(id) if id is not None else None for id in (plan.came_from_id, plan.question_id))
    return {
        "project_id": plan.project_id,
        "idea": idea.url if idea is not None else "",
        "question": question.url if question is not None else "",
        "version": plan.version,
    }

"""The frame of the desk pages of one plan: its name, how it stands, and its parts as tabs."""

from __future__ import annotations

from typing import Any

from citycontent.api import Project
from samen_core.api import NotFound, Text, UnitOfWork, _
from samen_core.web.api import Crumb, crumbs, page_url
from samen_doe_mee import paths
from samen_doe_mee.models import Plan
from samen_doe_mee.permissions import ANSWER
from samen_doe_mee.plan_steps import STEPS
from samen_doe_mee.queries.answering import ANSWERERS
from samen_doe_mee.services.plans import EDITORS, may_work, require_work, visible_plan
from samen_doe_mee.web.common import DESK, LABEL, desk_tabs
from samen_doe_mee.web.plan_parts import state_badge

ANSWERS = "antwoorden"
"""Not a page of the plan: the work list of answers, of this plan alone."""
PARTS: tuple[tuple[Text, str], ...] = (
    (_("Overzicht"), ""),
    (_("Teksten"), "stap"),
    (_("Rondes en activiteiten"), "rondes"),
    (_("Bijeenkomsten"), "bijeenkomsten"),
    (_("Documenten"), "documenten"),
    (_("Nieuws"), "nieuws"),
    (_("Collega’s"), "collegas"),
    (_("Antwoorden"), ANSWERS),
    (_("Posters"), "posters"),
    (_("Cijfers"), "cijfers"),
)
"""The parts of a plan at the desk, by the last piece of their address."""
TITLE = _("Plannen")


def plan_at_desk(uow: UnitOfWork, slug: str, *roles: str) -> Plan:
    """The plan at an address, for who works at it, in one of these roles. Raises NotFound for who does not, NotAllowed for another role."""
    plan = visible_plan(uow, slug)
    if not may_work(uow, plan):
        raise NotFound
    if roles:
        require_work(uow, plan, *roles)
    return plan


def desk_frame(uow: UnitOfWork, plan: Plan, part: str, title: Text | str) -> dict[str, Any]:
    """What ``doe_mee/desk_plan_base.html`` needs: ``part`` is the tab that is shown."""
    here = paths.desk_plan(plan.slug)
    trail: list[Crumb] = [(LABEL, paths.HOME), (DESK, paths.DESK_PLANS), (plan.title, here if part else None)]
    if part:
        trail.append((title, None))
    return {
        "plan": plan,
        "title": title,
        "badge": state_badge(plan, uow.now),
        "desk_tabs": desk_tabs(uow.actor, paths.DESK_PLANS),
        "plan_tabs": [
            (label, page_url(_path(plan, code)), code == part)
            for label, code in PARTS
            if code != ANSWERS or may_work(uow, plan, *ANSWERERS, permission=ANSWER)
        ],
        "edits": may_work(uow, plan, *EDITORS) and plan.state in ("draft", "published"),
        "public_url": page_url(paths.plan(plan.slug)),
        "check_url": page_url(paths.desk_plan(plan.slug, "controle")) if plan.state == "draft" else None,
        "breadcrumbs": crumbs(*trail),
    }


def project_of(uow: UnitOfWork, plan: Plan) -> Project:
    """The project of the city that a plan belongs to."""
    return uow.session.get_one(Project, plan.project_id)


def _path(plan: Plan, code: str) -> str:
    if code == ANSWERS:
        return f"{paths.DESK_ANSWERS}?plan={plan.slug}"
    return paths.desk_plan(plan.slug, f"stap/{STEPS[0].code}" if code == "stap" else code)

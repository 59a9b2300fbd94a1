"""Demonstration content: what four organisations lend out, and loans in every state."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from citycontent.api import Organization, Project
from samen_core.api import Actor, UnitOfWork, demo_crowd
from samen_gereedschap.models import Tool
from samen_gereedschap.schemas import MoveLoan, OfferTool, PlanTools, RequestLoan
from samen_gereedschap.services.common import today
from samen_gereedschap.services.loans import move_loan, request_loan
from samen_gereedschap.services.projects import get_list, plan_tools
from samen_gereedschap.services.tools import offer_tool

_OWNERS = (
    select(Organization.id)
    .where(Organization.state == "active", Organization.sector.in_(("civil_society", "citizens")))
    .order_by(Organization.sort_name, Organization.id)
    .limit(4)
)
_PROJECT = (
    select(Project.id)
    .where(Project.state == "active", Project.status.in_(("execution", "preparation")))
    .order_by(Project.status, Project.sort_name, Project.id)
    .limit(1)
)
_PICKUP = "Op werkdagen tussen 9 en 17 uur bij de balie; bel eerst even."
_TOOLS: tuple[tuple[str, str, str, int, int | None], ...] = (
    ("Accuboormachine met twee accu's", "power", "Boort in hout, steen en metaal. De boren zitten erbij, net als een lader.", 25, None),
    ("Schuifladder van 6 meter", "ladder", "Voor dakgoten en hoge ramen. Zet hem met twee personen neer.", 50, 3),
    ("Partytent van 3 bij 6 meter", "party", "Met zijwanden en haringen. Past in een gewone auto.", 50, 4),
    ("Bakfiets", "transport", "Voor vier kratten of twee kinderen. Met slot.", 0, 2),
    ("Statafels (6 stuks)", "party", "Inklapbaar, met een hoes.", 0, None),
    ("Heggenschaar op accu", "garden", "Voor heggen tot 2 meter hoog. Met beschermbril en handschoenen.", 25, None),
    ("Kruiwagen en drie scheppen", "garden", "Voor een dag werken in de buurttuin.", 0, None),
    ("Gereedschapskist", "hand", "Hamer, zagen, sleutels, waterpas en schroevendraaiers.", 10, None),
)


def seed(uow: UnitOfWork) -> None:
    """Add tools, loans and one tool list; nothing in a city without organisations."""
    owners = uow.session.execute(_OWNERS).scalars().all()
    if not owners:
        return
    tools = [
        offer_tool(
            uow,
            OfferTool(
                organization_id=owners[position % len(owners)],
                name=name,
                kind=kind,
                description=text,
                pickup=_PICKUP,
                deposit=deposit,
                max_days=most,
            ),
        )
        for position, (name, kind, text, deposit, most) in enumerate(_TOOLS)
    ]
    project_id = uow.session.execute(_PROJECT).scalar_one_or_none()
    if project_id:
        _plan(uow, project_id)
    _loans(uow, tools, project_id)


def _plan(uow: UnitOfWork, project_id: uuid.UUID) -> None:
    numbers = {"hand": 2, "power": 1, "ladder": 1, "garden": 4, "party": 0, "transport": 1, "other": 0}
    note = "Wij werken op twee zaterdagen met de hele straat. Neem gerust mee wat u zelf hebt."
    plan_tools(uow, project_id, PlanTools(version=get_list(uow, project_id).version, open=True, note=note, **numbers))


def _loans(uow: UnitOfWork, tools: Sequence[Tool], project_id: uuid.UUID | None) -> None:
    """Each invented resident has a loan, in another state."""
    people = demo_crowd(uow, 6)
    _loan(uow, people[0], tools[0], -9, 2, ("agree", "lend", "return"))
    _loan(uow, people[1], tools[1], -1, 2, ("agree", "lend"))
    _loan(uow, people[2], tools[2], 5, 2, ("agree",))
    _loan(uow, people[3], tools[3], 2, 1, ())
    _loan(uow, people[4], tools[2], 12, 3, ())
    _loan(uow, people[5], tools[6], 8, 2, ("agree",), project_id)


def _loan(
    uow: UnitOfWork, who: uuid.UUID, tool: Tool, first: int, length: int, steps: Sequence[str], project_id: uuid.UUID | None = None
) -> None:
    """A loan that starts ``first`` days from now, asked for three days before that or today."""
    now = uow.now
    with uow.at(now + timedelta(days=min(first - 3, 0))):
        start = today(uow) + timedelta(days=first - min(first - 3, 0))
        command = RequestLoan(
            first_day=start,
            last_day=start + timedelta(days=length - 1),
            name="Bewoner",
            phone="079 123 45 67",
            note="Voor een klus in en om het huis.",
            project_id=project_id,
            rules=True,
        )
        with uow.acting(Actor(kind="account", account_id=who)):
            loan = request_loan(uow, tool.id, command)
    for step in steps:
        move_loan(uow, loan.id, step, MoveLoan(version=loan.version))

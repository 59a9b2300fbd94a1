"""Colleagues of a plan: who works at it, in which role. Whoever has no role in the city works at this plan only."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from samen_core.api import ACCOUNT_ADDRESSES, ACCOUNT_NAMES, Invalid, NotFound, UnitOfWork, _, account_by_email, system, uuid7
from samen_doe_mee.labels import PLAN_ROLE_LABELS
from samen_doe_mee.models import Colleague, Plan
from samen_doe_mee.schemas.plan_parts import AddColleague
from samen_doe_mee.services.plans import plan_to_work_at, require_work

LEADS = ("lead",)
MOST_COLLEAGUES = 100


@dataclass(frozen=True, slots=True)
class ColleagueView:
    """A colleague as the desk shows them."""

    id: uuid.UUID
    account_id: uuid.UUID
    name: str
    role: str


def colleagues_of(uow: UnitOfWork, plan: Plan) -> list[ColleagueView]:
    """Who works at a plan, the leads first, for who works there too. One statement. Raises NotAllowed."""
    require_work(uow, plan)
    names = ACCOUNT_NAMES.c
    statement = (
        select(Colleague.id, Colleague.account_id, names.name, Colleague.role)
        .join(ACCOUNT_NAMES, names.id == Colleague.account_id)
        .where(Colleague.plan_id == plan.id)
    )
    order = {role: place for place, role in enumerate(PLAN_ROLE_LABELS)}
    rows = [ColleagueView(*row) for row in uow.session.execute(statement)]
    return sorted(rows, key=lambda row: (order[row.role], row.name.casefold(), row.id))


def add_colleague(uow: UnitOfWork, plan_id: uuid.UUID, command: AddColleague) -> Colleague:
    """Give somebody a role at a plan, or another one. Raises NotFound, NotAllowed, and Invalid without an account or without a lead."""
    plan = plan_to_work_at(uow, plan_id, *LEADS)
    account_id = _account(uow, command)
    mine = select(Colleague).where(Colleague.plan_id == plan.id)
    known = {colleague.account_id: colleague for colleague in uow.session.execute(mine).scalars()}
    found = known.get(account_id)
    if found is None:
        if len(known) >= MOST_COLLEAGUES:
            raise Invalid(_("Aan een plan werken hoogstens {max} mensen.", max=MOST_COLLEAGUES))
        found = Colleague(id=uuid7(), plan_id=plan.id, account_id=account_id, role=command.role, added_at=uow.now)
        uow.session.add(found)
    else:
        if found.role == "lead" and command.role != "lead":
            _require_other_lead(list(known.values()), found)
        found.role = command.role
    uow.session.flush()
    uow.record("doe_mee.plan.colleague_added", plan.id, after={"colleague": found.id, "role": found.role})
    return found


def remove_colleague(uow: UnitOfWork, id: uuid.UUID) -> None:
    """Take somebody off a plan; everybody may stop themselves. Raises NotFound, NotAllowed, and Invalid for the only lead."""
    found = uow.session.get(Colleague, id)
    if found is None:
        raise NotFound
    own = uow.actor.account_id is not None and found.account_id == uow.actor.account_id
    plan = plan_to_work_at(uow, found.plan_id, *(() if own else LEADS))
    rows = list(uow.session.execute(select(Colleague).where(Colleague.plan_id == plan.id)).scalars())
    if found.role == "lead":
        _require_other_lead(rows, found)
    uow.session.delete(found)
    uow.session.flush()
    uow.record("doe_mee.plan.colleague_removed", plan.id, before={"colleague": id, "role": found.role})


def _require_other_lead(rows: list[Colleague], leaving: Colleague) -> None:
    if not any(row.role == "lead" and row.id != leaving.id for row in rows):
        raise Invalid({"role": [_("Een plan heeft minstens één trekker. Maak eerst iemand anders trekker.")]})


def _account(uow: UnitOfWork, command: AddColleague) -> uuid.UUID:
    """The account that is meant: one that is confirmed. That it is there is no secret to who leads a plan."""
    addresses = ACCOUNT_ADDRESSES.c
    account_id = command.account_id
    if account_id is None and command.email:
        with uow.acting(system(uow.actor.origin)):
            account_id = account_by_email(uow, command.email)
    if account_id is None or uow.session.execute(select(addresses.id).where(addresses.id == account_id)).first() is None:
        told = _("Er is geen account met dit adres. Vraag uw collega om eerst een account te maken en het e-mailadres te bevestigen.")
        raise Invalid({"email": [told]})
    return account_id

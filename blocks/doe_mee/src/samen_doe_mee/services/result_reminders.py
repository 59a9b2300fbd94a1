"""Reminding who organises a plan that people wait for what was done with what they said: once, a week after the end."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from samen_core.api import (
    ACCOUNT_ADDRESSES,
    Invalid,
    StaffMail,
    Text,
    UnitOfWork,
    _,
    format_date,
    managed_mail,
    page_address,
    queue_mail,
    staff_to_mail,
)
from samen_doe_mee import paths
from samen_doe_mee.managed_texts.results import REMINDER
from samen_doe_mee.models import Activity, Colleague, Plan, Round
from samen_doe_mee.permissions import PLAN
from samen_doe_mee.services.lateness import result_day
from samen_doe_mee.services.plans import scopes_of

REMIND_AFTER = timedelta(days=7)
AT_ONCE = 200
"""How many rounds and how many activities one run takes; the next run takes the next."""
_R: Any = Round.__table__
_A: Any = Activity.__table__


@dataclass(slots=True)
class _Missing:
    """What a plan lacks."""

    rounds: list[Round] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)


def remind_organisers(uow: UnitOfWork) -> int:
    """The job of every hour: one mail per plan to who leads it, about all that is a week over without result. How many plans."""
    missing: dict[uuid.UUID, _Missing] = defaultdict(_Missing)
    for found in uow.session.execute(_rounds(uow)).scalars():
        missing[found.plan_id].rounds.append(found)
    for activity in uow.session.execute(_activities(uow)).scalars():
        missing[activity.plan_id].activities.append(activity)
    if not missing:
        return 0
    plans = {plan.id: plan for plan in uow.session.execute(select(Plan).where(Plan.id.in_(list(missing)))).scalars()}
    leads = _leads(uow, list(plans))
    staff = staff_to_mail(uow, PLAN.roles, {scope for plan in plans.values() for scope in (plan.id, *scopes_of(plan))})
    for id, plan in plans.items():
        for email, language in leads.get(id) or _desk(plan, staff):
            _mail(uow, plan, missing[id], email, language)
    _note(uow, missing)
    return len(plans)


def _over(uow: UnitOfWork) -> Any:
    return uow.now - REMIND_AFTER


def _rounds(uow: UnitOfWork) -> Any:
    return (
        select(Round)
        .join(Plan, Plan.id == Round.plan_id)
        .where(Plan.state == "published", Round.removed_at.is_(None), Round.closed_at.is_(None), Round.reminded_at.is_(None))
        .where(Round.closes_at <= _over(uow))
        .order_by(Round.closes_at, Round.id)
        .limit(AT_ONCE)
    )


def _activities(uow: UnitOfWork) -> Any:
    return (
        select(Activity)
        .join(Plan, Plan.id == Activity.plan_id)
        .where(Plan.state == "published", Activity.removed_at.is_(None), Activity.result_at.is_(None), Activity.reminded_at.is_(None))
        .where(Activity.closes_at <= _over(uow))
        .order_by(Activity.closes_at, Activity.id)
        .limit(AT_ONCE)
    )


def _leads(uow: UnitOfWork, plan_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str, str]]]:
    address = ACCOUNT_ADDRESSES.c
    leading = (
        select(Colleague.plan_id, address.email, address.language)
        .join(ACCOUNT_ADDRESSES, address.id == Colleague.account_id)
        .where(Colleague.plan_id.in_(plan_ids), Colleague.role == "lead")
        .order_by(Colleague.id)
    )
    found: dict[uuid.UUID, list[tuple[str, str]]] = defaultdict(list)
    for row in uow.session.execute(leading):
        found[row.plan_id].append((row.email, row.language))
    return found


def _desk(plan: Plan, staff: dict[uuid.UUID, StaffMail]) -> list[tuple[str, str]]:
    """Without colleagues who lead: those with a role at the plan, its organisation, area or project, else those of the whole city."""
    scopes = {plan.id, *scopes_of(plan)}
    able = [one for one in staff.values() if PLAN.allows(one.actor, plan.id, scopes=scopes_of(plan))]
    near = [one for one in able if any(grant.scope in scopes for grant in one.actor.grants)]
    return [(one.email, one.language) for one in near or able]


def _mail(uow: UnitOfWork, plan: Plan, missing: _Missing, email: str, language: str) -> None:
    days = [found.result_by for found in missing.rounds] + [result_day(uow, activity) for activity in missing.activities]
    with uow.platform.translations.use(language):
        values = {
            "plan": plan.title,
            "lines": tuple(str(text) for text in _lines(missing)),
            "day": format_date(min(days)),
            "link": page_address(uow.platform, paths.desk_plan(plan.slug), language),
        }
    try:
        queue_mail(uow, managed_mail(uow, REMINDER, email, language, values))
    except Invalid:
        uow.platform.log.warning("doe_mee_reminder_not_mailed", plan=str(plan.id))


def _lines(missing: _Missing) -> list[Text]:
    return [
        *(_("De ronde “{title}”", title=found.title) for found in missing.rounds),
        *(_("De uitslag van “{title}”", title=activity.title) for activity in missing.activities),
    ]


def _note(uow: UnitOfWork, missing: dict[uuid.UUID, _Missing]) -> None:
    """Past the version: who is writing a result need not look again because a reminder was sent."""
    rounds = [found.id for one in missing.values() for found in one.rounds]
    activities = [activity.id for one in missing.values() for activity in one.activities]
    for table, ids in ((_R, rounds), (_A, activities)):
        if ids:
            uow.session.execute(update(table).where(table.c.id.in_(ids)).values(reminded_at=uow.now))
    uow.record("doe_mee.results.reminded", after={"rounds": len(rounds), "activities": len(activities)})

"""What waits for who answers: contributions that are theirs and late, those of theirs that wait, and results that lack after the term."""

from __future__ import annotations

from sqlalchemy import func, or_, select, true

from samen_core.api import STAFF, Task, UnitOfWork, n_
from samen_doe_mee import paths
from samen_doe_mee.models import Colleague, Plan, Round
from samen_doe_mee.permissions import PLAN
from samen_doe_mee.queries.answering import WorkFilter, count_work
from samen_doe_mee.services.result_reminders import REMIND_AFTER

CAP = 99


def answer_tasks(uow: UnitOfWork) -> list[Task]:
    """The tasks. None for who is not logged in; three statements at most, each counting no further than a hundred."""
    if uow.actor.account_id is None or uow.actor.is_anonymous:
        return []
    tasks = []
    mine = count_work(uow, WorkFilter(owner=uow.actor.account_id), CAP)
    if mine.number:
        late = count_work(uow, WorkFilter(owner=uow.actor.account_id, late=True), CAP)
        label = n_("{n} reactie wacht op uw antwoord", "{n} reacties wachten op uw antwoord", mine.number)
        query = "?wie=ik"
        if late.number:
            label = n_("{n} reactie wacht te lang op uw antwoord", "{n} reacties wachten te lang op uw antwoord", late.number)
            query = "?wie=ik&te-laat=ja"
        tasks.append(Task(label, f"{paths.DESK_ANSWERS}{query}", (late if late.number else mine).number, "message-circle"))
    missing = _rounds_without_result(uow)
    if missing:
        label = n_("Bij {n} ronde ontbreekt wat ermee is gedaan", "Bij {n} rondes ontbreekt wat ermee is gedaan", missing)
        tasks.append(Task(label, paths.DESK_PLANS, missing, "clock"))
    return tasks


def _rounds_without_result(uow: UnitOfWork) -> int:
    """Rounds that ended a week ago and are not closed, of plans that the actor leads or may make."""
    actor = uow.actor
    leading = select(Colleague.plan_id).where(Colleague.account_id == actor.account_id, Colleague.role == "lead")
    own = [grant.scope for grant in actor.grants if grant.role in PLAN.roles and grant.scope is not None]
    allowed = (
        true()
        if PLAN.allows(actor) and STAFF.somewhere(actor)
        else or_(Plan.id.in_(leading), *(column.in_(own) for column in (Plan.id, Plan.organization_id, Plan.area_id, Plan.project_id)))
    )
    statement = (
        select(func.count())
        .select_from(Round)
        .join(Plan, Plan.id == Round.plan_id)
        .where(Plan.state == "published", Round.removed_at.is_(None), Round.closed_at.is_(None))
        .where(Round.closes_at <= uow.now - REMIND_AFTER, allowed)
    )
    return int(uow.session.execute(statement).scalar_one())

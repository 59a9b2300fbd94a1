"""Ideas, plans, activities and meetings for tests of lists: many at once, as rows, without what their services do beside."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select

from citycontent.api import CreateEvent, CreateProject, Project, create_event, create_project
from samen_core.api import SubjectRef, UnitOfWork, register_all, uuid7
from samen_doe_mee.models import Activity, Idea, Meeting, Plan, Round
from samen_doe_mee.services.kinds import ACTIVITY, IDEA, PLAN, ROUND, activity_card, idea_card, plan_card, round_card

DAY = timedelta(days=1)


def make_ideas(uow: UnitOfWork, number: int, **values: Any) -> list[uuid.UUID]:
    """So many published ideas, each a minute newer than the one before; ``values`` are columns."""
    first: int = uow.session.execute(select(func.coalesce(func.max(Idea.number), 0))).scalar_one() + 1
    day = (uow.now + 30 * DAY).date()
    made = []
    for nth in range(first, first + number):
        columns = {
            "title": f"Idee {nth}: meer bomen",
            "slug": f"idee-{nth}",
            "text": "Bomen geven schaduw en schone lucht.",
            "state": "published",
            "status": "received",
            "needed": 100,
            "ends_on": day,
            "published_at": uow.now - 10 * DAY + timedelta(seconds=nth),
            "created_at": uow.now - 10 * DAY,
            **values,
        }
        made.append(Idea(id=uuid7(), version=1, number=nth, **columns))
    _enter(uow, Idea, made, {SubjectRef(IDEA, idea.id): idea_card(idea) for idea in made})
    return [idea.id for idea in made]


def make_plan(uow: UnitOfWork, title: str = "Herinrichting Markt", **values: Any) -> Plan:
    """A plan that runs for two weeks more, with its project; ``values`` are columns."""
    project: Project = create_project(uow, CreateProject(name=f"Project {title}", status="execution"))
    return make_plans(uow, 1, project.id, title=title, **values)[0]


def make_plans(uow: UnitOfWork, number: int, project_id: uuid.UUID, **values: Any) -> list[Plan]:
    """So many published plans of one project."""
    made = []
    for _nth in range(number):
        id = uuid7()
        columns = {
            "title": "Een plan",
            "summary": "Wat er op het plein komt.",
            "slug": f"plan-{id.hex[-12:]}",
            "state": "published",
            "opens_at": uow.now - 7 * DAY,
            "closes_at": uow.now + 14 * DAY,
            "created_at": uow.now - 9 * DAY,
            "published_at": uow.now - 8 * DAY,
            "proposal": {},
            "contact": {},
            **values,
        }
        made.append(Plan(id=id, version=1, project_id=project_id, **columns))
    _enter(uow, Plan, made, {SubjectRef(PLAN, plan.id): plan_card(plan) for plan in made})
    return made


def make_round(uow: UnitOfWork, plan: Plan, **values: Any) -> Round:
    """A round of a plan that is open."""
    id = uuid7()
    columns = {
        "title": "Ronde 1",
        "slug": f"ronde-{id.hex[-12:]}",
        "opens_at": uow.now - 7 * DAY,
        "closes_at": uow.now + 14 * DAY,
        "result_by": (uow.now + 28 * DAY).date(),
        **values,
    }
    made = Round(id=id, version=1, plan_id=plan.id, **columns)
    _enter(uow, Round, [made], {SubjectRef(ROUND, id): round_card(made, plan)})
    return made


def make_activities(uow: UnitOfWork, plan: Plan, round_: Round, number: int = 1, **values: Any) -> list[Activity]:
    """So many open activities, each closing a minute later than the one before."""
    made = []
    for nth in range(number):
        id = uuid7()
        columns = {
            "title": "Wat vindt u van het plein?",
            "slug": f"activiteit-{id.hex[-12:]}",
            "type": "reactions",
            "intro": "Vertel wat beter kan.",
            "minutes": 2,
            "opens_at": uow.now - 2 * DAY,
            "closes_at": uow.now + 5 * DAY + timedelta(minutes=nth),
            "options": {},
            "created_at": uow.now - 3 * DAY,
            **values,
        }
        made.append(Activity(id=id, version=1, plan_id=plan.id, round_id=round_.id, **columns))
    _enter(uow, Activity, made, {SubjectRef(ACTIVITY, one.id): activity_card(one, plan) for one in made})
    return made


def make_meeting(uow: UnitOfWork, plan: Plan, name: str = "Inloopavond over het plein", **values: Any) -> Meeting:
    """A meeting of a plan in three days; ``values`` are columns of the event."""
    columns = {"start_date": uow.now + 3 * DAY, "status": "confirmed", "project_id": plan.project_id, **values}
    event = create_event(uow, CreateEvent(name=name, **columns))
    made = Meeting(id=event.id, plan_id=plan.id)
    uow.session.add(made)
    uow.session.flush()
    return made


def _enter(uow: UnitOfWork, model: Any, made: Sequence[Any], things: dict[SubjectRef, Any]) -> None:
    if not made:
        return
    uow.session.flush()
    register_all(uow, things)
    uow.session.execute(insert(model), [_row(one) for one in made])


def _row(thing: Any) -> dict[str, Any]:
    return {column.key: thing.__dict__[column.key] for column in thing.__table__.columns if column.key in thing.__dict__}

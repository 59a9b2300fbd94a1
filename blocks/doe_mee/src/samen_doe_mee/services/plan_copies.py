"""Beginning a plan with what another plan or a blueprint says: texts, rounds with their lengths, activities. Nothing of people."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from samen_core.api import CITY_TIME_ZONE, Invalid, UnitOfWork, _
from samen_doe_mee.models import Plan
from samen_doe_mee.schemas.activities import CreateActivity
from samen_doe_mee.schemas.plan_parts import DuplicatePlan
from samen_doe_mee.schemas.plans import CreatePlan
from samen_doe_mee.schemas.rounds import CreateRound
from samen_doe_mee.services.activities import activities_of_rounds, create_activity
from samen_doe_mee.services.activity_types import BY_CODE, type_of
from samen_doe_mee.services.lateness import city_day
from samen_doe_mee.services.plan_texts import write_texts
from samen_doe_mee.services.plans import create_plan, plan_values, require_work, visible_plan_by_id
from samen_doe_mee.services.rounds import create_round, rounds_of
from samen_inbreng.api import last_moment

NOT_COPIED = ("title", "version", "project_id", "question_id")


def duplicate_plan(uow: UnitOfWork, id: uuid.UUID, command: DuplicatePlan) -> Plan:
    """A new draft at the same project with what a plan says. Raises NotFound, NotAllowed, Invalid."""
    plan = visible_plan_by_id(uow, id)
    require_work(uow, plan)
    begin = CreatePlan(
        title=command.title,
        project_id=plan.project_id,
        organization_id=plan.organization_id,
        area_id=plan.area_id,
        theme_id=plan.theme_id,
        form=plan.form,
        level=plan.level,
    )
    made = create_plan(uow, begin)
    write_texts(made, {name: value for name, value in plan_values(plan).items() if name not in NOT_COPIED})
    made.lat, made.lon = plan.lat, plan.lon
    fill_rounds(uow, made, content_of(uow, plan)["rounds"], command.starts_on)
    uow.record("doe_mee.plan.copied", made.id, after={"from": plan.id})
    return made


def begin_from(uow: UnitOfWork, command: CreatePlan, content: Mapping[str, Any], starts_on: date) -> Plan:
    """A new draft with the content of a blueprint. Raises NotAllowed, Invalid."""
    plan = create_plan(uow, command)
    write_texts(plan, {name: value for name, value in content.get("texts", {}).items() if value})
    fill_rounds(uow, plan, content.get("rounds", ()), starts_on)
    return plan


def content_of(uow: UnitOfWork, plan: Plan) -> dict[str, Any]:
    """What a plan says, without anything of its own place, time or people, as a blueprint keeps it."""
    kept = plan_values(plan)
    texts = {name: value for name, value in kept.items() if name not in (*NOT_COPIED, *_OWN) and not name.startswith("contact_")}
    activities = activities_of_rounds(uow, plan.id)
    rounds = []
    before: date | None = None
    for round_ in rounds_of(uow, plan.id):
        # In days of the city, which are an hour longer or shorter where the clock moves.
        first, last = city_day(round_.opens_at), city_day(last_moment(round_.closes_at))
        rounds.append(
            {
                "title": round_.title,
                "text": round_.text,
                "gap": max(0, (first - before).days - 1) if before is not None else 0,
                "days": max(1, (last - first).days + 1),
                "activities": [_activity(uow, activity) for activity in activities if activity.round_id == round_.id],
            }
        )
        before = last
    return {"texts": texts, "rounds": rounds}


def fill_rounds(uow: UnitOfWork, plan: Plan, rounds: Sequence[Mapping[str, Any]], starts_on: date) -> None:
    """Give a plan these rounds one after the other, from a day on, with their activities.

    An activity of a type that there is not (any more) is left out: its block of settings would mean nothing.
    """
    first = starts_on
    if rounds and first.year > 2200:
        raise Invalid({"starts_on": [_("Kies een eerdere dag.")]})
    for content in rounds:
        first += timedelta(days=int(content.get("gap", 0)))
        last = first + timedelta(days=max(1, int(content.get("days", 14))))
        period = {"opens_at": day_start(first), "closes_at": day_start(last)}
        made = create_round(uow, plan.id, CreateRound(title=content["title"], text=content.get("text", ""), **period))
        for activity in content.get("activities", ()):
            if activity["type"] in BY_CODE:
                create_activity(uow, made.id, CreateActivity(**activity))
        first = last


def day_start(day: date) -> datetime:
    """The moment at which a day begins in the city."""
    return datetime.combine(day, time(), CITY_TIME_ZONE)


_OWN = ("organization_id", "area_id", "place", "theme_id", "objection_url")


def _activity(uow: UnitOfWork, activity: Any) -> dict[str, Any]:
    kind = type_of(activity.type)
    schema = kind.options()
    values = kind.values(uow, activity)
    options = {**activity.options, **{name: values[name] for name in schema.fields if name in values}}
    return {
        "type": activity.type,
        "title": activity.title,
        "intro": activity.intro,
        "minutes": activity.minutes,
        "anonymous": activity.anonymous,
        "options": options,
    }

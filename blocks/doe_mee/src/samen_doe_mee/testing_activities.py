"""Short ways to make what a test of activities needs: a round that is open, an activity in it, reactions."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, cast

from samen_core.api import Actor, Grant, Platform, SubjectRef, anonymous, register, system, uuid7
from samen_doe_mee.models import Activity, Round
from samen_doe_mee.schemas.activities import CreateActivity
from samen_doe_mee.schemas.plans import CreatePlan
from samen_doe_mee.services.activities import create_activity
from samen_doe_mee.services.kinds import ROUND, round_card
from samen_doe_mee.services.plans import create_plan
from samen_inbreng.api import Contribute, Contribution, contribute

STAFF = Actor(kind="account", label="Staf", grants=(Grant("facilitator"),), origin="test")


def a_round(platform: Platform, *, public: bool = True, area_id: uuid.UUID | None = None) -> uuid.UUID:
    """A round that is open now, of a plan for everybody or of a draft."""
    with platform.unit_of_work(system("test")) as uow:
        plan = create_plan(uow, CreatePlan(title="Nieuw park", summary="Een park aan het water.", area_id=area_id))
        if public:
            plan.state, plan.published_at = "published", uow.now
        term: dict[str, Any] = {"opens_at": uow.now - timedelta(days=1), "closes_at": uow.now + timedelta(days=9)}
        result_by = uow.now.date() + timedelta(days=23)
        made = Round(id=uuid7(), plan_id=plan.id, slug=f"ronde-{uuid7().hex}", title="Ronde 1", result_by=result_by, **term)
        register(uow, SubjectRef(ROUND, made.id), round_card(made, plan))
        uow.session.add(made)
        return made.id


def an_activity(platform: Platform, round_id: uuid.UUID | None = None, **values: Any) -> Activity:
    """An activity of a round, of type reactions unless another is given."""
    round_id = round_id or a_round(platform)
    with platform.unit_of_work(STAFF) as uow:
        return create_activity(uow, round_id, CreateActivity(**{"type": "reactions", "title": "Wat moet er komen?", **values}))


def a_reaction(platform: Platform, activity: Activity, text: str = "Meer bomen.", **values: Any) -> Contribution:
    """An anonymous reaction that came in at inbreng itself."""
    with platform.unit_of_work(anonymous("test")) as uow:
        return contribute(uow, cast("uuid.UUID", activity.talk_id), Contribute(text=text, **values)).contribution

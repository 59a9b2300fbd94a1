"""Short ways to make a round, a poll and a meeting in tests, already committed."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from samen_core.api import Platform, SubjectRef, register, system, uuid7
from samen_doe_mee.models import Activity, Round
from samen_doe_mee.schemas.activities import CreateActivity
from samen_doe_mee.schemas.meetings import PlanMeeting
from samen_doe_mee.schemas.plans import CreatePlan
from samen_doe_mee.services.activities import create_activity
from samen_doe_mee.services.kinds import ROUND, round_card
from samen_doe_mee.services.meetings import plan_meeting
from samen_doe_mee.services.plans import create_plan

CHOICES = ["Ja", "Nee", "Weet ik niet"]


def a_round(platform: Platform, *, public: bool = True) -> uuid.UUID:
    """A round that is open from yesterday for ten days, of a plan for everybody or a draft."""
    with platform.unit_of_work(system("test")) as uow:
        plan = create_plan(uow, CreatePlan(title="Nieuw park", summary="Een park aan het water."))
        if public:
            plan.state, plan.published_at = "published", uow.now
        made = Round(
            id=uuid7(),
            plan_id=plan.id,
            slug=f"ronde-{uuid7().hex}",
            title="Ronde 1",
            opens_at=uow.now - timedelta(days=1),
            closes_at=uow.now + timedelta(days=9),
            result_by=uow.now.date(),
        )
        register(uow, SubjectRef(ROUND, made.id), round_card(made, plan))
        uow.session.add(made)
        return made.id


def a_poll(
    platform: Platform, *, public: bool = True, starts: timedelta | None = None, accounts_only: bool = False, **options: Any
) -> Activity:
    """A poll with three answers; ``options`` are its settings."""
    round_id = a_round(platform, public=public)
    with platform.unit_of_work(system("test")) as uow:
        settings = {"choices": CHOICES, **options}
        opens_at = uow.now + starts if starts is not None else None
        command = CreateActivity(type="poll", title="Komt er een park?", opens_at=opens_at, anonymous=not accounts_only, options=settings)
        return create_activity(uow, round_id, command)


def a_meeting(
    platform: Platform, *, public: bool = True, places: int | None = None, registration: bool = True, register_hours: int | None = None
) -> uuid.UUID:
    """A meeting in a week, of a plan for everybody or a draft; ``register_hours`` before it one cannot register any more."""
    round_id = a_round(platform, public=public)
    with platform.unit_of_work(system("test")) as uow:
        start = uow.now + timedelta(days=7)
        command = PlanMeeting(
            name="Ontwerpavond",
            start_date=start,
            end_date=start + timedelta(hours=2),
            location="Buurthuis De Ster",
            round_id=round_id,
            places=places,
            registration=registration,
            register_until=start - timedelta(hours=register_hours) if register_hours else None,
        )
        return plan_meeting(uow, uow.session.get_one(Round, round_id).plan_id, command).id

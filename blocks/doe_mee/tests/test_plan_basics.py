"""Beginning a plan, who may work at it, and rounds in order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from samen_core.api import Conflict, Gone, Invalid, NotAllowed, NotFound, Platform, anonymous, uuid7
from samen_doe_mee.models import Colleague, Plan, Round
from samen_doe_mee.schemas.plans import CreatePlan
from samen_doe_mee.schemas.rounds import CreateRound, UpdateRound
from samen_doe_mee.services.plans import create_plan, may_work, visible_plan
from samen_doe_mee.services.rounds import create_round, move_round, remove_round, rounds_of, update_round


def a_round(uow: Any, plan: Plan, start: int, days: int, title: str = "Ronde") -> Round:
    opens_at = uow.now + timedelta(days=start)
    return create_round(uow, plan.id, CreateRound(title=title, opens_at=opens_at, closes_at=opens_at + timedelta(days=days)))


def test_who_begins_a_plan_leads_it_and_nobody_else_sees_the_draft(platform: Platform, actor_as: Any) -> None:
    maker = actor_as("facilitator")
    with platform.unit_of_work(maker) as uow:
        plan = create_plan(uow, CreatePlan(title="De Dorpsstraat opnieuw"))
        assert (plan.slug, plan.state) == ("de-dorpsstraat-opnieuw", "draft")
        assert may_work(uow, plan, "lead")
    for actor in (anonymous(), actor_as("resident")):
        with platform.unit_of_work(actor) as uow, pytest.raises(NotFound):
            visible_plan(uow, "de-dorpsstraat-opnieuw")
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        create_plan(uow, CreatePlan(title="Mag niet"))


def test_a_colleague_without_a_city_role_works_at_that_plan_only(platform: Platform, actor_as: Any) -> None:
    colleague = actor_as("resident")
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        plan, other = (create_plan(uow, CreatePlan(title=title)) for title in ("Het park", "Het plein"))
        uow.session.add(Colleague(id=uuid7(), plan_id=plan.id, account_id=colleague.account_id, role="reader", added_at=uow.now))
    with platform.unit_of_work(colleague) as uow:
        assert may_work(uow, plan)
        assert not may_work(uow, plan, "lead", "editor")
        assert not may_work(uow, other)
        with pytest.raises(NotAllowed):
            a_round(uow, plan, 1, 7)
        with pytest.raises(NotFound):
            a_round(uow, other, 1, 7)


def test_rounds_follow_each_other_and_the_plan_knows_when_it_runs(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        plan = create_plan(uow, CreatePlan(title="Het plein"))
        late = a_round(uow, plan, 30, 10, "Laat")
        early = a_round(uow, plan, 1, 20, "Vroeg")
        assert [found.title for found in rounds_of(uow, plan.id)] == ["Vroeg", "Laat"]
        assert (plan.opens_at, plan.closes_at) == (early.opens_at, late.closes_at)
        assert (late.result_by - late.closes_at.date()).days in (14, 15)
        with pytest.raises(Invalid):
            a_round(uow, plan, 20, 20)
        with pytest.raises(Conflict):
            update_round(uow, late.id, UpdateRound(title="X", opens_at=late.opens_at, closes_at=late.closes_at, version=99))
        move_round(uow, late.id, earlier=True, version=late.version)
        assert [found.title for found in rounds_of(uow, plan.id)] == ["Laat", "Vroeg"]
        assert late.closes_at - late.opens_at == timedelta(days=10)
        remove_round(uow, early.id, early.version)
        assert plan.closes_at == late.closes_at
        with pytest.raises(Gone):
            remove_round(uow, early.id, early.version)

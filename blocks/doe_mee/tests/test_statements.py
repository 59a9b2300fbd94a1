"""What a page asks of the database does not grow: neither with the ideas and plans of the city, nor with what stands on one of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from citycontent.api import Event
from samen_core.api import Platform, system
from samen_core.testing.statements import sent_statements
from samen_doe_mee import paths
from samen_doe_mee.models import Activity, Idea, Plan, Round
from samen_doe_mee.testing import make_many

if TYPE_CHECKING:
    from flask.testing import FlaskClient

Visit = Callable[..., "FlaskClient"]
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
FEW, MANY = 3, 14
SLACK = 2
"""As the rule ``constant-lists``: a fuller page may need the cards of what it names."""
OF_A_THING = {
    paths.IDEAS: "idea",
    paths.DESK_IDEAS: "idea",
    paths.PLANS: "plan",
    paths.DESK_PLANS: "plan",
    paths.ACTIVITIES: "activity",
    f"{paths.DESK}/activiteiten": "activity",
    paths.MEETINGS: "meeting",
    f"{paths.DESK}/bijeenkomsten": "meeting",
}
_NAME = re.compile(r"<(?:\w+:)?(slug|round_slug|id)>")


def a_full_city(platform: Platform, number: int) -> dict[str, list[str]]:
    """So many more of everything; the names in addresses of the idea, the plan, its activities and the meeting that have so many."""
    with platform.unit_of_work(system("test")) as uow:
        make_many(uow, number)
    with platform.read(system("test")) as uow:
        plan = uow.session.execute(select(Plan).where(Plan.title.startswith(f"Plan met {number} "))).scalar_one_or_none()
        if plan is None:
            # The title of the plan is its own; its project has the words.
            full = select(Round.plan_id).group_by(Round.plan_id).order_by(Round.plan_id.desc()).limit(1)
            plan = uow.session.get_one(Plan, uow.session.execute(full).scalar_one())
        idea = uow.session.execute(select(Idea.slug).where(Idea.talk_id.is_not(None)).order_by(Idea.id.desc()).limit(1)).scalar_one()
        titles = select(Activity.slug).where(Activity.plan_id == plan.id, Activity.title.in_(("Wat moet er komen?", "Wat kiest u?")))
        round_ = uow.session.execute(select(Round.slug).where(Round.plan_id == plan.id).order_by(Round.id).limit(1)).scalar_one()
        meeting = uow.session.execute(select(Event.id).where(Event.name == f"Inloopavond met {number} mensen")).scalar_one()
        activities = sorted(uow.session.execute(titles).scalars(), key=str)
        return {"idea": [idea], "plan": [plan.slug], "activity": activities, "meeting": [str(meeting)], "round_slug": [round_]}


def addresses(client: FlaskClient, names: dict[str, list[str]]) -> dict[str, list[str]]:
    """Of every page of the block, by route: its addresses for these things. Files to print are left out."""
    found: dict[str, list[str]] = {}
    for route in client.application.url_map.iter_rules():
        if not route.endpoint.startswith("doe_mee.") or "GET" not in (route.methods or ()) or ":paper>" in route.rule:
            continue
        base = max((base for base in OF_A_THING if route.rule.startswith(f"{base}/<")), key=len, default="")
        for name in names[OF_A_THING[base]] if base else [""]:
            values = {"slug": name, "id": name, "round_slug": names["round_slug"][0]}
            path = _NAME.sub(lambda match: values[match[1]], route.rule)  # noqa: B023 - used at once
            if "<" not in path and (base or not route.arguments):
                found.setdefault(route.rule, []).append(path)
    return found


def costs(platform: Platform, visitor: FlaskClient, names: dict[str, list[str]]) -> dict[str, int]:
    """The most statements that any of the addresses of a route takes, of those that open; asked twice, as the first reads more."""
    found: dict[str, int] = {}
    for rule, tried in addresses(visitor, names).items():
        for path in tried:
            numbers = []
            for _time in range(2):
                with sent_statements(platform) as sent:
                    status = visitor.get(path).status_code
                numbers.append(len(sent))
            assert status < 500, path
            if status == 200:
                found[rule] = max(found.get(rule, 0), min(numbers))
    return found


def test_no_page_costs_more_when_there_is_more(
    platform: Platform, client: FlaskClient, as_role: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = platform.monotonic()
    monkeypatch.setattr(platform, "monotonic", lambda: now)  # what is read again every few seconds is not meant here
    visitors = {"visitor": client, "manager": as_role("manager")}
    before, after = (
        {(who, rule): cost for who, visitor in visitors.items() for rule, cost in costs(platform, visitor, names).items()}
        for names in (a_full_city(platform, number) for number in (FEW, MANY))
    )
    assert len(after) > 60
    assert {page: (before.get(page), cost) for page, cost in after.items() if cost > before.get(page, 0) + SLACK} == {}

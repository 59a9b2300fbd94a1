"""What happened in the year: for each case what was reported, where, and the steps that it made until today."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from samen_core.api import uuid7
from samen_oog_oor.models.base import CLOSED, PUBLICATION
from samen_oog_oor.queries.categories import CategoryView
from samen_oog_oor.seed.world import Data, World
from samen_oog_oor.services.deadlines import city_day, days_off, promised_day

CASES, SIGNALS = 250, 400
YEAR = 364
QUIET_AREAS = 9
"""The last so many neighbourhoods are fields and business parks, where less is reported."""
MANY_SIGNALS = (1, 1, 1, 1, 2, 2, 3, 5)
FRESH = 18
"""So many cases came in today or yesterday."""
LATE = 8
"""So many cases that are open are late."""
WAITING = ("awaiting_reporter", "awaiting_third_party", "planned", "awaiting_reporter", "planned", "awaiting_third_party", "planned")
"""Where some of the cases that are worked at are by now."""
WORKED_AT = ("assigned", "in_progress")
BESIDE = ("new", "triaged", "planned", "awaiting_reporter", "awaiting_third_party")
TWINS = 4
"""So many cases were reported twice and then merged."""
AGAIN = 5
"""So many closed cases somebody asked to look at again."""


@dataclass(frozen=True, slots=True)
class Step:
    """A case went to ``state``; ``text`` is what reporters were told."""

    state: str
    at: datetime
    text: str = ""
    resolution: str | None = None


@dataclass(slots=True)
class Plan:
    """One case: what it is about and what happened."""

    story: Data
    category: CategoryView
    area_code: str
    lat: float
    lon: float
    reported_at: datetime
    steps: list[Step] = field(default_factory=list)
    signals: list[tuple[datetime, str]] = field(default_factory=list)
    confidential: bool = False
    pattern: int | None = None
    twin_of: Plan | None = None
    twin: Plan | None = None
    id: uuid.UUID = field(default_factory=uuid7)
    first_signal_id: uuid.UUID | None = None

    @property
    def last(self) -> Step | None:
        """The step that it made last."""
        return self.steps[-1] if self.steps else None

    @property
    def state(self) -> str:
        """Where it is now."""
        return self.steps[-1].state if self.steps else "new"

    @property
    def is_public(self) -> bool:
        """Whether it has a page for everybody."""
        return not self.confidential and self.category.publication == PUBLICATION[-1]


_PLANNED = "Wij hebben een dag afgesproken waarop het werk gebeurt."


def make_plans(world: World) -> list[Plan]:
    """All cases, in the order in which they were reported."""
    told = list(_confidential(world)) + list(_patterns(world))
    left = CASES - len(told) - TWINS
    days = [world.chance.uniform(0, 2 if nth < FRESH else YEAR) for nth in range(left)]
    plans = told + [_plan(world, _story(world), ago) for ago in days]
    plans.sort(key=lambda plan: plan.reported_at)
    _make_late(plans)
    _make_wait(world, plans)
    _ask_again(world, plans)
    plans = sorted([*plans, *_twins(world, plans)], key=lambda plan: plan.reported_at)
    for plan in plans:
        plan.signals = [(plan.reported_at, _text(world, plan))]
    _more_signals(world, plans)
    return plans


def _story(world: World) -> Data:
    return world.chance.choices(world.stories, [story["weight"] for story in world.stories])[0]


def _area(world: World) -> str:
    codes: list[str] = sorted(world.areas)
    busy = max(1, len(codes) - QUIET_AREAS)
    return world.chance.choice(codes[:busy] if world.chance.random() < 0.94 else codes)


def _in_season(world: World, story: Data, ago: float) -> float:
    """So many days ago, in a month in which this happens."""
    months = story.get("months")
    for _try in range(40):
        if not months or world.moment(ago, 12).month in months:
            return ago
        ago = world.chance.uniform(0, YEAR)
    return ago


def _plan(world: World, story: Data, ago: float, area: str = "") -> Plan:
    code = area if area in world.areas else _area(world)
    lat, lon = world.place(code)
    reported = world.moment(_in_season(world, story, ago))
    plan = Plan(story, world.category(story["category"]), code, lat, lon, reported)
    plan.confidential = plan.category.confidential
    plan.steps = _steps(world, plan)
    return plan


def _steps(world: World, plan: Plan) -> list[Step]:
    """The steps of a case that takes about as long as its category promises, as far as they are past."""
    chance, start, now = world.chance, plan.reported_at, world.uow.now
    term = promised_day(city_day(start), plan.category.term_days, days_off(world.uow)) - city_day(start)
    whole = term * chance.choice((0.3, 0.5, 0.6, 0.8, 0.9, 1.0, 1.0, 1.4)) + timedelta(hours=chance.uniform(2, 8))
    parts: list[Step] = []
    way = chance.random()
    if way < 0.9:
        parts.append(Step("triaged", start + whole * 0.12))
        parts.append(Step("assigned", start + whole * 0.2))
    parts.append(Step("in_progress", start + whole * 0.3, plan.story.get("busy", "")))
    if plan.category.term_days > 3 and way < 0.35:
        parts.append(Step("planned", start + whole * 0.6, _PLANNED))
    parts.append(_end(world, plan, start + whole, way))
    waits = [step for step in parts if step.at < now]
    if waits and waits[-1].state == "in_progress" and len(waits) < len(parts) and chance.random() < 0.35:
        waits.append(_wait(world, waits[-1].at, now))
    return waits


def _end(world: World, plan: Plan, at: datetime, way: float) -> Step:
    story = plan.story
    if 0.36 < way < 0.39:
        return Step("withdrawn", at, world.desk["withdrawn"], "already_resolved")
    if "no" in story and way > 0.8:
        state, resolution, text = story["no"]
        return Step(state, at, text, resolution)
    done = story["done"] if isinstance(story["done"], str) else world.chance.choice(story["done"])
    mended = story.get("type", "problem") in ("problem", "safety_concern")
    return Step("resolved", at, done, "repaired" if mended else "already_resolved")


def _wait(world: World, after: datetime, now: datetime) -> Step:
    reporter = world.chance.random() < 0.6
    text = world.desk["ask"] if reporter else world.desk["third"]
    return Step("awaiting_reporter" if reporter else "awaiting_third_party", min(after + timedelta(hours=5), now), text)


def _patterns(world: World) -> Iterator[Plan]:
    """Cases close together in the last three months."""
    stories = {story["category"]: story for story in world.stories}
    for at, data in enumerate(world.desk["pattern"]):
        lat, lon = 0.0, 0.0
        for nth in range(data["cases"]):
            plan = _plan(world, stories[data["category"]], world.chance.uniform(3, 85), data["area"])
            plan.pattern = at
            if nth == 0:
                lat, lon = plan.lat, plan.lon
            else:
                plan.lat, plan.lon = world.near(lat, lon, world.areas[plan.area_code].id, data["within"] / 200_000)
            yield plan


def _confidential(world: World) -> Iterator[Plan]:
    for data in world.desk["confidential"]:
        category = world.category(data["category"])
        story = {"texts": [data["text"]], "clear": "", "type": "safety_concern", "category": data["category"]}
        code = _area(world)
        lat, lon = world.place(code)
        reported = world.moment(data["ago"], 11)
        plan = Plan(story, category, code, lat, lon, reported, confidential=True)
        hour = timedelta(hours=3)
        way = {"triaged": 1, "assigned": 2}.get(data["state"], 3)
        plan.steps = [Step(state, reported + hour * at) for at, state in enumerate(("triaged", "assigned", "in_progress"), 1)][:way]
        if data["state"] in CLOSED:
            plan.steps.append(Step(data["state"], reported + timedelta(days=9), data["answer"], "repaired"))
        elif data["state"] == "awaiting_third_party":
            plan.steps.append(Step(data["state"], reported + timedelta(days=2), world.desk["third"]))
        plan.steps = [step for step in plan.steps if step.at < world.uow.now]
        yield plan


def _make_late(plans: list[Plan]) -> None:
    """Take the end of some cases of the last months back: they are open still, past the day that was promised."""
    closed = [plan for plan in plans if plan.state in CLOSED and not plan.confidential and plan.pattern is None]
    for plan in closed[-3 * LATE :: 3]:
        plan.steps.pop()


def _make_wait(world: World, plans: list[Plan]) -> None:
    """Of what is worked at some wait for an answer, and of some the work is planned."""
    busy = [plan for plan in plans if plan.state == "in_progress" and not plan.confidential and plan.pattern is None]
    texts = {"awaiting_reporter": world.desk["ask"], "awaiting_third_party": world.desk["third"], "planned": _PLANNED}
    for plan, state in zip(reversed(busy), WAITING, strict=False):
        after = world.uow.now - timedelta(days=2) if state == "planned" else plan.steps[-1].at
        at = min(max(after, plan.steps[-1].at) + timedelta(hours=world.chance.uniform(3, 30)), world.uow.now)
        plan.steps.append(Step(state, at, texts[state]))


def _twins(world: World, plans: list[Plan]) -> Iterator[Plan]:
    """Somebody reported the same a day later, and did not see that it was there: staff merge it."""
    lately = world.uow.now - timedelta(days=1)
    able = [plan for plan in plans if plan.state in (*WORKED_AT, *BESIDE) and plan.is_public and plan.pattern is None]
    able = [plan for plan in able if plan.story.get("type", "problem") == "problem" and plan.reported_at < lately]
    # On some days of the year fewer than four are being worked at; then others that are open take their place.
    able.sort(key=lambda plan: plan.state in WORKED_AT)
    for first in able[-TWINS:]:
        at = min(first.reported_at + timedelta(hours=world.chance.uniform(4, 20)), world.uow.now - timedelta(hours=3))
        lat, lon = world.near(first.lat, first.lon, world.areas[first.area_code].id, 0.0003)
        plan = Plan(first.story, first.category, first.area_code, lat, lon, at, twin_of=first)
        plan.steps = [Step("triaged", at + timedelta(hours=1))]
        first.twin = plan
        yield plan


def _ask_again(world: World, plans: list[Plan]) -> None:
    """Somebody was not content with the end of some of the last cases: two are looked at again, the others wait for a decision."""
    ended = [plan for plan in plans if plan.state in ("resolved", "not_resolved") and plan.is_public and plan.pattern is None]
    for nth, plan in enumerate(ended[-2 * AGAIN :: 2]):
        if plan.last is None:
            continue
        asked = min(plan.last.at + timedelta(days=1), world.uow.now)
        plan.steps.append(Step("reopening_requested", asked))
        if nth < 2:
            plan.steps.append(Step("in_progress", min(asked + timedelta(hours=20), world.uow.now), world.desk["reopened"]))


def _text(world: World, plan: Plan) -> str:
    """What one reporter wrote: no two on one case wrote the same, nor on two that become one."""
    near = (plan, *(other for other in (plan.twin_of, plan.twin) if other is not None))
    told = {text for other in near for _at, text in other.signals}
    for _try in range(60):
        text = _one_text(world, plan)
        if text not in told:
            break
    return text


def _one_text(world: World, plan: Plan) -> str:
    parts: list[str] = [world.chance.choice(plan.story["texts"])]
    if plan.confidential:
        return parts[0]
    desk, type = world.desk, plan.story.get("type", "problem")
    if plan.signals and type in ("problem", "safety_concern") and world.chance.random() < 0.3:
        parts.insert(0, world.chance.choice(desk["too"]))
    more = desk[{"compliment": "cheers", "idea": "hopes"}.get(type, "more")]
    parts += world.chance.sample(more, world.chance.choice((0, 1, 1, 1, 2)))
    return " ".join(parts)


def _more_signals(world: World, plans: list[Plan]) -> None:
    """Others who reported the same while it was open, until there are enough."""
    left = SIGNALS - len(plans)
    shared = [plan for plan in plans if not plan.confidential and plan.state != "withdrawn" and plan.twin_of is None]
    while left > 0:
        plan = world.chance.choice(shared)
        end: Any = plan.last.at if plan.last is not None and plan.state in CLOSED else world.uow.now
        for _nth in range(min(left, world.chance.choice(MANY_SIGNALS))):
            at = plan.reported_at + (end - plan.reported_at) * world.chance.uniform(0.02, 0.9)
            plan.signals.append((at, _text(world, plan)))
            left -= 1
    for plan in plans:
        plan.signals.sort()

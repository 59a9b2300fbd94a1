"""What was done with what people said, for the whole city: closed rounds and ideas with an answer, newest first; and what is late."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, literal, select, union_all

from samen_core.api import CITY_TIME_ZONE, Order, Page, PageRequest, SortKey, UnitOfWork, count_up_to, fetch_page
from samen_doe_mee.models import Activity, Idea, Plan, Round
from samen_inbreng.api import outcomes_by_activity

ROUND, IDEA = "round", "idea"
LATE_SHOWN = 10


@dataclass(frozen=True, slots=True)
class DoneFilter:
    """Which: of these areas, of these themes, only rounds or only ideas."""

    area_ids: tuple[uuid.UUID, ...] | None = None
    theme_ids: tuple[uuid.UUID, ...] | None = None
    kind: str | None = None


@dataclass(slots=True)
class Numbers:
    """How many took part in a round, and what became of the contributions in it, by outcome ("" waits)."""

    people: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)

    @property
    def contributions(self) -> int:
        """How many contributions there are."""
        return sum(self.outcomes.values())


def done_page(uow: UnitOfWork, filter: DoneFilter, request: PageRequest, *, with_count: bool = True) -> Page[Row[Any]]:
    """A page of what was done. Two statements."""
    parts = []
    if filter.kind in (None, ROUND):
        parts.append(_within(_ROUNDS, Plan, filter))
    if filter.kind in (None, IDEA):
        parts.append(_within(_IDEAS, Idea, filter))
    entry = union_all(*parts).subquery("entry")
    order = Order("doe_mee.done", SortKey(entry.c.at, descending=True), SortKey(entry.c.id, descending=True))
    statement = select(*entry.c)
    page = fetch_page(uow.session, statement, order, request)
    if not with_count:
        return page
    return Page(page.items, page.next, page.previous, count_up_to(uow.session, statement))


def numbers_of(uow: UnitOfWork, round_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Numbers]:
    """How many took part in each of these rounds and what became of what they said. Three statements."""
    found: dict[uuid.UUID, Numbers] = {id: Numbers() for id in round_ids}
    if not round_ids:
        return found
    mine = select(Activity.round_id, Activity.talk_id, Activity.taken_part).where(
        Activity.round_id.in_(list(round_ids)), Activity.removed_at.is_(None)
    )
    talks: dict[uuid.UUID, uuid.UUID] = {}
    for row in uow.session.execute(mine):
        found[row.round_id].people += row.taken_part
        if row.talk_id is not None:
            talks[row.talk_id] = row.round_id
    for talk_id, outcomes in outcomes_by_activity(uow, list(talks)).items():
        of = found[talks[talk_id]].outcomes
        for outcome, number in outcomes.items():
            of[outcome] = of.get(outcome, 0) + number
    return found


def late_rounds(uow: UnitOfWork, limit: int = LATE_SHOWN) -> list[Row[Any]]:
    """The rounds of which it should have been told what is done with them, the latest first: title, plan, last day. One statement."""
    today = uow.now.astimezone(CITY_TIME_ZONE).date()
    statement: Any = (
        select(Round.id, Round.slug, Round.title, Round.result_by, Plan.title.label("plan_title"), Plan.slug.label("plan_slug"))
        .join(Plan, Plan.id == Round.plan_id)
        .where(Plan.state == "published", Round.removed_at.is_(None), Round.closed_at.is_(None), Round.result_by < today)
        .order_by(Round.result_by, Round.id)
        .limit(limit)
    )
    return list(uow.session.execute(statement).all())


def outcome_totals(numbers: Collection[Numbers]) -> dict[str, int]:
    """The outcomes of several rounds together."""
    found: dict[str, int] = defaultdict(int)
    for one in numbers:
        for outcome, number in one.outcomes.items():
            found[outcome] += number
    return dict(found)


_ROUNDS: Any = (
    select(
        literal(ROUND).label("kind"),
        Round.id.label("id"),
        Round.closed_at.label("at"),
        Round.title.label("title"),
        Plan.title.label("plan_title"),
        Round.slug.label("slug"),
        Plan.slug.label("plan_slug"),
        Round.heard.label("heard"),
        Round.done.label("done"),
        Plan.area_id.label("area_id"),
        literal("").label("status"),
    )
    .join(Plan, Plan.id == Round.plan_id)
    .where(Plan.state.in_(("published", "finished")), Round.closed_at.is_not(None), Round.removed_at.is_(None))
)
_IDEAS: Any = select(
    literal(IDEA).label("kind"),
    Idea.id.label("id"),
    Idea.status_at.label("at"),
    Idea.title.label("title"),
    literal("").label("plan_title"),
    Idea.slug.label("slug"),
    literal("").label("plan_slug"),
    literal("").label("heard"),
    Idea.status_text.label("done"),
    Idea.area_id.label("area_id"),
    Idea.status.label("status"),
).where(Idea.state == "published", Idea.status != "received", Idea.status_at.is_not(None))


def _within(statement: Any, table: Any, filter: DoneFilter) -> Any:
    if filter.area_ids is not None:
        statement = statement.where(table.area_id.in_(list(filter.area_ids)))
    if filter.theme_ids is not None:
        statement = statement.where(table.theme_id.in_(list(filter.theme_ids)))
    return statement

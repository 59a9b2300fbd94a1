"""The rules and what they refer to, read at once and kept in memory until one of them changes."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, func, or_, select, union_all

from citycontent.api import Area, AreaTree, Organization, PartialDate, area_tree
from samen_core.api import UnitOfWork, looked_up, stamp
from samen_oog_oor.deciding import kinds_of
from samen_oog_oor.models import Case, Category, Route, Rule, Signal
from samen_oog_oor.queries.categories import CategoryTree, category_tree
from samen_oog_oor.settings import city_organization_slug

CHANGED = "oog_oor.rules_changed"
"""Set in the ``info`` of a session that changed a rule: what it reads may be taken back, so it is not kept."""

_RULE: Any = Rule.__table__
_AREA: Any = Area.__table__
_ORG: Any = Organization.__table__
_CATEGORY: Any = Category.__table__
_USED = union_all(
    select(_RULE.c.organization_id), select(_CATEGORY.c.organization_id).where(_CATEGORY.c.organization_id.is_not(None))
).scalar_subquery()
_OWN = or_(_ORG.c.id.in_(_USED), _ORG.c.slug == bindparam("slug"))
STAMP: Any = stamp(
    select(stamp(func.count(), func.sum(_RULE.c.version), func.max(_RULE.c.changed_at))).scalar_subquery(),
    *looked_up(_AREA, func.count(), func.max(_AREA.c.updated_at)),
    select(stamp(func.count(), func.sum(_ORG.c.version))).where(_OWN).scalar_subquery(),
)
"""A column that changes with every rule, area and organisation that is named; ``slug`` is :func:`city_organization_slug`."""
_STAMP: Any = select(STAMP)
_RULES: Any = select(*_RULE.c).order_by(_RULE.c.position, _RULE.c.id)
_ORGANIZATIONS: Any = select(_ORG.c.id, _ORG.c.name, _ORG.c.slug, _ORG.c.state, _ORG.c.dissolution_date)


@dataclass(frozen=True)
class RuleView:
    """A rule as it was read; its fields are the columns of :class:`samen_oog_oor.models.Rule`."""

    id: uuid.UUID
    version: int
    position: int
    name: str
    explanation: str
    conditions: Mapping[str, Any]
    organization_id: uuid.UUID
    assignee_id: uuid.UUID | None
    priority: str | None
    active: bool
    problem: str
    changed_at: Any

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of conditions that it has."""
        return kinds_of(self.conditions)


@dataclass(frozen=True, slots=True)
class OrganizationView:
    """An organisation that a case can go to."""

    id: uuid.UUID
    name: str
    slug: str
    state: str
    dissolution_date: PartialDate | None

    def exists(self, day: date) -> bool:
        """Whether it is there on this day."""
        return self.state == "active" and (self.dissolution_date is None or self.dissolution_date.last_day >= day)


@dataclass(frozen=True, slots=True)
class Desk:
    """All that decides where a case goes: the rules in their order, the organisations that they name, categories and areas."""

    rules: tuple[RuleView, ...]
    organizations: Mapping[uuid.UUID, OrganizationView]
    city_id: uuid.UUID | None
    categories: CategoryTree
    areas: AreaTree
    made: dict[Any, Any] = field(default_factory=dict, compare=False)
    """What was worked out from it; kept as long as it is."""

    def exists(self, id: uuid.UUID | None, day: date) -> bool:
        """Whether an organisation is there on this day."""
        found = self.organizations.get(id) if id is not None else None
        return found is not None and found.exists(day)

    def around(self, area_id: uuid.UUID | None) -> frozenset[uuid.UUID]:
        """An area, those around it, and those of other years with the same codes."""
        found: dict[uuid.UUID | None, frozenset[uuid.UUID]] = self.made.setdefault("around", {})
        if area_id not in found:
            codes = {row.code for row in self.areas.trail(area_id)}
            found[area_id] = frozenset(row.id for row in self.areas.by_id.values() if row.code in codes)
        return found[area_id]

    def above(self, category_id: uuid.UUID | None) -> tuple[uuid.UUID, ...]:
        """A category and the main one that it is under."""
        found = self.categories.by_id.get(category_id) if category_id is not None else None
        if found is None:
            return ()
        return (found.id,) if found.parent_id is None else (found.id, found.parent_id)


_kept: WeakKeyDictionary[Any, tuple[tuple[Any, ...], tuple[RuleView, ...], dict[uuid.UUID, OrganizationView], AreaTree]] = (
    WeakKeyDictionary()
)


def routing_desk(uow: UnitOfWork, found: str | None = None, tree: CategoryTree | None = None) -> Desk:
    """What decides where a case goes, of this moment: two statements, and four more after something changed.

    With what :data:`STAMP` is now and the categories at hand it is two less.
    """
    slug = city_organization_slug(uow)
    if found is None:
        uow.session.flush()
        found = uow.session.execute(_STAMP, {"slug": slug}).scalar_one()
    now, tree = (slug, found), tree or category_tree(uow)
    kept = _kept.get(uow.platform)
    if kept is None or kept[0] != now:
        rules = tuple(RuleView(**row) for row in uow.session.execute(_RULES).mappings())
        named = {row.id: OrganizationView(*row) for row in uow.session.execute(_ORGANIZATIONS.where(_OWN), {"slug": slug})}
        kept = (now, rules, named, area_tree(uow))
        if not uow.session.info.get(CHANGED):
            _kept[uow.platform] = kept
    city = next((row.id for row in kept[2].values() if slug and row.slug == slug), None)
    return Desk(kept[1], kept[2], city, tree, kept[3])


def organizations_by_id(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, OrganizationView]:
    """These organisations; one statement."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    return {row.id: OrganizationView(*row) for row in uow.session.execute(_ORGANIZATIONS.where(_ORG.c.id.in_(wanted)))}


_FIRST: Any = select(Signal.answers, Signal.text).where(Signal.case_id == bindparam("id")).order_by(Signal.at, Signal.id).limit(1)


def first_signal(uow: UnitOfWork, case_id: uuid.UUID) -> tuple[Mapping[str, Any], str]:
    """The answers and the text of the first signal of a case; empty for a case without one."""
    row = uow.session.execute(_FIRST, {"id": case_id}).first()
    return ({}, "") if row is None else (row.answers, row.text)


def first_signals(uow: UnitOfWork, case_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Mapping[str, Any], str]]:
    """The answers and the text of the first signal of each case; one statement per thousand cases."""
    found: dict[uuid.UUID, tuple[Mapping[str, Any], str]] = {}
    ids = list(case_ids)
    for start in range(0, len(ids), 1000):
        rows = select(Signal.case_id, Signal.answers, Signal.text).where(Signal.case_id.in_(ids[start : start + 1000]))
        for row in uow.session.execute(rows.order_by(Signal.at, Signal.id)):
            found.setdefault(row.case_id, (row.answers, row.text))
    return found


def routes_of(uow: UnitOfWork, case_id: uuid.UUID) -> Sequence[Route]:
    """Where a case went, the first first."""
    return uow.session.execute(select(Route).where(Route.case_id == case_id).order_by(Route.at, Route.id)).scalars().all()


def last_route(uow: UnitOfWork, case_id: uuid.UUID) -> Route | None:
    """Where a case went last."""
    newest = select(Route).where(Route.case_id == case_id).order_by(Route.at.desc(), Route.id.desc()).limit(1)
    return uow.session.execute(newest).scalar_one_or_none()


def recent_cases(uow: UnitOfWork, since: Any, limit: int, *, confidential: bool) -> Sequence[Any]:
    """The cases that came in since then, the newest first; those that were merged are part of another."""
    columns = select(Case.id, Case.number, Case.title, Case.category_id, Case.area_id, Case.type, Case.reported_at, Case.confidential)
    wanted = columns.where(Case.reported_at >= since, Case.merged_into_id.is_(None))
    if not confidential:
        wanted = wanted.where(Case.confidential.is_(False))
    return uow.session.execute(wanted.order_by(Case.reported_at.desc(), Case.id.desc()).limit(limit)).all()

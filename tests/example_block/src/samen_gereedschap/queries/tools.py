"""Tools: the list with its filters, the facts of one, the days on which it is taken."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, select

from citycontent.api import Organization
from samen_core.api import Order, Page, PageRequest, SearchDocument, SortKey, UnitOfWork, count_up_to, fetch_page, fold
from samen_gereedschap.labels import KIND_LABELS
from samen_gereedschap.models import LoanDay, Tool

FACTS: tuple[Any, ...] = (
    Tool.id,
    Tool.version,
    Tool.slug,
    Tool.organization_id,
    Tool.name,
    Tool.kind,
    Tool.description,
    Tool.pickup,
    Tool.deposit,
    Tool.max_days,
    Tool.created_at,
    Tool.sort_name,
    Tool.state,
    Organization.name.label("organization_name"),
    Organization.slug.label("organization_slug"),
    Organization.area_id,
)
"""The columns of a list; first those that REST shows, in its order."""

BY_NAME = Order("gereedschap.name", SortKey(Tool.sort_name), SortKey(Tool.id))
_WITH_ORGANIZATION = select(*FACTS).join(Organization, Organization.id == Tool.organization_id)
_OFFERED = _WITH_ORGANIZATION.where(Tool.state == "offered")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolFilter:
    """Which tools; with ``first_day`` and ``last_day`` those that are free on all days from one to the other."""

    text: str = ""
    kind: str | None = None
    organization_id: uuid.UUID | None = None
    area_ids: tuple[uuid.UUID, ...] | None = None
    first_day: date | None = None
    last_day: date | None = None


def list_tools(uow: UnitOfWork, chosen: ToolFilter, request: PageRequest, *, with_count: bool = True) -> Page[Row[Any]]:
    """A page of the tools that are lent out, by name. Two statements, one without count. Raises Invalid for a wrong cursor."""
    statement = _chosen(chosen)
    page = fetch_page(uow.session, statement, BY_NAME, request)
    return Page(page.items, page.next, page.previous, count_up_to(uow.session, statement)) if with_count else page


def _chosen(chosen: ToolFilter) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [Tool.sort_name.contains(word) for word in fold(chosen.text).split()]
    if chosen.kind is not None:
        conditions.append(Tool.kind == chosen.kind)
    if chosen.organization_id is not None:
        conditions.append(Tool.organization_id == chosen.organization_id)
    if chosen.area_ids is not None:
        conditions.append(Organization.area_id.in_(chosen.area_ids))
    if chosen.first_day is not None and chosen.last_day is not None:
        taken = exists().where(LoanDay.tool_id == Tool.id, LoanDay.day.between(chosen.first_day, chosen.last_day))
        conditions.append(~taken)
    return _OFFERED.where(*conditions)


def tool_by_slug(uow: UnitOfWork, slug: str) -> Row[Any] | None:
    """The facts of a tool, whatever its state. One statement."""
    return uow.session.execute(_WITH_ORGANIZATION.where(Tool.slug == slug)).one_or_none()


def tools_of(uow: UnitOfWork, organization_id: uuid.UUID, limit: int) -> Sequence[Row[Any]]:
    """The first tools of an organisation by name. One statement."""
    return list_tools(uow, ToolFilter(organization_id=organization_id), PageRequest(limit=limit), with_count=False).items


def taken_days(uow: UnitOfWork, tool_id: uuid.UUID, first: date, last: date) -> list[date]:
    """The days from ``first`` to ``last`` on which a tool is taken, in order. One statement."""
    days = select(LoanDay.day).where(LoanDay.tool_id == tool_id, LoanDay.day.between(first, last)).order_by(LoanDay.day)
    return list(uow.session.execute(days).scalars())


def taken_today(uow: UnitOfWork, ids: Iterable[uuid.UUID], today: date) -> set[uuid.UUID]:
    """Which of these tools are taken today. One statement."""
    return set(uow.session.execute(select(LoanDay.tool_id).where(LoanDay.tool_id.in_(list(ids)), LoanDay.day == today)).scalars())


def documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> Iterable[SearchDocument]:
    """What can be found of tools. One statement."""
    rows = uow.session.execute(_OFFERED.where(Tool.id.in_(ids)))
    return [
        SearchDocument(row.id, row.name, body=f"{KIND_LABELS[row.kind].id}\n{row.organization_name}\n{row.description}") for row in rows
    ]

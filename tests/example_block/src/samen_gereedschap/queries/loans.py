"""Loans: those of a borrower, those at a lending desk, what a project has borrowed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select

from citycontent.api import Organization, Project
from samen_core.api import ACCOUNT_ADDRESSES, Order, Page, PageRequest, SortKey, UnitOfWork, fetch_page
from samen_gereedschap.models import OPEN_STATES, WAITING_STATES, Loan, Tool

FACTS: tuple[Any, ...] = (
    Loan.id,
    Loan.version,
    Loan.tool_id,
    Loan.project_id,
    Loan.first_day,
    Loan.last_day,
    Loan.state,
    Loan.requested_at,
    Loan.lent_at,
    Loan.closed_at,
    Loan.reminded_at,
    Loan.name,
    Tool.name.label("tool_name"),
    Tool.organization_id,
)
"""The columns of a list; first those that REST shows, in its order."""

NEWEST = Order("gereedschap.newest", SortKey(Loan.requested_at, descending=True), SortKey(Loan.id, descending=True))
SOONEST = Order("gereedschap.soonest", SortKey(Loan.first_day), SortKey(Loan.id))
LATEST = Order("gereedschap.latest", SortKey(Loan.first_day, descending=True), SortKey(Loan.id, descending=True))
_LOANS = select(*FACTS).join(Tool, Tool.id == Loan.tool_id)
_BY_STATE: tuple[Any, ...] = (Loan.state, func.count())
_NUMBER = select(func.count()).select_from(Loan)

Organizations = frozenset[uuid.UUID] | None
"""The organisations of a lending desk; None is every one."""

TABS: dict[str, tuple[str, ...]] = {
    "requested": ("requested",),
    "agreed": ("agreed",),
    "lent": ("lent",),
    "closed": ("returned", "refused", "cancelled", "lapsed"),
}
"""The tabs of a lending desk with the states that they show."""


def loans_of(uow: UnitOfWork, account_id: uuid.UUID, request: PageRequest) -> Page[Row[Any]]:
    """The loans of an account, newest first. One statement. Raises Invalid for a wrong cursor."""
    return fetch_page(uow.session, _LOANS.where(Loan.account_id == account_id), NEWEST, request)


def desk_loans(uow: UnitOfWork, organizations: Organizations, tab: str, request: PageRequest) -> Page[Row[Any]]:
    """The loans of these organisations in a tab; what starts first in front, closed ones the other way round. One statement."""
    order = LATEST if tab == "closed" else SOONEST
    return fetch_page(uow.session, _at(_LOANS, organizations).where(Loan.state.in_(TABS[tab])), order, request)


def desk_numbers(uow: UnitOfWork, organizations: Organizations) -> dict[str, int]:
    """How many open loans these organisations have in each state. One statement."""
    counted = select(*_BY_STATE).join(Tool, Tool.id == Loan.tool_id)
    rows = uow.session.execute(_at(counted, organizations).where(Loan.state.in_(OPEN_STATES)).group_by(Loan.state)).all()
    return {row[0]: row[1] for row in rows}


def _at(statement: Select[Any], organizations: Organizations) -> Select[Any]:
    return statement if organizations is None else statement.where(Tool.organization_id.in_(organizations))


def waiting_number(uow: UnitOfWork, organizations: Organizations) -> int:
    """How many requests wait for an answer of these organisations. One statement."""
    waiting = _at(_NUMBER.join(Tool, Tool.id == Loan.tool_id), organizations).where(Loan.state == "requested")
    return int(uow.session.execute(waiting).scalar_one())


def open_number(uow: UnitOfWork, account_id: uuid.UUID) -> int:
    """How many requests and loans of an account are open. One statement."""
    return uow.session.execute(_NUMBER.where(Loan.account_id == account_id, Loan.state.in_(OPEN_STATES))).scalar_one()


def open_number_of_tool(uow: UnitOfWork, tool_id: uuid.UUID) -> int:
    """How many requests and loans of a tool are open. One statement."""
    return uow.session.execute(_NUMBER.where(Loan.tool_id == tool_id, Loan.state.in_(OPEN_STATES))).scalar_one()


def borrowed_for(uow: UnitOfWork, project_id: uuid.UUID) -> dict[str, int]:
    """How many tools of each kind were promised or lent to a project. One statement."""
    statement = (
        select(Tool.kind, func.count())
        .join(Loan, Loan.tool_id == Tool.id)
        .where(Loan.project_id == project_id, Loan.state.in_(("agreed", "lent")))
        .group_by(Tool.kind)
    )
    return {row[0]: row[1] for row in uow.session.execute(statement)}


def to_remind(today: date, limit: int) -> Select[Any]:
    """The loans that end tomorrow and nobody was reminded of, with where the mail goes; the loan is locked."""
    account = ACCOUNT_ADDRESSES.c
    return (
        select(Loan, Tool.name.label("tool_name"), Organization.name.label("organization_name"), account.email, account.language)
        .join(Tool, Tool.id == Loan.tool_id)
        .join(Organization, Organization.id == Tool.organization_id)
        .join(ACCOUNT_ADDRESSES, account.id == Loan.account_id)
        .where(Loan.state == "lent", Loan.last_day == today + timedelta(days=1), Loan.reminded_at.is_(None))
        .order_by(Loan.id)
        .limit(limit)
        .with_for_update(of=Loan)
    )


def to_lapse(today: date, limit: int) -> Select[uuid.UUID, uuid.UUID]:
    """Loans that no one will close after their last day, each with its tool: never handed over, or out while who lent it is gone.

    A tool with an open loan is out of the list only when its organisation is gone.
    """
    return (
        select(Loan.id, Loan.tool_id)
        .join(Tool, Tool.id == Loan.tool_id)
        .where(Loan.last_day < today, or_(Loan.state.in_(WAITING_STATES), and_(Loan.state == "lent", Tool.state == "withdrawn")))
        .order_by(Loan.tool_id, Loan.id)
        .limit(limit)
    )


def project_names(uow: UnitOfWork, ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """The names of these projects. One statement."""
    wanted = {id for id in ids if id}
    if not wanted:
        return {}
    return {row.id: row.name for row in uow.session.execute(select(Project.id, Project.name).where(Project.id.in_(wanted)))}

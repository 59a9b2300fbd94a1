"""The tables of a facilitator."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, exists, or_, select

from samen_core.api import Order, Page, PageRequest, SortKey, UnitOfWork, fetch_page
from samen_samenspreker.models import Question, Seat
from samen_samenspreker.permissions import FACILITATE

_Q = Question.__table__.c
ORDER = Order("desk", SortKey(_Q.step_since), SortKey(_Q.id))
_COLUMNS = (
    _Q.id,
    _Q.version,
    _Q.slug,
    _Q.title,
    _Q.state,
    _Q.reason,
    _Q.why_now,
    _Q.area_id,
    _Q.sectors,
    _Q.step,
    _Q.step_since,
    _Q.cycle,
    _Q.council_informed_at,
)
_RUNNING = select(*_COLUMNS).where(_Q.state == "accepted", _Q.step != "closed")


def facilitated_tables(uow: UnitOfWork, request: PageRequest, *, own: bool) -> Page[Row[Any]]:
    """The running tables that the actor may facilitate, longest in their step first, with what gates look at. One statement.

    ``own`` leaves out those of a colleague: that the actor only may facilitate because of a role in the whole city, and at which
    somebody else has the seat of the facilitator.
    """
    statement = FACILITATE.narrow(uow.actor, _RUNNING, _Q.id)
    if own:
        scopes = [grant.scope for grant in uow.actor.grants if grant.scope is not None and grant.role in FACILITATE.roles]
        seated = exists().where(Seat.question_id == _Q.id, Seat.role == "facilitator", Seat.state == "accepted")
        statement = statement.where(or_(_Q.id.in_(scopes), seated.where(Seat.account_id == uow.actor.account_id), ~seated))
    return fetch_page(uow.session, statement, ORDER, request)

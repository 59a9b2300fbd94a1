"""Cases as GeoReport v2 shows them: rows of statements, of nothing but what everybody may know of."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Any

from sqlalchemy import Integer, String, and_, bindparam, case, func, select, type_coerce

from citycontent.api import Address, Organization
from samen_core.api import File, UnitOfWork
from samen_oog_oor.georeport import Asked
from samen_oog_oor.models import Case, Signal, TakenOver, Update
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.queries.categories import STAMP, CategoryTree, category_tree
from samen_oog_oor.queries.public import PLACED, POINT, READABLE

METRES_IN_DEGREE = 111_320.0
_CLOSED = tuple(sorted(CLOSED))
_CASE: Any = Case.__table__.c
_ORGANIZATION: Any = Organization.__table__.c
_ADDRESS: Any = Address.__table__.c
_UPDATE: Any = Update.__table__.c
_SIGNAL: Any = Signal.__table__.c
_FILE: Any = File.__table__.c
_TAKEN: Any = TakenOver.__table__.c


def _stored(column: Any) -> Any:
    """A key or a moment as the database gives it, as its own kind or as text: to make one of each costs more than to read it."""
    return type_coerce(column, String)


_CLEARED: Any = and_(_CASE.address != "", _CASE.public_place == _CASE.address)
"""The address itself may be known, and with it its number and postcode."""
# The state is hidden from the planner of SQLite, which would read every file that is in use for the few of a case.
_CLEARED_PICTURE: Any = and_(_FILE.public, func.coalesce(_FILE.state, "") == "active", _FILE.kind == "picture")
_PICTURE: Any = (
    select(_FILE.id)
    .where(_FILE.owner_id == _CASE.id, _CLEARED_PICTURE)
    .order_by(_FILE.id)
    .limit(1)
    .correlate(Case.__table__)
    .scalar_subquery()
)
_CHANGED: Any = case((_CASE.state.in_(_CLOSED), func.coalesce(_CASE.closed_at, _CASE.changed_at)), else_=_CASE.changed_at)
"""When what is told of a case changed last: an end is told as of when it came."""
_ROWS: Any = (
    select(
        _CASE.number,
        _CASE.state,
        _CASE.answer,
        _stored(_CASE.category_id).label("category"),
        _CASE.public_text,
        _CASE.publication,
        _stored(_CASE.reported_at).label("reported_at"),
        _stored(_CHANGED).label("changed_at"),
        _CASE.promised_on,
        _CASE.public_place,
        case((_CLEARED, _CASE.address_id), else_="").label("address_id"),
        case((_CLEARED, _ADDRESS.postcode)).label("postcode"),
        *POINT,
        _ORGANIZATION.name.label("agency"),
        _TAKEN.public.label("taken_over"),
        case((_CASE.publication == "full", _PICTURE)).label("picture"),
        _CASE.signals,
        _CASE.supports,
        _stored(_CASE.id).label("key"),
        STAMP.label("stamp"),
    )
    .select_from(
        Case.__table__.outerjoin(Organization.__table__, _ORGANIZATION.id == _CASE.organization_id)
        .outerjoin(Address.__table__, _ADDRESS.bag_num == _CASE.address_id)
        .outerjoin(TakenOver.__table__, _TAKEN.case_id == _CASE.id)
    )
    .where(PLACED)
)
"""Of every case that stands on the map, in the order in which :mod:`samen_oog_oor.services.open311_lists` takes it."""
_LATEST: Any = _ROWS.order_by(_CASE.reported_at.desc(), _CASE.id.desc())
_PAGE: Any = (
    _LATEST.where(_CASE.reported_at >= bindparam("since")).limit(bindparam("size", type_=Integer)).offset(bindparam("skip", type_=Integer))
)
"""What is asked for most, a page of what was reported since some moment, built once."""
_PICTURES: Any = (
    select(_FILE.owner_id, _FILE.id).where(_FILE.owner_id.in_(bindparam("ids", expanding=True)), _CLEARED_PICTURE).order_by(_FILE.id.desc())
)


def request_rows(uow: UnitOfWork, asked: Asked) -> tuple[CategoryTree, Sequence[Any]]:
    """The categories, and the cases that were asked for, newest first. One statement, two by category or when there are none."""
    skip = (asked.page - 1) * asked.page_size
    tree = category_tree(uow) if asked.codes is not None else None
    if asked == Asked(since=asked.since, page=asked.page, page_size=asked.page_size, extensions=asked.extensions) and asked.since:
        values = {"since": asked.since, "size": asked.page_size, "skip": skip}
        rows = uow.session.connection().execute(_PAGE, values).all()
    else:
        statement = _LATEST.limit(asked.page_size).offset(skip).where(*_conditions(asked, tree))
        rows = uow.session.connection().execute(statement).all()
    return category_tree(uow, rows[0].stamp if rows else None), rows


def _conditions(asked: Asked, tree: CategoryTree | None) -> list[Any]:
    if asked.numbers:
        return [_CASE.number.in_(asked.numbers)]
    found = []
    if asked.codes is not None and tree is not None:
        found.append(_CASE.category_id.in_([tree.by_code[code].id for code in asked.codes if code in tree.by_code]))
    if asked.statuses is not None and len(asked.statuses) == 1:
        found.append(_CASE.state.in_(_CLOSED) if "closed" in asked.statuses else _CASE.state.not_in(_CLOSED))
    bounds = ((_CASE.reported_at, asked.since, asked.until), (_CHANGED, asked.updated_since, asked.updated_until))
    for column, since, until in bounds:
        found += [column >= since] if since else []
        found += [column < until] if until else []
    if asked.box is not None:
        west, south, east, north = asked.box
        found += [_CASE.public_lat.between(south, north), _CASE.public_lon.between(west, east)]
    if asked.around is not None:
        found += _within(*asked.around)
    return found


def _within(lat: float, lon: float, metres: float) -> list[Any]:
    """Conditions on a distance, as on flat ground: good to a metre or so within a city. The first use the index."""
    up = metres / METRES_IN_DEGREE
    wide = METRES_IN_DEGREE * max(cos(radians(lat)), 1e-6)
    north = (_CASE.public_lat - lat) * METRES_IN_DEGREE
    east = (_CASE.public_lon - lon) * wide
    return [_CASE.public_lat.between(lat - up, lat + up), north * north + east * east <= metres * metres]


def first_answers(uow: UnitOfWork, ids: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """What was answered with the first signal of each case that counts. One statement."""
    counts = (_SIGNAL.case_id.in_(ids), _SIGNAL.confirmed_at.is_not(None), _SIGNAL.withdrawn_at.is_(None))
    statement = select(_SIGNAL.case_id, _SIGNAL.answers).where(*counts).order_by(_SIGNAL.at, _SIGNAL.id)
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for row in uow.session.connection().execute(statement):
        found.setdefault(row.case_id, row.answers or {})
    return found


def shown_pictures(uow: UnitOfWork, ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The absolute address of the first picture that was cleared for everybody, by case, of these that have a page. One statement."""
    if not ids:
        return {}
    base = uow.platform.config.web.base_url.rstrip("/")
    return {row.owner_id: f"{base}/files/{row.id}" for row in uow.session.connection().execute(_PICTURES, {"ids": ids})}


def note_rows(uow: UnitOfWork, ids: list[uuid.UUID]) -> Sequence[Any]:
    """What was told to everybody of these cases, oldest first. One statement."""
    statement = select(_UPDATE.case_id, _UPDATE.at, _UPDATE.state, _UPDATE.text).where(_UPDATE.case_id.in_(ids), _UPDATE.public)
    return uow.session.connection().execute(statement.order_by(_UPDATE.at, _UPDATE.id)).all()


@dataclass(frozen=True, slots=True)
class UpdatesAsked:
    """Which messages somebody asks for: of these requests (of all when there are none), in this period."""

    since: datetime
    until: datetime
    numbers: tuple[str, ...] = ()


def update_rows(uow: UnitOfWork, asked: UpdatesAsked, most: int) -> Sequence[Any]:
    """What was told to everybody of cases that have a page of their own, oldest first. One statement."""
    statement: Any = (
        select(_UPDATE.id, _CASE.number, _UPDATE.at, _UPDATE.state, _UPDATE.text)
        .select_from(Update.__table__.join(Case.__table__, _CASE.id == _UPDATE.case_id))
        .where(READABLE, _UPDATE.public, _UPDATE.at >= asked.since, _UPDATE.at < asked.until)
        .order_by(_UPDATE.at, _UPDATE.id)
        .limit(most)
    )
    if asked.numbers:
        statement = statement.where(_CASE.number.in_(asked.numbers))
    return uow.session.connection().execute(statement).all()

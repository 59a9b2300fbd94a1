"""Numbers by day over REST: what was reported, how long it took and what reporters thought of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import FormSchema, Invalid, UnitOfWork, _
from samen_core.rest.api import current_uow, reply
from samen_oog_oor.models.base import CHANNELS, CLOSED, TYPES
from samen_oog_oor.queries import statistics
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.statistics import MOST_DAYS, Period
from samen_oog_oor.rest.common import in_time, rest
from samen_oog_oor.working_days import today

DAYS = 30
"""The last so many days, when no period is asked for."""


class PeriodSchema(FormSchema):
    """Which days; both count."""

    first = fields.Date(
        data_key="from",
        load_default=None,
        validate=in_time,
        metadata={"description": "The first day; 29 days before the last, unless said."},
    )
    last = fields.Date(
        data_key="until",
        load_default=None,
        validate=in_time,
        metadata={"description": f"The last day: today, unless said. {MOST_DAYS} at most."},
    )


class _DaySchema(Schema):
    day = fields.Date(required=True)
    category_id = fields.UUID(required=True)
    category = fields.String(required=True, metadata={"description": "The code of the category."})
    area_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "A neighbourhood of the city; null where it is not known."}
    )


class ReportedSchema(_DaySchema):
    """Signals of one kind on one day."""

    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    signals = fields.Integer(required=True)
    cases = fields.Integer(required=True, metadata={"description": "How many of them brought a new case."})


class ClosedSchema(_DaySchema):
    """Cases that were closed on one day."""

    organization_id = fields.UUID(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(tuple(sorted(CLOSED))))
    cases = fields.Integer(required=True)
    days = fields.Integer(required=True, metadata={"description": "Days from report to end, of all these cases together."})
    longest = fields.Integer(required=True, metadata={"description": "The most days that one of them took."})
    in_time = fields.Integer(required=True, metadata={"description": "Closed by the day that reporters were promised."})
    late = fields.Integer(required=True)


class JudgedSchema(_DaySchema):
    """What reporters said on one day of how cases were closed."""

    organization_id = fields.UUID(required=True, allow_none=True)
    content = fields.Integer(required=True)
    not_content = fields.Integer(required=True)
    asked_reopening = fields.Integer(required=True)


def period_of(uow: UnitOfWork, first: date | None, last: date | None) -> Period:
    """The period that is asked for. Raises Invalid for one that ends before it begins or is too long."""
    until = last or today(uow)
    since = first or until - timedelta(days=DAYS - 1)
    if since > until:
        raise Invalid({"from": [_("De eerste dag ligt na de laatste dag.")]})
    if (until - since).days >= MOST_DAYS:
        raise Invalid({"from": [_("Vraag hoogstens {n} dagen tegelijk.", n=MOST_DAYS)]})
    return Period(since, until)


def _answer(question: Callable[[UnitOfWork, Period], Iterable[Any]], asked: dict[str, Any]) -> Response:
    uow = current_uow()
    period = period_of(uow, asked["first"], asked["last"])
    codes = {id: category.code for id, category in category_tree(uow).by_id.items()}
    rows = [{**_values(row), "category": codes.get(row.category_id, "")} for row in question(uow, period)]
    return reply(rows)


def _values(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).__slots__}


@rest.route("/statistics/signals", public=True)
@rest.arguments(PeriodSchema, location="query")
@rest.response(200, ReportedSchema(many=True))
def reported_statistics(asked: dict[str, Any]) -> Response:
    """Signals by day, category, neighbourhood, channel and type; nothing that is confidential."""
    return _answer(statistics.reported, asked)


@rest.route("/statistics/closed", public=True)
@rest.arguments(PeriodSchema, location="query")
@rest.response(200, ClosedSchema(many=True))
def closed_statistics(asked: dict[str, Any]) -> Response:
    """Closed cases by day, category, neighbourhood, organisation and end, with how long they took."""
    return _answer(statistics.closed, asked)


@rest.route("/statistics/verdicts", public=True)
@rest.arguments(PeriodSchema, location="query")
@rest.response(200, JudgedSchema(many=True))
def judged_statistics(asked: dict[str, Any]) -> Response:
    """What reporters thought of how cases were closed, by day, category, neighbourhood and organisation."""
    return _answer(statistics.judged, asked)

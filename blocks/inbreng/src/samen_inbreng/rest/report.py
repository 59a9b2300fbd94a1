"""The report and the counts over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from citycontent.api import SECTORS, area_tree
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_uow, reply, reply_page
from samen_inbreng.models import CHANNELS, OUTCOMES
from samen_inbreng.queries.answers import activities_of, counts
from samen_inbreng.queries.report import ReportFilter, ReportRow, report_page
from samen_inbreng.rest.common import rest
from samen_inbreng.rest.themes import ThemeOfContributionSchema, seen


class ReportRowSchema(Schema):
    """A contribution with what became of it."""

    id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    activity_id = fields.UUID(required=True)
    text = fields.String(required=True, metadata={"description": "What was said, with the answers to the questions of the activity."})
    author = fields.String(required=True, metadata={"description": "Empty for an anonymous one."})
    organization = fields.String(required=True, metadata={"description": "On whose behalf; empty for oneself."})
    sector = fields.String(required=True, validate=validate.OneOf(SECTORS))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    area_id = fields.UUID(allow_none=True)
    received_on = fields.Date(required=True)
    themes = fields.List(fields.Nested(ThemeOfContributionSchema), required=True)
    outcome = fields.String(allow_none=True, validate=validate.OneOf(OUTCOMES))
    reason = fields.String(required=True)
    answered_at = MomentField(allow_none=True)


class CountsSchema(Schema):
    """How many published contributions there are, without replies."""

    total = fields.Integer(required=True)
    unanswered = fields.Integer(required=True)
    sector = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    channel = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    area = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True, metadata={"description": "By area id."})
    outcome = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class ReportArgumentsSchema(PageArgumentsSchema):
    """Which contributions of the report."""

    theme_id = fields.UUID(data_key="themeId", load_default=None)
    outcome = fields.String(load_default=None, validate=validate.OneOf((*OUTCOMES, "none")), metadata={"description": "`none`: waits."})
    sector = fields.String(load_default=None, validate=validate.OneOf(SECTORS))
    channel = fields.String(load_default=None, validate=validate.OneOf(CHANNELS))
    area_id = fields.UUID(data_key="areaId", load_default=None, metadata={"description": "An area with everything in it."})
    activity_id = fields.UUID(data_key="activityId", load_default=None)


@rest.route("/subjects/<uuid:id>/report", public=True)
@rest.arguments(ReportArgumentsSchema, location="query")
@rest.listing(ReportRowSchema)
def list_report(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """What people said on a subject and what became of it: per theme in order, then what has none."""
    uow = current_uow()
    seen(uow, id)
    filter = ReportFilter(
        theme=arguments["theme_id"],
        outcome="" if arguments["outcome"] == "none" else arguments["outcome"],
        sector=arguments["sector"],
        channel=arguments["channel"],
        area_ids=area_tree(uow).within(arguments["area_id"]) if arguments["area_id"] else None,
        activity_ids=(arguments["activity_id"],) if arguments["activity_id"] else None,
    )
    page = report_page(uow, id, filter, arguments["page"], with_count=False)
    return reply_page(page, [_json(row) for row in page.items], arguments["page"])


@rest.route("/subjects/<uuid:id>/counts", public=True)
@rest.response(200, CountsSchema)
def get_counts(id: uuid.UUID) -> Response:
    """How many contributions a subject has, per sector, channel, area and outcome."""
    uow = current_uow()
    seen(uow, id)
    found = counts(uow, activities_of(uow, id))
    waiting = found["outcome"].pop("", 0)
    total = sum(found.pop("total").values())
    return reply({"total": total, "unanswered": waiting, **found})


def _json(row: ReportRow) -> dict[str, Any]:
    names = ("id", "number", "activity_id", "text", "author", "organization", "sector", "channel", "area_id", "received_on")
    return {
        **{name: getattr(row, name) for name in names},
        "themes": [{"id": id, "title": title} for id, title in row.themes],
        "outcome": row.outcome.outcome if row.outcome else None,
        "reason": row.outcome.reason if row.outcome else "",
        "answered_at": row.outcome.at if row.outcome else None,
    }

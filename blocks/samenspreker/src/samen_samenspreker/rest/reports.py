"""Final reports over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from citycontent.api import SECTORS
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_uow, reply, reply_page
from samen_inbreng.api import CHANNELS, OUTCOMES
from samen_samenspreker.models import FinalReport, ReportDraft
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.queries.reports import AnyRow, Entry, activities_of_report, entries_page, report_draft, reports_of
from samen_samenspreker.rest.common import rest
from samen_samenspreker.schemas.reports import PublishReport, PublishReportSchema, SaveReport, SaveReportSchema
from samen_samenspreker.services.common import get_question, require_facilitator
from samen_samenspreker.services.reports import draft_values, get_report, missing_for_report, publish_report, save_report

API = "/api/v1/samenspreker"
_FACTS = ("id", "question_id", "cycle", "number", "deviations", "file_id", "published_at")
_ROW = (
    "position",
    "contribution_id",
    "activity_id",
    "number",
    "reply_to",
    "theme",
    "also",
    "sector",
    "channel",
    "outcome",
    "response",
    "state",
    "text",
)


class PartTextsSchema(Schema):
    """How a part of the process proposal went."""

    went = fields.String(required=True)
    deviation = fields.String(required=True)


def _texts() -> fields.Dict:
    return fields.Dict(
        fields.String(validate=validate.OneOf("ABCDEF")),
        fields.Nested(PartTextsSchema),
        required=True,
        metadata={"description": "Part A of the report: how each part of the proposal went."},
    )


class ReportItemSchema(Schema):
    """A final report, frozen."""

    id = fields.UUID(required=True)
    question_id = fields.UUID(required=True)
    cycle = fields.Integer(required=True)
    number = fields.Integer(required=True, metadata={"description": "The version as people count it, from 1."})
    deviations = _texts()
    file_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The PDF: /files/{id}; null while it is being made."})
    published_at = MomentField(required=True)


class ReportSchema(ReportItemSchema):
    """A final report with what was frozen: proposal, rounds, evaluation, decision and counts. Its rows are a list of their own."""

    parts = fields.Dict(required=True)


class ReportDraftSchema(Schema):
    """The texts of part A that are being written, and what the report still lacks."""

    question_id = fields.UUID(required=True)
    version = fields.Integer(required=True, allow_none=True)
    deviations = _texts()
    missing = fields.List(fields.String(), required=True)


class ReportRowSchema(Schema):
    """A contribution in part B with the response to it. `text` is null when it was taken back or hidden since."""

    position = fields.Integer(required=True)
    contribution_id = fields.UUID(required=True)
    activity_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    reply_to = fields.Integer(required=True, allow_none=True, metadata={"description": "The number of the contribution it replies to."})
    theme = fields.String(required=True)
    also = fields.String(required=True, metadata={"description": "The other themes it is in."})
    sector = fields.String(required=True, validate=validate.OneOf(SECTORS))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    outcome = fields.String(required=True, validate=validate.OneOf(("", *OUTCOMES)))
    response = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("published", "withdrawn", "hidden")))
    text = fields.String(required=True, allow_none=True)


def _represent(report: FinalReport | AnyRow) -> dict[str, Any]:
    return {name: getattr(report, name) for name in _FACTS}


def _row(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _ROW}


def _draft(id: uuid.UUID, draft: ReportDraft | None) -> dict[str, Any]:
    uow = current_uow()
    lacking = missing_for_report(uow, get_question(uow, id), draft)
    texts = draft_values(draft)["deviations"] if draft else {}
    return {
        "question_id": id,
        "version": draft.version if draft else None,
        "deviations": texts,
        "missing": [str(item.text) for item in lacking],
    }


@rest.route("/questions/<uuid:id>/reports", public=True)
@rest.response(200, ReportItemSchema(many=True))
def list_reports(id: uuid.UUID) -> Response:
    """The final reports of a table, the newest first."""
    uow = current_uow()
    get_question(uow, id)
    return reply([_represent(row) for row in reports_of(uow, id)])


@rest.route("/reports/<uuid:id>", public=True)
@rest.response(200, ReportSchema)
def one_report(id: uuid.UUID) -> Response:
    """One final report as it was frozen."""
    _question, row = get_report(current_uow(), id)
    return reply({**_represent(row), "parts": row.parts})


@rest.route("/reports/<uuid:id>/rows", public=True)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(ReportRowSchema)
def list_report_rows(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """Part B of a final report in order: every contribution with the response to it, without names."""
    uow = current_uow()
    question, _report = get_report(uow, id)
    page = entries_page(uow, id, arguments["page"], activities_of_report(uow, question.id))
    return reply_page(page, [_row(entry) for entry in page.items], arguments["page"])


@rest.route("/questions/<uuid:id>/report-draft", permission=FACILITATE)
@rest.response(200, ReportDraftSchema)
def one_report_draft(id: uuid.UUID) -> Response:
    """The texts of part A that are being written, and what the report still lacks."""
    uow = current_uow()
    require_facilitator(uow, get_question(uow, id))
    draft = report_draft(uow, id)
    return reply(_draft(id, draft), version=draft.version if draft else None)


@rest.route("/questions/<uuid:id>/report-draft", methods=["PUT"], permission=FACILITATE)
@rest.arguments(SaveReportSchema)
@rest.response(200, ReportDraftSchema)
def replace_report_draft(command: SaveReport, id: uuid.UUID) -> Response:
    """Write the texts of part A: without `version` the first time, then with the one that was read."""
    made = save_report(current_uow(), id, command)
    return reply(_draft(id, made), version=made.version)


@rest.route("/questions/<uuid:id>/reports", methods=["POST"], permission=FACILITATE)
@rest.arguments(PublishReportSchema)
@rest.response(201, ReportItemSchema)
def create_report(command: PublishReport, id: uuid.UUID) -> Response:
    """Freeze the report whose draft was read at `version`. 400 names everything that is missing."""
    made = publish_report(current_uow(), id, command)
    return reply(_represent(made), 201, location=f"{API}/reports/{made.id}")

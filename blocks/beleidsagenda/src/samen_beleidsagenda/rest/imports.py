"""Importing over REST: a file is sent for a list, answered with what it would change, and taken over when that is asked."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_beleidsagenda.exchange.receiving import receive
from samen_beleidsagenda.models import CHOICES, FORMATS, OUTCOMES, RUN_STATES, UNDO, ImportRun
from samen_beleidsagenda.permissions import IMPORT
from samen_beleidsagenda.queries.imports import list_lists, list_rows, message_of
from samen_beleidsagenda.rest.common import API, rest
from samen_beleidsagenda.schemas.import_plan import PLAN_KINDS
from samen_beleidsagenda.services.imports.apply import Apply, apply_run, get_run
from samen_beleidsagenda.services.imports.lists import get_list
from samen_beleidsagenda.services.imports.undo import undo_run
from samen_core.api import FormSchema, Invalid, WholeNumber, _
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_platform, current_uow, reply, reply_page


class ImportListSchema(Schema):
    """A list that is imported again and again. Its columns are chosen on its page."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    format = fields.String(required=True, validate=validate.OneOf(FORMATS))
    body_id = fields.UUID(required=True, allow_none=True)
    imported_at = MomentField(required=True, allow_none=True)


class SendFileSchema(FormSchema):
    """A file, as ``multipart/form-data``."""

    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary", "description": "xlsx or CSV, or JSON (also gzip)."})
    sheet = fields.String(load_default="", validate=validate.Length(max=100), metadata={"description": "The sheet, when not the first."})


class ImportFileSchema(Schema):
    """A file that was read: how far it is, and how many rows have which outcome."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    list_id = fields.UUID(required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(RUN_STATES),
        metadata={"description": "`mapping`: somebody has to choose the columns first; `applying`: it goes on in the background."},
    )
    file_name = fields.String(required=True)
    rows = fields.Integer(required=True)
    done = fields.Integer(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    message = fields.String(required=True)
    at = MomentField(required=True)
    applied_at = MomentField(required=True, allow_none=True)
    undone_at = MomentField(required=True, allow_none=True)


class ImportRowSchema(Schema):
    """What one thing of a file does here."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(("", *PLAN_KINDS)))
    key = fields.String(required=True, metadata={"description": "What identifies it in the file."})
    line = fields.Integer(required=True, metadata={"description": "The row of the sheet, from 1; 0 elsewhere."})
    title = fields.String(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    changes = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Raw(allow_none=True)),
        required=True,
        metadata={"description": "By field: what stands here, what the file says, and whether both changed."},
    )
    message = fields.String(required=True)
    choice = fields.String(required=True, validate=validate.OneOf(("", *CHOICES)))
    done = fields.Boolean(required=True)
    undo = fields.String(
        required=True,
        validate=validate.OneOf(("", *UNDO)),
        metadata={"description": "`open`: what it did can be taken back; `undone`; `kept`: it stays, `message` says why."},
    )


class RowArgumentsSchema(PageArgumentsSchema):
    """Which rows."""

    outcome = fields.String(load_default=None, validate=validate.OneOf(OUTCOMES))


class ApplyFileSchema(FormSchema):
    """Take a file over."""

    version = WholeNumber(required=True, validate=validate.Range(0, 2**31 - 1))
    choices = fields.Dict(
        keys=fields.Integer(validate=validate.Range(1, 10_000_000)),
        values=fields.String(validate=validate.OneOf(CHOICES)),
        load_default=dict,
        metadata={"description": "By number of the row: `take` or `keep`, where it is not the usual (`keep` of a conflict, else `take`)."},
    )


class UndoFileSchema(FormSchema):
    """Take back what a file did."""

    version = WholeNumber(required=True, validate=validate.Range(0, 2**31 - 1))


_FILE = ImportFileSchema()


def _answer(run: ImportRun, status: int = 200) -> Response:
    current_uow().session.flush()
    location = f"{API}/import-files/{run.id}" if status == 201 else ""
    return reply(_FILE.dump(run), status, version=run.version, location=location)


@rest.route("/import-lists", permission=IMPORT)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(ImportListSchema)
def list_import_lists(arguments: dict[str, Any]) -> Response:
    """The lists that one may import, by name."""
    page = list_lists(current_uow(), arguments["page"])
    return reply_page(page, ImportListSchema(many=True).dump(page.items), arguments["page"])


@rest.route("/import-lists/<uuid:id>/files", methods=["POST"], permission=IMPORT)
@rest.arguments(SendFileSchema, location="files")
@rest.response(201, ImportFileSchema)
def send_import_file(upload: dict[str, Any], id: uuid.UUID) -> Response:
    """Read a file for a list. Nothing changes yet: the rows tell what would."""
    uow = current_uow()
    of = get_list(uow, id)
    if not hasattr(upload["file"], "stream"):
        raise Invalid({"file": [_("Kies een bestand.")]})
    content = upload["file"].stream.read(current_platform().config.limits.upload_bytes + 1)
    return _answer(receive(uow, of, content, upload["file"].filename or "", upload["sheet"]), 201)


@rest.route("/import-files/<uuid:id>", permission=IMPORT)
@rest.response(200, ImportFileSchema)
def one_import_file(id: uuid.UUID) -> Response:
    """A file that was read, and how far it is."""
    return _answer(get_run(current_uow(), id))


@rest.route("/import-files/<uuid:id>/rows", permission=IMPORT)
@rest.arguments(RowArgumentsSchema, location="query")
@rest.listing(ImportRowSchema)
def list_import_rows(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """What each row of a file does, in the order in which it is done. Rows are kept for 30 days."""
    uow = current_uow()
    get_run(uow, id)
    page = list_rows(uow, id, arguments["outcome"], arguments["page"])
    names = ("number", "kind", "key", "line", "title", "outcome", "changes", "choice", "done", "undo")
    told = [{**{name: getattr(row, name) for name in names}, "message": str(message_of(row) or "")} for row in page.items]
    return reply_page(page, told, arguments["page"])


@rest.route("/import-files/<uuid:id>/apply", methods=["POST"], permission=IMPORT)
@rest.arguments(ApplyFileSchema)
@rest.response(200, ImportFileSchema)
def apply_import_file(body: dict[str, Any], id: uuid.UUID) -> Response:
    """Take a file over; a long one goes on in the background."""
    return _answer(apply_run(current_uow(), id, Apply(version=body["version"], choices=body["choices"])))


@rest.route("/import-files/<uuid:id>/undo", methods=["POST"], permission=IMPORT)
@rest.arguments(UndoFileSchema)
@rest.response(200, ImportFileSchema)
def undo_import_file(body: dict[str, Any], id: uuid.UUID) -> Response:
    """Take back what a file did, within 30 days; what was changed since stays. A long one goes on in the background."""
    return _answer(undo_run(current_uow(), id, body["version"]))

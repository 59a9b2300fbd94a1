"""The resource."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, post_load, validate
from sqlalchemy import select

from samen_core.forms import FormSchema
from samen_core.pagination import Order, SortKey, fetch_page
from samen_core.rest.resource import RestBlueprint
from samen_core.rest.responses import RowWriter, reply, reply_page
from samen_core.rest.schemas import MomentField, PageArgumentsSchema
from samen_core.web.context import current_uow
from tests.rest.notes.models import Note
from tests.rest.notes.services import WRITE, EditNote, NewNote, create_note, get_note, update_note

rest = RestBlueprint("notes", __name__, description="Notes.")


class NoteSchema(Schema):
    """A note."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    stars = fields.Integer(required=True)
    written_at = MomentField(required=True)


class NewNoteSchema(FormSchema):
    """A new note."""

    title = fields.String(required=True, validate=validate.Length(1, 50))
    stars = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 5))

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> NewNote | EditNote:
        return EditNote(**data) if "version" in data else NewNote(**data)


class EditNoteSchema(NewNoteSchema):
    """A changed note."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(1))


class NoteArgumentsSchema(PageArgumentsSchema):
    """Filters."""

    min_stars = fields.Integer(data_key="minStars", load_default=0, validate=validate.Range(0, 5))


ORDER = Order("note.new", SortKey(Note.stars, descending=True), SortKey(Note.written_at, descending=True), SortKey(Note.id))
LIST = select(Note.id, Note.version, Note.title, Note.stars, Note.written_at)
WRITER = RowWriter(NoteSchema, "id", "version", "title", "stars", "written_at")
SCHEMA = NoteSchema()


@rest.route("/notes", public=True)
@rest.arguments(NoteArgumentsSchema, location="query")
@rest.listing(NoteSchema)
def list_notes(arguments: dict[str, Any]) -> Response:
    """Notes, most stars first."""
    page = fetch_page(current_uow().session, LIST.where(Note.stars >= arguments["min_stars"]), ORDER, arguments["page"])
    return reply_page(page, WRITER.write(page.items), arguments["page"])


@rest.route("/notes", methods=["POST"], permission=WRITE)
@rest.arguments(NewNoteSchema)
@rest.response(201, NoteSchema)
def create(command: NewNote) -> Response:
    """Write a note."""
    note = create_note(current_uow(), command)
    return reply(SCHEMA.dump(note), 201, version=note.version, location=f"/api/v1/notes/notes/{note.id}")


@rest.route("/notes/<uuid:id>", public=True)
@rest.response(200, NoteSchema)
def get(id: uuid.UUID) -> Response:
    """One note."""
    note = get_note(current_uow(), id)
    return reply(SCHEMA.dump(note), version=note.version)


@rest.route("/notes/<uuid:id>", methods=["PUT"], permission=WRITE)
@rest.arguments(EditNoteSchema)
@rest.response(200, NoteSchema)
def update(command: EditNote, id: uuid.UUID) -> Response:
    """Change a note."""
    note = update_note(current_uow(), id, command)
    return reply(SCHEMA.dump(note), version=note.version)


@rest.route("/breakdowns", public=True)
@rest.response(200)
def break_down() -> Response:
    """Fail as no programmer meant it."""
    raise RuntimeError("secret of the inside")

"""What stands on a case over REST: messages, notes, tasks, questions, verdicts and why it went where it is."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from samen_core.api import NotFound
from samen_core.rest.api import MomentField, current_uow, reply
from samen_oog_oor.models import TASK_STATES, CaseTask, Inquiry, Note, Route, Update, Verdict
from samen_oog_oor.models.base import STATES
from samen_oog_oor.permissions import HANDLE
from samen_oog_oor.rest.common import API, rest, staff_case, visible_case
from samen_oog_oor.schemas.inquiries import AskReporter, AskReporterSchema, AskThirdParty, AskThirdPartySchema
from samen_oog_oor.schemas.merging import AddTask, AddTaskSchema, ChangeTask, ChangeTaskSchema, EndTask, EndTaskSchema
from samen_oog_oor.schemas.work import WriteNote, WriteNoteSchema, WriteUpdate, WriteUpdateSchema
from samen_oog_oor.services import desk, inquiries, tasks

MOST = 200
"""So many of each are told; a case rarely has more than ten."""


class UpdateSchema(Schema):
    """Something that was told of a case."""

    id = fields.UUID(required=True)
    at = MomentField(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    text = fields.String(required=True)
    public = fields.Boolean(required=True)
    source = fields.String(required=True, allow_none=True, metadata={"description": "The other server that told it."})
    source_id = fields.String(required=True, allow_none=True)


class RouteSchema(Schema):
    """Why a case went to an organisation."""

    id = fields.UUID(required=True)
    at = MomentField(required=True)
    why = fields.String(required=True, metadata={"description": "`rule`, `category`, `city`, `nobody`, `hand` or `wrong_desk`."})
    rule_id = fields.UUID(required=True, allow_none=True, metadata={"description": "For who works at the case."})
    organization_id = fields.UUID(required=True, allow_none=True)
    from_organization_id = fields.UUID(required=True, allow_none=True)
    explanation = fields.String(required=True)


class NoteSchema(Schema):
    """A note of staff."""

    id = fields.UUID(required=True)
    at = MomentField(required=True)
    text = fields.String(required=True)
    account_id = fields.UUID(required=True, allow_none=True)


class TaskSchema(Schema):
    """A part of the work on a case."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    case_id = fields.UUID(required=True)
    position = fields.Integer(required=True)
    title = fields.String(required=True)
    note = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(TASK_STATES))
    organization_id = fields.UUID(required=True, allow_none=True)
    assignee_id = fields.UUID(required=True, allow_none=True)
    done_at = MomentField(required=True, allow_none=True)


class InquirySchema(Schema):
    """A question to a reporter or a third party; never where it was sent."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    signal_id = fields.UUID(required=True, allow_none=True)
    to = fields.String(required=True, validate=validate.OneOf(("reporter", "third_party")))
    organization_id = fields.UUID(required=True, allow_none=True)
    text = fields.String(required=True)
    form = fields.Dict(required=True)
    answers = fields.Dict(required=True, allow_none=True)
    asked_at = MomentField(required=True)
    due_at = MomentField(required=True)
    reminded_at = MomentField(required=True, allow_none=True)
    answered_at = MomentField(required=True, allow_none=True)
    closed_at = MomentField(required=True, allow_none=True)


class VerdictSchema(Schema):
    """What a reporter thought of how a case was closed."""

    id = fields.UUID(required=True)
    signal_id = fields.UUID(required=True)
    closed_at = MomentField(required=True)
    content = fields.Boolean(required=True)
    reason = fields.String(required=True)
    asks_reopening = fields.Boolean(required=True)
    decided = fields.Boolean(required=True, allow_none=True)
    decision = fields.String(required=True)
    at = MomentField(required=True)
    decided_at = MomentField(required=True, allow_none=True)


def _rows(model: Any, order: Any, schema: type[Schema], *conditions: Any) -> list[dict[str, Any]]:
    found = current_uow().session.execute(select(model).where(*conditions).order_by(order, model.id).limit(MOST)).scalars()
    return [_values(row, schema) for row in found]


def _values(row: Any, schema: type[Schema]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in schema._declared_fields}


@rest.route("/cases/<uuid:id>/updates", public=True)
@rest.response(200, UpdateSchema(many=True))
def list_updates(id: uuid.UUID) -> Response:
    """What was told of a case, first to last; to everybody only what everybody may read."""
    _case, works = visible_case(current_uow(), id)
    shown = () if works else (Update.public.is_(True),)
    return reply(_rows(Update, Update.at, UpdateSchema, Update.case_id == id, *shown))


@rest.route("/cases/<uuid:id>/updates", methods=["POST"], permission=HANDLE)
@rest.arguments(WriteUpdateSchema)
@rest.response(201, UpdateSchema(many=True))
def write_update(command: WriteUpdate, id: uuid.UUID) -> Response:
    """Tell the reporters of a case something; it stays where it is. Gives all that was told."""
    desk.write_update(current_uow(), id, command)
    current_uow().session.flush()
    return reply(_rows(Update, Update.at, UpdateSchema, Update.case_id == id), 201, location=f"{API}/cases/{id}/updates")


@rest.route("/cases/<uuid:id>/routes", public=True)
@rest.response(200, RouteSchema(many=True))
def list_routes(id: uuid.UUID) -> Response:
    """Where a case went and why, first to last."""
    _case, works = visible_case(current_uow(), id)
    found = _rows(Route, Route.at, RouteSchema, Route.case_id == id)
    return reply(found if works else [{**route, "rule_id": None} for route in found])


@rest.route("/cases/<uuid:id>/notes", permission=HANDLE)
@rest.response(200, NoteSchema(many=True))
def list_notes(id: uuid.UUID) -> Response:
    """The notes of staff on a case."""
    staff_case(current_uow(), id)
    return reply(_rows(Note, Note.at, NoteSchema, Note.case_id == id))


@rest.route("/cases/<uuid:id>/notes", methods=["POST"], permission=HANDLE)
@rest.arguments(WriteNoteSchema)
@rest.response(201, NoteSchema)
def write_note(command: WriteNote, id: uuid.UUID) -> Response:
    """Write a note that only staff read."""
    note = desk.write_note(current_uow(), id, command)
    return reply(_values(note, NoteSchema), 201, location=f"{API}/cases/{id}/notes")


@rest.route("/cases/<uuid:id>/tasks", permission=HANDLE)
@rest.response(200, TaskSchema(many=True))
def list_tasks(id: uuid.UUID) -> Response:
    """The parts of the work on a case, in their order."""
    staff_case(current_uow(), id)
    return reply([_values(task, TaskSchema) for task in tasks.tasks_of(current_uow(), id)])


@rest.route("/cases/<uuid:id>/tasks", methods=["POST"], permission=HANDLE)
@rest.arguments(AddTaskSchema)
@rest.response(201, TaskSchema)
def add_task(command: AddTask, id: uuid.UUID) -> Response:
    """Add a part to the work on a case."""
    return _task(tasks.add_task(current_uow(), id, command), 201)


@rest.route("/tasks/<uuid:id>", permission=HANDLE)
@rest.response(200, TaskSchema)
def get_task(id: uuid.UUID) -> Response:
    """One part of the work on a case."""
    task = current_uow().session.get(CaseTask, id)
    if task is None:
        raise NotFound
    staff_case(current_uow(), task.case_id)
    return _task(task)


@rest.route("/tasks/<uuid:id>", methods=["PUT"], permission=HANDLE)
@rest.arguments(ChangeTaskSchema)
@rest.response(200, TaskSchema)
def replace_task(command: ChangeTask, id: uuid.UUID) -> Response:
    """Change what a task is and whose."""
    return _task(tasks.change_task(current_uow(), id, command))


@rest.route("/tasks/<uuid:id>/done", methods=["POST"], permission=HANDLE)
@rest.arguments(EndTaskSchema)
@rest.response(200, TaskSchema)
def finish_task(command: EndTask, id: uuid.UUID) -> Response:
    """Say that a task is done."""
    return _task(tasks.finish_task(current_uow(), id, command))


@rest.route("/tasks/<uuid:id>/dropped", methods=["POST"], permission=HANDLE)
@rest.arguments(EndTaskSchema)
@rest.response(200, TaskSchema)
def drop_task(command: EndTask, id: uuid.UUID) -> Response:
    """Drop a task, with the reason."""
    return _task(tasks.drop_task(current_uow(), id, command))


def _task(task: CaseTask, status: int = 200) -> Response:
    current_uow().session.flush()
    location = f"{API}/tasks/{task.id}" if status == 201 else ""
    return reply(_values(task, TaskSchema), status, version=task.version, location=location)


@rest.route("/cases/<uuid:id>/inquiries", permission=HANDLE)
@rest.response(200, InquirySchema(many=True))
def list_inquiries(id: uuid.UUID) -> Response:
    """The questions about a case and what came back."""
    staff_case(current_uow(), id)
    return reply(_rows(Inquiry, Inquiry.asked_at, InquirySchema, Inquiry.case_id == id))


@rest.route("/cases/<uuid:id>/inquiries/reporter", methods=["POST"], permission=HANDLE)
@rest.arguments(AskReporterSchema)
@rest.response(201, InquirySchema(many=True))
def ask_reporter(command: AskReporter, id: uuid.UUID) -> Response:
    """Ask the reporters of a case something; it waits for the first answer."""
    asked = inquiries.ask_reporter(current_uow(), id, command)
    return reply([_values(item, InquirySchema) for item in asked], 201, location=f"{API}/cases/{id}/inquiries")


@rest.route("/cases/<uuid:id>/inquiries/third-party", methods=["POST"], permission=HANDLE)
@rest.arguments(AskThirdPartySchema)
@rest.response(201, InquirySchema)
def ask_third_party(command: AskThirdParty, id: uuid.UUID) -> Response:
    """Ask somebody without an account something, at a link that works once."""
    asked = inquiries.ask_third_party(current_uow(), id, command)
    return reply(_values(asked, InquirySchema), 201, location=f"{API}/cases/{id}/inquiries")


@rest.route("/cases/<uuid:id>/verdicts", permission=HANDLE)
@rest.response(200, VerdictSchema(many=True))
def list_verdicts(id: uuid.UUID) -> Response:
    """What reporters thought of how a case was closed."""
    staff_case(current_uow(), id)
    return reply(_rows(Verdict, Verdict.at, VerdictSchema, Verdict.case_id == id))

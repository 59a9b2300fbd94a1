"""Commitments over REST, and what promises share there: their light, their follow-up, its steps and days."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_beleidsagenda.events import PromiseChanged
from samen_beleidsagenda.models import FOLLOW_UP_STATES, STATES, Commitment, FollowUpStep, Motion
from samen_beleidsagenda.permissions import RECORD
from samen_beleidsagenda.queries.lights import LIGHTS, light_of_promise
from samen_beleidsagenda.queries.promise_lists import COMMITMENT_FACTS, ListFilter, list_commitments
from samen_beleidsagenda.queries.promises import follow_up_steps
from samen_beleidsagenda.rest.approval import Approvals, add_approvals
from samen_beleidsagenda.rest.common import API, base_url, rest
from samen_beleidsagenda.schemas.commitments import MakeCommitment, MakeCommitmentSchema, UpdateCommitment, UpdateCommitmentSchema
from samen_beleidsagenda.schemas.follow_up import MoveDueDate, MoveDueDateSchema, MoveFollowUp, MoveFollowUpSchema
from samen_beleidsagenda.services import approval
from samen_beleidsagenda.services.commitments import make_commitment, update_commitment
from samen_beleidsagenda.services.common import get_thing, today
from samen_beleidsagenda.services.follow_up import move_due_date, move_follow_up
from samen_beleidsagenda.services.kinds import BY_MODEL
from samen_core.api import Moment, UnitOfWork, cards
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_uow, reply, reply_page

REFERENCES = ("dossier_id", "agenda_item_id", "answer_document_id", "amends_id")
"""Fields that may point at something that the reader may not know of: they are null then."""


class PromiseArgumentsSchema(PageArgumentsSchema):
    """Which promises."""

    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words of the title or the number."})
    state = fields.String(load_default=None, validate=validate.OneOf(FOLLOW_UP_STATES), metadata={"description": "Of the follow-up."})
    light = fields.String(load_default=None, validate=validate.OneOf(LIGHTS), metadata={"description": "Derived from the day."})
    holder_id = fields.UUID(data_key="holderId", load_default=None, metadata={"description": "The post that owes it."})
    body_id = fields.UUID(data_key="bodyId", load_default=None)
    dossier_id = fields.UUID(data_key="dossierId", load_default=None)
    changed_since = Moment(data_key="changedSince", load_default=None)


class FollowUpStepSchema(Schema):
    """A step of a follow-up. Where `before` equals `after` only the day moved."""

    before = fields.String(required=True, allow_none=True)
    after = fields.String(required=True, validate=validate.OneOf(FOLLOW_UP_STATES))
    due_date = fields.Date(required=True, allow_none=True, metadata={"description": "The day that held until then."})
    reason = fields.String(required=True)
    agenda_item_id = fields.UUID(required=True, allow_none=True)
    document_id = fields.UUID(required=True, allow_none=True)
    at = MomentField(required=True)


class PromiseSchema(Schema):
    """What commitments and motions share."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    uri = fields.String(required=True)
    url = fields.String(required=True)
    number = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    body_id = fields.UUID(required=True)
    dossier_id = fields.UUID(required=True, allow_none=True)
    agenda_item_id = fields.UUID(required=True, allow_none=True)
    follow_up = fields.String(required=True, allow_none=True, validate=validate.OneOf(FOLLOW_UP_STATES))
    due_date = fields.Date(required=True, allow_none=True)
    light = fields.String(required=True, allow_none=True, metadata={"description": "Null for what needs no follow-up."})
    follow_up_note = fields.String(required=True)
    holder_id = fields.UUID(required=True, allow_none=True)
    answer_document_id = fields.UUID(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    confidential = fields.Boolean(required=True)
    published_at = MomentField(required=True, allow_none=True)
    changed_at = MomentField(required=True)


class CommitmentSchema(PromiseSchema):
    """A commitment (toezegging)."""

    made_on = fields.Date(required=True)
    made_to = fields.String(required=True)
    meeting_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The event of the city that the meeting is."})


class OneCommitmentSchema(CommitmentSchema):
    """A commitment with the steps of its follow-up, oldest first."""

    steps = fields.List(fields.Nested(FollowUpStepSchema), required=True)


def represent(
    uow: UnitOfWork, model: type[Any], things: Iterable[Any], names: tuple[str, ...], day: date | None = None
) -> list[dict[str, Any]]:
    """Things as the API shows them; what they refer to only as far as the reader may know of it. One statement."""
    rows = list(things)
    kind, base = BY_MODEL[model], base_url()
    referred = [getattr(row, name) for row in rows for name in REFERENCES if name in names]
    seen = cards(uow, [id for id in referred if id is not None])
    found = []
    for row in rows:
        item = {name: getattr(row, name) for name in names}
        item |= {name: item[name] if item[name] in seen else None for name in REFERENCES if name in item}
        item |= {"uri": f"{base}/id/{kind.name}/{row.id}", "url": base + kind.path(row)}
        if day is not None:
            item["light"] = light_of_promise(row.follow_up, row.due_date, day) if row.follow_up else None
        found.append(item)
    return found


def steps(uow: UnitOfWork, id: uuid.UUID) -> list[dict[str, Any]]:
    """The steps of a follow-up, with what the reader may know of."""
    found: list[FollowUpStep] = follow_up_steps(uow, id)
    seen = cards(uow, [id for step in found for id in (step.agenda_item_id, step.document_id) if id is not None])
    return [
        {
            **{name: getattr(step, name) for name in ("before", "after", "due_date", "reason", "at")},
            "agenda_item_id": step.agenda_item_id if step.agenda_item_id in seen else None,
            "document_id": step.document_id if step.document_id in seen else None,
        }
        for step in found
    ]


def filter_of(arguments: dict[str, Any]) -> ListFilter:
    """The filter that the arguments of a list ask for."""
    names = ("kind", "state", "light", "holder_id", "body_id", "dossier_id", "party_id", "changed_since")
    return ListFilter(text=arguments["q"], **{name: arguments[name] for name in names if name in arguments})


def _answer(commitment: Commitment, status: int = 200) -> Response:
    uow = current_uow()
    uow.session.flush()
    body = represent(uow, Commitment, [commitment], COMMITMENT_FACTS, today(uow))[0]
    location = f"{API}/commitments/{commitment.id}" if status == 201 else ""
    return reply({**body, "steps": steps(uow, commitment.id)}, status, version=commitment.version, location=location)


@rest.route("/commitments", public=True)
@rest.arguments(PromiseArgumentsSchema, location="query")
@rest.listing(CommitmentSchema)
def list_public_commitments(arguments: dict[str, Any]) -> Response:
    """Public commitments, newest first."""
    uow = current_uow()
    page = list_commitments(uow, filter_of(arguments), arguments["page"])
    return reply_page(page, represent(uow, Commitment, page.items, COMMITMENT_FACTS, today(uow)), arguments["page"])


@rest.route("/commitments/<uuid:id>", public=True)
@rest.response(200, OneCommitmentSchema)
def one_commitment(id: uuid.UUID) -> Response:
    """One commitment with the steps of its follow-up."""
    return _answer(get_thing(current_uow(), Commitment, id))


@rest.route("/commitments", methods=["POST"], permission=RECORD)
@rest.arguments(MakeCommitmentSchema)
@rest.response(201, OneCommitmentSchema)
def create_commitment(command: MakeCommitment) -> Response:
    """Write down a commitment; sent twice with the same `key` it is one."""
    return _answer(make_commitment(current_uow(), command), 201)


@rest.route("/commitments/<uuid:id>", methods=["PUT"], permission=RECORD)
@rest.arguments(UpdateCommitmentSchema)
@rest.response(200, OneCommitmentSchema)
def replace_commitment(command: UpdateCommitment, id: uuid.UUID) -> Response:
    """Replace what is known of a commitment; its day moves by `/due-date`."""
    return _answer(update_commitment(current_uow(), id, command))


def add_follow_up(
    noun: str, path: str, model: type[Commitment] | type[Motion], answer: type[Schema], send: Callable[[Any], Response]
) -> None:
    """Give a kind of promise ``/follow-up`` and ``/due-date``."""

    def follow_up(command: MoveFollowUp, id: uuid.UUID) -> Response:
        return send(move_follow_up(current_uow(), model, id, command))

    def due_date(command: MoveDueDate, id: uuid.UUID) -> Response:
        return send(move_due_date(current_uow(), model, id, command))

    follow_up.__name__, follow_up.__doc__ = (
        f"follow_up_{noun}",
        f"Bring the follow-up of a {noun} a step further.",
    )
    due_date.__name__, due_date.__doc__ = f"move_due_date_of_{noun}", f"Give a {noun} another day; the old one stays with the reason."
    one = f"{path}/<uuid:id>"
    stepped = rest.arguments(MoveFollowUpSchema)(rest.response(200, answer)(follow_up))
    moved = rest.arguments(MoveDueDateSchema)(rest.response(200, answer)(due_date))
    rest.route(f"{one}/follow-up", methods=["POST"], permission=RECORD)(stepped)
    rest.route(f"{one}/due-date", methods=["POST"], permission=RECORD)(moved)


add_follow_up("commitment", "/commitments", Commitment, OneCommitmentSchema, _answer)
add_approvals(
    Approvals(
        noun="a commitment",
        path="/commitments",
        model=Commitment,
        answer=OneCommitmentSchema,
        represent=_answer,
        publish=lambda uow, thing_id, command: approval.publish(uow, Commitment, thing_id, command, PromiseChanged),
    )
)

"""Motions and amendments over REST, with their votes and what became of them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from samen_beleidsagenda.events import MotionChanged
from samen_beleidsagenda.models import FOLLOW_UP_STATES, GROUP_RESULTS, MOTION_KINDS, MOTION_STATUSES, MOTION_TYPES, VOTES, Motion, Vote
from samen_beleidsagenda.permissions import DECIDE, RECORD
from samen_beleidsagenda.queries.promise_lists import MOTION_FACTS, list_motions
from samen_beleidsagenda.rest.approval import Approvals, add_approvals
from samen_beleidsagenda.rest.common import API, rest
from samen_beleidsagenda.rest.promises import (
    FollowUpStepSchema,
    PromiseArgumentsSchema,
    PromiseSchema,
    add_follow_up,
    filter_of,
    represent,
    steps,
)
from samen_beleidsagenda.schemas.motions import (
    MoveMotion,
    MoveMotionSchema,
    SubmitMotion,
    SubmitMotionSchema,
    UpdateMotion,
    UpdateMotionSchema,
)
from samen_beleidsagenda.schemas.votes import RecordVotes, RecordVotesSchema
from samen_beleidsagenda.services import approval
from samen_beleidsagenda.services.common import get_thing, today
from samen_beleidsagenda.services.motions import move_motion, submit_motion, update_motion
from samen_beleidsagenda.services.promise_links import submitters
from samen_beleidsagenda.services.votes import COLUMNS, Totals, group_result, group_totals, record_votes, suggested_result, totals_of
from samen_core.rest.api import current_uow, reply, reply_page


class MotionArgumentsSchema(PromiseArgumentsSchema):
    """Which motions and amendments."""

    kind = fields.String(load_default=None, validate=validate.OneOf(MOTION_KINDS))
    state = fields.String(
        load_default=None,
        validate=validate.OneOf((*MOTION_STATUSES, *FOLLOW_UP_STATES)),
        metadata={"description": "What the body did with it, or of the follow-up."},
    )
    party_id = fields.UUID(data_key="partyId", load_default=None, metadata={"description": "A group that put it."})


class MotionSchema(PromiseSchema):
    """A motion or an amendment."""

    kind = fields.String(required=True, validate=validate.OneOf(MOTION_KINDS))
    type = fields.String(required=True, validate=validate.OneOf(MOTION_TYPES))
    status = fields.String(required=True, validate=validate.OneOf(MOTION_STATUSES))
    submitted_on = fields.Date(required=True)
    amends_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The document that an amendment changes."})


class TotalsSchema(Schema):
    """How many voted how."""

    votes_for = fields.Integer(required=True)
    votes_against = fields.Integer(required=True)
    absent = fields.Integer(required=True)
    abstained = fields.Integer(required=True)


class GroupVoteSchema(TotalsSchema):
    """How a group voted."""

    group_id = fields.UUID(required=True)
    result = fields.String(required=True, allow_none=True, validate=validate.OneOf(GROUP_RESULTS), metadata={"description": "Derived."})


class VoteSchema(Schema):
    """How a person voted."""

    person_id = fields.UUID(required=True)
    group_id = fields.UUID(required=True, allow_none=True)
    value = fields.String(required=True, validate=validate.OneOf(VOTES))


class OneMotionSchema(MotionSchema):
    """A motion with who put it, how was voted, and the steps of its follow-up."""

    group_ids = fields.List(fields.UUID(), required=True)
    person_ids = fields.List(fields.UUID(), required=True)
    totals = fields.Nested(TotalsSchema, required=True)
    suggested_result = fields.String(
        required=True, allow_none=True, metadata={"description": "`adopted` or `rejected` by the votes; null without votes or when equal."}
    )
    groups = fields.List(fields.Nested(GroupVoteSchema), required=True)
    votes = fields.List(fields.Nested(VoteSchema), required=True)
    steps = fields.List(fields.Nested(FollowUpStepSchema), required=True)


def _numbers(totals: Totals) -> dict[str, int]:
    return {name: getattr(totals, name) for name in COLUMNS.values()}


def _answer(motion: Motion, status: int = 200) -> Response:
    uow = current_uow()
    uow.session.flush()
    groups, persons = submitters(uow, motion.id)
    totals = totals_of(uow, motion.id)
    votes = uow.session.execute(select(Vote.person_id, Vote.group_id, Vote.value).where(Vote.subject_id == motion.id).order_by(Vote.id))
    body = {
        **represent(uow, Motion, [motion], MOTION_FACTS, today(uow))[0],
        "group_ids": groups,
        "person_ids": persons,
        "totals": _numbers(totals),
        "suggested_result": suggested_result(totals),
        "groups": [
            {"group_id": id, "result": group_result(of), **_numbers(of)}
            for id, of in sorted(group_totals(uow, motion.id).items(), key=lambda item: item[0])
        ],
        "votes": [{"person_id": row.person_id, "group_id": row.group_id, "value": row.value} for row in votes],
        "steps": steps(uow, motion.id),
    }
    location = f"{API}/motions/{motion.id}" if status == 201 else ""
    return reply(body, status, version=motion.version, location=location)


@rest.route("/motions", public=True)
@rest.arguments(MotionArgumentsSchema, location="query")
@rest.listing(MotionSchema)
def list_public_motions(arguments: dict[str, Any]) -> Response:
    """Public motions and amendments, newest first."""
    uow = current_uow()
    page = list_motions(uow, filter_of(arguments), arguments["page"])
    return reply_page(page, represent(uow, Motion, page.items, MOTION_FACTS, today(uow)), arguments["page"])


@rest.route("/motions/<uuid:id>", public=True)
@rest.response(200, OneMotionSchema)
def one_motion(id: uuid.UUID) -> Response:
    """One motion or amendment with its votes."""
    return _answer(get_thing(current_uow(), Motion, id))


@rest.route("/motions", methods=["POST"], permission=RECORD)
@rest.arguments(SubmitMotionSchema)
@rest.response(201, OneMotionSchema)
def create_motion(command: SubmitMotion) -> Response:
    """Write down a motion or amendment that was put."""
    return _answer(submit_motion(current_uow(), command), 201)


@rest.route("/motions/<uuid:id>", methods=["PUT"], permission=RECORD)
@rest.arguments(UpdateMotionSchema)
@rest.response(200, OneMotionSchema)
def replace_motion(command: UpdateMotion, id: uuid.UUID) -> Response:
    """Replace what is known of a motion; its text and who put it only while it is submitted."""
    return _answer(update_motion(current_uow(), id, command))


@rest.route("/motions/<uuid:id>/move", methods=["POST"], permission=RECORD)
@rest.arguments(MoveMotionSchema)
@rest.response(200, OneMotionSchema)
def move_one_motion(command: MoveMotion, id: uuid.UUID) -> Response:
    """Adopt, reject, hold, resume or withdraw a motion."""
    return _answer(move_motion(current_uow(), id, command))


@rest.route("/motions/<uuid:id>/votes", methods=["PUT"], permission=DECIDE)
@rest.arguments(RecordVotesSchema)
@rest.response(200, OneMotionSchema)
def replace_votes_of_motion(command: RecordVotes, id: uuid.UUID) -> Response:
    """Replace the votes on a motion; a group by its persons or by its numbers."""
    record_votes(current_uow(), Motion, id, command)
    return _answer(get_thing(current_uow(), Motion, id))


add_follow_up("motion", "/motions", Motion, OneMotionSchema, _answer)
add_approvals(
    Approvals(
        noun="a motion",
        path="/motions",
        model=Motion,
        answer=OneMotionSchema,
        represent=_answer,
        publish=lambda uow, thing_id, command: approval.publish(uow, Motion, thing_id, command, MotionChanged),
    )
)

"""Polls over REST: what one may choose, voting, and the outcome as soon as the caller may see it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate

from samen_core.api import FormSchema, UnitOfWork, clean_code, new_code
from samen_core.rest.api import current_uow, limit_visitor, reply
from samen_doe_mee.models import SHOW_RESULTS
from samen_doe_mee.rest.common import rest
from samen_doe_mee.schemas.polls import MOST, POLL_KINDS, CastVote
from samen_doe_mee.services.activities import Placed
from samen_doe_mee.services.poll_outcome import Ballot, outcome, own_ballot, poll_options
from samen_doe_mee.services.polls import poll_by_id, take_back, vote
from samen_doe_mee.services.tracing import note_origin

VOTES, HOUR = 60, 3_600
_CODE = {"description": "Of a device without account: the code that the first vote gave."}


class PollOptionSchema(Schema):
    """An option of a poll; its number is null as long as the outcome is not there for the caller."""

    id = fields.UUID(required=True)
    text = fields.String(required=True)
    votes = fields.Integer(required=True, allow_none=True)
    share = fields.Float(required=True, allow_none=True, metadata={"description": "Of the people who voted, 0 to 1."})


class PollSchema(Schema):
    """A poll: what one may choose, how many people voted, and the outcome or why it is not shown."""

    activity_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(tuple(POLL_KINDS)))
    minimum = fields.Integer(required=True)
    maximum = fields.Integer(required=True, allow_none=True)
    show_results = fields.String(required=True, validate=validate.OneOf(SHOW_RESULTS))
    people = fields.Integer(required=True)
    hidden = fields.String(required=True, allow_none=True, metadata={"description": "Why the outcome is not shown now."})
    options = fields.List(fields.Nested(PollOptionSchema), required=True)
    chosen = fields.List(fields.UUID(), required=True, metadata={"description": "What the caller chose; empty without a vote."})


class VotedSchema(PollSchema):
    """A poll after a vote."""

    code = fields.String(required=True, metadata={"description": "Only without account: with it the vote is changed. Keep it secret."})


class VoteBodySchema(FormSchema):
    """A vote."""

    options = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST))
    email = fields.Email(load_default="", metadata={"description": "To hear what is done with the outcome."})
    wants_result = fields.Boolean(load_default=False)
    code = fields.String(load_default="", validate=validate.Length(max=20), metadata=_CODE)


class CodeSchema(FormSchema):
    """By what a device is known."""

    code = fields.String(load_default="", validate=validate.Length(max=20), metadata=_CODE)


@rest.route("/activities/<uuid:id>/poll", public=True)
@rest.response(200, PollSchema)
def one_poll(id: uuid.UUID) -> Response:
    """A poll; with a token also what one chose."""
    uow = current_uow()
    placed = poll_by_id(uow, id)
    return reply(_shown(uow, placed, own_ballot(uow, placed.activity)))


@rest.route("/activities/<uuid:id>/poll/vote", methods=["PUT"], public=True, versioned=False)
@rest.arguments(VoteBodySchema)
@rest.response(200, VotedSchema)
def vote_in_poll(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """Vote, or vote otherwise than before. Without a token the answer gives a code with which the vote is changed."""
    limit_visitor("doe_mee.take_part", VOTES, HOUR)
    uow = current_uow()
    anybody = uow.actor.account_id is None
    code = (clean_code(arguments["code"]) or new_code()) if anybody else ""
    wish = arguments["wants_result"] or bool(arguments["email"])
    command = CastVote(options=tuple(arguments["options"]), email=arguments["email"], wants_result=wish)
    ballot = vote(uow, id, command, code)
    note_origin(uow, "vote", ballot.vote.id, request.remote_addr or "")
    return reply({**_shown(uow, poll_by_id(uow, id), ballot), "code": code})


@rest.route("/activities/<uuid:id>/poll/withdrawal", methods=["POST"], public=True, versioned=False)
@rest.arguments(CodeSchema)
@rest.response(200, PollSchema)
def take_vote_back(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """Take one's vote back; the same again changes nothing."""
    limit_visitor("doe_mee.take_part", VOTES, HOUR)
    uow = current_uow()
    take_back(uow, id, clean_code(arguments["code"]) or "")
    return reply(_shown(uow, poll_by_id(uow, id), None))


def _shown(uow: UnitOfWork, placed: Placed, ballot: Ballot | None) -> dict[str, Any]:
    activity = placed.activity
    uow.session.flush()
    uow.session.refresh(activity, ["taken_part"])
    found = outcome(uow, activity, voted=True if ballot is not None else None)
    numbers = [(part.number, part.share) for part in found.parts] if found.hidden is None else None
    options = poll_options(uow, activity.id)
    return {
        "activity_id": activity.id,
        "kind": activity.options.get("kind", "one"),
        "minimum": activity.options.get("minimum") or 1,
        "maximum": activity.options.get("maximum"),
        "show_results": activity.options.get("show_results", "after_vote"),
        "people": found.people,
        "hidden": str(found.hidden) if found.hidden is not None else None,
        "options": [
            {
                "id": option.id,
                "text": option.text,
                "votes": numbers[place][0] if numbers else None,
                "share": numbers[place][1] if numbers else None,
            }
            for place, option in enumerate(options)
        ],
        "chosen": sorted(ballot.options) if ballot is not None else [],
    }

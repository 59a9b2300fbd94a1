"""Who carries an idea, over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from samen_core.api import LOGGED_IN
from samen_core.rest.api import MomentField, current_platform, current_uow, limit_visitor, no_content, reply
from samen_doe_mee.models import CoInitiator
from samen_doe_mee.rest.common import API, rest
from samen_doe_mee.schemas.idea_team import AskCoInitiator, AskCoInitiatorSchema, Carry, CarrySchema
from samen_doe_mee.services import co_initiators
from samen_doe_mee.services.idea_common import is_author, visible_idea
from samen_doe_mee.services.mail_limits import limit_mail_to

TIMES, HOUR = 20, 60 * 60


class CoInitiatorSchema(Schema):
    """Somebody who carries an idea, or for its author somebody who was asked to; never an address."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    accepted_at = MomentField(required=True, allow_none=True)


class CoInitiatorsSchema(Schema):
    """Who carry an idea, oldest first."""

    items = fields.List(fields.Nested(CoInitiatorSchema), required=True)


class CarriedSchema(Schema):
    """The idea that one carries now."""

    idea_id = fields.UUID(required=True)


@rest.route("/ideas/<uuid:id>/co-initiators", public=True)
@rest.response(200, CoInitiatorsSchema)
def list_co_initiators(id: uuid.UUID) -> Response:
    """Who carry an idea."""
    uow = current_uow()
    idea = visible_idea(uow, id)
    author = is_author(uow, idea)
    return reply({"items": [_values(row) for row in co_initiators.team(uow, idea.id) if author or row.accepted_at is not None]})


@rest.route("/ideas/<uuid:id>/co-initiators", methods=["POST"], permission=LOGGED_IN, versioned=False)
@rest.arguments(AskCoInitiatorSchema)
@rest.response(201, CoInitiatorSchema)
def ask_co_initiator(command: AskCoInitiator, id: uuid.UUID) -> Response:
    """Ask somebody by mail to carry one's idea too."""
    limit_visitor("doe_mee.invite", TIMES, HOUR)
    limit_mail_to(current_platform(), command.email)
    row = co_initiators.ask_to_carry(current_uow(), id, command)
    return reply(_values(row), 201, location=f"{API}/ideas/{id}/co-initiators")


@rest.route("/invitations/<string:token>/acceptance", methods=["POST"], permission=LOGGED_IN, versioned=False)
@rest.arguments(CarrySchema)
@rest.response(200, CarriedSchema)
def accept_invitation(command: Carry, token: str) -> Response:
    """Carry an idea that one was asked for; `token` is in the link of the mail."""
    limit_visitor("doe_mee.invitation", TIMES, HOUR)
    return reply({"idea_id": co_initiators.accept(current_uow(), token, command).id})


@rest.route("/ideas/<uuid:id>/co-initiators/me", methods=["DELETE"], permission=LOGGED_IN, versioned=False)
@rest.response(204)
def leave_idea(id: uuid.UUID) -> Response:
    """Carry an idea no longer, whatever became of it."""
    co_initiators.leave(current_uow(), id)
    return no_content()


@rest.route("/ideas/<uuid:id>/co-initiators/<uuid:person_id>", methods=["DELETE"], permission=LOGGED_IN, versioned=False)
@rest.response(204)
def remove_co_initiator(id: uuid.UUID, person_id: uuid.UUID) -> Response:
    """Carry one's idea without this person, or take an invitation back."""
    co_initiators.remove(current_uow(), id, person_id)
    return no_content()


def _values(row: CoInitiator) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "accepted_at": row.accepted_at}

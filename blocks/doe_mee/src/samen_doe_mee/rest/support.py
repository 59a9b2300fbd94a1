"""Support for ideas over REST."""

from __future__ import annotations

import uuid

from flask import Response, request
from marshmallow import Schema, fields, validate

from samen_core.api import Invalid, _
from samen_core.rest.api import current_platform, current_uow, limit_visitor, no_content, reply
from samen_doe_mee.models import Idea
from samen_doe_mee.permissions import SUPPORT
from samen_doe_mee.rest.common import rest
from samen_doe_mee.schemas.support import GiveVoice, GiveVoiceSchema
from samen_doe_mee.services.idea_common import visible_idea
from samen_doe_mee.services.mail_limits import limit_mail_to
from samen_doe_mee.services.support import confirm_voice, give_voice, take_back, voice_at
from samen_doe_mee.services.tracing import note_origin

TIMES, HOUR = 60, 60 * 60


class VoiceSchema(Schema):
    """What became of a voice, and how many there are now."""

    state = fields.String(
        required=True,
        validate=validate.OneOf(("counted", "again", "mailed")),
        metadata={"description": "counted; again: it was given before; mailed: it counts once the link in the mail is confirmed."},
    )
    supports = fields.Integer(required=True, metadata={"description": "Confirmed accounts."})
    open_supports = fields.Integer(required=True, metadata={"description": "Confirmed without an account."})


@rest.route("/ideas/<uuid:id>/support", methods=["POST"], permission=SUPPORT, versioned=False)
@rest.arguments(GiveVoiceSchema)
@rest.response(200, VoiceSchema)
def support_idea(command: GiveVoice, id: uuid.UUID) -> Response:
    """Support an idea: with the account of the token, or without one by an e-mail address, that gets a link to confirm."""
    limit_visitor("doe_mee.support", TIMES, HOUR)
    limit_mail_to(current_platform(), command.email)
    uow = current_uow()
    idea = visible_idea(uow, id)
    if uow.actor.is_anonymous and not command.email:
        raise Invalid({"email": [_("Vul uw e-mailadres in. Dan krijgt u een mail om uw steun te bevestigen.")]})
    given = give_voice(uow, idea.id, command)
    if given.voice_id is not None:
        note_origin(uow, "voice", given.voice_id, request.remote_addr or "")
    return _voice(idea.id, given.state)


@rest.route("/ideas/<uuid:id>/support", methods=["DELETE"], permission=SUPPORT, versioned=False)
@rest.response(204)
def take_back_support(id: uuid.UUID) -> Response:
    """Take the support of the account of the token back."""
    uow = current_uow()
    take_back(uow, visible_idea(uow, id).id)
    return no_content()


@rest.route("/voices/<string:key>/confirmation", methods=["POST"], public=True, versioned=False)
@rest.response(200, VoiceSchema)
def confirm_support(key: str) -> Response:
    """Let a voice count that was given with an e-mail address; `key` is in the link of the mail."""
    limit_visitor("doe_mee.voice", TIMES, HOUR)
    uow = current_uow()
    idea_id = voice_at(uow, key).idea_id
    return _voice(idea_id, confirm_voice(uow, key).state)


@rest.route("/voices/<string:key>", methods=["DELETE"], public=True, versioned=False)
@rest.response(204)
def take_back_voice(key: str) -> Response:
    """Take a voice back that was given with an e-mail address; `key` is in the link of the mail."""
    limit_visitor("doe_mee.voice", TIMES, HOUR)
    uow = current_uow()
    take_back(uow, voice_at(uow, key).idea_id, key=key)
    return no_content()


def _voice(idea_id: uuid.UUID, state: str) -> Response:
    idea = current_uow().session.get_one(Idea, idea_id)
    return reply({"state": state, "supports": idea.supports, "open_supports": idea.open_supports})

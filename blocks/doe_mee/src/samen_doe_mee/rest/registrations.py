"""Registering for meetings over REST."""

from __future__ import annotations

import uuid

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.rest.api import current_platform, current_uow, limit_visitor, reply
from samen_doe_mee.models import REGISTRATION_STATES
from samen_doe_mee.rest.common import rest
from samen_doe_mee.schemas.registrations import ChangeRegistration, ChangeRegistrationSchema, Register, RegisterSchema
from samen_doe_mee.services import registrations

SENDS, TRIES, HOUR = 20, 60, 3_600


class RegistrationSchema(Schema):
    """One's registration for a meeting."""

    meeting_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(REGISTRATION_STATES))
    people = fields.Integer(required=True)
    needs = fields.String(required=True)
    wants_report = fields.Boolean(required=True)


class RegisteredSchema(Schema):
    """What became of a registration. The key comes by mail; only an account gets it at once."""

    meeting_id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(REGISTRATION_STATES))
    key = fields.String(required=True, metadata={"description": "With it the registration is read, changed and cancelled. Keep it secret."})


@rest.route("/meetings/<uuid:id>/registrations", methods=["POST"], public=True)
@rest.arguments(RegisterSchema)
@rest.response(201, RegisteredSchema)
def register_for_meeting(command: Register, id: uuid.UUID) -> Response:
    """Register: with a token at once, else a mail asks to confirm it. The answer is the same for an address that registered before."""
    limit_visitor("doe_mee.register", SENDS, HOUR)
    registrations.limit_mail(current_platform(), command.email)
    uow = current_uow()
    done = registrations.register(uow, id, command)
    if uow.actor.account_id is None:
        return reply({"meeting_id": id, "state": "unconfirmed", "key": ""}, 201)
    return reply({"meeting_id": id, "state": done.registration.state, "key": done.key}, 201)


@rest.route("/registrations/<string:key>", public=True)
@rest.response(200, RegistrationSchema)
def own_registration(key: str) -> Response:
    """One's registration."""
    limit_visitor("doe_mee.registration", TRIES, HOUR)
    return _shown(registrations.own_registration(current_uow(), key))


@rest.route("/registrations/<string:key>", methods=["PUT"], public=True)
@rest.arguments(ChangeRegistrationSchema)
@rest.response(200, RegistrationSchema)
def change_registration(command: ChangeRegistration, key: str) -> Response:
    """Come with another number of people, or say what is needed."""
    limit_visitor("doe_mee.registration", TRIES, HOUR)
    return _shown(registrations.change(current_uow(), key, command))


@rest.route("/registrations/<string:key>/confirmation", methods=["POST"], public=True, versioned=False)
@rest.response(200, RegistrationSchema)
def confirm_registration(key: str) -> Response:
    """Say that it was oneself who registered. The same again changes nothing."""
    limit_visitor("doe_mee.registration", TRIES, HOUR)
    return _shown(registrations.confirm(current_uow(), key))


@rest.route("/registrations/<string:key>/cancellation", methods=["POST"], public=True, versioned=False)
@rest.response(200, RegistrationSchema)
def cancel_registration(key: str) -> Response:
    """Stay away after all: name, address and account are let go of at once. The same again changes nothing."""
    limit_visitor("doe_mee.registration", TRIES, HOUR)
    return _shown(registrations.cancel(current_uow(), key))


def _shown(found: registrations.Registered) -> Response:
    mine = found.registration
    body = {"meeting_id": mine.meeting_id, "state": mine.state, **registrations.registration_values(mine)}
    return reply(body, version=mine.version)

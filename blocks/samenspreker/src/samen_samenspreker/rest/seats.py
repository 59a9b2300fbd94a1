"""Seats over REST. Answering the link of an invitation is not: that is for the person who got the mail, on a page."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from citycontent.api import SECTORS
from samen_core.api import NotFound, UnitOfWork
from samen_core.rest.api import MomentField, current_actor, current_platform, current_uow, no_content, reply, required_version
from samen_samenspreker.models import ROLES, SEAT_STATES
from samen_samenspreker.permissions import FACILITATE, TAKE_SEAT
from samen_samenspreker.queries.seats import seat_by_id, seats_of
from samen_samenspreker.rest.common import rest
from samen_samenspreker.schemas.seats import (
    AddSeat,
    AddSeatSchema,
    AnswerSeat,
    AnswerSeatSchema,
    DeclineSeat,
    EndSeat,
    EndSeatSchema,
    HandOver,
    HandOverSchema,
    OfferSeat,
    OfferSeatSchema,
    SeatVersion,
    SeatVersionSchema,
    TakeSeat,
    UpdateOwnSeat,
    UpdateOwnSeatSchema,
    UpdateSeat,
    UpdateSeatSchema,
)
from samen_samenspreker.seat_words import holder_name, may_name_person, seat_name
from samen_samenspreker.services.common import get_question, require_table
from samen_samenspreker.services.invitations import (
    MAILS_OF_HOLDER,
    MAILS_OF_STAFF,
    accept,
    count_mail,
    decline,
    hand_over,
    offer_seat,
    remind,
    take_back,
    withdraw_offer,
)
from samen_samenspreker.services.seats import add_seat, end_seat, is_holder, update_own_seat, update_seat

API = "/api/v1/samenspreker/seats"
SHOWN = ("open", "offered", "accepted")
_FACTS = ("id", "version", "question_id", "organization_id", "title", "sector", "role", "responsibility", "state", "answered_at")


class SeatSchema(Schema):
    """A seat at a table. It never holds an address; names of persons stand in it once they said yes."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    question_id = fields.UUID(required=True)
    organization_id = fields.UUID(required=True, allow_none=True)
    person_id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True, metadata={"description": "Whose seat it is, in words."})
    title = fields.String(required=True, metadata={"description": "For whom a seat without organization or person is."})
    sector = fields.String(required=True, validate=validate.OneOf(SECTORS))
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    responsibility = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(SEAT_STATES))
    holder_name = fields.String(required=True, metadata={"description": "Who sits there, as far as the holder shows it."})
    has_alternate = fields.Boolean(required=True)
    answered_at = MomentField(required=True, allow_none=True)


def represent(row: Any, *, staff: bool) -> dict[str, Any]:
    """A row of ``seats_of`` as JSON."""
    return {
        **{name: getattr(row, name) for name in _FACTS},
        "person_id": row.person_id if may_name_person(row, staff=staff) else None,
        "name": str(seat_name(row, staff=staff)),
        "holder_name": holder_name(row),
        "has_alternate": row.alternate_id is not None,
    }


def _one(uow: UnitOfWork, id: uuid.UUID, status: int = 200) -> Response:
    row = seat_by_id(uow, id)
    if row is None:
        raise NotFound
    question = get_question(uow, row.question_id)
    require_table(question)
    staff = FACILITATE.allows(uow.actor, question.id)
    if not (staff or row.state in SHOWN or is_holder(uow, row)):
        raise NotFound
    return reply(represent(row, staff=staff), status, version=row.version, location=f"{API}/{id}" if status == 201 else "")


@rest.route("/questions/<uuid:id>/seats", public=True)
@rest.response(200, SeatSchema(many=True))
def list_seats(id: uuid.UUID) -> Response:
    """The seats of a table, in the order in which they came; declined and ended ones only for who facilitates it."""
    uow = current_uow()
    question = get_question(uow, id)
    require_table(question)
    staff = FACILITATE.allows(uow.actor, question.id)
    return reply([represent(row, staff=staff) for row in seats_of(uow, id) if staff or row.state in SHOWN])


@rest.route("/questions/<uuid:id>/seats", methods=["POST"], permission=FACILITATE)
@rest.arguments(AddSeatSchema)
@rest.response(201, SeatSchema)
def create_seat(command: AddSeat, id: uuid.UUID) -> Response:
    """Add a seat."""
    uow = current_uow()
    return _one(uow, add_seat(uow, id, command).id, 201)


@rest.route("/seats/<uuid:id>", public=True)
@rest.response(200, SeatSchema)
def one_seat(id: uuid.UUID) -> Response:
    """One seat."""
    return _one(current_uow(), id)


@rest.route("/seats/<uuid:id>", methods=["PUT"], permission=FACILITATE)
@rest.arguments(UpdateSeatSchema)
@rest.response(200, SeatSchema)
def replace_seat(command: UpdateSeat, id: uuid.UUID) -> Response:
    """Replace for whom a seat is, its role and what is asked of it."""
    update_seat(current_uow(), id, command)
    return _one(current_uow(), id)


@rest.route("/seats/<uuid:id>/offer", methods=["POST"], permission=FACILITATE)
@rest.arguments(OfferSeatSchema)
@rest.response(200, SeatSchema)
def create_offer(command: OfferSeat, id: uuid.UUID) -> Response:
    """Offer a seat by mail, also again."""
    count_mail(current_platform(), current_actor(), MAILS_OF_STAFF, command.email)
    offer_seat(current_uow(), id, command)
    return _one(current_uow(), id)


@rest.route("/seats/<uuid:id>/reminder", methods=["POST"], permission=FACILITATE)
@rest.arguments(SeatVersionSchema)
@rest.response(200, SeatSchema)
def create_reminder(command: SeatVersion, id: uuid.UUID) -> Response:
    """Mail the invitation once more, a day later at the earliest."""
    count_mail(current_platform(), current_actor(), MAILS_OF_STAFF)
    remind(current_uow(), id, command)
    return _one(current_uow(), id)


@rest.route("/seats/<uuid:id>/offer", methods=["DELETE"], permission=FACILITATE)
@rest.response(204)
def delete_offer(id: uuid.UUID) -> Response:
    """Take the invitation back: its link stops working."""
    withdraw_offer(current_uow(), id, SeatVersion(version=required_version()))
    return no_content()


@rest.route("/seats/<uuid:id>/answer", methods=["POST"], permission=TAKE_SEAT)
@rest.arguments(AnswerSeatSchema)
@rest.response(200, SeatSchema)
def answer_seat(command: AnswerSeat, id: uuid.UUID) -> Response:
    """Say yes or no to a seat that one's own account, person or organization was asked for."""
    uow = current_uow()
    if command.accept:
        accept(uow, id, TakeSeat(name=command.name, wants_mail=command.wants_mail))
        return _one(uow, id)
    seat = decline(uow, id, DeclineSeat(reason=command.reason))
    return reply(represent(seat_by_id(uow, id), staff=False), version=seat.version)


@rest.route("/seats/<uuid:id>/own", methods=["PUT"], permission=TAKE_SEAT)
@rest.arguments(UpdateOwnSeatSchema)
@rest.response(200, SeatSchema)
def replace_own_seat(command: UpdateOwnSeat, id: uuid.UUID) -> Response:
    """Choose the name at one's own seat, and whether mail comes."""
    update_own_seat(current_uow(), id, command)
    return _one(current_uow(), id)


@rest.route("/seats/<uuid:id>/alternate", methods=["POST"], permission=TAKE_SEAT)
@rest.arguments(HandOverSchema)
@rest.response(200, SeatSchema)
def create_alternate(command: HandOver, id: uuid.UUID) -> Response:
    """Ask somebody by mail to sit in."""
    count_mail(current_platform(), current_actor(), MAILS_OF_HOLDER, command.email)
    hand_over(current_uow(), id, command)
    return _one(current_uow(), id)


@rest.route("/seats/<uuid:id>/alternate", methods=["DELETE"], permission=TAKE_SEAT)
@rest.response(204)
def delete_alternate(id: uuid.UUID) -> Response:
    """Go on without alternate."""
    take_back(current_uow(), id, SeatVersion(version=required_version()))
    return no_content()


@rest.route("/seats/<uuid:id>/end", methods=["POST"], permission=TAKE_SEAT)
@rest.arguments(EndSeatSchema)
@rest.response(200, SeatSchema)
def create_end(command: EndSeat, id: uuid.UUID) -> Response:
    """End a seat: who facilitates, or its holder."""
    uow = current_uow()
    seat = end_seat(uow, id, command)
    return reply(represent(seat_by_id(uow, id), staff=False), version=seat.version)

"""What residents and the desk do besides moving cases, over REST: seeing the same, adding to one's signal, answering, and patterns."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from samen_core.api import LOGGED_IN, FormSchema
from samen_core.rest.api import current_uow, limit_visitor, no_content, reply
from samen_oog_oor.models import Case, Pattern
from samen_oog_oor.permissions import HANDLE, TRIAGE
from samen_oog_oor.rest.cases import answer as answer_case
from samen_oog_oor.rest.common import rest
from samen_oog_oor.rest.desk import PatternSchema, pattern_values
from samen_oog_oor.rest.shapes import OneCaseSchema
from samen_oog_oor.rest.signals import QUARTER, WRONG_KEYS, ReceiptSchema, after_own, receipt
from samen_oog_oor.schemas.own_signals import AddToSignal, AddToSignalSchema
from samen_oog_oor.schemas.patterns import DismissPattern, DismissPatternSchema, ProposePattern, ProposePatternSchema
from samen_oog_oor.services import inquiries, own_signals, patterns, support


class SupportSchema(Schema):
    """How many see the same as was reported."""

    supports = fields.Integer(required=True)
    new = fields.Boolean(required=True)


class HearSchema(FormSchema):
    """Whether mail about one's signal is wanted."""

    wants_mail = fields.Boolean(required=True)


@rest.route("/cases/<uuid:id>/support", methods=["POST"], permission=LOGGED_IN, versioned=False)
@rest.response(200, SupportSchema)
def support_case(id: uuid.UUID) -> Response:
    """Say that one sees the same. The second time, and for who reported it, nothing happens."""
    uow = current_uow()
    new = support.support(uow, id)
    return reply({"supports": uow.session.get_one(Case, id, populate_existing=True).supports, "new": new})


@rest.route("/cases/<uuid:id>/support", methods=["DELETE"], permission=LOGGED_IN, versioned=False)
@rest.response(204)
def take_back_support(id: uuid.UUID) -> Response:
    """Take that back."""
    support.take_back(current_uow(), id)
    return no_content()


@rest.route("/receipts/<string:key>/additions", methods=["POST"], public=True, versioned=False)
@rest.arguments(AddToSignalSchema)
@rest.response(200, ReceiptSchema)
def add_to_own_signal(command: AddToSignal, key: str) -> Response:
    """Add words or pictures to one's signal."""
    return after_own(key, own_signals.add_to_signal, command)


@rest.route("/receipts/<string:key>/mail", methods=["POST"], public=True, versioned=False)
@rest.arguments(HearSchema)
@rest.response(200, ReceiptSchema)
def choose_mail_of_own_signal(arguments: dict[str, Any], key: str) -> Response:
    """Get mail about one's signal, or no longer."""
    limit_visitor("oog_oor.receipt", WRONG_KEYS, QUARTER)
    signal, case = own_signals.own_signal(current_uow(), key)
    own_signals.hear(current_uow(), signal.id, wants=arguments["wants_mail"])
    return receipt(signal, case)


@rest.route("/cases/<uuid:id>/inquiries/<uuid:inquiry_id>/end", methods=["POST"], permission=HANDLE, versioned=False)
@rest.response(200, OneCaseSchema)
def end_inquiry(id: uuid.UUID, inquiry_id: uuid.UUID) -> Response:
    """End a question that nobody answered yet; its link stops working."""
    return answer_case(inquiries.take_back(current_uow(), id, inquiry_id))


@rest.route("/patterns/<uuid:id>/question", methods=["POST"], permission=TRIAGE)
@rest.arguments(ProposePatternSchema)
@rest.response(200, PatternSchema)
def propose_pattern(command: ProposePattern, id: uuid.UUID) -> Response:
    """Propose a pattern as a question for the city, with its cases; their reporters hear it."""
    return _pattern(patterns.propose(current_uow(), id, command))


@rest.route("/patterns/<uuid:id>/dismissal", methods=["POST"], permission=TRIAGE)
@rest.arguments(DismissPatternSchema)
@rest.response(200, PatternSchema)
def dismiss_pattern(command: DismissPattern, id: uuid.UUID) -> Response:
    """Leave a pattern, with the reason."""
    return _pattern(patterns.dismiss(current_uow(), id, command))


def _pattern(pattern: Pattern) -> Response:
    current_uow().session.flush()
    return reply(pattern_values(pattern), version=pattern.version)

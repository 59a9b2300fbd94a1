"""Signals over REST: sending one as the website does, what became of it for who sent it, and reading them for staff."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import select

from samen_core.api import LOGGED_IN, NotFound, UnitOfWork
from samen_core.rest.api import (
    MomentField,
    PageArgumentsSchema,
    current_actor,
    current_platform,
    current_uow,
    limit_visitor,
    no_content,
    reply,
    reply_page,
)
from samen_oog_oor import paths
from samen_oog_oor.models import Case, Signal
from samen_oog_oor.models.base import CHANNELS, STATES, TYPES
from samen_oog_oor.permissions import HANDLE, REPORT, SEE_CONTACT
from samen_oog_oor.queries.public import told_to_reporter
from samen_oog_oor.rest.common import API, base_url, rest, staff_case
from samen_oog_oor.schemas.moving import AskReopening, AskReopeningSchema, Withdraw, WithdrawSchema
from samen_oog_oor.schemas.own_signals import Judge, JudgeSchema, LostCode, LostCodeSchema
from samen_oog_oor.schemas.receiving import ReceiveSignal
from samen_oog_oor.schemas.signals import ReceiveSignalSchema
from samen_oog_oor.schemas.work import OpenContact, OpenContactSchema
from samen_oog_oor.services import limits, own_signals, reopening, withdrawing
from samen_oog_oor.services.contact import open_contact
from samen_oog_oor.services.lost_codes import limit_asking, mail_links
from samen_oog_oor.services.receipt_keys import short_code
from samen_oog_oor.services.receiving import receive_once

WRONG_KEYS, QUARTER = 30, 900
"""So many looks at receipts per quarter of an hour: nobody guesses keys."""
LOST_TRIES, HOUR = 5, 3600
Command = TypeVar("Command")


class ReceivedSchema(Schema):
    """What became of a signal that came in."""

    id = fields.UUID(required=True)
    code = fields.String(required=True, metadata={"description": "On the receipt, for people."})
    key = fields.String(required=True, metadata={"description": "With it its sender follows it: `/receipts/{key}`. Keep it secret."})
    receipt_url = fields.String(required=True)
    case_id = fields.UUID(required=True)
    number = fields.String(required=True)
    promised_on = fields.Date(required=True, allow_none=True)
    again = fields.Boolean(required=True, metadata={"description": "It had come in before, with the same `idempotency_key`."})


class SignalSchema(Schema):
    """A signal, for staff and its own reporter."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    case_id = fields.UUID(required=True)
    first_case_id = fields.UUID(required=True)
    code = fields.String(required=True, metadata={"description": "Its first part for staff: the whole opens what is the reporter's."})
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    text = fields.String(required=True)
    public_text = fields.String(required=True)
    answers = fields.Dict(required=True)
    lat = fields.Float(required=True, allow_none=True)
    lon = fields.Float(required=True, allow_none=True)
    address = fields.String(required=True)
    area_id = fields.UUID(required=True, allow_none=True)
    at = MomentField(required=True)
    confirmed_at = MomentField(required=True, allow_none=True)
    withdrawn_at = MomentField(required=True, allow_none=True)


class ToldSchema(Schema):
    """Something that a reporter was told."""

    at = MomentField(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    text = fields.String(required=True)


class ReceiptSchema(SignalSchema):
    """One's own signal, with how the case stands and what was told."""

    number = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    resolution = fields.String(required=True, allow_none=True)
    answer = fields.String(required=True)
    promised_on = fields.Date(required=True, allow_none=True)
    planned_on = fields.Date(required=True, allow_none=True)
    content = fields.Boolean(required=True, allow_none=True, metadata={"description": "What its reporter said of how it was closed."})
    told = fields.List(fields.Nested(ToldSchema), required=True)


class OwnSignalSchema(Schema):
    """A signal of one's account, in a list."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    at = MomentField(required=True)
    number = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class ContactSchema(Schema):
    """How to reach a reporter."""

    name = fields.String(required=True)
    email = fields.String(required=True)
    phone = fields.String(required=True)
    share = fields.Boolean(required=True)
    wants_mail = fields.Boolean(required=True)


FACTS = tuple(SignalSchema._declared_fields)


def _values(signal: Signal) -> dict[str, Any]:
    return {name: getattr(signal, name) for name in FACTS}


def _for_staff(signal: Signal) -> dict[str, Any]:
    return {**_values(signal), "code": short_code(signal.code)}


@rest.route("/signals", methods=["POST"], permission=REPORT, versioned=False)
@rest.arguments(ReceiveSignalSchema)
@rest.response(201, ReceivedSchema)
def receive_signal(command: ReceiveSignal) -> Response:
    """Send a signal. The same `idempotency_key` again gives what it gave the first time."""
    if current_actor().is_anonymous:
        limit_visitor("oog_oor.report", limits.SENDS, limits.HOUR)
        limits.limit_mail(current_platform(), command.contact.email if command.contact else "")
    received = receive_once(current_uow(), command)
    current_uow().session.flush()
    body = {
        "id": received.signal.id,
        "code": received.code,
        "key": received.key,
        "receipt_url": base_url() + paths.receipt(received.key),
        "case_id": received.case.id,
        "number": received.case.number,
        "promised_on": received.case.promised_on,
        "again": received.again,
    }
    return reply(body, 201, location=f"{API}/receipts/{received.key}")


@rest.route("/signals", permission=LOGGED_IN)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(OwnSignalSchema)
def list_own_signals(arguments: dict[str, Any]) -> Response:
    """The signals of one's account, the newest first."""
    page = own_signals.own_signals(current_uow(), arguments["page"])
    names = tuple(OwnSignalSchema._declared_fields)
    return reply_page(page, [{name: getattr(row, name) for name in names} for row in page.items], arguments["page"])


@rest.route("/signals/<uuid:id>", permission=LOGGED_IN)
@rest.response(200, SignalSchema)
def get_signal(id: uuid.UUID) -> Response:
    """One signal: one's own, or for who works at its case."""
    uow = current_uow()
    signal = uow.session.get(Signal, id)
    if signal is None:
        raise NotFound
    if signal.account_id is not None and signal.account_id == uow.actor.account_id:
        return reply(_values(signal), version=signal.version)
    staff_case(uow, signal.case_id)
    return reply(_for_staff(signal), version=signal.version)


@rest.route("/cases/<uuid:id>/signals", permission=HANDLE)
@rest.response(200, SignalSchema(many=True))
def list_signals_of_case(id: uuid.UUID) -> Response:
    """The signals of a case, first to last, at most 200; never how to reach who sent them."""
    uow = current_uow()
    staff_case(uow, id)
    found = uow.session.execute(select(Signal).where(Signal.case_id == id).order_by(Signal.at, Signal.id).limit(200)).scalars()
    return reply([_for_staff(signal) for signal in found])


@rest.route("/signals/<uuid:id>/contact", methods=["POST"], permission=SEE_CONTACT, versioned=False)
@rest.arguments(OpenContactSchema)
@rest.response(200, ContactSchema)
def open_contact_of_signal(command: OpenContact, id: uuid.UUID) -> Response:
    """How to reach the reporter of a signal. That somebody looked, and why, is written down."""
    uow = current_uow()
    signal = uow.session.get(Signal, id)
    if signal is None:
        raise NotFound
    contact = open_contact(uow, uow.session.get_one(Case, signal.case_id), id, command.reason)
    if contact is None:
        raise NotFound
    return reply({name: getattr(contact, name) for name in ContactSchema._declared_fields})


@rest.route("/receipts/links", methods=["POST"], public=True, versioned=False)
@rest.arguments(LostCodeSchema)
@rest.response(204)
def mail_links_again(command: LostCode) -> Response:
    """Mail the links to the signals that were sent with an address to that address. Nothing tells whether there are any."""
    limit_visitor("oog_oor.lost", LOST_TRIES, HOUR)
    limit_asking(current_platform(), command)
    mail_links(current_uow(), command)
    return no_content()


@rest.route("/receipts/<string:key>", public=True)
@rest.response(200, ReceiptSchema)
def get_receipt(key: str) -> Response:
    """What became of one's own signal, at the key that was given when it was sent."""
    limit_visitor("oog_oor.receipt", WRONG_KEYS, QUARTER)
    return receipt(*own_signals.own_signal(current_uow(), key))


@rest.route("/receipts/<string:key>/verdict", methods=["POST"], public=True, versioned=False)
@rest.arguments(JudgeSchema)
@rest.response(200, ReceiptSchema)
def judge_signal(command: Judge, key: str) -> Response:
    """Say whether one is content with how the case was closed."""
    return after_own(key, own_signals.judge, command)


@rest.route("/receipts/<string:key>/withdrawal", methods=["POST"], public=True, versioned=False)
@rest.arguments(WithdrawSchema)
@rest.response(200, ReceiptSchema)
def withdraw_signal(command: Withdraw, key: str) -> Response:
    """Take one's signal back, until work is planned."""
    return after_own(key, withdrawing.withdraw, command)


@rest.route("/receipts/<string:key>/reopening", methods=["POST"], public=True, versioned=False)
@rest.arguments(AskReopeningSchema)
@rest.response(200, ReceiptSchema)
def ask_reopening(command: AskReopening, key: str) -> Response:
    """Ask to look at a closed case again, with why."""
    return after_own(key, reopening.ask_reopening, command)


def after_own(key: str, act: Callable[[UnitOfWork, uuid.UUID, Command], object], command: Command) -> Response:
    """Do something with one's own signal, at its key, and give what became of it as JSON."""
    limit_visitor("oog_oor.receipt", WRONG_KEYS, QUARTER)
    uow = current_uow()
    signal, _case = own_signals.own_signal(uow, key)
    act(uow, signal.id, command)
    uow.session.flush()
    return receipt(*own_signals.own_signal(uow, key))


def receipt(signal: Signal, case: Case) -> Response:
    """One's own signal as JSON."""
    uow = current_uow()
    verdict = own_signals.verdict_of(uow, signal, case)
    told = [{name: getattr(row, name) for name in ("at", "state", "text")} for row in told_to_reporter(uow, signal)]
    of_case = {name: getattr(case, name) for name in ("number", "state", "resolution", "answer", "promised_on", "planned_on")}
    return reply({**_values(signal), **of_case, "content": verdict.content if verdict else None, "told": told}, version=signal.version)

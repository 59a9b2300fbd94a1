"""Contributions over REST: reading, giving, replying, changing one's own, support, entering and importing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate

from citycontent.api import SECTORS, area_tree
from samen_core.api import MODERATE as HIDE
from samen_core.api import FormSchema, Invalid, NotFound, UnitOfWork, load
from samen_core.rest.api import (
    MomentField,
    PageArgumentsSchema,
    current_actor,
    current_platform,
    current_uow,
    limit_visitor,
    reply,
    reply_page,
)
from samen_inbreng.models import CHANNELS, OUTCOMES, Contribution
from samen_inbreng.permissions import CLAIM, CONTRIBUTE, ENTER, SUPPORT
from samen_inbreng.queries.answers import Outcome, outcomes_of
from samen_inbreng.queries.contributions import ORDERS, ContributionFilter, found_by_id, list_contributions
from samen_inbreng.rest.common import API, rest
from samen_inbreng.schemas.contribution import (
    MOST_IMPORTED,
    Contribute,
    ContributeSchema,
    EditContribution,
    EditContributionSchema,
    EnterContribution,
    EnterContributionSchema,
    HideContribution,
    HideContributionSchema,
    ShowContribution,
    ShowContributionSchema,
    UseReceipt,
    UseReceiptSchema,
    WithdrawContribution,
    WithdrawContributionSchema,
)
from samen_inbreng.services.common import get_contribution
from samen_inbreng.services.contributions import CONTRIBUTED, Given, contribute
from samen_inbreng.services.entry import Imported, enter_contribution, import_contributions
from samen_inbreng.services.guard import count_mail
from samen_inbreng.services.moderating import hide_contribution, show_contribution
from samen_inbreng.services.own import edit_contribution, withdraw_contribution
from samen_inbreng.services.receipts import TRIES, WINDOW, claim
from samen_inbreng.services.support import support, take_back

_ALWAYS = (
    "id",
    "version",
    "activity_id",
    "subject_id",
    "parent_id",
    "depth",
    "number",
    "state",
    "sector",
    "channel",
    "area_id",
    "received_on",
    "at",
    "edited_at",
    "supports",
    "replies",
    "external_ref",
)


class ContributionSchema(Schema):
    """A contribution. Of one that was withdrawn or hidden only the line remains that it was there."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    activity_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    parent_id = fields.UUID(required=True, allow_none=True, metadata={"description": "What it is a reply to."})
    depth = fields.Integer(required=True)
    number = fields.Integer(required=True, metadata={"description": "Within its activity."})
    state = fields.String(required=True, validate=validate.OneOf(("published", "withdrawn", "hidden")))
    sector = fields.String(required=True, validate=validate.OneOf(SECTORS))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    area_id = fields.UUID(required=True, allow_none=True)
    received_on = fields.Date(required=True)
    at = MomentField(required=True)
    edited_at = MomentField(required=True, allow_none=True)
    supports = fields.Integer(required=True)
    replies = fields.Integer(required=True)
    external_ref = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    answers = fields.Dict(required=True)
    place = fields.Dict(required=True, allow_none=True)
    author_name = fields.String(required=True, metadata={"description": "Empty for an anonymous one."})
    organization_id = fields.UUID(required=True, allow_none=True, metadata={"description": "On whose behalf it was given."})
    outcome = fields.String(required=True, allow_none=True, validate=validate.OneOf(OUTCOMES))
    outcome_reason = fields.String(required=True)


class GivenSchema(ContributionSchema):
    """A contribution just given, with the code by which its sender follows it; shown only now."""

    receipt_code = fields.String(required=True)


class ImportSchema(FormSchema):
    """Contributions of another system, at most five hundred; each is checked by itself."""

    contributions = fields.List(
        fields.Dict(), required=True, validate=validate.Length(1, MOST_IMPORTED), metadata={"description": "Each as for entering one."}
    )


class ImportedSchema(Schema):
    """What became of one contribution of an import."""

    id = fields.UUID(required=True, allow_none=True)
    number = fields.Integer(required=True, allow_none=True)
    is_new = fields.Boolean(required=True)
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)


class SupportSchema(Schema):
    """How many support a contribution now."""

    supports = fields.Integer(required=True)


class ContributionArgumentsSchema(PageArgumentsSchema):
    """Which contributions."""

    sector = fields.String(load_default=None, validate=validate.OneOf(SECTORS))
    channel = fields.String(load_default=None, validate=validate.OneOf(CHANNELS))
    area_id = fields.UUID(data_key="areaId", load_default=None, metadata={"description": "An area with everything in it."})
    theme_id = fields.UUID(data_key="themeId", load_default=None)
    outcome = fields.String(load_default=None, validate=validate.OneOf(OUTCOMES))
    waiting = fields.Boolean(load_default=False, metadata={"description": "Only what has no answer yet."})
    replies = fields.Boolean(load_default=False, metadata={"description": "Replies too."})
    order = fields.String(load_default="newest", validate=validate.OneOf(tuple(ORDERS)))


class AllContributionArgumentsSchema(ContributionArgumentsSchema):
    """Which contributions of the whole city."""

    activity_id = fields.UUID(data_key="activityId", load_default=None)
    subject_id = fields.UUID(data_key="subjectId", load_default=None)


@rest.route("/contributions", public=True)
@rest.arguments(AllContributionArgumentsSchema, location="query")
@rest.listing(ContributionSchema)
def list_all_contributions(arguments: dict[str, Any]) -> Response:
    """Contributions, newest first."""
    return _list(arguments, activity_id=arguments.pop("activity_id"), subject_id=arguments.pop("subject_id"))


@rest.route("/activities/<uuid:id>/contributions", public=True)
@rest.arguments(ContributionArgumentsSchema, location="query")
@rest.listing(ContributionSchema)
def list_contributions_of_activity(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """The contributions to an activity, newest first."""
    return _list(arguments, activity_id=id)


@rest.route("/contributions/<uuid:id>", public=True)
@rest.response(200, ContributionSchema)
def get_contribution_(id: uuid.UUID) -> Response:
    """One contribution; a reply too."""
    uow = current_uow()
    row = found_by_id(uow, id)
    if row is None:
        raise NotFound
    return reply(_represent(row, outcomes_of(uow, [id]).get(id)), version=row.version)


@rest.route("/activities/<uuid:id>/contributions", methods=["POST"], permission=CONTRIBUTE)
@rest.arguments(ContributeSchema)
@rest.response(201, GivenSchema)
def create_contribution(command: Contribute, id: uuid.UUID) -> Response:
    """Contribute to an activity, or reply to a contribution with `parent_id`. The code is for who has no account."""
    _limit_mail(command)
    return _given(contribute(current_uow(), id, command))


@rest.route("/contributions/<uuid:id>/replies", methods=["POST"], permission=CONTRIBUTE)
@rest.arguments(ContributeSchema)
@rest.response(201, GivenSchema)
def create_reply(command: Contribute, id: uuid.UUID) -> Response:
    """Reply to a contribution."""
    _limit_mail(command)
    uow = current_uow()
    parent = get_contribution(uow, id)
    said = Contribute(text=command.text, name=command.name, email=command.email, wants_mail=command.wants_mail, parent_id=id)
    return _given(contribute(uow, parent.activity_id, said))


@rest.route("/contributions/<uuid:id>", methods=["PUT"], permission=CONTRIBUTE)
@rest.arguments(EditContributionSchema)
@rest.response(200, ContributionSchema)
def update_contribution(command: EditContribution, id: uuid.UUID) -> Response:
    """Change one's own contribution, soon after giving it; who has no account sends the `code` of the receipt."""
    _limit_codes(command.code)
    return _changed(edit_contribution(current_uow(), id, command))


@rest.route("/contributions/<uuid:id>/withdraw", methods=["POST"], permission=CONTRIBUTE)
@rest.arguments(WithdrawContributionSchema)
@rest.response(200, ContributionSchema)
def withdraw_contribution_(command: WithdrawContribution, id: uuid.UUID) -> Response:
    """Take one's own contribution back: its words go for good."""
    _limit_codes(command.code)
    return _changed(withdraw_contribution(current_uow(), id, command))


@rest.route("/contributions/<uuid:id>/support", methods=["PUT"], permission=SUPPORT)
@rest.response(200, SupportSchema)
def support_contribution(id: uuid.UUID) -> Response:
    """Support a contribution; twice is once."""
    return reply({"supports": support(current_uow(), id)})


@rest.route("/contributions/<uuid:id>/support", methods=["DELETE"], permission=SUPPORT, versioned=False)
@rest.response(200, SupportSchema)
def take_back_support(id: uuid.UUID) -> Response:
    """Support a contribution no longer."""
    return reply({"supports": take_back(current_uow(), id)})


@rest.route("/contributions/claim", methods=["POST"], permission=CLAIM)
@rest.arguments(UseReceiptSchema)
@rest.response(200, ContributionSchema)
def claim_contribution(command: UseReceipt) -> Response:
    """Tie a contribution to one's account with the code of its receipt."""
    _limit_codes(command.code)
    return _changed(claim(current_uow(), command))


@rest.route("/contributions/<uuid:id>/hide", methods=["POST"], permission=HIDE)
@rest.arguments(HideContributionSchema)
@rest.response(200, ContributionSchema)
def hide_contribution_(command: HideContribution, id: uuid.UUID) -> Response:
    """Hide a contribution, for a reason that its author is told."""
    return _changed(hide_contribution(current_uow(), id, command))


@rest.route("/contributions/<uuid:id>/show", methods=["POST"], permission=HIDE)
@rest.arguments(ShowContributionSchema)
@rest.response(200, ContributionSchema)
def show_contribution_(command: ShowContribution, id: uuid.UUID) -> Response:
    """Show a hidden contribution again."""
    return _changed(show_contribution(current_uow(), id, command))


@rest.route("/activities/<uuid:id>/contributions/entry", methods=["POST"], permission=ENTER)
@rest.arguments(EnterContributionSchema)
@rest.response(201, GivenSchema)
def enter_contribution_(command: EnterContribution, id: uuid.UUID) -> Response:
    """Enter what somebody said by phone, letter or in a meeting."""
    return _given(enter_contribution(current_uow(), id, command))


@rest.route("/activities/<uuid:id>/contributions/import", methods=["POST"], permission=ENTER)
@rest.arguments(ImportSchema)
@rest.response(200, ImportedSchema(many=True))
def import_contributions_(body: dict[str, Any], id: uuid.UUID) -> Response:
    """Enter many at once, in order. One that is wrong does not stop the others; one whose `external_ref` is known stays as it is."""
    results = import_contributions(current_uow(), id, [_item(item) for item in body["contributions"]])
    return reply([_imported(result) for result in results])


def _limit_mail(command: Contribute) -> None:
    if current_actor().is_anonymous and command.wants_mail:
        count_mail(current_platform(), command.email)


def _limit_codes(code: str) -> None:
    if code:
        limit_visitor("inbreng.receipt", TRIES, WINDOW)


_ENTRY = EnterContributionSchema()


def _item(item: Any) -> EnterContribution | Invalid:
    try:
        found: EnterContribution = load(_ENTRY, item)
    except Invalid as error:
        return error
    return found


def _imported(result: Imported) -> dict[str, Any]:
    made = result.contribution
    return {
        "id": made.id if made else None,
        "number": made.number if made else None,
        "is_new": result.is_new,
        "errors": {name: [str(text) for text in texts] for name, texts in result.errors.items()},
    }


def _changed(contribution: Contribution) -> Response:
    """A contribution after an act, as :func:`get_contribution_` gives it."""
    outcome = outcomes_of(current_uow(), [contribution.id]).get(contribution.id)
    return reply(_represent(contribution, outcome), version=contribution.version)


def _given(given: Given) -> Response:
    made = given.contribution
    current_uow().send(CONTRIBUTED, contribution=made, address=request.remote_addr or "")
    body = {**_represent(made, None), "receipt_code": given.receipt_code}
    return reply(body, 201, version=made.version, location=f"{API}/contributions/{made.id}")


def _list(arguments: dict[str, Any], **where: Any) -> Response:
    uow = current_uow()
    asked, order = arguments.pop("page"), arguments.pop("order")
    area_id = arguments.pop("area_id")
    within = area_tree(uow).within(area_id) if area_id else None
    page = list_contributions(uow, ContributionFilter(**where, **arguments, area_ids=within, found=True), asked, order=order)
    return reply_page(page, _rows(uow, page.items), asked)


def _rows(uow: UnitOfWork, rows: Sequence[Any]) -> list[dict[str, Any]]:
    outcomes = outcomes_of(uow, [row.id for row in rows if row.answered])
    return [_represent(row, outcomes.get(row.id)) for row in rows]


def _represent(source: Contribution | Any, outcome: Outcome | None) -> dict[str, Any]:
    shown = source.state == "published"
    return {
        **{name: getattr(source, name) for name in _ALWAYS},
        "text": source.text if shown else "",
        "answers": source.answers if shown else {},
        "place": source.place if shown else None,
        "author_name": source.author_name if shown else "",
        "organization_id": source.on_behalf_of_id if shown else None,
        "outcome": outcome.outcome if outcome else None,
        "outcome_reason": outcome.reason if outcome else "",
    }

"""Options over REST: their versions, what they are judged on, and their support."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from citycontent.api import SECTORS
from samen_core.api import UnitOfWork, fetch_page
from samen_core.rest.api import MomentField, PageArgumentsSchema, RowWriter, current_uow, no_content, reply, reply_page
from samen_samenspreker.models import POSITIONS, Criterion, Option, OptionSupport
from samen_samenspreker.permissions import FACILITATE, MAKE_OPTION, SUPPORT_QUESTION
from samen_samenspreker.queries import options as queries
from samen_samenspreker.queries.support import support_of
from samen_samenspreker.rest.common import rest
from samen_samenspreker.schemas.options import (
    AddOption,
    AddOptionSchema,
    JudgeOption,
    JudgeOptionSchema,
    ReviseOption,
    ReviseOptionSchema,
    SetCriteria,
    SetCriteriaSchema,
    SupportOption,
    SupportOptionSchema,
    TakeBackSupport,
    TakeBackSupportSchema,
    WithdrawOption,
    WithdrawOptionSchema,
)
from samen_samenspreker.services.common import get_question
from samen_samenspreker.services.options import (
    add_option,
    get_option,
    judge_option,
    option_values,
    revise_option,
    set_criteria,
    withdraw_option,
)
from samen_samenspreker.services.support import support_option, take_back_support

API = "/api/v1/samenspreker"


class OptionItemSchema(Schema):
    """An option with the text of its newest version."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    question_id = fields.UUID(required=True)
    cycle = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["active", "withdrawn"]))
    reason = fields.String(required=True, metadata={"description": "Why it was withdrawn."})
    title = fields.String(required=True)
    current = fields.Integer(required=True, metadata={"description": "The number of the newest version of its text."})
    position = fields.Integer(required=True)
    at = MomentField(required=True)
    text = fields.String(required=True)
    costs = fields.String(required=True)


class JudgementSchema(Schema):
    """How an option does on a criterion."""

    criterion_id = fields.UUID(required=True)
    score = fields.Integer(required=True, allow_none=True, validate=validate.Range(1, 5))
    text = fields.String(required=True)


class SupportCountSchema(Schema):
    """How many seats, or people without one, of a sector took a position."""

    who = fields.String(required=True, validate=validate.OneOf(["seats", "others"]))
    sector = fields.String(required=True, validate=validate.OneOf(SECTORS))
    position = fields.String(required=True, validate=validate.OneOf(POSITIONS))
    number = fields.Integer(required=True)


class OptionSchema(OptionItemSchema):
    """An option with its judgements and its support, counted per sector."""

    judgements = fields.List(fields.Nested(JudgementSchema), required=True)
    support = fields.List(fields.Nested(SupportCountSchema), required=True)
    older_seats = fields.Integer(required=True, metadata={"description": "Seats that spoke of an earlier version; they are counted."})
    older_others = fields.Integer(required=True)


class OptionVersionSchema(Schema):
    """The text of an option as it was."""

    option_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    costs = fields.String(required=True)
    note = fields.String(required=True, metadata={"description": "What changed since the version before."})
    at = MomentField(required=True)


class CriterionSchema(Schema):
    """Something that a table judges its options on."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    position = fields.Integer(required=True)


class OwnSupportSchema(Schema):
    """What the caller said of an option, for a seat or for itself."""

    option_id = fields.UUID(required=True)
    option_version = fields.Integer(required=True)
    seat_id = fields.UUID(required=True, allow_none=True)
    sector = fields.String(required=True)
    position = fields.String(required=True, validate=validate.OneOf(POSITIONS))
    reason = fields.String(required=True)
    at = MomentField(required=True)


_NAMES = tuple(column.key for column in queries.COLUMNS)
_VERSION_NAMES = ("option_id", "number", "title", "text", "costs", "note", "at")
_OPTIONS = RowWriter(OptionItemSchema, *_NAMES)
_VERSIONS = RowWriter(OptionVersionSchema, *_VERSION_NAMES)


def _whole(uow: UnitOfWork, option: Option) -> dict[str, Any]:
    text = option_values(uow, option)
    support = support_of(uow, [option.id])[option.id]
    groups = (("seats", support.seats), ("others", support.others))
    judgements = queries.judgements_of(uow, [option.id])[option.id].values()
    return {
        **{name: getattr(option, name) for name in _NAMES if name not in ("text", "costs")},
        "text": text["text"],
        "costs": text["costs"],
        "judgements": [{"criterion_id": row.criterion_id, "score": row.score, "text": row.text} for row in judgements],
        "support": [
            {"who": who, "sector": sector, "position": position, "number": number}
            for who, numbers in groups
            for (sector, position), number in sorted(numbers.items())
        ],
        "older_seats": support.older_seats,
        "older_others": support.older_others,
    }


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {"id": criterion.id, "version": criterion.version, "title": criterion.title, "position": criterion.position}


def _own(given: OptionSupport) -> dict[str, Any]:
    names = ("option_id", "option_version", "seat_id", "sector", "position", "reason", "at")
    return {name: getattr(given, name) for name in names}


@rest.route("/questions/<uuid:id>/options", public=True)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(OptionItemSchema)
def list_options(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """The options of a table, withdrawn ones too, in order."""
    uow = current_uow()
    values = {"question_id": get_question(uow, id).id}
    page = fetch_page(uow.session, queries.OF_TABLE, queries.ORDER, arguments["page"], values, keep=True)
    return reply_page(page, _OPTIONS.write(page.items), arguments["page"])


@rest.route("/questions/<uuid:id>/options", methods=["POST"], permission=MAKE_OPTION)
@rest.arguments(AddOptionSchema)
@rest.response(201, OptionSchema)
def create_option(command: AddOption, id: uuid.UUID) -> Response:
    """Put an option on the table; for who sits at it."""
    uow = current_uow()
    made = add_option(uow, id, command)
    return reply(_whole(uow, made), 201, version=made.version, location=f"{API}/options/{made.id}")


@rest.route("/options/<uuid:id>", public=True)
@rest.response(200, OptionSchema)
def one_option(id: uuid.UUID) -> Response:
    """One option."""
    uow = current_uow()
    _question, option = get_option(uow, id)
    return reply(_whole(uow, option), version=option.version)


@rest.route("/options/<uuid:id>", methods=["PUT"], permission=MAKE_OPTION)
@rest.arguments(ReviseOptionSchema)
@rest.response(200, OptionSchema)
def change_option(command: ReviseOption, id: uuid.UUID) -> Response:
    """Give an option a new version of its text; the earlier ones stay."""
    uow = current_uow()
    option = revise_option(uow, id, command)
    return reply(_whole(uow, option), version=option.version)


@rest.route("/options/<uuid:id>/withdraw", methods=["POST"], permission=FACILITATE)
@rest.arguments(WithdrawOptionSchema)
@rest.response(200, OptionSchema)
def drop_option(command: WithdrawOption, id: uuid.UUID) -> Response:
    """Take an option off the table, for a public reason."""
    uow = current_uow()
    option = withdraw_option(uow, id, command)
    return reply(_whole(uow, option), version=option.version)


@rest.route("/options/<uuid:id>/versions", public=True)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(OptionVersionSchema)
def list_option_versions(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """The versions of an option, newest first."""
    uow = current_uow()
    _question, option = get_option(uow, id)
    page = fetch_page(uow.session, queries.VERSIONS, queries.VERSION_ORDER, arguments["page"], {"option_id": option.id}, keep=True)
    return reply_page(page, _VERSIONS.write(page.items), arguments["page"])


@rest.route("/options/<uuid:id>/judgements", methods=["PUT"], permission=MAKE_OPTION)
@rest.arguments(JudgeOptionSchema)
@rest.response(200, OptionSchema)
def change_judgements(command: JudgeOption, id: uuid.UUID) -> Response:
    """Judge an option on criteria of the table; one that is not named keeps its judgement."""
    uow = current_uow()
    option = judge_option(uow, id, command)
    return reply(_whole(uow, option), version=option.version)


@rest.route("/questions/<uuid:id>/criteria", public=True)
@rest.response(200, CriterionSchema(many=True))
def list_criteria(id: uuid.UUID) -> Response:
    """What a table judges its options on (at most 15)."""
    uow = current_uow()
    return reply([_criterion(criterion) for criterion in queries.criteria_of(uow, get_question(uow, id).id)])


@rest.route("/questions/<uuid:id>/criteria", methods=["PUT"], permission=MAKE_OPTION)
@rest.arguments(SetCriteriaSchema)
@rest.response(200, CriterionSchema(many=True))
def change_criteria(command: SetCriteria, id: uuid.UUID) -> Response:
    """Add (without ``id``), rename, and take away (an empty ``title``) criteria; one that is not named stays."""
    return reply([_criterion(criterion) for criterion in set_criteria(current_uow(), id, command)])


@rest.route("/options/<uuid:id>/support", methods=["PUT"], permission=SUPPORT_QUESTION, versioned=False)
@rest.arguments(SupportOptionSchema)
@rest.response(200, OwnSupportSchema)
def change_support(command: SupportOption, id: uuid.UUID) -> Response:
    """Say what one thinks of an option: for one's seat at the table, or for oneself without one. Again replaces what was said."""
    return reply(_own(support_option(current_uow(), id, command)))


@rest.route("/options/<uuid:id>/support", methods=["DELETE"], permission=SUPPORT_QUESTION, versioned=False)
@rest.arguments(TakeBackSupportSchema, location="query")
@rest.response(204)
def delete_support(command: TakeBackSupport, id: uuid.UUID) -> Response:
    """Take back what one said of an option."""
    take_back_support(current_uow(), id, command)
    return no_content()

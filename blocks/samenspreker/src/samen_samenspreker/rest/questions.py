"""Questions over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from citycontent.api import SECTORS, area_tree
from samen_core.api import UnitOfWork
from samen_core.rest.api import MomentField, PageArgumentsSchema, RowWriter, current_platform, current_uow, reply, reply_page
from samen_samenspreker.models import KINDS, STATES, STEPS, Question
from samen_samenspreker.paths import table
from samen_samenspreker.permissions import ASK, JUDGE, SUPPORT_QUESTION
from samen_samenspreker.queries.questions import ACTS, CARD, LISTS, ORDERS, QuestionFilter, list_questions, queue
from samen_samenspreker.queries.similar import similar_questions
from samen_samenspreker.rest.common import rest
from samen_samenspreker.schemas.questions import (
    TITLE,
    AskQuestion,
    AskQuestionSchema,
    JudgeQuestion,
    JudgeQuestionSchema,
    MergeQuestion,
    MergeQuestionSchema,
    UndoMerge,
    UndoMergeSchema,
    UpdateQuestion,
    UpdateQuestionSchema,
    WithdrawQuestion,
    WithdrawQuestionSchema,
)
from samen_samenspreker.services.asker_mail import count_mail
from samen_samenspreker.services.common import get_question
from samen_samenspreker.services.judging import accept, refuse
from samen_samenspreker.services.merging import merge, undo_merge
from samen_samenspreker.services.question_support import support, take_back
from samen_samenspreker.services.questions import ask, update, withdraw

API = "/api/v1/samenspreker/questions"
_ITEM = tuple(column.key for column in CARD)


class QuestionItemSchema(Schema):
    """A question in a list."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    slug = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    title = fields.String(required=True)
    description = fields.String(required=True, metadata={"description": "Markdown."})
    area_id = fields.UUID(required=True, allow_none=True)
    theme_id = fields.UUID(required=True, allow_none=True)
    project_id = fields.UUID(required=True, allow_none=True)
    sectors = fields.List(fields.String(validate=validate.OneOf(SECTORS)), required=True, metadata={"description": "Whom it concerns."})
    sector = fields.String(required=True, validate=validate.OneOf(SECTORS), metadata={"description": "Of who asked."})
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    step = fields.String(required=True, validate=validate.OneOf(STEPS))
    cycle = fields.Integer(required=True)
    reason = fields.String(required=True, metadata={"description": "Why it was accepted or refused."})
    decided_at = MomentField(required=True, allow_none=True)
    supports = fields.Integer(required=True)
    at = MomentField(required=True)


class QuestionSchema(QuestionItemSchema):
    """A question."""

    why_now = fields.String(required=True)
    author_name = fields.String(required=True, metadata={"description": "As it is shown; empty for who gave none."})
    on_behalf_of_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The organisation that asked."})
    merged_into_id = fields.UUID(required=True, allow_none=True)
    follows_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The question whose evaluation led to this one."})
    url = fields.String(required=True, metadata={"description": "Path of its page."})


class AskedSchema(QuestionSchema):
    """A question that was just put."""

    receipt_code = fields.String(required=True, metadata={"description": "Shown once: to follow it without account. Empty with one."})


class SimilarSchema(Schema):
    """A question that looks like the one asked about."""

    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    area_id = fields.UUID(required=True, allow_none=True)
    theme_id = fields.UUID(required=True, allow_none=True)
    step = fields.String(required=True)
    supports = fields.Integer(required=True)


class QuestionArgumentsSchema(PageArgumentsSchema):
    """Which questions."""

    list = fields.String(
        load_default="",
        validate=validate.OneOf(("", "submitted", *LISTS)),
        metadata={"description": "Without it: all that were accepted. `submitted`: what waits to be judged, oldest first, for staff."},
    )
    step = fields.String(load_default=None, validate=validate.OneOf(STEPS))
    area_id = fields.UUID(data_key="areaId", load_default=None, metadata={"description": "An area with everything in it."})
    theme_id = fields.UUID(data_key="themeId", load_default=None)
    sector = fields.String(load_default=None, validate=validate.OneOf(SECTORS), metadata={"description": "Whom it concerns."})
    act = fields.String(load_default=None, validate=validate.OneOf(ACTS), metadata={"description": "What one can do now."})
    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words in the title or text."})
    order = fields.String(load_default="newest", validate=validate.OneOf(tuple(ORDERS)))


class SimilarArgumentsSchema(PageArgumentsSchema):
    """The question that one is about to put."""

    title = fields.String(required=True, validate=validate.Length(1, TITLE))
    description = fields.String(load_default="", validate=validate.Length(max=5_000))


ITEMS = RowWriter(QuestionItemSchema, *_ITEM)
_ONE = (*_ITEM, "why_now", "author_name", "on_behalf_of_id", "merged_into_id", "follows_id")
_SIMILAR = RowWriter(SimilarSchema, "id", "slug", "title", "description", "area_id", "theme_id", "step", "supports")


def _whole(question: Question) -> dict[str, Any]:
    return {**{name: getattr(question, name) for name in _ONE}, "url": table(question.slug)}


def _answer(question: Question, status: int = 200) -> Response:
    return reply(_whole(question), status, version=question.version)


def _areas(uow: UnitOfWork, id: uuid.UUID | None) -> tuple[uuid.UUID, ...] | None:
    return None if id is None else area_tree(uow).within(id)


@rest.route("/questions", public=True)
@rest.arguments(QuestionArgumentsSchema, location="query")
@rest.listing(QuestionItemSchema)
def list_all_questions(arguments: dict[str, Any]) -> Response:
    """Questions, newest first."""
    uow = current_uow()
    if arguments["list"] == "submitted":
        JUDGE.require(uow.actor)
        page = queue(uow, arguments["page"])
        return reply_page(page, ITEMS.write(page.items), arguments["page"])
    chosen = QuestionFilter(
        list=arguments["list"],
        step=arguments["step"],
        area_ids=_areas(uow, arguments["area_id"]),
        theme_id=arguments["theme_id"],
        sector=arguments["sector"],
        act=arguments["act"],
        text=arguments["q"],
    )
    page = list_questions(uow, chosen, arguments["page"], order=arguments["order"], with_count=False)
    return reply_page(page, ITEMS.write(page.items), arguments["page"])


@rest.route("/questions/similar", public=True)
@rest.arguments(SimilarArgumentsSchema, location="query")
@rest.response(200, SimilarSchema(many=True))
def list_similar_questions(arguments: dict[str, Any]) -> Response:
    """At most five questions that look like one that somebody is about to put, the most alike first."""
    found = similar_questions(current_uow(), arguments["title"], arguments["description"])
    return reply(_SIMILAR.write(found))


@rest.route("/questions", methods=["POST"], permission=ASK)
@rest.arguments(AskQuestionSchema)
@rest.response(201, AskedSchema)
def create_question(command: AskQuestion) -> Response:
    """Put a question; with a token for oneself or the organisation that one acts for, without one as anybody."""
    if command.wants_mail:
        count_mail(current_platform(), command.email)
    asked = ask(current_uow(), command)
    body = {**_whole(asked.question), "receipt_code": asked.receipt_code}
    return reply(body, 201, version=asked.question.version, location=f"{API}/{asked.question.id}")


@rest.route("/questions/<uuid:id>", public=True)
@rest.response(200, QuestionSchema)
def one_question(id: uuid.UUID) -> Response:
    """One question."""
    return _answer(get_question(current_uow(), id))


@rest.route("/questions/<uuid:id>", methods=["PUT"], permission=ASK)
@rest.arguments(UpdateQuestionSchema)
@rest.response(200, QuestionSchema)
def replace_question(command: UpdateQuestion, id: uuid.UUID) -> Response:
    """Replace the text: who asked until it is judged, staff also after."""
    return _answer(update(current_uow(), id, command))


@rest.route("/questions/<uuid:id>/withdrawal", methods=["POST"], permission=ASK)
@rest.arguments(WithdrawQuestionSchema)
@rest.response(200, QuestionSchema)
def withdraw_question(command: WithdrawQuestion, id: uuid.UUID) -> Response:
    """Take one's question back while nobody has judged it."""
    return _answer(withdraw(current_uow(), id, command))


@rest.route("/questions/<uuid:id>/acceptance", methods=["POST"], permission=JUDGE)
@rest.arguments(JudgeQuestionSchema)
@rest.response(200, QuestionSchema)
def accept_question(command: JudgeQuestion, id: uuid.UUID) -> Response:
    """Put a submitted question on the agenda: its table starts."""
    return _answer(accept(current_uow(), id, command))


@rest.route("/questions/<uuid:id>/refusal", methods=["POST"], permission=JUDGE)
@rest.arguments(JudgeQuestionSchema)
@rest.response(200, QuestionSchema)
def refuse_question(command: JudgeQuestion, id: uuid.UUID) -> Response:
    """Refuse a submitted question, for a public reason."""
    return _answer(refuse(current_uow(), id, command))


@rest.route("/questions/<uuid:id>/merge", methods=["POST"], permission=JUDGE)
@rest.arguments(MergeQuestionSchema)
@rest.response(200, QuestionSchema)
def merge_question(command: MergeQuestion, id: uuid.UUID) -> Response:
    """Merge a question into another; gives the other."""
    return _answer(merge(current_uow(), id, command))


@rest.route("/questions/<uuid:id>/separation", methods=["POST"], permission=JUDGE)
@rest.arguments(UndoMergeSchema)
@rest.response(200, QuestionSchema)
def separate_question(command: UndoMerge, id: uuid.UUID) -> Response:
    """Take a merge back, as long as nothing happened at the other table."""
    return _answer(undo_merge(current_uow(), id, command))


@rest.route("/questions/<uuid:id>/support", methods=["PUT"], permission=SUPPORT_QUESTION)
@rest.response(200, QuestionSchema)
def support_question(id: uuid.UUID) -> Response:
    """Support a question; doing it twice changes nothing."""
    return _answer(support(current_uow(), id))


@rest.route("/questions/<uuid:id>/support", methods=["DELETE"], permission=SUPPORT_QUESTION, versioned=False)
@rest.response(200, QuestionSchema)
def stop_supporting_question(id: uuid.UUID) -> Response:
    """Take one's support back."""
    return _answer(take_back(current_uow(), id))

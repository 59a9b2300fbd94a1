"""Questions of council members over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_beleidsagenda.events import QuestionChanged
from samen_beleidsagenda.models import QUESTION_KINDS, STATES, CouncilQuestion
from samen_beleidsagenda.permissions import RECORD
from samen_beleidsagenda.queries.questions import QuestionFilter, list_questions
from samen_beleidsagenda.rest.approval import Approvals, add_approvals
from samen_beleidsagenda.rest.common import API, rest
from samen_beleidsagenda.rest.promises import represent
from samen_beleidsagenda.schemas.council_questions import (
    AnswerQuestion,
    AnswerQuestionSchema,
    AskCouncilQuestion,
    AskCouncilQuestionSchema,
    ExtendQuestion,
    ExtendQuestionSchema,
    UpdateCouncilQuestion,
    UpdateCouncilQuestionSchema,
    WithdrawQuestion,
    WithdrawQuestionSchema,
)
from samen_beleidsagenda.services import approval
from samen_beleidsagenda.services.common import get_thing, today
from samen_beleidsagenda.services.council_questions import (
    answer_question,
    ask_question,
    extend_question,
    is_open,
    update_question,
    withdraw_question,
)
from samen_beleidsagenda.services.promise_links import submitters
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_uow, reply, reply_page

LISTED = (
    "id",
    "version",
    "kind",
    "number",
    "title",
    "asked_on",
    "due_date",
    "original_due",
    "answered_on",
    "withdrawn_on",
    "holder_id",
    "dossier_id",
    "state",
    "confidential",
)
FACTS = (*LISTED, "text", "extension_reason", "answer", "agenda_item_id", "answer_document_id", "published_at", "changed_at")


class QuestionArgumentsSchema(PageArgumentsSchema):
    """Which questions."""

    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words of the subject or the number."})
    kind = fields.String(load_default=None, validate=validate.OneOf(QUESTION_KINDS))
    state = fields.String(load_default=None, validate=validate.OneOf(("open", "late", "answered", "withdrawn")))
    holder_id = fields.UUID(data_key="holderId", load_default=None)
    dossier_id = fields.UUID(data_key="dossierId", load_default=None)
    party_id = fields.UUID(data_key="partyId", load_default=None, metadata={"description": "A group that asked it."})


class QuestionSchema(Schema):
    """A question of council members."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    uri = fields.String(required=True)
    url = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(QUESTION_KINDS))
    number = fields.String(required=True)
    title = fields.String(required=True)
    asked_on = fields.Date(required=True)
    due_date = fields.Date(required=True)
    original_due = fields.Date(required=True, metadata={"description": "Thirty days after it was asked."})
    answered_on = fields.Date(required=True, allow_none=True)
    withdrawn_on = fields.Date(required=True, allow_none=True)
    late = fields.Boolean(required=True, metadata={"description": "Derived: it waits and its day is over."})
    holder_id = fields.UUID(required=True, allow_none=True)
    dossier_id = fields.UUID(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    confidential = fields.Boolean(required=True)


class OneQuestionSchema(QuestionSchema):
    """A question with its text, its answer, and who asked it."""

    text = fields.String(required=True)
    extension_reason = fields.String(required=True)
    answer = fields.String(required=True)
    agenda_item_id = fields.UUID(required=True, allow_none=True)
    answer_document_id = fields.UUID(required=True, allow_none=True)
    published_at = MomentField(required=True, allow_none=True)
    changed_at = MomentField(required=True)
    group_ids = fields.List(fields.UUID(), required=True)
    person_ids = fields.List(fields.UUID(), required=True)


def _shown(rows: Any, names: tuple[str, ...]) -> list[dict[str, Any]]:
    uow = current_uow()
    found = list(rows)
    day = today(uow)
    shown = represent(uow, CouncilQuestion, found, names)
    return [{**item, "late": is_open(row) and row.due_date < day} for item, row in zip(shown, found, strict=True)]


def _answer(question: CouncilQuestion, status: int = 200) -> Response:
    uow = current_uow()
    uow.session.flush()
    groups, persons = submitters(uow, question.id)
    body = {**_shown([question], FACTS)[0], "group_ids": groups, "person_ids": persons}
    location = f"{API}/council-questions/{question.id}" if status == 201 else ""
    return reply(body, status, version=question.version, location=location)


@rest.route("/council-questions", public=True)
@rest.arguments(QuestionArgumentsSchema, location="query")
@rest.listing(QuestionSchema)
def list_public_questions(arguments: dict[str, Any]) -> Response:
    """Public questions: what waits first, what is due soonest on top."""
    names = ("kind", "state", "holder_id", "dossier_id", "party_id")
    chosen = QuestionFilter(text=arguments["q"], **{name: arguments[name] for name in names})
    page = list_questions(current_uow(), chosen, arguments["page"], with_count=False)
    return reply_page(page, _shown(page.items, LISTED), arguments["page"])


@rest.route("/council-questions/<uuid:id>", public=True)
@rest.response(200, OneQuestionSchema)
def one_council_question(id: uuid.UUID) -> Response:
    """One question with its answer."""
    return _answer(get_thing(current_uow(), CouncilQuestion, id))


@rest.route("/council-questions", methods=["POST"], permission=RECORD)
@rest.arguments(AskCouncilQuestionSchema)
@rest.response(201, OneQuestionSchema)
def create_council_question(command: AskCouncilQuestion) -> Response:
    """Write down a question; its answer is due thirty days later."""
    return _answer(ask_question(current_uow(), command), 201)


@rest.route("/council-questions/<uuid:id>", methods=["PUT"], permission=RECORD)
@rest.arguments(UpdateCouncilQuestionSchema)
@rest.response(200, OneQuestionSchema)
def replace_council_question(command: UpdateCouncilQuestion, id: uuid.UUID) -> Response:
    """Replace what is known of a question that waits."""
    return _answer(update_question(current_uow(), id, command))


@rest.route("/council-questions/<uuid:id>/answer", methods=["POST"], permission=RECORD)
@rest.arguments(AnswerQuestionSchema)
@rest.response(200, OneQuestionSchema)
def answer_council_question(command: AnswerQuestion, id: uuid.UUID) -> Response:
    """Answer a question, with words, a document or both."""
    return _answer(answer_question(current_uow(), id, command))


@rest.route("/council-questions/<uuid:id>/extension", methods=["POST"], permission=RECORD)
@rest.arguments(ExtendQuestionSchema)
@rest.response(200, OneQuestionSchema)
def extend_council_question(command: ExtendQuestion, id: uuid.UUID) -> Response:
    """Give the answer more time, with the reason; the first day stays."""
    return _answer(extend_question(current_uow(), id, command))


@rest.route("/council-questions/<uuid:id>/withdrawal", methods=["POST"], permission=RECORD)
@rest.arguments(WithdrawQuestionSchema)
@rest.response(200, OneQuestionSchema)
def withdraw_council_question(command: WithdrawQuestion, id: uuid.UUID) -> Response:
    """Write down that a question was withdrawn."""
    return _answer(withdraw_question(current_uow(), id, command))


add_approvals(
    Approvals(
        noun="a council question",
        path="/council-questions",
        model=CouncilQuestion,
        answer=OneQuestionSchema,
        represent=_answer,
        publish=lambda uow, thing_id, command: approval.publish(uow, CouncilQuestion, thing_id, command, QuestionChanged),
    )
)

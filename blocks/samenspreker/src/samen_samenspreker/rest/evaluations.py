"""Evaluations over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.rest.api import MomentField, current_uow, reply
from samen_samenspreker.labels import GOAL_REACHED_LABELS
from samen_samenspreker.models import GOALS, Evaluation
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.queries.evaluations import evaluations_of
from samen_samenspreker.rest.common import rest
from samen_samenspreker.schemas.evaluations import (
    PublishEvaluation,
    PublishEvaluationSchema,
    SaveEvaluation,
    SaveEvaluationSchema,
    StartSurvey,
    StartSurveySchema,
)
from samen_samenspreker.services.common import get_question
from samen_samenspreker.services.evaluations import get_evaluation, publish_evaluation, save_evaluation, start_survey

API = "/api/v1/samenspreker"
_FACTS = ("id", "question_id", "version", "cycle", "goals", "result", "process", "lessons", "survey_id", "published_at", "updated_at")


class ReachedSchema(Schema):
    """Whether a goal was reached, and how that shows."""

    reached = fields.String(required=True, validate=validate.OneOf(("", *GOAL_REACHED_LABELS)))
    text = fields.String(required=True)


class EvaluationSchema(Schema):
    """The evaluation of a cycle. A published one never changes; a draft is only for who facilitates the table."""

    id = fields.UUID(required=True)
    question_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    cycle = fields.Integer(required=True)
    goals = fields.Dict(fields.String(validate=validate.OneOf(GOALS)), fields.Nested(ReachedSchema), required=True)
    result = fields.String(required=True)
    process = fields.String(required=True)
    lessons = fields.String(required=True)
    survey_id = fields.UUID(required=True, allow_none=True, metadata={"description": "The questionnaire of the participants (inbreng)."})
    published_at = MomentField(required=True, allow_none=True)
    updated_at = MomentField(required=True)


class SurveySchema(Schema):
    """The questionnaire that was opened."""

    activity_id = fields.UUID(required=True)
    slug = fields.String(required=True)
    closes_at = MomentField(required=True)


def _represent(evaluation: Evaluation) -> dict[str, Any]:
    return {name: getattr(evaluation, name) for name in _FACTS}


@rest.route("/questions/<uuid:id>/evaluations", public=True)
@rest.response(200, EvaluationSchema(many=True))
def list_evaluations(id: uuid.UUID) -> Response:
    """The evaluations of a table, the newest cycle first; for who facilitates it, the draft too."""
    uow = current_uow()
    question = get_question(uow, id)
    everything = FACILITATE.allows(uow.actor, question.id)
    return reply([_represent(found) for found in evaluations_of(uow, id) if everything or found.published_at])


@rest.route("/evaluations/<uuid:id>", public=True)
@rest.response(200, EvaluationSchema)
def one_evaluation(id: uuid.UUID) -> Response:
    """One evaluation."""
    found = get_evaluation(current_uow(), id)
    return reply(_represent(found), version=found.version)


@rest.route("/questions/<uuid:id>/evaluations", methods=["PUT"], permission=FACILITATE)
@rest.arguments(SaveEvaluationSchema)
@rest.response(200, EvaluationSchema)
def replace_evaluation(command: SaveEvaluation, id: uuid.UUID) -> Response:
    """Write the draft of the evaluation of this cycle: without `version` the first time, then with the one that was read."""
    made = save_evaluation(current_uow(), id, command)
    return reply(_represent(made), version=made.version, headers={"Content-Location": f"{API}/evaluations/{made.id}"})


@rest.route("/questions/<uuid:id>/evaluations/publication", methods=["POST"], permission=FACILITATE)
@rest.arguments(PublishEvaluationSchema)
@rest.response(200, EvaluationSchema)
def create_evaluation_publication(command: PublishEvaluation, id: uuid.UUID) -> Response:
    """Publish the evaluation of this cycle. 400 names everything that it lacks."""
    made = publish_evaluation(current_uow(), id, command)
    return reply(_represent(made), version=made.version)


@rest.route("/questions/<uuid:id>/survey", methods=["POST"], permission=FACILITATE)
@rest.arguments(StartSurveySchema)
@rest.response(201, SurveySchema)
def create_survey(command: StartSurvey, id: uuid.UUID) -> Response:
    """Ask the participants how it went; everybody who agreed gets mail. A question that is left out is not asked.

    The token needs the scope `inbreng.manage_activity` too.
    """
    made = start_survey(current_uow(), id, command)
    body = {"activity_id": made.id, "slug": made.slug, "closes_at": made.closes_at}
    return reply(body, 201, location=f"/api/v1/inbreng/activities/{made.id}")

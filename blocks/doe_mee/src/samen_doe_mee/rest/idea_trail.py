"""Letting an idea go on, over REST."""

from __future__ import annotations

import uuid

from flask import Response

from samen_core.rest.api import current_uow, reply
from samen_doe_mee.models import Idea
from samen_doe_mee.permissions import HANDLE_IDEAS
from samen_doe_mee.rest.common import rest
from samen_doe_mee.rest.ideas import IdeaSchema, whole
from samen_doe_mee.schemas.idea_trail import MakeProject, MakeProjectSchema, PassOn, PassOnSchema
from samen_doe_mee.services.idea_trail import make_project, pass_on


@rest.route("/ideas/<uuid:id>/question", methods=["POST"], permission=HANDLE_IDEAS)
@rest.arguments(PassOnSchema)
@rest.response(200, IdeaSchema)
def pass_idea_on(command: PassOn, id: uuid.UUID) -> Response:
    """Propose an idea as a question for the table, with a text for everybody."""
    return _answer(pass_on(current_uow(), id, command))


@rest.route("/ideas/<uuid:id>/project", methods=["POST"], permission=HANDLE_IDEAS)
@rest.arguments(MakeProjectSchema)
@rest.response(200, IdeaSchema)
def make_idea_a_project(command: MakeProject, id: uuid.UUID) -> Response:
    """Make a project of an idea, or tie it to one, with a text for everybody."""
    return _answer(make_project(current_uow(), id, command))


def _answer(idea: Idea) -> Response:
    current_uow().session.flush()
    return reply(whole(current_uow(), idea), version=idea.version)

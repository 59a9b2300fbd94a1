"""News of ideas over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy import select

from samen_core.api import LOGGED_IN, MODERATE
from samen_core.rest.api import MomentField, current_uow, limit_visitor, no_content, reply
from samen_doe_mee.models import IdeaNews
from samen_doe_mee.rest.common import API, rest
from samen_doe_mee.schemas.idea_team import HideNews, HideNewsSchema, ShowNews, ShowNewsSchema, WriteIdeaNews, WriteIdeaNewsSchema
from samen_doe_mee.services import idea_news
from samen_doe_mee.services.idea_common import visible_idea

TIMES, HOUR = 20, 60 * 60
MOST = 200


class IdeaNewsSchema(Schema):
    """Something that who carries an idea told about it."""

    id = fields.UUID(required=True)
    text = fields.String(required=True)
    at = MomentField(required=True)


class IdeaNewsListSchema(Schema):
    """The news of an idea, newest first, at most 200."""

    items = fields.List(fields.Nested(IdeaNewsSchema), required=True)


@rest.route("/ideas/<uuid:id>/news", public=True)
@rest.response(200, IdeaNewsListSchema)
def list_idea_news(id: uuid.UUID) -> Response:
    """The news of an idea."""
    uow = current_uow()
    idea = visible_idea(uow, id)
    told = select(IdeaNews).where(IdeaNews.idea_id == idea.id, IdeaNews.state == "published")
    rows = uow.session.execute(told.order_by(IdeaNews.at.desc(), IdeaNews.id.desc()).limit(MOST)).scalars()
    return reply({"items": [_values(row) for row in rows]})


@rest.route("/ideas/<uuid:id>/news", methods=["POST"], permission=LOGGED_IN, versioned=False)
@rest.arguments(WriteIdeaNewsSchema)
@rest.response(201, IdeaNewsSchema)
def write_idea_news(command: WriteIdeaNews, id: uuid.UUID) -> Response:
    """Tell news about an idea that one proposed or carries."""
    limit_visitor("doe_mee.news", TIMES, HOUR)
    news = idea_news.tell_news(current_uow(), id, command)
    return reply(_values(news), 201, location=f"{API}/ideas/{id}/news")


@rest.route("/idea-news/<uuid:id>", methods=["DELETE"], permission=LOGGED_IN, versioned=False)
@rest.response(204)
def withdraw_idea_news(id: uuid.UUID) -> Response:
    """Take news back that one wrote, or about one's own idea."""
    idea_news.withdraw_news(current_uow(), id)
    return no_content()


@rest.route("/idea-news/<uuid:id>/hiding", methods=["POST"], permission=MODERATE, versioned=False)
@rest.arguments(HideNewsSchema)
@rest.response(204)
def hide_idea_news(command: HideNews, id: uuid.UUID) -> Response:
    """Hide news, for a reason."""
    idea_news.hide_news(current_uow(), id, command.code, command.reason)
    return no_content()


@rest.route("/idea-news/<uuid:id>/showing", methods=["POST"], permission=MODERATE, versioned=False)
@rest.arguments(ShowNewsSchema)
@rest.response(204)
def show_idea_news(command: ShowNews, id: uuid.UUID) -> Response:
    """Show hidden news again, for a reason."""
    idea_news.show_news(current_uow(), id, command.reason)
    return no_content()


def _values(news: IdeaNews) -> dict[str, Any]:
    return {"id": news.id, "text": news.text, "at": news.at}

"""REST: the paragraphs of a text that people react to, and reacting to one of them."""

from __future__ import annotations

import uuid

from flask import Response, request
from marshmallow import Schema, fields

from samen_core.rest.api import current_actor, current_platform, current_uow, reply
from samen_doe_mee.rest.common import rest
from samen_doe_mee.services.activities import visible_activity_by_id
from samen_doe_mee.services.paragraphs import paragraphs_of
from samen_doe_mee.services.remarks import say_about
from samen_inbreng.api import CONTRIBUTED, Contribute, ContributeSchema, contribution_path, count_mail


class ParagraphSchema(Schema):
    """A paragraph of a text."""

    id = fields.UUID(required=True)
    position = fields.Integer(required=True, metadata={"description": "Its place in the text, counted from 0."})
    heading = fields.String(required=True, metadata={"description": "The headings above it; empty without."})
    text = fields.String(required=True, metadata={"description": "Markdown."})
    reactions = fields.Integer(required=True)
    removed = fields.Boolean(required=True, metadata={"description": "It is no longer in the text; what was said about it stays."})


class RemarkSchema(Schema):
    """A reaction to a paragraph just given, with the code by which its sender follows it; shown only now."""

    contribution_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    paragraph_id = fields.UUID(required=True)
    receipt_code = fields.String(required=True)
    url = fields.URL(required=True)


@rest.route("/activities/<uuid:id>/paragraphs", public=True)
@rest.response(200, ParagraphSchema(many=True))
def list_paragraphs(id: uuid.UUID) -> Response:
    """The paragraphs of the text of an activity in their order; none for another type of activity."""
    uow = current_uow()
    activity = visible_activity_by_id(uow, id).activity
    names = ("id", "position", "heading", "text", "reactions")
    found = paragraphs_of(uow, activity.id, gone=True)
    shown = [one for one in found if one.removed_at is None or one.reactions]
    return reply([{**{name: getattr(one, name) for name in names}, "removed": one.removed_at is not None} for one in shown])


@rest.route("/paragraphs/<uuid:id>/contributions", methods=["POST"], public=True)
@rest.arguments(ContributeSchema(exclude=("parent_id",)))
@rest.response(201, RemarkSchema)
def react_to_paragraph(command: Contribute, id: uuid.UUID) -> Response:
    """React to a paragraph. The code is for who has no account. Replies go to the contribution, at inbreng."""
    if current_actor().is_anonymous and command.wants_mail:
        count_mail(current_platform(), command.email)
    uow = current_uow()
    talk, given = say_about(uow, id, command)
    made = given.contribution
    uow.send(CONTRIBUTED, contribution=made, address=request.remote_addr or "")
    url = current_platform().config.web.base_url.rstrip("/") + contribution_path(talk.slug, made.number)
    body = {"contribution_id": made.id, "number": made.number, "paragraph_id": id, "receipt_code": given.receipt_code, "url": url}
    return reply(body, 201, location=f"/api/v1/inbreng/contributions/{made.id}")

"""Samenspraak on dossiers, and what somebody follows, over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from citycontent.api import SHORT, Line
from samen_beleidsagenda.models import Dossier
from samen_beleidsagenda.permissions import FOLLOW, WRITE
from samen_beleidsagenda.queries import following, participation
from samen_beleidsagenda.queries.participation import Happened, Linked
from samen_beleidsagenda.rest.common import API, base_url, rest
from samen_beleidsagenda.schemas.participation import (
    ChangeParticipation,
    ChangeParticipationSchema,
    FollowSubject,
    LinkParticipation,
    LinkParticipationSchema,
    Unlink,
)
from samen_beleidsagenda.services import following as rules_of_following
from samen_beleidsagenda.services import participation as rules
from samen_beleidsagenda.services.common import get_thing
from samen_core.api import FormSchema, NotFound, SubjectCard, cards
from samen_core.rest.api import MomentField, current_uow, no_content, reply, required_version


class ThingSchema(Schema):
    """A thing of any block, as the register knows it."""

    id = fields.UUID(required=True)
    type = fields.String(required=True)
    title = fields.String(required=True)
    url = fields.String(required=True)


class HappenedSchema(Schema):
    """Something that happened at a thing at which people have their say."""

    type = fields.String(required=True)
    at = MomentField(required=True)
    text = fields.String(required=True)
    thing = fields.Nested(ThingSchema, required=True, allow_none=True)


class ParticipationSchema(Schema):
    """A thing at which people have their say on a dossier: what was asked, what was done with it, and what happened, newest first."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    dossier_id = fields.UUID(required=True)
    subject = fields.Nested(ThingSchema, required=True)
    asked = fields.String(required=True)
    done = fields.String(required=True)
    happened = fields.List(fields.Nested(HappenedSchema), required=True)


class ReasonSchema(FormSchema):
    """Why it does not belong there; asked when the dossier is public."""

    reason = Line(load_default="", validate=validate.Length(max=SHORT))


def _card(card: SubjectCard | None) -> dict[str, Any] | None:
    if card is None:
        return None
    base = base_url()
    return {"id": card.id, "type": card.type, "title": card.title, "url": f"{base}{card.url}" if card.url else ""}


def _happened(row: Happened) -> dict[str, Any]:
    return {"type": row.type, "at": row.at, "text": str(row.words), "thing": _card(row.card)}


def _linked(row: Linked) -> dict[str, Any]:
    names = ("id", "version", "dossier_id", "asked", "done")
    told = {name: getattr(row, name) for name in names}
    return {**told, "subject": _card(row.card), "happened": [_happened(one) for one in row.happened]}


def _one(dossier_id: uuid.UUID, id: uuid.UUID, status: int = 200) -> Response:
    found = participation.links_of(current_uow(), [dossier_id]).get(dossier_id, [])
    row = next((row for row in found if row.id == id), None)
    if row is None:
        raise NotFound
    return reply(_linked(row), status, version=row.version, location=f"{API}/participation/{id}" if status == 201 else "")


@rest.route("/dossiers/<uuid:id>/participation", public=True)
@rest.response(200, ParticipationSchema(many=True))
def list_participation(id: uuid.UUID) -> Response:
    """What people have their say at on a dossier, the oldest first."""
    uow = current_uow()
    get_thing(uow, Dossier, id)
    return reply([_linked(row) for row in participation.links_of(uow, [id]).get(id, [])])


@rest.route("/dossiers/<uuid:id>/participation", methods=["POST"], permission=WRITE)
@rest.arguments(LinkParticipationSchema)
@rest.response(201, ParticipationSchema)
def link_participation(command: LinkParticipation, id: uuid.UUID) -> Response:
    """Tie a public thing to a dossier, by its id or address."""
    return _one(id, rules.link(current_uow(), id, command).id, 201)


@rest.route("/participation/<uuid:id>", methods=["PUT"], permission=WRITE)
@rest.arguments(ChangeParticipationSchema)
@rest.response(200, ParticipationSchema)
def change_participation(command: ChangeParticipation, id: uuid.UUID) -> Response:
    """Say what is asked at a linked thing, and what was done with it."""
    return _one(rules.tell_done(current_uow(), id, command).dossier_id, id)


@rest.route("/participation/<uuid:id>", methods=["DELETE"], permission=WRITE)
@rest.arguments(ReasonSchema, location="query")
@rest.response(204)
def unlink_participation(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """Untie a thing from a dossier."""
    rules.unlink(current_uow(), id, Unlink(version=required_version(), reason=arguments["reason"]))
    return no_content()


@rest.route("/follows", permission=FOLLOW)
@rest.response(200, ThingSchema(many=True))
def list_follows() -> Response:
    """What the caller follows, newest first."""
    uow = current_uow()
    ids = following.follows(uow)
    known = cards(uow, ids)
    return reply([_card(known[id]) for id in ids if id in known])


@rest.route("/follows/<uuid:id>", methods=["PUT"], permission=FOLLOW, versioned=False)
@rest.response(200, ThingSchema)
def follow_thing(id: uuid.UUID) -> Response:
    """Follow a dossier, theme, area or body; twice is the same as once."""
    return reply(_card(rules_of_following.follow(current_uow(), FollowSubject(subject_id=id))))


@rest.route("/follows/<uuid:id>", methods=["DELETE"], permission=FOLLOW, versioned=False)
@rest.response(204)
def unfollow_thing(id: uuid.UUID) -> Response:
    """Stop following something."""
    rules_of_following.unfollow(current_uow(), FollowSubject(subject_id=id))
    return no_content()

"""Connections over REST: the keys for Open311, and the servers that cases go on to."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import FormSchema
from samen_core.rest.api import MomentField, current_uow, no_content, reply
from samen_oog_oor.models import ApiKey, Forward, Server
from samen_oog_oor.models.exchange import FORWARD_STATES
from samen_oog_oor.permissions import CONNECT, DEFINE
from samen_oog_oor.rest.common import API, rest
from samen_oog_oor.schemas.open311 import (
    MapCategory,
    MapCategorySchema,
    SaveServer,
    SaveServerSchema,
    UpdateServerSchema,
)
from samen_oog_oor.services import keys, servers


class KeySchema(Schema):
    """A key to write over Open311; of the key itself only its first letters are known."""

    id = fields.UUID(required=True)
    account_id = fields.UUID(required=True)
    name = fields.String(required=True)
    start = fields.String(required=True)
    may_update = fields.Boolean(required=True, metadata={"description": "May send messages about cases."})
    made_at = MomentField(required=True)
    used_at = MomentField(required=True, allow_none=True)
    revoked_at = MomentField(required=True, allow_none=True)


class LetUpdateSchema(FormSchema):
    """Whether a key may send messages about cases."""

    may = fields.Boolean(required=True)


class ServerSchema(Schema):
    """Another Open311 server; its key is never shown."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    base_url = fields.String(required=True)
    jurisdiction_id = fields.String(required=True)
    organization_id = fields.UUID(required=True)
    active = fields.Boolean(required=True)
    updates_until = MomentField(required=True, allow_none=True, metadata={"description": "So far its messages were read."})
    problem = fields.String(required=True, metadata={"description": "What was wrong the last time its messages were asked for."})


class MappingSchema(Schema):
    """A category of which the cases go to a server, which calls it ``service_code``."""

    server_id = fields.UUID(required=True)
    category_id = fields.UUID(required=True)
    service_code = fields.String(required=True)


class ForwardSchema(Schema):
    """A case that goes, or went, to a server."""

    id = fields.UUID(required=True)
    server_id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(FORWARD_STATES))
    external_id = fields.String(required=True, metadata={"description": "What the server calls it."})
    token = fields.String(required=True)
    tries = fields.Integer(required=True)
    next_at = MomentField(required=True, allow_none=True)
    sent_at = MomentField(required=True, allow_none=True)
    problem = fields.String(required=True)


def _values(row: Any, schema: type[Schema], *without: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in schema._declared_fields if name not in without}


@rest.route("/keys", permission=DEFINE)
@rest.response(200, KeySchema(many=True))
def list_keys() -> Response:
    """The keys that work now, the newest first. Everybody makes their own on a page of the site, where it is shown once."""
    return reply([_values(line.key, KeySchema) for line in keys.all_keys(current_uow())])


@rest.route("/keys/<uuid:id>", methods=["DELETE"], permission=CONNECT, versioned=False)
@rest.response(204)
def revoke_key(id: uuid.UUID) -> Response:
    """End a key at once: one's own, or any for who sets up connections."""
    keys.revoke_key(current_uow(), id)
    return no_content()


@rest.route("/keys/<uuid:id>/updates", methods=["POST"], permission=DEFINE, versioned=False)
@rest.arguments(LetUpdateSchema)
@rest.response(200, KeySchema)
def let_key_update(arguments: dict[str, Any], id: uuid.UUID) -> Response:
    """Say whether a key may send messages about cases."""
    uow = current_uow()
    keys.let_update(uow, id, arguments["may"])
    return reply(_values(uow.session.get_one(ApiKey, id), KeySchema))


@rest.route("/servers", permission=DEFINE)
@rest.response(200, ServerSchema(many=True))
def list_servers() -> Response:
    """Every server that cases go to."""
    return reply([_values(line.server, ServerSchema) for line in servers.servers(current_uow())])


@rest.route("/servers", methods=["POST"], permission=DEFINE)
@rest.arguments(SaveServerSchema)
@rest.response(201, ServerSchema)
def create_server(command: SaveServer) -> Response:
    """Add a server."""
    return _server(servers.create_server(current_uow(), command), 201)


@rest.route("/servers/<uuid:id>", permission=DEFINE)
@rest.response(200, ServerSchema)
def get_server(id: uuid.UUID) -> Response:
    """One server."""
    return _server(servers.get_server(current_uow(), id))


@rest.route("/servers/<uuid:id>", methods=["PUT"], permission=DEFINE)
@rest.arguments(UpdateServerSchema)
@rest.response(200, ServerSchema)
def replace_server(command: SaveServer, id: uuid.UUID) -> Response:
    """Change a server; with an empty ``key`` its own stays."""
    return _server(servers.update_server(current_uow(), id, command))


@rest.route("/servers/<uuid:id>/categories", permission=DEFINE)
@rest.response(200, MappingSchema(many=True))
def list_forwarded_categories(id: uuid.UUID) -> Response:
    """Which categories go to a server, and how it calls them."""
    return _mapping(id)


@rest.route("/servers/<uuid:id>/categories", methods=["POST"], permission=DEFINE, versioned=False)
@rest.arguments(MapCategorySchema)
@rest.response(200, MappingSchema(many=True))
def forward_category(command: MapCategory, id: uuid.UUID) -> Response:
    """Send the cases of a category to a server from now on. Gives all that go there."""
    servers.map_category(current_uow(), id, command)
    return _mapping(id)


@rest.route("/servers/<uuid:id>/categories/<uuid:category_id>", methods=["DELETE"], permission=DEFINE, versioned=False)
@rest.response(204)
def keep_category_here(id: uuid.UUID, category_id: uuid.UUID) -> Response:
    """Cases of a category stay here from now on."""
    servers.unmap_category(current_uow(), id, category_id)
    return no_content()


@rest.route("/servers/<uuid:id>/forwards", permission=DEFINE)
@rest.response(200, ForwardSchema(many=True))
def list_forwards(id: uuid.UUID) -> Response:
    """The last hundred cases that went to a server."""
    uow = current_uow()
    return reply([_forward(row, number) for row, number in servers.forwards(uow, servers.get_server(uow, id))])


@rest.route("/forwards/<uuid:id>/again", methods=["POST"], permission=DEFINE, versioned=False)
@rest.response(200, ForwardSchema)
def forward_again(id: uuid.UUID) -> Response:
    """Send a case once more that could not be sent."""
    uow = current_uow()
    forward = servers.try_again(uow, id)
    uow.session.flush()
    return reply(_forward(forward, servers.number_of(uow, forward)))


def _server(server: Server, status: int = 200) -> Response:
    location = f"{API}/servers/{server.id}" if status == 201 else ""
    return reply(_values(server, ServerSchema), status, version=server.version, location=location)


def _mapping(id: uuid.UUID) -> Response:
    uow = current_uow()
    found = servers.mapping(uow, servers.get_server(uow, id))
    return reply([{"server_id": id, "category_id": category.id, "service_code": code} for category, code in found])


def _forward(row: Forward, number: str) -> dict[str, Any]:
    return {**_values(row, ForwardSchema, "number"), "number": number}

"""The REST resource: ``/api/v1/example/thanks``."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from samen_core.api import fetch_page
from samen_core.rest.api import MomentField, PageArgumentsSchema, RestBlueprint, RowWriter, current_uow, reply, reply_page
from samen_example.permissions import THANK
from samen_example.queries import NEWEST, VISIBLE
from samen_example.schemas import GiveThanks, GiveThanksSchema
from samen_example.services import get_thanks, give_thanks

rest = RestBlueprint("example", __name__, description="Thank-you notes to organisations.")


class ThanksSchema(Schema):
    """A thank-you note."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    organization_id = fields.UUID(required=True)
    text = fields.String(required=True)
    at = MomentField(required=True)


SCHEMA = ThanksSchema()
WRITER = RowWriter(ThanksSchema, "id", "version", "organization_id", "text", "at")


@rest.route("/thanks", public=True)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(ThanksSchema)
def list_thanks(arguments: dict[str, Any]) -> Response:
    """Notes, newest first."""
    page = fetch_page(current_uow().session, VISIBLE, NEWEST, arguments["page"])
    return reply_page(page, WRITER.write(page.items), arguments["page"])


@rest.route("/thanks", methods=["POST"], permission=THANK)
@rest.arguments(GiveThanksSchema)
@rest.response(201, ThanksSchema)
def create_thanks(command: GiveThanks) -> Response:
    """Thank an organisation."""
    made = give_thanks(current_uow(), command)
    return reply(SCHEMA.dump(made), 201, version=made.version, location=f"/api/v1/example/thanks/{made.id}")


@rest.route("/thanks/<uuid:id>", public=True)
@rest.response(200, ThanksSchema)
def one_thanks(id: uuid.UUID) -> Response:
    """One note."""
    found = get_thanks(current_uow(), id)
    return reply(SCHEMA.dump(found), version=found.version)

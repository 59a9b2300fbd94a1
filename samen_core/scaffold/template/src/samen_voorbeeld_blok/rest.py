"""The REST resource: ``/api/v1/voorbeeld-blok/proposals``. It stands in ``/api/v1/openapi.json`` by itself."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields
from samen_core.api import fetch_page
from samen_core.rest.api import MomentField, PageArgumentsSchema, RestBlueprint, RowWriter, current_uow, reply, reply_page

from samen_voorbeeld_blok.permissions import PROPOSE
from samen_voorbeeld_blok.queries import NEWEST, VISIBLE
from samen_voorbeeld_blok.schemas import MakeProposal, MakeProposalSchema
from samen_voorbeeld_blok.services import get_proposal, make_proposal

rest = RestBlueprint("voorbeeld_blok", __name__, description="Proposals of residents.")


class ProposalSchema(Schema):
    """A proposal as everybody may read it: without who made it."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    project_id = fields.UUID(required=True, allow_none=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    at = MomentField(required=True)


SCHEMA = ProposalSchema()
WRITER = RowWriter(ProposalSchema, "id", "version", "project_id", "title", "text", "at")


@rest.route("/proposals", public=True)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(ProposalSchema)
def list_proposals(arguments: dict[str, Any]) -> Response:
    """Proposals, newest first."""
    page = fetch_page(current_uow().session, VISIBLE, NEWEST, arguments["page"], keep=True)
    return reply_page(page, WRITER.write(page.items), arguments["page"])


@rest.route("/proposals", methods=["POST"], permission=PROPOSE)
@rest.arguments(MakeProposalSchema)
@rest.response(201, ProposalSchema)
def create_proposal(command: MakeProposal) -> Response:
    """Make a proposal."""
    made = make_proposal(current_uow(), command)
    return reply(SCHEMA.dump(made), 201, version=made.version, location=f"/api/v1/voorbeeld-blok/proposals/{made.id}")


@rest.route("/proposals/<uuid:id>", public=True)
@rest.response(200, ProposalSchema)
def one_proposal(id: uuid.UUID) -> Response:
    """One proposal."""
    found = get_proposal(current_uow(), id)
    return reply(SCHEMA.dump(found), version=found.version)

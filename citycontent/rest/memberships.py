"""Memberships over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import fields

from citycontent.permissions import EDIT_ORGANIZATION
from citycontent.queries import record_lists
from citycontent.queries.memberships import membership_by_id
from citycontent.rest.answers import MembershipSchema
from citycontent.rest.common import Json, Writes, add_writes, addresses, existing, pick
from citycontent.schemas import CreateMembership, CreateMembershipSchema, UpdateMembershipSchema
from citycontent.services.memberships import MEMBERSHIP_FIELDS, create_membership, delete_membership, update_membership
from samen_core.rest.api import PageArgumentsSchema, RestBlueprint, current_uow, reply, reply_page

TYPE = "membership"
resource = RestBlueprint("memberships", __name__, "Who is in which organisation, from when to when.")
_FACTS = ("id", "version", "person_id", "organization_id", *MEMBERSHIP_FIELDS, "created_at", "updated_at")


class MembershipArgumentsSchema(PageArgumentsSchema):
    """Which memberships."""

    person_id = fields.UUID(data_key="personId", load_default=None)
    organization_id = fields.UUID(data_key="organizationId", load_default=None)
    post_id = fields.UUID(data_key="postId", load_default=None)


@resource.route("/memberships", public=True)
@resource.arguments(MembershipArgumentsSchema, location="query")
@resource.listing(MembershipSchema)
def list_memberships(arguments: dict[str, Any]) -> Response:
    """Memberships in the order in which they were made, past ones too."""
    asked = arguments.pop("page")
    page = record_lists.list_memberships(current_uow(), record_lists.MembershipFilter(**arguments), asked)
    return reply_page(page, [_represent(row) for row in page.items], asked)


@resource.route("/memberships/<uuid:id>", public=True)
@resource.response(200, MembershipSchema)
def get_membership(id: uuid.UUID) -> Response:
    """One membership."""
    row = existing(membership_by_id(current_uow(), id))
    return reply(_represent(row), version=row.version)


def _represent(source: Any, _command: CreateMembership | None = None) -> Json:
    return {**pick(source, _FACTS), **addresses(TYPE, source)}


add_writes(
    resource,
    Writes(
        noun="a membership",
        path="/memberships",
        permission=EDIT_ORGANIZATION,
        answer=MembershipSchema,
        create=(CreateMembershipSchema, create_membership),
        update=(UpdateMembershipSchema, update_membership),
        delete=delete_membership,
        represent=_represent,
    ),
)

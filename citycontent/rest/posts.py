"""Posts over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import fields

from citycontent.permissions import EDIT_ORGANIZATION
from citycontent.queries.memberships import post_by_id
from citycontent.queries.record_lists import list_posts as find_posts
from citycontent.rest.answers import PostSchema
from citycontent.rest.common import Json, Writes, add_writes, addresses, existing, pick
from citycontent.schemas import CreatePost, CreatePostSchema, UpdatePostSchema
from citycontent.services.memberships import POST_FIELDS, create_post, delete_post, update_post
from samen_core.rest.api import PageArgumentsSchema, RestBlueprint, current_uow, reply, reply_page

TYPE = "post"
resource = RestBlueprint("posts", __name__, "Posts in organisations, whoever holds them.")
_FACTS = ("id", "version", "organization_id", *POST_FIELDS, "created_at", "updated_at")


class PostArgumentsSchema(PageArgumentsSchema):
    """Which posts."""

    organization_id = fields.UUID(data_key="organizationId", load_default=None)


@resource.route("/posts", public=True)
@resource.arguments(PostArgumentsSchema, location="query")
@resource.listing(PostSchema)
def list_posts(arguments: dict[str, Any]) -> Response:
    """Posts in the order in which they were made."""
    page = find_posts(current_uow(), arguments["organization_id"], arguments["page"])
    return reply_page(page, [_represent(row) for row in page.items], arguments["page"])


@resource.route("/posts/<uuid:id>", public=True)
@resource.response(200, PostSchema)
def get_post(id: uuid.UUID) -> Response:
    """One post."""
    row = existing(post_by_id(current_uow(), id))
    return reply(_represent(row), version=row.version)


def _represent(source: Any, _command: CreatePost | None = None) -> Json:
    return {**pick(source, _FACTS), **addresses(TYPE, source)}


add_writes(
    resource,
    Writes(
        noun="a post",
        path="/posts",
        permission=EDIT_ORGANIZATION,
        answer=PostSchema,
        create=(CreatePostSchema, create_post),
        update=(UpdatePostSchema, update_post),
        delete=delete_post,
        represent=_represent,
    ),
)

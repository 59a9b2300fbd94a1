"""Everything in one list over REST, and short addresses."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from citycontent.api import area_tree
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_platform, current_uow, reply, reply_page
from samen_doe_mee import paths
from samen_doe_mee.permissions import TAKE_PART
from samen_doe_mee.queries.together import KINDS, STANDINGS, TogetherFilter, list_together
from samen_doe_mee.rest.common import rest
from samen_doe_mee.services.kinds import ACTIVITY, IDEA, PLAN
from samen_doe_mee.services.sharing import CHANNELS
from samen_doe_mee.services.short_links import links_to_share

_TYPES = {"idea": IDEA, "plan": PLAN, "activity": ACTIVITY, "meeting": "event"}
_PATHS = {
    "idea": lambda row: paths.idea(row.slug),
    "plan": lambda row: paths.plan(row.slug),
    "activity": lambda row: paths.activity(row.slug),
    "meeting": lambda row: paths.meeting(row.id),
}
_FACTS = ("id", "kind", "title", "at", "area_id", "theme_id", "lat", "lon", "status", "until", "ends_on", "number", "minutes")


class OverviewArgumentsSchema(PageArgumentsSchema):
    """What of it."""

    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))
    standing = fields.String(
        load_default=None,
        validate=validate.OneOf(STANDINGS),
        metadata={
            "description": "Whether it goes on now, is still to come or is over; coming is ordered soonest first, else newest first."
        },
    )
    area_id = fields.UUID(data_key="areaId", load_default=None, metadata={"description": "An area, with all that lies in it."})
    theme_id = fields.UUID(data_key="themeId", load_default=None)


class OverviewItemSchema(Schema):
    """An idea, a plan, an activity or a meeting."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    uri = fields.String(required=True)
    url = fields.String(required=True)
    title = fields.String(required=True)
    at = MomentField(required=True, metadata={"description": "When it began or begins; of an idea, when it was published."})
    area_id = fields.UUID(required=True, allow_none=True)
    theme_id = fields.UUID(required=True, allow_none=True)
    lat = fields.Float(required=True, allow_none=True)
    lon = fields.Float(required=True, allow_none=True)
    status = fields.String(required=True, metadata={"description": "Of an idea or plan its status, of an activity its type."})
    until = MomentField(required=True, allow_none=True)
    ends_on = fields.Date(required=True, allow_none=True, metadata={"description": "The last day of an idea to get its support."})
    number = fields.Integer(required=True, allow_none=True, metadata={"description": "How many support it or took part."})
    minutes = fields.Integer(required=True, allow_none=True)


class ShortLinkSchema(Schema):
    """A short address, by the way people come."""

    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    url = fields.String(required=True)


class ShortLinksSchema(Schema):
    """The short addresses of one thing."""

    subject_id = fields.UUID(required=True)
    links = fields.List(fields.Nested(ShortLinkSchema), required=True)


@rest.route("/overview", public=True)
@rest.arguments(OverviewArgumentsSchema, location="query")
@rest.listing(OverviewItemSchema)
def overview(arguments: dict[str, Any]) -> Response:
    """Ideas, plans, activities and meetings in one list."""
    uow = current_uow()
    chosen = TogetherFilter(
        kinds=(arguments["kind"],) if arguments["kind"] else (),
        standing=arguments["standing"],
        area_ids=tuple(area_tree(uow).within(arguments["area_id"])) if arguments["area_id"] else None,
        theme_ids=(arguments["theme_id"],) if arguments["theme_id"] else None,
    )
    page = list_together(uow, chosen, arguments["page"], with_count=False)
    base = _base()
    return reply_page(page, [_item(row, base) for row in page.items], arguments["page"])


@rest.route("/short-links/<uuid:subject_id>", methods=["POST"], permission=TAKE_PART, versioned=False)
@rest.response(200, ShortLinksSchema)
def short_links(subject_id: uuid.UUID) -> Response:
    """The short addresses of an idea, plan or activity, for who works at it or proposed it; those that are not there yet are made."""
    links = links_to_share(current_uow(), subject_id)
    base = _base()
    return reply(
        {
            "subject_id": subject_id,
            "links": [{"channel": channel, "url": f"{base}{paths.SHORT}/{links[channel]}"} for channel in CHANNELS],
        }
    )


def _item(row: Any, base: str) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in _FACTS}
    return {**facts, "uri": f"{base}/id/{_TYPES[row.kind]}/{row.id}", "url": base + _PATHS[row.kind](row)}


def _base() -> str:
    return current_platform().config.web.base_url.rstrip("/")

"""The figures of a plan over REST: all of them, for everybody."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from samen_core.rest.api import current_uow, reply
from samen_doe_mee.queries.figures import plan_figures
from samen_doe_mee.rest.common import rest
from samen_doe_mee.services.plans import visible_plan_by_id

_COUNTS: dict[str, Any] = {"keys": fields.String(), "values": fields.Integer(), "required": True}


class DayNumberSchema(Schema):
    """How often somebody came on a day."""

    on = fields.Date(required=True)
    number = fields.Integer(required=True)


class ActivityNumberSchema(Schema):
    """How many took part in an activity."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    type = fields.String(required=True)
    people = fields.Integer(required=True)


class FiguresSchema(Schema):
    """Figures of a plan, without persons; areas with few contributions are one number."""

    reach = fields.Dict(**_COUNTS, metadata={"description": "How often somebody came, by the way they came."})
    days = fields.List(fields.Nested(DayNumberSchema), required=True)
    activities = fields.List(fields.Nested(ActivityNumberSchema), required=True)
    people = fields.Integer(required=True, metadata={"description": "Who took part online."})
    outside = fields.Dict(**_COUNTS, metadata={"description": "Who took part elsewhere, by channel."})
    contributions = fields.Integer(required=True)
    sectors = fields.Dict(**_COUNTS)
    channels = fields.Dict(**_COUNTS)
    outcomes = fields.Dict(**_COUNTS)
    areas = fields.Dict(**_COUNTS)
    elsewhere = fields.Integer(required=True, metadata={"description": "Contributions of all other areas, and those without a place."})


@rest.route("/plans/<uuid:id>/figures", public=True)
@rest.response(200, FiguresSchema)
def get_figures(id: uuid.UUID) -> Response:
    """How many came to a plan and took part in it."""
    uow = current_uow()
    found = plan_figures(uow, visible_plan_by_id(uow, id).id)
    body = {
        "reach": found.reach,
        "days": [{"on": day, "number": number} for day, number in found.days],
        "activities": [{"id": row.id, "title": row.title, "type": row.type, "people": row.taken_part} for row in found.activities],
        "people": found.people,
        "outside": found.outside,
        "contributions": found.contributions,
        "sectors": found.sectors,
        "channels": found.channels,
        "outcomes": {outcome or "waiting": number for outcome, number in found.outcomes.items()},
        "areas": {str(id): number for id, number in found.areas.items()},
        "elsewhere": found.elsewhere,
    }
    return reply(body)

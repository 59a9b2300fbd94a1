"""Cases as the API shows them: to everybody, and with more to who works at them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from samen_core.rest.api import MomentField
from samen_oog_oor import paths
from samen_oog_oor.models.base import PRIORITIES, PUBLICATION, RESOLUTIONS, STATES, TYPES
from samen_oog_oor.rest.common import base_url

PUBLIC_FACTS = (
    *("id", "number", "type", "category_id", "title", "public_text", "state", "resolution", "answer", "address"),
    *("organization_id", "area_id", "signals", "supports", "reported_at", "changed_at", "closed_at", "planned_on", "promised_on"),
)
STAFF_FACTS = (
    *("id", "number", "type", "category_id", "title", "state", "resolution", "address", "organization_id", "area_id", "signals"),
    *("supports", "reported_at", "changed_at", "closed_at", "planned_on", "promised_on"),
    *("version", "priority", "publication", "confidential", "assignee_id", "lat", "lon"),
)
MORE_FACTS = (
    *("lat", "lon", "version", "priority", "publication", "confidential", "assignee_id", "came_from", "ended_as"),
    *("waiting_since", "waited_days", "told_at", "answered_at", "answer_days", "close_days", "merged_into_id", "address_id", "late_told"),
)
FOR_STAFF = frozenset(MORE_FACTS) - {"lat", "lon", "version"}


class CaseSchema(Schema):
    """A case that everybody may read. Nothing in it was written by a reporter without being looked at."""

    id = fields.UUID(required=True)
    number = fields.String(required=True, metadata={"description": "What people call it; `service_request_id` in Open311."})
    uri = fields.String(required=True)
    url = fields.String(required=True)
    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    category_id = fields.UUID(required=True)
    title = fields.String(required=True)
    public_text = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    resolution = fields.String(required=True, allow_none=True, validate=validate.OneOf(RESOLUTIONS))
    answer = fields.String(required=True, metadata={"description": "What every reporter was told when it was closed."})
    address = fields.String(
        required=True, metadata={"description": "The place as it was cleared for everybody; who works at the case gets the address."}
    )
    organization_id = fields.UUID(required=True, allow_none=True)
    area_id = fields.UUID(required=True, allow_none=True)
    signals = fields.Integer(required=True)
    supports = fields.Integer(required=True, metadata={"description": "Who see the same and said no more than that."})
    reported_at = MomentField(required=True)
    changed_at = MomentField(required=True)
    closed_at = MomentField(required=True, allow_none=True)
    planned_on = fields.Date(required=True, allow_none=True)
    promised_on = fields.Date(required=True, allow_none=True)


class OneCaseSchema(CaseSchema):
    """A case; what is for staff alone is null for everybody else."""

    lat = fields.Float(required=True, allow_none=True)
    lon = fields.Float(required=True, allow_none=True)
    version = fields.Integer(required=True)
    priority = fields.String(required=True, allow_none=True, validate=validate.OneOf(PRIORITIES))
    publication = fields.String(required=True, allow_none=True, validate=validate.OneOf(PUBLICATION))
    confidential = fields.Boolean(required=True, allow_none=True)
    assignee_id = fields.UUID(required=True, allow_none=True)
    address_id = fields.String(required=True, allow_none=True, metadata={"description": "A number of the national address register."})
    came_from = fields.String(required=True, allow_none=True, metadata={"description": "The state before it waited."})
    ended_as = fields.String(required=True, allow_none=True, metadata={"description": "Its end before somebody asked to reopen it."})
    waiting_since = MomentField(required=True, allow_none=True)
    waited_days = fields.Integer(required=True, allow_none=True, metadata={"description": "Working days."})
    late_told = fields.Integer(required=True, allow_none=True, metadata={"description": "Reminders that it is late."})
    told_at = MomentField(required=True, allow_none=True)
    answered_at = MomentField(required=True, allow_none=True)
    answer_days = fields.Integer(required=True, allow_none=True, metadata={"description": "Working days until the first answer."})
    close_days = fields.Integer(required=True, allow_none=True, metadata={"description": "Working days until it was closed."})
    merged_into_id = fields.UUID(required=True, allow_none=True)


class WorkCaseSchema(Schema):
    """A case in the list of who works at cases."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    number = fields.String(required=True)
    url = fields.String(required=True)
    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    category_id = fields.UUID(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    resolution = fields.String(required=True, allow_none=True)
    priority = fields.String(required=True, validate=validate.OneOf(PRIORITIES))
    publication = fields.String(required=True, validate=validate.OneOf(PUBLICATION))
    confidential = fields.Boolean(required=True)
    organization_id = fields.UUID(required=True, allow_none=True)
    assignee_id = fields.UUID(required=True, allow_none=True)
    lat = fields.Float(required=True, allow_none=True)
    lon = fields.Float(required=True, allow_none=True)
    address = fields.String(required=True)
    area_id = fields.UUID(required=True, allow_none=True)
    signals = fields.Integer(required=True)
    supports = fields.Integer(required=True)
    reported_at = MomentField(required=True)
    changed_at = MomentField(required=True)
    closed_at = MomentField(required=True, allow_none=True)
    planned_on = fields.Date(required=True, allow_none=True)
    promised_on = fields.Date(required=True, allow_none=True)


def public_case(row: Any) -> dict[str, Any]:
    """A row of a public list."""
    base = base_url()
    return {
        **{name: getattr(row, name) for name in PUBLIC_FACTS},
        "uri": f"{base}/id/oog_oor_case/{row.id}",
        "url": base + paths.case(row.number),
    }


def one_case(row: Any, *, works: bool) -> dict[str, Any]:
    """A case with what its reader may know of it."""
    more = {name: getattr(row, name) if works or name not in FOR_STAFF else None for name in MORE_FACTS}
    if not works:
        more |= {"lat": row.public_lat, "lon": row.public_lon}
    return {**public_case(row), "address": row.address if works else row.public_place, **more}


def work_case(row: Any) -> dict[str, Any]:
    """A row of the list of staff."""
    return {**{name: getattr(row, name) for name in STAFF_FACTS}, "url": base_url() + paths.work(row.number)}

"""Areas over REST, as JSON and as GeoJSON. They come from the yearly import, so they are only read here."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request
from marshmallow import fields, validate

from citycontent.models.area import CLASSIFICATIONS
from citycontent.queries import record_lists
from citycontent.rest.answers import AreaItemSchema, AreaSchema, FeatureCollectionSchema, FeatureSchema
from citycontent.rest.common import Json, addresses, existing, pick
from samen_core.rest.api import PageArgumentsSchema, RestBlueprint, current_uow, reply, reply_page

TYPE = "area"
JSON = "application/json"
GEOJSON = "application/geo+json"
BOTH = (JSON, GEOJSON)
resource = RestBlueprint(
    "areas", __name__, "Municipality, wijken and buurten, per year. Send `Accept: application/geo+json` for GeoJSON (CRS84)."
)
_FACTS = tuple(column.key for column in record_lists.AREA)


class AreaArgumentsSchema(PageArgumentsSchema):
    """Which areas."""

    classification = fields.String(load_default=None, validate=validate.OneOf(CLASSIFICATIONS))
    parent_id = fields.UUID(data_key="parentId", load_default=None)
    code = fields.String(data_key="identifier", load_default=None, validate=validate.Regexp(r"^(GM|WK|BU)[0-9A-Z]{4,8}$"))
    year = fields.Integer(load_default=None, validate=validate.Range(1900, 2200), metadata={"description": "Default: the division of now."})


@resource.route("/areas", public=True, produces=BOTH)
@resource.arguments(AreaArgumentsSchema, location="query")
@resource.also(200, FeatureCollectionSchema, GEOJSON)
@resource.listing(AreaItemSchema)
def list_areas(arguments: dict[str, Any]) -> Response:
    """Areas by name."""
    asked = arguments.pop("page")
    geojson = _wants_geojson()
    page = record_lists.list_areas(current_uow(), record_lists.AreaFilter(**arguments), asked, with_geometry=geojson)
    if geojson:
        features = [_feature(row) for row in page.items]
        return reply_page(page, {"type": "FeatureCollection", "features": features}, asked, media_type=GEOJSON)
    return reply_page(page, [_facts(row) for row in page.items], asked)


@resource.route("/areas/<uuid:id>", public=True, produces=BOTH)
@resource.also(200, FeatureSchema, GEOJSON)
@resource.response(200, AreaSchema)
def get_area(id: uuid.UUID) -> Response:
    """One area with its border."""
    row = existing(record_lists.area_by_id(current_uow(), id))
    if _wants_geojson():
        return reply(_feature(row), version=row.version, media_type=GEOJSON)
    return reply({**_facts(row), "geometry": row.geometry}, version=row.version)


def _wants_geojson() -> bool:
    return request.accept_mimetypes.best_match(BOTH, JSON) == GEOJSON


def _facts(row: Any) -> Json:
    return {**pick(row, _FACTS), **addresses(TYPE, row)}


def _feature(row: Any) -> Json:
    return {"type": "Feature", "id": row.id, "geometry": row.geometry, "properties": _facts(row)}

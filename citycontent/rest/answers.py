"""The schemas of what the resources answer, for the description of the API; the answers themselves are written from rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema, fields, validate

from citycontent.models.area import CLASSIFICATIONS as AREA_CLASSIFICATIONS
from citycontent.schemas import CLASSIFICATION_LABELS, EVENT_STATUS_LABELS, PROJECT_STATUS_LABELS, SECTOR_LABELS, VISIBILITY_LABELS
from citycontent.schemas.common import AddressSchema
from citycontent.schemas.fields import PartialDateField
from samen_core.rest.api import MomentField


def _id(description: str = "") -> fields.UUID:
    return fields.UUID(required=True, metadata={"description": description} if description else {})


def _reference() -> fields.UUID:
    return fields.UUID(required=True, allow_none=True)


def _text() -> fields.String:
    return fields.String(required=True)


def _code(codes: Iterable[str]) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf(list(codes)))


def _ids() -> fields.List[Any]:
    return fields.List(fields.UUID(), required=True)


def _date() -> PartialDateField:
    return PartialDateField(required=True, allow_none=True)


def _number() -> fields.Float:
    return fields.Float(required=True, allow_none=True)


def _moment(*, empty: bool = False) -> MomentField:
    return MomentField(required=True, allow_none=empty)


class LinkSchema(Schema):
    """A web address with a note (Popolo)."""

    url = fields.String(required=True)
    note = fields.String()


class OtherNameSchema(Schema):
    """Another name, perhaps of a period (Popolo)."""

    name = fields.String(required=True)
    note = fields.String()
    start_date = fields.String()
    end_date = fields.String()


class IdentifierSchema(Schema):
    """What another register calls the thing (Popolo)."""

    scheme = fields.String(required=True)
    identifier = fields.String(required=True)


class ContactDetailSchema(Schema):
    """A way to reach somebody (Popolo)."""

    type = fields.String(required=True, validate=validate.OneOf(["email", "voice", "url"]))
    value = fields.String(required=True)


class _Thing(Schema):
    id = _id()
    uri = fields.Url(required=True, metadata={"description": "Never changes; leads to the page."})
    version = fields.Integer(required=True, metadata={"description": "Rises with every change; an update names it."})
    updated_at = _moment()


class _Whole(_Thing):
    created_at = _moment()
    sources = fields.List(fields.Nested(LinkSchema), required=True)


class _Page(Schema):
    url = fields.Url(required=True, metadata={"description": "The page for people."})


class PictureSchema(Schema):
    """A picture. The file is encoded anew and its metadata is gone; `?breedte=480` on its address gives a smaller copy."""

    id = _id()
    url = fields.Url(required=True)
    alt = fields.String(required=True, metadata={"description": "What is to be seen on it."})
    media_type = _text()
    width = fields.Integer(required=True, allow_none=True, metadata={"description": "In pixels."})
    height = fields.Integer(required=True, allow_none=True, metadata={"description": "In pixels."})


class _Pictured(Schema):
    picture = fields.Nested(PictureSchema, required=True, allow_none=True)


class OrganizationItemSchema(_Thing, _Page):
    """An organisation in a list."""

    name = _text()
    sector = _code(SECTOR_LABELS)
    classification = _text()
    abstract = _text()
    parent_id = _reference()
    area_id = _reference()
    homepage = _text()


class OrganizationSchema(OrganizationItemSchema, _Whole, _Pictured):
    """An organisation (Popolo, schema.org Organization)."""

    other_names = fields.List(fields.Nested(OtherNameSchema), required=True)
    identifiers = fields.List(fields.Nested(IdentifierSchema), required=True)
    legal_form = _text()
    description = _text()
    founding_date = _date()
    dissolution_date = _date()
    email = _text()
    phone = _text()
    contact_details = fields.List(fields.Nested(ContactDetailSchema), required=True)
    links = fields.List(fields.Nested(LinkSchema), required=True)
    theme_ids = _ids()
    address = fields.Nested(AddressSchema, required=True, allow_none=True)


class PersonItemSchema(_Thing, _Page):
    """A person in a list."""

    name = _text()
    summary = _text()
    visibility = _code(VISIBILITY_LABELS)


class PersonSchema(PersonItemSchema, _Whole):
    """A person with a role in the city (Popolo). Contact fields are empty for who may not see them."""

    given_name = _text()
    family_name_prefix = _text()
    family_name = _text()
    honorific_prefix = _text()
    honorific_suffix = _text()
    biography = _text()
    email = _text()
    phone = _text()
    homepage = _text()
    identifiers = fields.List(fields.Nested(IdentifierSchema), required=True)
    contact_details = fields.List(fields.Nested(ContactDetailSchema), required=True)
    links = fields.List(fields.Nested(LinkSchema), required=True)


class PostSchema(_Whole):
    """A post in an organisation, whoever holds it (Popolo)."""

    organization_id = _id()
    label = _text()
    role = _text()
    portfolio = _text()
    area_id = _reference()
    start_date = _date()
    end_date = _date()


class MembershipSchema(_Whole):
    """A person in an organisation (Popolo)."""

    person_id = _id()
    organization_id = _id()
    post_id = _reference()
    on_behalf_of_id = _reference()
    area_id = _reference()
    label = _text()
    role = _text()
    start_date = _date()
    end_date = _date()
    can_represent = fields.Boolean(required=True)


class ProjectItemSchema(_Thing, _Page):
    """A project in a list."""

    name = _text()
    summary = _text()
    status = _code(PROJECT_STATUS_LABELS)
    start_date = _date()
    end_date = _date()
    lead_organization_id = _reference()


class ProjectSchema(ProjectItemSchema, _Whole, _Pictured):
    """A project of the city or of others."""

    description = _text()
    budget = fields.Integer(required=True, allow_none=True, metadata={"description": "In whole euros."})
    homepage = _text()
    partner_organization_ids = _ids()
    area_ids = _ids()
    theme_ids = _ids()
    identifiers = fields.List(fields.Nested(IdentifierSchema), required=True)
    links = fields.List(fields.Nested(LinkSchema), required=True)


class EventItemSchema(_Thing, _Page):
    """An event in a list."""

    name = _text()
    summary = _text()
    classification = _code(CLASSIFICATION_LABELS)
    status = _code(EVENT_STATUS_LABELS)
    start_date = _moment()
    end_date = _moment(empty=True)
    all_day = fields.Boolean(required=True)
    timezone = _text()
    location = _text()
    area_id = _reference()
    organization_id = _reference()
    project_id = _reference()
    online_url = _text()


class EventSchema(EventItemSchema, _Whole, _Pictured):
    """Something on the calendar (Popolo, iCalendar, schema.org Event)."""

    description = _text()
    previous_start_date = _moment(empty=True)
    parent_id = _reference()
    registration_url = _text()
    capacity = fields.Integer(required=True, allow_none=True)
    accessibility = _text()
    sequence = fields.Integer(required=True)
    ical_uid = _text()
    links = fields.List(fields.Nested(LinkSchema), required=True)
    theme_ids = _ids()
    address = fields.Nested(AddressSchema, required=True, allow_none=True)


class AreaItemSchema(_Thing, _Page):
    """A part of the city in a list."""

    name = _text()
    identifier = fields.String(required=True, metadata={"description": "The CBS code; unique with `year`."})
    year = fields.Integer(required=True)
    classification = _code(AREA_CLASSIFICATIONS)
    parent_id = _reference()
    lat = _number()
    lon = _number()
    hectares = _number()
    valid_from = _date()
    valid_until = _date()


GEOMETRY_TYPES = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]


class GeometrySchema(Schema):
    """A GeoJSON geometry (RFC 7946) in CRS84: longitude, then latitude."""

    type = fields.String(required=True, validate=validate.OneOf(GEOMETRY_TYPES))
    coordinates = fields.List(fields.Raw(), required=True)


class AreaSchema(AreaItemSchema):
    """A part of the city with its border (Popolo)."""

    geometry = fields.Nested(GeometrySchema, required=True, allow_none=True)


class FeatureSchema(Schema):
    """An area as GeoJSON (RFC 7946)."""

    type = fields.String(required=True, validate=validate.Equal("Feature"))
    id = _id()
    geometry = fields.Nested(GeometrySchema, required=True, allow_none=True)
    properties = fields.Nested(AreaItemSchema, required=True)


class FeatureCollectionSchema(Schema):
    """A page of areas as GeoJSON (RFC 7946)."""

    type = fields.String(required=True, validate=validate.Equal("FeatureCollection"))
    features = fields.List(fields.Nested(FeatureSchema), required=True)


class ThemeItemSchema(_Thing, _Page):
    """A theme in a list."""

    name = _text()
    alternative_names = fields.List(fields.String(), required=True)
    description = _text()
    parent_id = _reference()
    exact_match = fields.String(required=True, metadata={"description": "URI of the same concept elsewhere (SKOS)."})


class ThemeSchema(ThemeItemSchema):
    """A subject matter (skos:Concept)."""

    created_at = _moment()


class NeighbourhoodSchema(Schema):
    """In which buurt an address lies."""

    area_id = _id()
    exact = fields.Boolean(required=True, metadata={"description": "False: only likely, see `choices`."})
    choices = fields.List(fields.UUID(), required=True, metadata={"description": "The areas to choose from when not exact."})

"""Organisations over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import fields, validate

from citycontent.models import Organization
from citycontent.models.organization import SECTORS
from citycontent.permissions import EDIT_ORGANIZATION
from citycontent.queries import lookups
from citycontent.queries import organizations as queries
from citycontent.queries.addresses import address_values
from citycontent.queries.lookups import Links
from citycontent.rest.answers import OrganizationItemSchema, OrganizationSchema
from citycontent.rest.common import (
    Json,
    ListWriter,
    Writes,
    add_writes,
    address_of,
    addresses,
    area_ids,
    contact_details,
    existing,
    identifiers,
    links_given,
    pick,
)
from citycontent.rest.pictures import add_picture, entity_picture, row_picture
from citycontent.schemas import CreateOrganization, CreateOrganizationSchema, UpdateOrganizationSchema
from citycontent.services.organizations import (
    FIELDS,
    create_organization,
    delete_organization,
    set_organization_picture,
    update_organization,
)
from samen_core.rest.api import PageArgumentsSchema, RestBlueprint, current_uow, reply

TYPE = "organization"
resource = RestBlueprint("organizations", __name__, "Organisations of the four sectors.")
_LIST = ListWriter(
    TYPE,
    (
        Organization.id,
        Organization.version,
        Organization.name,
        Organization.sector,
        Organization.classification,
        Organization.abstract,
        Organization.parent_id,
        Organization.area_id,
        Organization.homepage,
        Organization.updated_at,
    ),
    Organization.slug,
    Organization.sort_name,
)
_FACTS = ("id", "version", *FIELDS, "area_id", "created_at", "updated_at")


class OrganizationArgumentsSchema(PageArgumentsSchema):
    """Which organisations."""

    sector = fields.String(load_default=None, validate=validate.OneOf(SECTORS))
    area_id = fields.UUID(data_key="areaId", load_default=None, metadata={"description": "An area with everything in it."})
    theme_id = fields.UUID(data_key="themeId", load_default=None)
    parent_id = fields.UUID(data_key="parentId", load_default=None)
    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words in the name or text."})


@resource.route("/organizations", public=True)
@resource.arguments(OrganizationArgumentsSchema, location="query")
@resource.listing(OrganizationItemSchema)
def list_organizations(arguments: dict[str, Any]) -> Response:
    """Organisations by name."""
    uow = current_uow()
    chosen = queries.OrganizationFilter(
        sector=arguments["sector"],
        area_ids=area_ids(uow, arguments["area_id"]),
        theme_id=arguments["theme_id"],
        parent_id=arguments["parent_id"],
        text=arguments["q"],
    )
    page = queries.list_organizations(uow, chosen, arguments["page"], with_count=False, columns=_LIST.columns)
    return _LIST.reply(page, arguments["page"])


@resource.route("/organizations/<uuid:id>", public=True)
@resource.response(200, OrganizationSchema)
def get_organization(id: uuid.UUID) -> Response:
    """One organisation."""
    uow = current_uow()
    row = existing(queries.organization_by_id(uow, id))
    return reply(_represent(row, lookups.links(uow, TYPE, id), address_of(row), row_picture(row)), version=row.version)


def _represent(source: Any, links: Links, address: Json | None, picture: Json | None) -> Json:
    return {
        **pick(source, _FACTS),
        **addresses(TYPE, source),
        "address": address,
        "picture": picture,
        "contact_details": contact_details(source),
        "identifiers": identifiers(links),
        "theme_ids": links.theme_ids,
    }


def _written(organization: Organization, command: CreateOrganization) -> Json:
    uow = current_uow()
    return _represent(organization, links_given(command), address_values(uow, organization.address_id), entity_picture(uow, organization))


add_writes(
    resource,
    Writes(
        noun="an organization",
        path="/organizations",
        permission=EDIT_ORGANIZATION,
        answer=OrganizationSchema,
        create=(CreateOrganizationSchema, create_organization),
        update=(UpdateOrganizationSchema, update_organization),
        delete=delete_organization,
        represent=_written,
    ),
)
add_picture(resource, "an organization", "/organizations", EDIT_ORGANIZATION, set_organization_picture)

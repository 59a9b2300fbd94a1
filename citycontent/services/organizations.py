"""Organisations: adding, changing and taking away."""

from __future__ import annotations

import uuid
from typing import Any

from citycontent.events import OrganizationCreated, OrganizationDeleted, OrganizationUpdated
from citycontent.models import Organization
from citycontent.paths import page
from citycontent.permissions import EDIT_ORGANIZATION
from citycontent.queries import lookups
from citycontent.queries.addresses import address_values
from citycontent.schemas import CreateOrganization, Delete, SetPicture, UpdateOrganization
from citycontent.services.addresses import find_or_create_address
from citycontent.services.counters import count, shift
from citycontent.services.entities import add, assign, change, check_version, locked, locked_with_address, refs
from citycontent.services.pictures import attach_new_picture, change_picture, check_new_picture, pick, picture_value
from citycontent.services.references import (
    THEMES,
    Reference,
    check_parent,
    check_references,
    links_before,
    many,
    set_identifiers,
    set_links,
)
from citycontent.services.slugs import take_slug
from citycontent.services.texts import identifier_lines, link_lines, name_lines
from samen_core.api import SubjectData, UnitOfWork, fold, stop_acting_for, uuid7

TYPE = "organization"
SECTOR = "organization.sector"
FIELDS = (
    "name",
    "sector",
    "classification",
    "abstract",
    "description",
    "parent_id",
    "email",
    "phone",
    "homepage",
    "legal_form",
    "founding_date",
    "dissolution_date",
    "other_names",
    "links",
    "sources",
)


def create_organization(uow: UnitOfWork, command: CreateOrganization) -> Organization:
    """Add an organisation. Raises NotAllowed, and Invalid for what it refers to."""
    EDIT_ORGANIZATION.require(uow.actor)
    check_references(uow, _references(command))
    picture_id = check_new_picture(uow, command.picture)
    new_id = uuid7()
    if command.identifiers:
        links_before(uow, TYPE, new_id, command.identifiers)
    address = find_or_create_address(uow, command.address)
    organization = Organization(id=new_id, slug=take_slug(uow, TYPE, command.name, new_id), created_at=uow.now, updated_at=uow.now)
    _fill(organization, command, address.id, command.area_id or address.area_id)
    organization.picture_id = picture_id
    links = {"theme_ids": command.theme_ids, "identifiers": command.identifiers}
    about = refs(("area", organization.area_id), ("theme", command.theme_ids))
    add(uow, organization, TYPE, _card(organization), OrganizationCreated, about=about, links=links)
    attach_new_picture(uow, organization, command.picture)
    set_links(uow, THEMES, {"subject_id": new_id}, (), command.theme_ids)
    set_identifiers(uow, TYPE, new_id, (), command.identifiers)
    count(uow, {(SECTOR, organization.sector): 1})
    return organization


def update_organization(uow: UnitOfWork, id: uuid.UUID, command: UpdateOrganization) -> Organization:
    """Replace what is known of an organisation. Raises NotFound, Gone, NotAllowed, Invalid, and Conflict with the values of now."""
    organization: Organization
    organization, current_address = locked_with_address(uow, Organization, id)
    EDIT_ORGANIZATION.require(uow.actor, id)
    check_version(organization, command.version, lambda: organization_values(uow, organization))
    before = links_before(uow, TYPE, id, command.identifiers)
    known: list[Reference] = [("parent_id", TYPE, organization.parent_id), ("area_id", "area", organization.area_id)]
    check_references(uow, _references(command), [*known, *many("theme_ids", "theme", before.theme_ids)])
    if command.parent_id != organization.parent_id:
        check_parent(uow, Organization, id, command.parent_id)
    picked = pick(uow, organization, command.picture)
    address = find_or_create_address(uow, command.address, current_address)
    slug = organization.slug if fold(command.name) == organization.sort_name else take_slug(uow, TYPE, command.name, id)
    card, sector = _card(organization), organization.sector
    organization.slug, organization.picture_id = slug, picked.id
    _fill(organization, command, address.id, command.area_id or address.area_id)
    changed = change(
        uow,
        organization,
        TYPE,
        (card, _card(organization)),
        OrganizationUpdated,
        about=refs(("area", organization.area_id), ("theme", command.theme_ids)),
        links=(
            {"theme_ids": before.theme_ids, "identifiers": before.identifiers, **picked.links[0]},
            {"theme_ids": command.theme_ids, "identifiers": command.identifiers, **picked.links[1]},
        ),
    )
    if changed:
        set_links(uow, THEMES, {"subject_id": id}, before.theme_ids, command.theme_ids)
        set_identifiers(uow, TYPE, id, before.identifiers, command.identifiers)
        count(uow, shift(SECTOR, sector, organization.sector))
    return organization


def set_organization_picture(uow: UnitOfWork, id: uuid.UUID, command: SetPicture) -> Organization:
    """Give an organisation another picture, or none. Raises as :func:`update_organization`."""
    organization = locked(uow, Organization, id)
    EDIT_ORGANIZATION.require(uow.actor, id)
    check_version(organization, command.version, lambda: organization_values(uow, organization))
    change_picture(uow, organization, _card(organization), OrganizationUpdated, command.picture)
    return organization


def delete_organization(uow: UnitOfWork, id: uuid.UUID, command: Delete) -> None:
    """Take an organisation away. Its open memberships and posts are closed right after, by the worker."""
    organization = locked(uow, Organization, id)
    EDIT_ORGANIZATION.require(uow.actor, id)
    check_version(organization, command.version, lambda: organization_values(uow, organization))
    card = _card(organization)
    organization.state = "deleted"
    about = refs(("area", organization.area_id))
    change(uow, organization, TYPE, (card, _card(organization)), OrganizationDeleted, about=about, reason=command.reason)
    count(uow, {(SECTOR, organization.sector): -1})
    stop_acting_for(uow, (id,))


def organization_values(uow: UnitOfWork, organization: Organization) -> dict[str, Any]:
    """What the edit form shows: the fields of :class:`UpdateOrganization` with lists as lines."""
    links = lookups.links(uow, TYPE, organization.id)
    return {
        **{name: getattr(organization, name) for name in (*FIELDS, "area_id", "version")},
        "picture": picture_value(uow, organization),
        "address": address_values(uow, organization.address_id),
        "theme_ids": links.theme_ids,
        "identifiers": identifier_lines(links.identifiers),
        "other_names": name_lines(organization.other_names),
        "links": link_lines(organization.links),
        "sources": link_lines(organization.sources),
    }


def _fill(organization: Organization, command: CreateOrganization, address_id: uuid.UUID | None, area_id: uuid.UUID | None) -> None:
    # A form shows other names without their dates and notes; a name that comes back bare keeps them.
    detailed = {name["name"]: name for name in organization.other_names or ()}
    assign(organization, command, FIELDS)
    organization.other_names = [detailed.get(name["name"], name) if len(name) == 1 else name for name in command.other_names]
    organization.sort_name = fold(command.name)
    organization.address_id, organization.area_id = address_id, area_id


def _card(organization: Organization) -> SubjectData:
    return SubjectData(
        title=organization.name,
        url=page(TYPE, organization.slug),
        summary=organization.abstract,
        area_ref=organization.area_id,
        state="deleted" if organization.state == "deleted" else "active",
    )


def _references(command: CreateOrganization) -> list[Reference]:
    return [("parent_id", TYPE, command.parent_id), ("area_id", "area", command.area_id), *many("theme_ids", "theme", command.theme_ids)]

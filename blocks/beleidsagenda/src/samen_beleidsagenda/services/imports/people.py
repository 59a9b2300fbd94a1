"""Bodies, groups and council members: what is not here yet is added. What is here stays as it is: the city keeps its own people."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from citycontent.api import (
    CreateMembership,
    CreateOrganization,
    CreatePerson,
    Membership,
    Organization,
    PartialDate,
    Person,
    create_membership,
    create_organization,
    create_person,
)
from samen_beleidsagenda.models import Body
from samen_beleidsagenda.permissions import DEFINE, IMPORT
from samen_beleidsagenda.schemas.import_plan import Planned
from samen_beleidsagenda.schemas.structure import DefineBody
from samen_beleidsagenda.services.bodies import define_body
from samen_beleidsagenda.services.imports.work import Adapter, Now, Work
from samen_core.api import fold

COUNCIL_SIDE = "government"
PARTY_SIDE = "civil_society"
"""A party is an association of citizens; its group in the council takes its name (DOMAIN.md, the sides of the table)."""


def _now(model: Any) -> Any:
    def now(work: Work, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Now]:
        """What is here and not taken away. One statement."""
        found = work.uow.session.execute(select(model).where(model.id.in_(ids), model.state == "active")).scalars()
        return {item.id: Now(item.id, {}, item) for item in found}

    return now


def _find(model: Any) -> Any:
    def find(work: Work, things: Sequence[Planned]) -> dict[str, uuid.UUID]:
        """What has one of these names, by key; a name that more than one has finds none. One statement."""
        wanted = {fold(thing.title): thing.key for thing in things}
        found: dict[str, list[uuid.UUID]] = {}
        statement = select(model.sort_name, model.id).where(model.sort_name.in_(wanted), model.state == "active")
        for name, id in work.uow.session.execute(statement):
            found.setdefault(name, []).append(id)
        return {wanted[name]: ids[0] for name, ids in found.items() if len(ids) == 1}

    return find


def add_organization(work: Work, thing: Planned) -> uuid.UUID:
    """Add an organisation, and make it a body when its classification says so."""
    values = thing.values
    side = COUNCIL_SIDE if values["body_kind"] or values["city"] else PARTY_SIDE
    parent = work.ids.get(values["parent"] or "")
    made = create_organization(
        work.uow, CreateOrganization(name=values["name"], sector=side, classification=values["classification"], parent_id=parent)
    )
    if values["body_kind"] and DEFINE.allows(work.uow.actor) and work.uow.session.get(Body, made.id) is None:
        work.uow.session.flush()
        define_body(work.uow, DefineBody(organization_id=made.id, kind=values["body_kind"]))
    return made.id


def add_person(work: Work, thing: Planned) -> uuid.UUID:
    """Add a person, of whom everybody sees the name and the role."""
    values = thing.values
    return create_person(work.uow, CreatePerson(name=values["name"], honorific_prefix=values["prefix"], visibility="known")).id


def find_memberships(work: Work, things: Sequence[Planned]) -> dict[str, uuid.UUID]:
    """The roles of a file that people have here already, by key. One statement."""
    wanted = {}
    for thing in things:
        person, organization = work.ids.get(thing.values["person"]), work.ids.get(thing.values["organization"])
        if person and organization:
            wanted[person, organization, fold(thing.values["role"])] = thing.key
    if not wanted:
        return {}
    people = {person for person, _organization, _role in wanted}
    statement = select(Membership).where(Membership.person_id.in_(people), Membership.state == "active")
    found = {}
    for item in work.uow.session.execute(statement).scalars():
        if key := wanted.get((item.person_id, item.organization_id, fold(item.role))):
            found[key] = item.id
    return found


def add_membership(work: Work, thing: Planned) -> uuid.UUID:
    """Put a person in an organisation. Somebody who only stands in a file does not speak for it here: that stays a choice."""
    values = thing.values
    command = CreateMembership(
        person_id=work.id(values["person"]),
        organization_id=work.id(values["organization"]),
        role=values["role"],
        start_date=_partial(values["start"]),
        end_date=_partial(values["end"]),
        can_represent=False,
    )
    return create_membership(work.uow, command).id


def _partial(text: str | None) -> PartialDate | None:
    return PartialDate(text) if text else None


ADAPTERS = (
    Adapter(kind="organization", compared=(), now=_now(Organization), add=add_organization, find=_find(Organization), permission=IMPORT),
    Adapter(kind="person", compared=(), now=_now(Person), add=add_person, find=_find(Person), permission=IMPORT),
    Adapter(kind="membership", compared=(), now=_now(Membership), add=add_membership, find=find_memberships, permission=IMPORT),
)

"""Persons over REST. Words in the name are searched with ``POST /api/v1/core/_zoek``: a name is personal and stays out of addresses."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

from flask import Response
from marshmallow import fields, validate

from citycontent.models import Person
from citycontent.models.person import VISIBILITIES
from citycontent.permissions import EDIT_PERSON
from citycontent.queries import lookups
from citycontent.queries import persons as queries
from citycontent.queries.lookups import Links
from citycontent.rest.answers import PersonItemSchema, PersonSchema
from citycontent.rest.common import (
    Json,
    ListWriter,
    Writes,
    add_writes,
    addresses,
    contact_details,
    existing,
    identifiers,
    links_given,
    pick,
)
from citycontent.schemas import CreatePerson, CreatePersonSchema, UpdatePersonSchema
from citycontent.services.persons import FIELDS, create_person, delete_person, update_person
from samen_core.rest.api import PageArgumentsSchema, RestBlueprint, current_uow, reply

TYPE = "person"
resource = RestBlueprint("persons", __name__, "Persons with a role in the city. Private persons only for who may see them.")
_LIST = ListWriter(
    TYPE,
    (Person.id, Person.version, Person.name, Person.summary, Person.visibility, Person.updated_at),
    Person.slug,
    Person.sort_name,
)
_FACTS = ("id", "version", "name", *FIELDS, "created_at", "updated_at")


class PersonArgumentsSchema(PageArgumentsSchema):
    """Which persons."""

    visibility = fields.String(load_default=None, validate=validate.OneOf(VISIBILITIES))
    organization_id = fields.UUID(data_key="organizationId", load_default=None, metadata={"description": "Who has a role in it."})


@resource.route("/persons", public=True)
@resource.arguments(PersonArgumentsSchema, location="query")
@resource.listing(PersonItemSchema)
def list_persons(arguments: dict[str, Any]) -> Response:
    """Persons by family name."""
    chosen = queries.PersonFilter(visibility=arguments["visibility"], organization_id=arguments["organization_id"])
    page = queries.list_persons(current_uow(), chosen, arguments["page"], with_count=False, columns=_LIST.columns)
    return _LIST.reply(page, arguments["page"])


@resource.route("/persons/<uuid:id>", public=True)
@resource.response(200, PersonSchema)
def get_person(id: uuid.UUID) -> Response:
    """One person."""
    uow = current_uow()
    found = existing(queries.person_by_id(uow, id))
    return reply(_represent(SimpleNamespace(**found), lookups.links(uow, TYPE, id)), version=found["version"])


def _represent(source: Any, links: Links) -> Json:
    return {
        **pick(source, _FACTS),
        **addresses(TYPE, source),
        "contact_details": contact_details(source),
        "identifiers": identifiers(links),
    }


def _written(person: Person, command: CreatePerson) -> Json:
    return _represent(person, links_given(command))


add_writes(
    resource,
    Writes(
        noun="a person",
        path="/persons",
        permission=EDIT_PERSON,
        answer=PersonSchema,
        create=(CreatePersonSchema, create_person),
        update=(UpdatePersonSchema, update_person),
        delete=delete_person,
        represent=_written,
    ),
)

"""What every resource of the city shares: addresses of things, rows of lists, and the three ways to write."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response
from marshmallow import Schema

from citycontent.paths import PAGES
from citycontent.queries.addresses import ADDRESS_COLUMNS
from citycontent.queries.areas import area_tree
from citycontent.queries.lookups import Links
from citycontent.schemas import Delete
from samen_core.api import Gone, NotFound, Page, PageRequest, Permission, UnitOfWork
from samen_core.rest.api import RestBlueprint, current_platform, current_uow, no_content, reply, reply_page, required_version

Json = dict[str, Any]
API = "/api/v1/citycontent"


def base_url() -> str:
    """The public address of this installation, without slash at its end."""
    return current_platform().config.web.base_url.rstrip("/")


def addresses(type: str, source: Any) -> Json:
    """``uri``, which never changes, and ``url`` of the page, for types that have pages."""
    found = {"uri": f"{base_url()}/id/{type}/{source.id}"}
    if type in PAGES:
        found["url"] = f"{base_url()}{PAGES[type]}/{source.slug}"
    return found


def pick(source: Any, names: Iterable[str]) -> Json:
    """These facts of a row or an entity."""
    return {name: getattr(source, name) for name in names}


class ListWriter:
    """The columns of a list and their JSON; ``extra`` are selected too (slug, keys of the order) but not written."""

    def __init__(self, type: str, columns: Sequence[Any], *extra: Any) -> None:
        self.type = type
        self.names = tuple(column.key for column in columns)
        self.columns = (*columns, *extra)

    def reply(self, page: Page[Any], asked: PageRequest) -> Response:
        """The answer with one page."""
        things, names = f"{base_url()}/id/{self.type}/", self.names
        if self.type in PAGES:
            pages = f"{base_url()}{PAGES[self.type]}/"
            items = [{**dict(zip(names, row, strict=False)), "uri": things + str(row.id), "url": pages + row.slug} for row in page.items]
        else:
            items = [{**dict(zip(names, row, strict=False)), "uri": things + str(row.id)} for row in page.items]
        return reply_page(page, items, asked)


def existing(source: Any) -> Any:
    """A row or mapping of a thing that is there. Raises NotFound for None and Gone for what was taken away."""
    if source is None:
        raise NotFound
    if (source["state"] if isinstance(source, dict) else source.state) != "active":
        raise Gone
    return source


def address_of(row: Any) -> Json | None:
    """The address in the ``address_…`` columns of a row."""
    return {column.key: getattr(row, f"address_{column.key}") for column in ADDRESS_COLUMNS} if row.address_id else None


def links_given(command: Any) -> Links:
    """What a command says is linked, in the order in which it is read back."""
    names = ("theme_ids", "area_ids", "partner_organization_ids", "identifiers")
    return Links(**{name: tuple(sorted(set(getattr(command, name, ())))) for name in names})


def identifiers(links: Links) -> list[Json]:
    """Identifiers as Popolo writes them."""
    return [{"scheme": scheme, "identifier": identifier} for scheme, identifier in links.identifiers]


def contact_details(source: Any) -> list[Json]:
    """E-mail, telephone and website as Popolo ``contact_details``."""
    found = (("email", source.email), ("voice", source.phone), ("url", source.homepage))
    return [{"type": kind, "value": value} for kind, value in found if value]


def area_ids(uow: UnitOfWork, area_id: uuid.UUID | None) -> tuple[uuid.UUID, ...] | None:
    """The area of a filter with everything in it, in every year; None without filter."""
    return area_tree(uow).within(area_id) if area_id else None


@dataclass(frozen=True, slots=True)
class Writes:
    """How things of one kind are written: input schemas and the services that take what these load to.

    ``represent(entity, command)`` gives the JSON of what was written, without asking the database again.
    """

    noun: str
    path: str
    permission: Permission
    answer: type[Schema]
    create: tuple[type[Schema], Callable[[UnitOfWork, Any], Any]]
    update: tuple[type[Schema], Callable[[UnitOfWork, uuid.UUID, Any], Any]]
    delete: Callable[[UnitOfWork, uuid.UUID, Delete], None]
    represent: Callable[[Any, Any], Json]


def add_writes(resource: RestBlueprint, writes: Writes) -> None:
    """Give a resource POST, PUT and DELETE."""
    word = writes.noun.split()[-1]

    def create(command: Any) -> Response:
        made = writes.create[1](current_uow(), command)
        return reply(writes.represent(made, command), 201, version=made.version, location=f"{API}{writes.path}/{made.id}")

    def update(command: Any, id: uuid.UUID) -> Response:
        changed = writes.update[1](current_uow(), id, command)
        return reply(writes.represent(changed, command), version=changed.version)

    def delete(id: uuid.UUID) -> Response:
        writes.delete(current_uow(), id, Delete(version=required_version()))
        return no_content()

    create.__name__, create.__doc__ = f"create_{word}", f"Add {writes.noun}."
    update.__name__, update.__doc__ = f"replace_{word}", f"Replace what is known of {writes.noun}: what is left out becomes empty."
    delete.__name__, delete.__doc__ = f"delete_{word}", f"Take {writes.noun} away. Its id stays known and answers 410."
    one = f"{writes.path}/<uuid:id>"
    created = resource.arguments(writes.create[0])(resource.response(201, writes.answer)(create))
    updated = resource.arguments(writes.update[0])(resource.response(200, writes.answer)(update))
    resource.route(writes.path, methods=["POST"], permission=writes.permission)(created)
    resource.route(one, methods=["PUT"], permission=writes.permission)(updated)
    resource.route(one, methods=["DELETE"], permission=writes.permission)(resource.response(204)(delete))

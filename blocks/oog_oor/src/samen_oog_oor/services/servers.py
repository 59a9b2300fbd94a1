"""The Open311 servers that cases go to, and which categories go where; for who sets up connections."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select, update

from citycontent.api import Organization
from samen_core.api import Conflict, Invalid, NotFound, Text, UnitOfWork, _, check_outside_address, seal, uuid7
from samen_oog_oor.models import Case, Category, Forward, ForwardedCategory, Server, Update
from samen_oog_oor.permissions import DEFINE
from samen_oog_oor.queries.categories import CategoryView, category_tree
from samen_oog_oor.schemas.open311 import MapCategory, SaveServer
from samen_oog_oor.services.forwarding import FAILED, PURPOSE, WAITING

MOST_SERVERS = 50
MOST_FORWARDS = 100


@dataclass(frozen=True, slots=True)
class ServerLine:
    """A server in the list: whose it is, and how many cases are under way, arrived and failed."""

    server: Server
    organization: str
    numbers: dict[str, int]


def servers(uow: UnitOfWork) -> list[ServerLine]:
    """Every server. Two statements."""
    DEFINE.require(uow.actor)
    statement = select(Server, Organization.name).join(Organization, Organization.id == Server.organization_id)
    found = uow.session.execute(statement.order_by(Server.name).limit(MOST_SERVERS)).all()
    counted: dict[uuid.UUID, dict[str, int]] = {}
    for id, state, number in uow.session.execute(
        select(Forward.server_id, Forward.state, func.count()).group_by(Forward.server_id, Forward.state)
    ):
        counted.setdefault(id, {})[state] = number
    return [ServerLine(server, name, counted.get(server.id, {})) for server, name in found]


def get_server(uow: UnitOfWork, id: uuid.UUID) -> Server:
    """A server. Raises NotAllowed and NotFound."""
    DEFINE.require(uow.actor)
    server = uow.session.get(Server, id)
    if server is None:
        raise NotFound
    return server


def server_values(server: Server) -> dict[str, Any]:
    """What the form shows of a server; never its key."""
    return {
        "name": server.name,
        "url": server.base_url,
        "organization_id": server.organization_id,
        "jurisdiction_id": server.jurisdiction_id,
        "active": server.active,
        "version": server.version,
    }


def create_server(uow: UnitOfWork, command: SaveServer) -> Server:
    """Add a server. Raises NotAllowed, and Invalid with everything that is wrong."""
    DEFINE.require(uow.actor)
    _check(uow, command, None)
    if uow.session.execute(select(func.count()).select_from(Server)).scalar_one() >= MOST_SERVERS:
        raise Invalid({"": [_("Er zijn al {n} servers.", n=MOST_SERVERS)]})
    server = Server(id=uuid7(), **_columns(command))
    if command.key:
        server.key = seal(uow.platform.config.secret_key, PURPOSE, command.key, uow.now)
    uow.session.add(server)
    uow.session.flush()
    uow.record("oog_oor.server.created", server.id, after={"name": server.name, "url": server.base_url})
    return server


def update_server(uow: UnitOfWork, id: uuid.UUID, command: SaveServer) -> Server:
    """Change a server; without a key its own stays. What was told by it goes by its new name. Raises also Conflict."""
    server = get_server(uow, id)
    if command.version is not None and server.version != command.version:
        raise Conflict(current=server_values(server), version=server.version)
    _check(uow, command, server)
    before = {"name": server.name, "url": server.base_url, "active": server.active}
    if command.name != server.name:
        told = update(Update).where(Update.source == server.name).values(source=command.name)
        uow.session.execute(told, execution_options={"synchronize_session": False})
    for name, value in _columns(command).items():
        setattr(server, name, value)
    if command.key:
        server.key = seal(uow.platform.config.secret_key, PURPOSE, command.key, uow.now)
    uow.session.flush()
    uow.record(
        "oog_oor.server.updated", server.id, before=before, after={"name": server.name, "url": server.base_url, "active": server.active}
    )
    return server


def mapping(uow: UnitOfWork, server: Server) -> list[tuple[CategoryView, str]]:
    """Which categories go to a server, and how it calls them."""
    tree = category_tree(uow)
    rows = uow.session.execute(select(ForwardedCategory).where(ForwardedCategory.server_id == server.id)).scalars()
    found = [(tree.by_id[row.category_id], row.service_code) for row in rows if row.category_id in tree.by_id]
    return sorted(found, key=lambda pair: pair[0].name)


def map_category(uow: UnitOfWork, server_id: uuid.UUID, command: MapCategory) -> None:
    """Send the cases of a category to a server from now on; one that went to another goes to this one. Raises NotFound and Invalid."""
    server = get_server(uow, server_id)
    category = uow.session.get(Category, command.category_id)
    if category is None or category.parent_id is None:
        raise Invalid({"category_id": [_("Kies een categorie.")]})
    if category.confidential:
        raise Invalid({"category_id": [_("Zaken van deze categorie zijn vertrouwelijk. Zij gaan niet naar een andere server.")]})
    row = uow.session.get(ForwardedCategory, category.id)
    if row is None:
        uow.session.add(ForwardedCategory(category_id=category.id, server_id=server.id, service_code=command.service_code))
    else:
        row.server_id, row.service_code = server.id, command.service_code
    uow.session.flush()
    uow.record("oog_oor.server.mapped", server.id, after={"category": category.code, "service_code": command.service_code})


def unmap_category(uow: UnitOfWork, server_id: uuid.UUID, category_id: uuid.UUID) -> None:
    """Cases of a category stay here from now on; those that were sent keep their messages. Raises NotFound."""
    server = get_server(uow, server_id)
    row = uow.session.get(ForwardedCategory, category_id)
    if row is None or row.server_id != server.id:
        raise NotFound
    uow.session.delete(row)
    uow.session.flush()
    uow.record("oog_oor.server.unmapped", server.id, before={"category": str(category_id), "service_code": row.service_code})


def forwards(uow: UnitOfWork, server: Server) -> Sequence[Any]:
    """The last cases that went to a server, with their numbers: rows ``(Forward, number)``. One statement."""
    statement = select(Forward, Case.number).join(Case, Case.id == Forward.case_id).where(Forward.server_id == server.id)
    return uow.session.execute(statement.order_by(Forward.id.desc()).limit(MOST_FORWARDS)).all()


def forwards_of(uow: UnitOfWork, case_id: uuid.UUID) -> Sequence[Any]:
    """Where a case went, for its page: rows ``(Forward, name of the server)``. One statement."""
    statement = select(Forward, Server.name).join(Server, Server.id == Forward.server_id).where(Forward.case_id == case_id)
    return uow.session.execute(statement.order_by(Forward.id)).all()


def number_of(uow: UnitOfWork, forward: Forward) -> str:
    """What people call the case that goes to another server. One statement."""
    return uow.session.execute(select(Case.number).where(Case.id == forward.case_id)).scalar_one()


def try_again(uow: UnitOfWork, id: uuid.UUID) -> Forward:
    """Send a case once more that could not be sent. Raises NotAllowed, NotFound, and Conflict for one that did not fail."""
    DEFINE.require(uow.actor)
    forward = uow.session.get(Forward, id)
    if forward is None:
        raise NotFound
    if forward.state != FAILED:
        raise Conflict(_("Deze zaak is al verstuurd of wordt nog geprobeerd."))
    forward.state, forward.tries, forward.next_at, forward.problem = WAITING, 0, uow.now, ""
    uow.record("oog_oor.forward.again", forward.case_id)
    return forward


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _columns(command: SaveServer) -> dict[str, Any]:
    return {
        "name": command.name,
        "base_url": command.url.rstrip("/"),
        "jurisdiction_id": command.jurisdiction_id,
        "organization_id": command.organization_id,
        "active": command.active,
    }


def _check(uow: UnitOfWork, command: SaveServer, server: Server | None) -> None:
    errors: dict[str, list[Text]] = {}
    try:
        check_outside_address(uow.platform, command.url)
        if "?" in command.url:
            raise Invalid({"url": [_("Schrijf het adres zonder vraagteken en wat daarna komt.")]})
    except Invalid as error:
        errors |= error.errors
    same = uow.session.execute(select(Server.id).where(Server.name == command.name)).scalar_one_or_none()
    if same is not None and (server is None or same != server.id):
        errors["name"] = [_("Er is al een server met deze naam.")]
    if server is not None and server.key and not command.key and _host(command.url) != _host(server.base_url):
        errors.setdefault("key", []).append(_("Dit is een andere server: vul de sleutel voor die server in. De bewaarde gaat niet mee."))
    if uow.session.get(Organization, command.organization_id) is None:
        errors["organization_id"] = [_("Kies een organisatie.")]
    if errors:
        raise Invalid(errors)

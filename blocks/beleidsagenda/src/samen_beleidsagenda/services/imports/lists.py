"""Lists that a municipality imports again and again: what they are called, how they are read, and what their words mean."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from citycontent.api import Organization, Post, Theme
from samen_beleidsagenda.models import Body, ImportList
from samen_beleidsagenda.permissions import APPROVE, IMPORT
from samen_beleidsagenda.schemas.import_mapping import TableMapping, mapping_from
from samen_beleidsagenda.schemas.import_plan import Words
from samen_beleidsagenda.schemas.imports import CreateList, UpdateList
from samen_beleidsagenda.services.common import check_version
from samen_core.api import Invalid, NotFound, UnitOfWork, _, fold, uuid7

WORD_FIELDS = ("kinds", "bodies", "holders", "themes", "periods")
USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "council": ("raad", "gemeenteraad"),
    "college": ("college", "b w", "b en w", "college van b en w", "college van burgemeester en wethouders"),
    "committee": ("commissie", "raadscommissie"),
}


def create_list(uow: UnitOfWork, command: CreateList) -> ImportList:
    """Add a list. Raises NotAllowed, and Invalid for a name that is taken or a body that there is not."""
    IMPORT.require(uow.actor, scopes=_scope(command.body_id))
    made = ImportList(id=uuid7(), format=command.format, mapping={}, words={})
    _fill(uow, made, command)
    uow.session.add(made)
    uow.session.flush()
    uow.record("beleidsagenda.import_list.created", None, after={"list": made.id, "name": made.name, "format": made.format})
    return made


def update_list(uow: UnitOfWork, id: uuid.UUID, command: UpdateList) -> ImportList:
    """Replace what is known of a list; its format stays. Raises NotFound, NotAllowed, Invalid, and Conflict with the values of now."""
    found = to_change_list(uow, id, command.version)
    IMPORT.require(uow.actor, scopes=_scope(command.body_id))
    _fill(uow, found, command)
    uow.session.flush()
    uow.record("beleidsagenda.import_list.changed", None, after={"list": id, "name": found.name})
    return found


def keep_mapping(uow: UnitOfWork, id: uuid.UUID, version: int, mapping: TableMapping, words: Mapping[str, Mapping[str, str]]) -> ImportList:
    """Keep which column is what, and what words mean (by kind of word, word to code or id). Raises as :func:`update_list`."""
    found = to_change_list(uow, id, version)
    current = mapping_from(found.mapping or {})
    found.mapping = {**mapping.to_json(), "gone": current.gone, "publish": current.publish}
    found.words = {name: dict(words[name]) for name in WORD_FIELDS if words.get(name)}
    uow.session.flush()
    uow.record("beleidsagenda.import_list.mapped", None, after={"list": id})
    return found


def get_list(uow: UnitOfWork, id: uuid.UUID) -> ImportList:
    """A list that the actor may import. Raises NotFound and NotAllowed."""
    found = uow.session.get(ImportList, id)
    if found is None:
        raise NotFound
    require_import(uow, found)
    return found


def to_change_list(uow: UnitOfWork, id: uuid.UUID, version: int) -> ImportList:
    """A list to change, locked, as it was at ``version``."""
    statement = select(ImportList).where(ImportList.id == id).with_for_update().execution_options(populate_existing=True)
    found = uow.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    require_import(uow, found)
    check_version(found, version, list_values(found))
    return found


def require_import(uow: UnitOfWork, of: ImportList) -> None:
    """Raise NotAllowed unless the actor may import this list."""
    IMPORT.require(uow.actor, scopes=_scope(of.body_id))


def list_values(of: ImportList) -> dict[str, Any]:
    """What the form of a list shows."""
    mapping = mapping_from(of.mapping or {})
    values = {"name": of.name, "format": of.format, "body_id": of.body_id, "version": of.version}
    return {**values, "year": mapping.year, "gone": mapping.gone, "publish": mapping.publish}


def words_of(uow: UnitOfWork, of: ImportList, own: Mapping[str, Mapping[str, str]] | None = None) -> Words:
    """What the words of a list mean: its ``own``, and the names of bodies, posts and themes. Three statements."""
    stored: Mapping[str, Mapping[str, str]] = own if own is not None else of.words or {}
    bodies = _body_words(uow)
    posts = uow.session.execute(select(Post.label, Post.id).where(Post.state == "active")).all()
    themes = uow.session.execute(select(Theme.name, Theme.id).where(Theme.state == "active")).all()
    return Words(
        kinds=stored.get("kinds", {}),
        bodies={**bodies, **stored.get("bodies", {})},
        holders={**{fold(label): str(id) for label, id in posts}, **stored.get("holders", {})},
        themes={**{fold(name): str(id) for name, id in themes}, **stored.get("themes", {})},
        periods=stored.get("periods", {}),
        body=str(of.body_id) if of.body_id else None,
    )


def _body_words(uow: UnitOfWork) -> dict[str, str]:
    """The names of bodies, and what everybody calls the only council, college or committee that there is. One statement."""
    statement = select(Organization.name, Body.organization_id, Body.kind).join(Organization, Organization.id == Body.organization_id)
    rows = uow.session.execute(statement).all()
    kinds = [row.kind for row in rows]
    found = {name: str(row.organization_id) for row in rows if kinds.count(row.kind) == 1 for name in USUAL_NAMES.get(row.kind, ())}
    return found | {fold(row.name): str(row.organization_id) for row in rows}


def _fill(uow: UnitOfWork, of: ImportList, command: CreateList) -> None:
    taken = select(ImportList.id).where(ImportList.name == command.name, ImportList.id != of.id)
    if uow.session.execute(taken).first() is not None:
        raise Invalid({"name": [_("Er is al een lijst met deze naam.")]})
    if command.body_id is not None and uow.session.get(Body, command.body_id) is None:
        raise Invalid({"body_id": [_("Dit orgaan kennen wij niet (meer).")]})
    if command.publish:
        APPROVE.require(uow.actor, scopes=_scope(command.body_id))
    of.name, of.body_id = command.name, command.body_id
    of.mapping = {**(of.mapping or {}), "year": command.year, "gone": command.gone, "publish": command.publish}


def _scope(body_id: uuid.UUID | None) -> tuple[uuid.UUID, ...]:
    return (body_id,) if body_id else ()

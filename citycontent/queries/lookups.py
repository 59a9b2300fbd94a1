"""Small questions that services ask before they write."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, literal, or_, select, union_all

from citycontent.models import Identifier, ProjectArea, Relation, Slug, ThemeLink
from citycontent.models.relation import PARTNER
from samen_core.api import Subject, UnitOfWork

_KNOWN = select(Subject.id, Subject.type, Subject.public).where(Subject.id.in_(bindparam("ids", expanding=True)), Subject.state == "active")
_SLUGS = select(Slug.slug, Slug.entity_id).where(Slug.type == bindparam("type"), Slug.slug.like(bindparam("pattern")))


def known_subjects(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[str, bool]]:
    """Of these ids the ones that are of something active: (type, public) by id."""
    return {row.id: (row.type, row.public) for row in uow.session.execute(_KNOWN, {"ids": list(ids)})}


def slugs_like(uow: UnitOfWork, type: str, base: str) -> dict[str, uuid.UUID]:
    """The slugs of a type that start with ``base``, each with its owner."""
    return {row.slug: row.entity_id for row in uow.session.execute(_SLUGS, {"type": type, "pattern": f"{base}%"})}


@dataclass(frozen=True, slots=True)
class Links:
    """What is stored beside a thing: its themes, areas, partners and identifiers, each in order."""

    theme_ids: tuple[uuid.UUID, ...] = ()
    area_ids: tuple[uuid.UUID, ...] = ()
    partner_organization_ids: tuple[uuid.UUID, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    taken: tuple[tuple[str, str], ...] = ()
    """Of the identifiers asked for, those that another thing of the type has."""


_NO_TEXT = literal("")
_LINKS = union_all(
    select(literal("theme").label("kind"), ThemeLink.theme_id.label("id"), _NO_TEXT.label("scheme"), _NO_TEXT.label("identifier")).where(
        ThemeLink.subject_id == bindparam("id")
    ),
    select(literal("area"), ProjectArea.area_id, _NO_TEXT, _NO_TEXT).where(ProjectArea.project_id == bindparam("id")),
    select(literal("partner"), Relation.object_id, _NO_TEXT, _NO_TEXT).where(
        Relation.subject_id == bindparam("id"), Relation.predicate == PARTNER
    ),
    select(literal("identifier"), Identifier.subject_id, Identifier.scheme, Identifier.identifier).where(
        Identifier.type == bindparam("type"),
        or_(Identifier.subject_id == bindparam("id"), Identifier.identifier.in_(bindparam("wanted", expanding=True))),
    ),
)


def links(uow: UnitOfWork, type: str, id: uuid.UUID, wanted: Sequence[tuple[str, str]] = ()) -> Links:
    """What is stored beside a thing, and which of the ``wanted`` identifiers are another's. One statement."""
    found: dict[str, list[uuid.UUID]] = {"theme": [], "area": [], "partner": []}
    mine: list[tuple[str, str]] = []
    taken: list[tuple[str, str]] = []
    for row in uow.session.execute(_LINKS, {"id": id, "type": type, "wanted": [identifier for _scheme, identifier in wanted]}):
        if row.kind != "identifier":
            found[row.kind].append(row.id)
        elif row.id == id:
            mine.append((row.scheme, row.identifier))
        elif (row.scheme, row.identifier) in wanted:
            taken.append((row.scheme, row.identifier))
    return Links(
        tuple(sorted(found["theme"])), tuple(sorted(found["area"])), tuple(sorted(found["partner"])), tuple(sorted(mine)), tuple(taken)
    )


def is_below(uow: UnitOfWork, model: Any, id: uuid.UUID, ancestor: uuid.UUID) -> bool:
    """Whether ``id`` is ``ancestor`` or lies somewhere below it, following ``parent_id``."""
    if id == ancestor:
        return True
    above = select(model.id, model.parent_id, literal(0).label("depth")).where(model.id == id).cte(recursive=True)
    higher = select(model.id, model.parent_id, above.c.depth + 1).where(model.id == above.c.parent_id, above.c.depth < 50)
    above = above.union_all(higher)
    return uow.session.execute(select(above.c.id).where(above.c.id == ancestor).limit(1)).first() is not None

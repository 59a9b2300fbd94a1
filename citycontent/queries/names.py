"""Finding things by the name that somebody typed."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, or_, select

from citycontent.models import Slug
from samen_core.api import Subject, SubjectCard, UnitOfWork, cards

MOST_FOUND = 200
_SUGGESTIONS = (
    select(Subject.title)
    .where(Subject.type == bindparam("type"), Subject.state == "active", Subject.public)
    .order_by(Subject.title)
    .limit(bindparam("limit"))
)


def find_by_slug(uow: UnitOfWork, type: str, wanted: Mapping[str, bool]) -> dict[str, list[SubjectCard]]:
    """What each of these slugs may mean: active things of the type that the actor may see. Two statements.

    Slugs are never given twice, so things with one name have slugs that differ in the number behind it, and an earlier name is found too.
    ``wanted`` tells per slug whether it came from a name, so that the numbered ones count as well, or is a page's own (False).
    """
    conditions = [Slug.slug == slug for slug in wanted]
    conditions += [Slug.slug.like(f"{slug}-%") for slug, is_name in wanted.items() if is_name and slug]
    if not conditions:
        return {}
    rows = uow.session.execute(select(Slug.slug, Slug.entity_id).where(Slug.type == type, or_(*conditions)).limit(MOST_FOUND)).all()
    known = cards(uow, (row.entity_id for row in rows))
    found: dict[str, list[SubjectCard]] = {}
    for slug, is_name in wanted.items():
        same = re.compile(re.escape(slug) + (r"(-\d+)?" if is_name else ""))
        ids = {row.entity_id for row in rows if same.fullmatch(row.slug)}
        found[slug] = [card for card in known.values() if card.id in ids and card.state == "active"]
    return found


def names_of(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of these things, of any type."""
    return {card.id: card.title for card in cards(uow, ids).values()}


def some_names(uow: UnitOfWork, type: str, limit: int = MOST_FOUND) -> list[Any]:
    """Names to suggest: the first ones of a type."""
    return list(uow.session.execute(_SUGGESTIONS, {"type": type, "limit": limit}).scalars())

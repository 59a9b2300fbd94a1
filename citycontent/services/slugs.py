"""Giving pages their slug. A slug is never given twice, so old links keep leading to what they meant."""

from __future__ import annotations

import uuid

from citycontent.models import Slug
from citycontent.paths import NAMELESS, RESERVED_SLUGS
from citycontent.queries import lookups
from citycontent.services.upsert import INSERTS, dialect_of
from samen_core.api import UnitOfWork, slugify

_RESERVE = {name: insert(Slug.__table__).on_conflict_do_nothing().returning(Slug.__table__.c.slug) for name, insert in INSERTS.items()}


def take_slug(uow: UnitOfWork, type: str, name: str, entity_id: uuid.UUID) -> str:
    """Reserve a free slug for a thing, in one statement when its name is new. Its own earlier slug may come back."""
    base = slugify(name, NAMELESS[type])
    if base not in RESERVED_SLUGS and _reserve(uow, type, base, entity_id):
        return base
    taken = lookups.slugs_like(uow, type, base)
    for candidate in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 100))):
        if candidate in RESERVED_SLUGS:
            continue
        if taken.get(candidate) == entity_id:
            return candidate
        if candidate not in taken and _reserve(uow, type, candidate, entity_id):
            return candidate
    raise RuntimeError(f"no free slug for {base!r}")


def _reserve(uow: UnitOfWork, type: str, slug: str, entity_id: uuid.UUID) -> bool:
    row = {"type": type, "slug": slug, "entity_id": entity_id}
    return uow.session.connection().execute(_RESERVE[dialect_of(uow)], row).first() is not None

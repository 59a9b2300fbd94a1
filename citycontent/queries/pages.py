"""From the slug in a page address to the thing, also when its slug was another before."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from citycontent.models import Entity, PageEntity, Slug
from samen_core.api import Subject, UnitOfWork

Model = TypeVar("Model", bound=PageEntity)
Thing = TypeVar("Thing", bound=Entity)

_SUCCESSOR = aliased(Subject)
_WHERE = (
    select(Subject.id, Subject.state, Subject.url, Subject.public, _SUCCESSOR.url.label("successor_url"))
    .join(Slug, Slug.entity_id == Subject.id)
    .outerjoin(_SUCCESSOR, _SUCCESSOR.id == Subject.successor_id)
    .where(Slug.type == bindparam("type"), Slug.slug == bindparam("slug"))
)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What became of the thing that has or had a slug. ``url`` is its page now, or that of the thing it was merged into."""

    id: uuid.UUID
    state: str
    url: str
    public: bool


def whereabouts(uow: UnitOfWork, type: str, slug: str) -> Whereabouts | None:
    """What became of the thing that has or had this slug; None when there never was one. One statement."""
    row = uow.session.execute(_WHERE, {"type": type, "slug": slug}).one_or_none()
    if row is None:
        return None
    return Whereabouts(row.id, row.state, row.successor_url or "" if row.state == "merged" else row.url, row.public)


def entity_by_slug(uow: UnitOfWork, model: type[Model], slug: str) -> Model | None:
    """The thing with this slug, for editing. One statement."""
    columns: Any = model
    return uow.session.execute(select(model).where(columns.slug == slug)).scalar_one_or_none()


def entity_by_id(uow: UnitOfWork, model: type[Thing], id: uuid.UUID) -> Thing | None:
    """The thing with this id, for editing. One statement."""
    return uow.session.get(model, id)

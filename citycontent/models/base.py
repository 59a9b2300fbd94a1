"""What every entity of the city has."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from samen_core.api import SLUG_LENGTH, Base, Code, not_personal

EntityState = Literal["active", "merged", "deleted"]
NAME_LENGTH = 200


class Entity:
    """A thing with an id in the subject register. Rows are never deleted: ``state`` says whether it counts.

    ``version`` rises with every change and finds concurrent edits. ``sources`` and ``links`` hold ``{url, note}`` as in Popolo.
    """

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), default="active", info=not_personal("active, merged or deleted"))
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"))
    sources: Mapped[list[dict[str, Any]]] = mapped_column(default=list, info=not_personal("where a fact was published"))

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class PageEntity(Entity):
    """An entity with a page of its own. ``sort_name`` is the name folded by :func:`samen_core.slugs.fold`."""

    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), unique=True)
    sort_name: Mapped[str] = mapped_column(String(NAME_LENGTH))


class Pictured:
    """A thing that may have a picture of its own (a logo, a photo): a file that it owns."""

    @declared_attr
    @classmethod
    def picture_id(cls) -> Mapped[uuid.UUID | None]:
        """The picture."""
        return mapped_column(ForeignKey("core__file.id"))


class Slug(Base):
    """Every slug that a page has or had, so that an old address finds the thing and no slug is given twice.

    No foreign key: a slug is taken before its thing is registered, since the register holds the page's address.
    """

    __tablename__ = "citycontent__slug"

    type: Mapped[str] = mapped_column(Code, primary_key=True)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), primary_key=True, info=not_personal("blanked by its owner's erasure"))
    entity_id: Mapped[uuid.UUID] = mapped_column(index=True)

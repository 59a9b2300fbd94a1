"""What the search index holds of each thing, besides the words themselves.

The words stand in ``core__search_fts``, which is an FTS5 table on SQLite and a table with a ``tsvector`` on PostgreSQL; it is made by
the migration and is no part of the shared metadata.
"""

from __future__ import annotations

import uuid

from sqlalchemy import BigInteger, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.db.base import Base
from samen_core.privacy import not_personal


class IndexedText(Base):
    """A thing in the search index. ``body`` is its text as people read it, for the excerpt beside a result."""

    __tablename__ = "core__search_document"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id", ondelete="CASCADE"), unique=True)
    body: Mapped[str] = mapped_column(info=not_personal("a copy of what the thing's own page shows; replaced and removed together with it"))

"""The table."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, not_personal


class Note(Base):
    """A note."""

    __tablename__ = "notes__note"

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(info=not_personal("test"))
    stars: Mapped[int] = mapped_column(default=0)
    written_at: Mapped[datetime]

    __mapper_args__: ClassVar[dict[str, Any]] = {"version_id_col": version}

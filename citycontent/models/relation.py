"""Typed links between any two things."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code

PARTNER = "partner"
"""The object, an organisation, takes part in the subject, a project."""


class Relation(Base):
    """``subject`` has ``object`` as its ``predicate``: a project has an organisation as its partner."""

    __tablename__ = "citycontent__relation"
    __table_args__ = (Index("ix_citycontent__relation_object_id_predicate", "object_id", "predicate"),)

    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    predicate: Mapped[str] = mapped_column(Code, primary_key=True)
    object_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)

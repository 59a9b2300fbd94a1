"""Identifiers of other registers."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code


class Identifier(Base):
    """What another register calls a thing: ``kvk`` 12345678, ``cbs-bu`` BU06370001. One thing of a type per scheme and identifier."""

    __tablename__ = "citycontent__identifier"

    type: Mapped[str] = mapped_column(Code, primary_key=True)
    scheme: Mapped[str] = mapped_column(Code, primary_key=True)
    identifier: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), index=True)

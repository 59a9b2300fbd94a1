"""Themes, and what is about them."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from citycontent.models.base import NAME_LENGTH, PageEntity
from samen_core.api import Base


class Theme(PageEntity, Base):
    """A subject matter such as housing (skos:Concept). ``exact_match`` is the URI of the same concept elsewhere."""

    __tablename__ = "citycontent__theme"
    __table_args__ = (Index("ix_citycontent__theme_state_sort_name_id", "state", "sort_name", "id"),)

    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    alternative_names: Mapped[list[str]] = mapped_column(default=list)
    description: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__theme.id"), index=True)
    exact_match: Mapped[str] = mapped_column(default="")


class ThemeLink(Base):
    """A thing of any kind that is about a theme."""

    __tablename__ = "citycontent__theme_link"
    __table_args__ = (Index("ix_citycontent__theme_link_theme_id_subject_id", "theme_id", "subject_id"),)

    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    theme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__theme.id"), primary_key=True)

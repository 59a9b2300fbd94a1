"""What a signal can be about, in two levels, and what a city does with each."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code
from samen_oog_oor.models.base import TITLE_LENGTH

STOPS = ("", "emergency", "not_ours")
"""Why no signal can be sent in a category: somebody should call at once, or another organisation does this."""


class Category(Base):
    """A kind of signal. Those of the second level have a ``parent_id`` and take signals; their ``code`` is Open311's ``service_code``.

    ``name_en`` and ``stop_text_en`` are for who reads English; without them the Dutch is shown. ``words`` are synonyms, one to a line;
    ``form`` is a stored :class:`samen_core.api.Form` with the extra questions, with under ``former`` those that were asked before.
    ``term_days`` are working days; ``radius`` metres, within which somebody may join what was reported before. ``stop_text`` says where
    to go instead.
    ``confirm_by_mail``: a signal from outside counts once its reporter confirmed it (Open311 ``batch``).
    """

    __tablename__ = "oog_oor__category"
    __table_args__ = (
        Index("ix_oog_oor__category_parent_id_position", "parent_id", "position"),
        # What every report looks at, to see whether a category changed.
        Index("ix_oog_oor__category_changed_at_version", "changed_at", "version"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("oog_oor__category.id"))
    position: Mapped[int] = mapped_column(default=0)
    code: Mapped[str] = mapped_column(Code, unique=True)
    name: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    name_en: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    description: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    promise: Mapped[str] = mapped_column(default="")
    icon: Mapped[str] = mapped_column(Code, default="map-pin")
    form: Mapped[dict[str, Any]] = mapped_column(default=dict)
    term_days: Mapped[int] = mapped_column(default=5)
    radius: Mapped[int] = mapped_column(default=50)
    publication: Mapped[str] = mapped_column(Code, default="point")
    stop: Mapped[str] = mapped_column(Code, default="")
    stop_text: Mapped[str] = mapped_column(default="")
    stop_text_en: Mapped[str] = mapped_column(default="")
    stop_url: Mapped[str] = mapped_column(default="")
    stop_phone: Mapped[str] = mapped_column(String(40), default="")
    confirm_by_mail: Mapped[bool] = mapped_column(default=False)
    confidential: Mapped[bool] = mapped_column(default=False)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CategoryWords(Base):
    """In how many handled cases of a category each word was used, to suggest a category from a text.

    Only words of several different cases, never of a confidential one, so that nothing of one reporter is kept.
    """

    __tablename__ = "oog_oor__category_words"

    category_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__category.id"), primary_key=True)
    cases: Mapped[int]
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    learned_at: Mapped[datetime]

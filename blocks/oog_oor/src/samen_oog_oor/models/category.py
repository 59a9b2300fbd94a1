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

    ``words`` are synonyms, one to a line; ``form`` a stored :class:`samen_core.api.Form` with the extra questions. ``term_days`` are
    working days; ``radius`` metres, within which somebody may join what was reported before. ``stop_text`` says where to go instead.
    ``confirm_by_mail``: a signal from outside counts once its reporter confirmed it (Open311 ``batch``).
    """

    __tablename__ = "oog_oor__category"
    __table_args__ = (Index("ix_oog_oor__category_parent_id_position", "parent_id", "position"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("oog_oor__category.id"))
    position: Mapped[int] = mapped_column(default=0)
    code: Mapped[str] = mapped_column(Code, unique=True)
    name: Mapped[str] = mapped_column(String(TITLE_LENGTH))
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
    stop_url: Mapped[str] = mapped_column(default="")
    stop_phone: Mapped[str] = mapped_column(String(40), default="")
    confirm_by_mail: Mapped[bool] = mapped_column(default=False)
    confidential: Mapped[bool] = mapped_column(default=False)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

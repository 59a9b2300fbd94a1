"""Activities: a period in which people may say something about a subject."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code

KINDS = ("reactions", "questionnaire")
"""``reactions``: every contribution is public and gets an answer. ``questionnaire``: only the counted answers are public."""

ACCESS = ("everyone", "named", "logged_in")
"""Who may take part: everyone (a name is optional), who gives name and e-mail address, or who is logged in."""

TITLE = 200


class Activity(Base):
    """Something to take part in. ``form`` is a stored :class:`samen_core.forms.Form`: the questions beside the free text.

    Open from ``opens_at`` until ``closes_at`` (or ``closed_at``, when closed early); which of the three it is, is computed when read.
    """

    __tablename__ = "inbreng__activity"
    __table_args__ = (
        Index("ix_inbreng__activity_subject_id_opens_at", "subject_id", "opens_at"),
        Index("ix_inbreng__activity_closes_at_id", "closes_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(Code)
    title: Mapped[str] = mapped_column(String(TITLE))
    intro: Mapped[str] = mapped_column(default="")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    access: Mapped[str] = mapped_column(Code, default="everyone")
    form: Mapped[dict[str, Any]]
    asks_text: Mapped[bool] = mapped_column(default=True)
    allows_replies: Mapped[bool] = mapped_column(default=True)
    allows_support: Mapped[bool] = mapped_column(default=True)
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"))
    created_at: Mapped[datetime]
    page: Mapped[str] = mapped_column(default="")
    """The path of the page of another block on which people take part, as long as that is there. "" for inbreng's own page."""
    page_of: Mapped[str] = mapped_column(Code, default="")
    """The block whose page that is."""
    listed: Mapped[bool] = mapped_column(default=True)
    """Whether it stands in lists and is found by itself; not when it only goes with the page of another block."""
    finished_at: Mapped[datetime | None]
    """When the final report on the subject was published: from then the terms for names and e-mail addresses run."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Tally(Base):
    """How many published contributions an activity has, per ``dimension`` (total, sector, channel, area, outcome) and value.

    Kept in the transaction that changes a contribution, so that no page counts. ``number`` gives out the numbers of contributions.
    """

    __tablename__ = "inbreng__tally"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inbreng__activity.id"), primary_key=True)
    dimension: Mapped[str] = mapped_column(Code, primary_key=True)
    value: Mapped[str] = mapped_column(Code, primary_key=True)
    number: Mapped[int]

"""What the things of the policy agenda have in common."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from samen_core.api import Code

STATES = ("draft", "submitted", "published", "deleted")
"""How far a thing is on its way to the public: being written, waiting for approval, public, taken away (its id stays known)."""

TITLE_LENGTH = 200
NUMBER_LENGTH = 40


class Citable:
    """A thing with a row in the register, a version, and approval before it is public.

    ``confidential`` keeps it, whatever its state, out of every list, feed, search and log line of who may not see it.
    ``changed_at`` rises with every change that somebody who mirrors the agenda has to take over, also when it is taken away;
    ``withdrawn_at`` is when what was public became confidential, so that mirrors can be told to drop it without more.
    """

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(Code, default="draft")
    confidential: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it."""
        return self.state == "published" and not self.confidential


FOLLOW_UP_STATES = ("open", "in_progress", "settlement_proposed", "settled", "not_carried_out", "lapsed")
"""What became of a commitment or an adopted motion; the council agrees before it is settled (beleidsagenda.md §3.3)."""
OPEN_STATES = ("open", "in_progress", "settlement_proposed")


class FollowedUp:
    """Something that was promised or asked for: which post owes it, by when, and how far it is. Late is derived from ``due_date``.

    ``answer_document_id`` is the document that settles it.
    """

    follow_up: Mapped[str | None] = mapped_column(Code)
    due_date: Mapped[date | None]
    follow_up_note: Mapped[str] = mapped_column(default="")
    holder_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__post.id"), index=True)
    answer_document_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__document.id"), index=True)

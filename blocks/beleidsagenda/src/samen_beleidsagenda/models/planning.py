"""Planned moments, and what calendars, lists and feeds read of all moments."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from samen_beleidsagenda.models.base import TITLE_LENGTH, Citable
from samen_core.api import Base, Code

ITEM_KINDS = ("decision", "discussion", "information", "views", "information_meeting", "participation")
"""Besluit, bespreking, ter kennisname, wensen en bedenkingen, informatiebijeenkomst, participatie (§3.2)."""
PRECISIONS = ("day", "week", "month", "quarter", "year")
CONFIDENCES = ("certain", "likely", "uncertain")
ITEM_STATUSES = ("intended", "planned", "scheduled", "treated", "postponed", "lapsed")
"""Voorgenomen, gepland, geagendeerd, behandeld, doorgeschoven (has a successor), vervallen (§3.3)."""
COMING_STATUSES = ("intended", "planned", "scheduled")
_COMING = text("status IN (" + ", ".join(f"'{code}'" for code in COMING_STATUSES) + ")")


class PlanningItem(Citable, Base):
    """A moment at which a body does something about a dossier.

    The period is from ``start_date`` to ``end_date``, both included, and always the whole of its ``precision``. A postponed item keeps its
    period and reason; its successor has it as ``previous_id`` and the period of the first of the chain as ``original_…``. A period that
    only became more precise stays in ``narrowed_from``.
    ``has_say``: residents can take part at this moment, ``say_how`` tells how.
    """

    __tablename__ = "beleidsagenda__planning_item"
    __table_args__ = (
        Index("ix_beleidsagenda__planning_item_dossier_id_start_date", "dossier_id", "start_date"),
        # With the status in it, the long agenda of what is to come passes what was treated without reading it.
        Index("ix_beleidsagenda__planning_item_state_start_date_id_status", "state", "start_date", "id", "status"),
        # All that the long agenda of what is to come sorts and counts by; it names the statuses as they stand here.
        Index(
            "ix_beleidsagenda__planning_item_coming",
            *("state", "start_date", "id", "confidential", "dossier_id"),
            sqlite_where=_COMING,
            postgresql_where=_COMING,
        ),
        Index("ix_beleidsagenda__planning_item_body_id_start_date", "body_id", "start_date"),
        Index("uq_beleidsagenda__planning_item_previous_id", "previous_id", unique=True),
    )

    dossier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("beleidsagenda__dossier.id"))
    body_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__body.organization_id"))
    kind: Mapped[str] = mapped_column(Code)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str] = mapped_column(default="")
    start_date: Mapped[date]
    end_date: Mapped[date]
    precision: Mapped[str] = mapped_column(Code, default="month")
    original_start: Mapped[date]
    original_end: Mapped[date]
    narrowed_from: Mapped[list[str]] = mapped_column(default=list)
    """The wider periods that this moment had in public before it became more precise, oldest first: "2027", "2027-Q3", "2027-09"."""
    confidence: Mapped[str] = mapped_column(Code, default="likely")
    status: Mapped[str] = mapped_column(Code, default="intended")
    slip_reason: Mapped[str] = mapped_column(default="")
    """Why it was put off, or why it lapsed."""
    lapsed_from: Mapped[str | None] = mapped_column(Code)
    """The status that it had when it lapsed with its dossier: it gets it back when that was withdrawn by mistake."""
    slips: Mapped[int] = mapped_column(default=0)
    """How many postponements come before it in its chain."""
    previous_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__planning_item.id"))
    agenda_item_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__agenda_item.id"), index=True)
    has_say: Mapped[bool] = mapped_column(default=False)
    say_how: Mapped[str] = mapped_column(default="")
    say_url: Mapped[str] = mapped_column(default="")


class Entry(Base):
    """A moment as calendars, lists and feeds read it: one row per planned moment and per meeting, kept by the services that change them.

    ``subject_id`` is the planning item or the event. ``start_date`` to ``end_date`` (included) is its period in the city's days;
    ``start_at`` and ``end_at`` are there for a meeting. ``status`` is that of iCalendar in small letters: tentative, confirmed, cancelled.
    ``visible``: everybody may see it. ``vevent`` is its iCalendar component, written when it changes, so that a feed only joins texts.
    ``sequence`` and ``changed_at`` follow RFC 5545.
    """

    __tablename__ = "beleidsagenda__entry"
    __table_args__ = (
        Index("ix_beleidsagenda__entry_visible_start_date", "visible", "start_date", "subject_id", "end_date", "status", "kind"),
        Index("ix_beleidsagenda__entry_visible_end_date_subject_id", "visible", "end_date", "subject_id"),
        Index("ix_beleidsagenda__entry_dossier_id_start_date", "dossier_id", "start_date"),
        Index("ix_beleidsagenda__entry_body_id_start_date", "body_id", "start_date"),
        Index("ix_beleidsagenda__entry_visible_changed_at_subject_id", "visible", "changed_at", "subject_id"),
    )

    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Code)
    """``meeting``, or a kind of planned moment (ITEM_KINDS)."""
    dossier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__dossier.id"))
    body_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("beleidsagenda__body.organization_id"))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    path: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    start_date: Mapped[date]
    end_date: Mapped[date]
    precision: Mapped[str] = mapped_column(Code)
    start_at: Mapped[datetime | None]
    end_at: Mapped[datetime | None]
    location: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    status: Mapped[str] = mapped_column(Code)
    has_say: Mapped[bool] = mapped_column(default=False)
    last_say: Mapped[date | None]
    """The last day to have a say on its dossier, as its iCalendar text tells it; only while the moment is to come."""
    visible: Mapped[bool] = mapped_column(default=False)
    uid: Mapped[str] = mapped_column(String(255), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    vevent: Mapped[str] = mapped_column(default="")

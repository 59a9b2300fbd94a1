"""Cases: one matter each, of which there can be many observations; the tasks into which it is split, and what was merged."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, index_where, not_personal, personal, thing
from samen_oog_oor.models.base import NUMBER_LENGTH, TITLE_LENGTH

TASK_STATES = ("open", "done", "dropped")


class Case(Base):
    """A matter that somebody is responsible for. ``number`` is what people call it (Open311 ``service_request_id``).

    ``title`` and ``public_text`` are what everybody may read, never what a reporter wrote without being looked at. ``came_from`` is the
    state before it waited, ``ended_as`` its end before a request to reopen. ``promised_on`` is the day that reporters were told, moved on
    by the working days that it waited; ``term_days`` the term in working days that it was made of; ``waiting_since`` when it stands still.
    ``late_told`` counts the reminders. ``publication`` is the level of its category when it became public, which staff may lower.
    ``told_at`` is when reporters last got news, ``silence_told_at`` when they last heard that there was none, ``answered_at`` when they
    first got what somebody wrote; ``answer_days`` and ``close_days`` are the working days until that and until it was closed, without those
    that it waited.

    ``address`` and the point may be where somebody lives, so they are for who works at it. Everybody gets ``public_place``, the words that
    staff cleared, and ``public_lat`` and ``public_lon``: the same point where it was pointed out, else one that only says which street
    (:func:`samen_oog_oor.services.places.set_place`).
    """

    __tablename__ = "oog_oor__case"
    __table_args__ = (
        Index("ix_oog_oor__case_state_reported_at_id", "state", "reported_at", "id"),
        Index("ix_oog_oor__case_reported_at_id", "reported_at", "id"),
        Index("ix_oog_oor__case_changed_at_id", "changed_at", "id"),
        Index("ix_oog_oor__case_category_id_reported_at_id", "category_id", "reported_at", "id"),
        Index("ix_oog_oor__case_organization_id_state_reported_at_id", "organization_id", "state", "reported_at", "id"),
        Index("ix_oog_oor__case_area_id_reported_at_id", "area_id", "reported_at", "id"),
        Index("ix_oog_oor__case_state_promised_on_id", "state", "promised_on", "id"),
        Index("ix_oog_oor__case_promised_on_id", "promised_on", "id"),
        Index("ix_oog_oor__case_lat_lon", "lat", "lon"),
        Index("ix_oog_oor__case_public_lat_public_lon", "public_lat", "public_lon"),
        # Of those that were merged alone: nearly every list wants the others, and SQLite would look them all up here and sort them.
        index_where("ix_oog_oor__case_merged_into_id", "merged_into_id", where="merged_into_id IS NOT NULL"),
        # Of those that were closed alone, so that a report does not write in it.
        index_where("ix_oog_oor__case_closed_at", "closed_at", where="closed_at IS NOT NULL"),
        # Of those that somebody handles alone, as nobody does when it comes in.
        index_where("ix_oog_oor__case_assignee_id", "assignee_id", where="assignee_id IS NOT NULL"),
        thing("Zaak"),
    )

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), unique=True, info=not_personal("a number that was given out"))
    type: Mapped[str] = mapped_column(Code, default="problem", info=not_personal("one of TYPES"))
    category_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__category.id"))
    title: Mapped[str] = mapped_column(
        String(TITLE_LENGTH), info=not_personal("the category and the place, or what staff wrote for everybody")
    )
    public_text: Mapped[str] = mapped_column(
        default="", info=not_personal("what staff or the finder of personal data cleared for everybody")
    )
    state: Mapped[str] = mapped_column(Code, default="new", info=not_personal("one of STATES"))
    came_from: Mapped[str | None] = mapped_column(Code, info=not_personal("one of STATES"))
    ended_as: Mapped[str | None] = mapped_column(Code, info=not_personal("one of STATES"))
    resolution: Mapped[str | None] = mapped_column(Code, info=not_personal("one of RESOLUTIONS"))
    answer: Mapped[str] = mapped_column(default="", info=not_personal("what staff wrote to everybody when it was closed"))
    priority: Mapped[str] = mapped_column(Code, default="normal", info=not_personal("one of PRIORITIES"))
    publication: Mapped[str] = mapped_column(Code, default="count", info=not_personal("one of PUBLICATION"))
    hidden_from: Mapped[str | None] = mapped_column(Code, info=not_personal("one of PUBLICATION"))
    confidential: Mapped[bool] = mapped_column(default=False)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"))
    assignee_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        info=personal(
            "weten wie een zaak behandelt", "public_task", "tot het account wordt verwijderd", label="behandelaar", people="staff"
        ),
    )
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    address: Mapped[str] = mapped_column(
        String(TITLE_LENGTH),
        default="",
        info=personal(
            "weten waar iets is",
            "public_task",
            "twee jaar na het afsluiten van de zaak, of wat de gemeente instelde",
            label="plek",
            people="participant",
            erase="keep",
            keep_reason="nodig om het op te lossen; alleen voor wie eraan werkt, zonder wie het meldde",
            rule="oog_oor.signals",
        ),
    )
    address_id: Mapped[str] = mapped_column(
        String(NUMBER_LENGTH), default="", info=not_personal("a number of the national address register")
    )
    public_place: Mapped[str] = mapped_column(
        String(TITLE_LENGTH), default="", info=not_personal("the place as staff cleared it for everybody")
    )
    public_lat: Mapped[float | None]
    public_lon: Mapped[float | None]
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__area.id"))
    signals: Mapped[int] = mapped_column(default=0)
    supports: Mapped[int] = mapped_column(default=0)
    reported_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    planned_on: Mapped[date | None]
    promised_on: Mapped[date | None]
    term_days: Mapped[int | None]
    waiting_since: Mapped[datetime | None]
    waited_days: Mapped[int] = mapped_column(default=0)
    late_told: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None]
    silence_told_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer_days: Mapped[int | None]
    close_days: Mapped[int | None]
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("oog_oor__case.id"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CaseTask(Base):
    """A part of the work on a case, for one organisation; the reporter sees one case."""

    __tablename__ = "oog_oor__task"
    __table_args__ = (Index("ix_oog_oor__task_case_id_position", "case_id", "position"), thing("Taak"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), info=not_personal("what has to be done, written by staff"))
    note: Mapped[str] = mapped_column(default="", info=not_personal("what was done, written by staff"))
    state: Mapped[str] = mapped_column(Code, default="open", info=not_personal("one of TASK_STATES"))
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    assignee_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "weten wie een taak doet", "public_task", "tot het account wordt verwijderd", label="wie de taak doet", people="staff"
        ),
    )
    done_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Merge(Base):
    """One case became part of another.

    ``signal_ids`` are those that came with it, so that it can be undone; ``former_state`` was its own, ``former`` the other columns that
    were changed with the ids of the tasks, questions and supports that came along.
    """

    __tablename__ = "oog_oor__merge"
    __table_args__ = (Index("ix_oog_oor__merge_into_id_at", "into_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    from_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"), index=True)
    into_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"))
    signal_ids: Mapped[list[str]] = mapped_column(default=list)
    former_state: Mapped[str] = mapped_column(Code)
    former: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

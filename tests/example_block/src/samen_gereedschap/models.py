"""The tables."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import SLUG_LENGTH, Base, Code, Expiry, not_personal, personal, thing

KINDS = ("hand", "power", "ladder", "garden", "party", "transport", "other")
LOAN_STATES = ("requested", "agreed", "lent", "returned", "refused", "cancelled", "lapsed")
WAITING_STATES = ("requested", "agreed")
"""Asked for, and not handed over yet."""
OPEN_STATES = (*WAITING_STATES, "lent")
"""In these states a loan holds its days."""

NAME_LENGTH = 200
KEPT = "tot zes maanden nadat het gereedschap terug is of de aanvraag is afgehandeld"
EXPIRY = Expiry(183, "closed_at")


class Tool(Base):
    """Something that an organisation lends out. ``deposit`` is in whole euros; ``max_days`` None takes the city's own maximum."""

    __tablename__ = "gereedschap__tool"
    __table_args__ = (
        Index("ix_gereedschap__tool_state_sort_name_id", "state", "sort_name", "id"),
        Index("ix_gereedschap__tool_organization_id_state", "organization_id", "state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), unique=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__organization.id"))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    sort_name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    kind: Mapped[str] = mapped_column(Code)
    description: Mapped[str] = mapped_column(default="")
    pickup: Mapped[str] = mapped_column(default="")
    deposit: Mapped[int] = mapped_column(default=0)
    max_days: Mapped[int | None]
    state: Mapped[str] = mapped_column(Code, default="offered")
    created_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Loan(Base):
    """Somebody's request for a tool and what came of it. Both days count; who it was is forgotten after a while."""

    __tablename__ = "gereedschap__loan"
    __table_args__ = (
        Index("ix_gereedschap__loan_account_id_requested_at_id", "account_id", "requested_at", "id"),
        Index("ix_gereedschap__loan_state_first_day_id", "state", "first_day", "id"),
        Index("ix_gereedschap__loan_tool_id_state", "tool_id", "state"),
        Index("ix_gereedschap__loan_project_id", "project_id"),
        thing("lening van gereedschap"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    tool_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gereedschap__tool.id"))
    project_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("gereedschap__project.project_id"))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Code, default="requested", info=not_personal("how far the loan is"))
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        info=personal("weten wie het gereedschap leent", "agreement", KEPT, label="account van de lener", expires=EXPIRY),
    )
    name: Mapped[str] = mapped_column(
        String(NAME_LENGTH),
        default="",
        info=personal(
            "het gereedschap aan de juiste persoon meegeven",
            "agreement",
            KEPT,
            label="naam van de lener",
            identifies=True,
            expires=EXPIRY,
        ),
    )
    phone: Mapped[str] = mapped_column(
        String(40),
        default="",
        info=personal("bellen over ophalen en terugbrengen", "agreement", KEPT, label="telefoonnummer", identifies=True, expires=EXPIRY),
    )
    note: Mapped[str] = mapped_column(
        default="", info=personal("weten waarvoor het gereedschap nodig is", "agreement", KEPT, label="waarvoor", expires=EXPIRY)
    )
    answer: Mapped[str] = mapped_column(
        default="",
        info=personal("uitleggen wat op de aanvraag is besloten", "agreement", KEPT, label="bericht van wie uitleent", expires=EXPIRY),
    )
    requested_at: Mapped[datetime]
    lent_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class LoanDay(Base):
    """A day on which a tool is taken. Its key keeps a tool from being lent twice on one day, whatever the code does."""

    __tablename__ = "gereedschap__loan_day"

    tool_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gereedschap__tool.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    loan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gereedschap__loan.id", ondelete="CASCADE"), index=True)


class ProjectTools(Base):
    """What a project of the city has with tools: its own row beside that of the project. While it is ``open`` one may borrow for it."""

    __tablename__ = "gereedschap__project"

    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__project.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    open: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Need(Base):
    """How many tools of a kind a project needs."""

    __tablename__ = "gereedschap__need"

    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gereedschap__project.project_id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    number: Mapped[int]

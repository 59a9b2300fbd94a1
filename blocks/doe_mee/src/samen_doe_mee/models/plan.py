"""Plans of the municipality or another organisation: rounds, colleagues, news, documents, blueprints."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, not_personal, personal, thing
from samen_doe_mee.models.base import NAME_LENGTH, PLAN_TERM, TITLE_LENGTH, TO_ACCOUNT

PLAN_STATES = ("draft", "published", "finished", "withdrawn")
PLAN_FORMS = ("participation", "inspraak")
"""Participation, or formal inspraak by law: then objections go where ``objection_text`` and ``objection_url`` say."""
LEVELS = ("inform", "consult", "advise", "coproduce", "codecide")
"""Levels of influence (DOMAIN.md)."""
PLAN_ROLES = ("lead", "editor", "answerer", "reader")
"""What a colleague may do at one plan: everything, texts and activities, answering, looking."""

_SHOWN: dict[str, Any] = {
    "sqlite_where": text("state IN ('published', 'finished')"),
    "postgresql_where": text("state IN ('published', 'finished')"),
}


class Plan(Base):
    """A plan that people are asked about, tied to one project of the city.

    ``about`` is what it is about, ``fixed`` what stands, ``open`` what can still change. ``proposal`` holds the other parts A to F of the
    process proposal: goals, scale, participants, approach, costs. ``opens_at`` and ``closes_at`` are kept from its rounds, for lists.
    """

    __tablename__ = "doe_mee__plan"
    __table_args__ = (
        Index("ix_doe_mee__plan_closes_at", "closes_at", "id", **_SHOWN),
        Index("ix_doe_mee__plan_opens_at", "opens_at", "id", **_SHOWN),
        Index("ix_doe_mee__plan_published_at", "published_at", "id", **_SHOWN),
        Index("ix_doe_mee__plan_area_id", "area_id", "closes_at", "id", **_SHOWN),
        Index("ix_doe_mee__plan_theme_id", "theme_id", "closes_at", "id", **_SHOWN),
        Index("ix_doe_mee__plan_state_created_at", "state", "created_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    project_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("citycontent__project.id"), index=True)
    organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    state: Mapped[str] = mapped_column(Code, default="draft")
    form: Mapped[str] = mapped_column(Code, default="participation")
    level: Mapped[str] = mapped_column(Code, default="consult")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    summary: Mapped[str] = mapped_column(default="")
    about: Mapped[str] = mapped_column(default="")
    fixed: Mapped[str] = mapped_column(default="")
    open: Mapped[str] = mapped_column(default="")
    proposal: Mapped[dict[str, Any]] = mapped_column(default=dict)
    objection_text: Mapped[str] = mapped_column(default="")
    objection_url: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str] = mapped_column(default="")
    contact: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How to reach the desk of the plan: name of the team, mail, phone, opening hours; never of a resident."""
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__area.id"))
    theme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__theme.id"))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    question_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"), index=True)
    """A question at the table that it belongs to, of whatever block."""
    came_from_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("doe_mee__idea.id"), index=True)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    """Why it was taken back, for everybody to read."""
    wizard_step: Mapped[str] = mapped_column(Code, default="")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Round(Base):
    """A round of samenspraak of a plan. It closes only with what was heard and what is done with it."""

    __tablename__ = "doe_mee__round"
    __table_args__ = (
        Index("ix_doe_mee__round_plan_id_position", "plan_id", "position"),
        Index("ix_doe_mee__round_closes_at_id", "closes_at", "id"),
        Index("ix_doe_mee__round_closed_at_id", "closed_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__plan.id"))
    position: Mapped[int] = mapped_column(default=0)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str] = mapped_column(default="")
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    heard: Mapped[str] = mapped_column(default="")
    done: Mapped[str] = mapped_column(default="")
    agreed: Mapped[str] = mapped_column(default="")
    disagreed: Mapped[str] = mapped_column(default="")
    minority: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    """When what was heard and what is done with it was published."""
    result_by: Mapped[date]
    """The last day for that; later it shows in public."""
    reminded_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    """When what everybody could read of a closed round was corrected last."""
    reopened_at: Mapped[datetime | None]
    reopened_reason: Mapped[str] = mapped_column(default="")
    """Why it was opened again, for everybody to read."""
    removed_at: Mapped[datetime | None]
    """When it was taken out of the plan; that is only possible before anybody took part."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Colleague(Base):
    """Somebody of the staff with a role at one plan."""

    __tablename__ = "doe_mee__colleague"
    __table_args__ = (
        Index("uq_doe_mee__colleague_plan_id_account_id", "plan_id", "account_id", unique=True),
        thing("Collega bij een plan"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__plan.id"))
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("core__user.id"),
        index=True,
        info=personal(
            "weten wie aan een plan werkt",
            "public_task",
            TO_ACCOUNT,
            erase="delete_row",
            label="wie aan het plan werkt",
            people="staff",
        ),
    )
    role: Mapped[str] = mapped_column(Code, info=not_personal("one of PLAN_ROLES"))
    added_at: Mapped[datetime]


class PlanNews(Base):
    """News about a plan."""

    __tablename__ = "doe_mee__plan_news"
    __table_args__ = (Index("ix_doe_mee__plan_news_plan_id_at", "plan_id", "at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__plan.id"))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(Code, default="published")
    at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PlanDocument(Base):
    """A document of a plan: the file ``file_id`` on this subject, or a link. Files that it replaced stay on the subject, as its history."""

    __tablename__ = "doe_mee__plan_document"
    __table_args__ = (Index("ix_doe_mee__plan_document_plan_id_position", "plan_id", "position"),)

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__plan.id"))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    url: Mapped[str] = mapped_column(default="")
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__file.id"), index=True)
    at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Blueprint(Base):
    """An example plan that a new one begins with: texts, rounds with their length in days, activities.

    ``code`` is set where it stands for one that comes with the block: it changes its content, or switches it off.
    """

    __tablename__ = "doe_mee__blueprint"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    code: Mapped[str | None] = mapped_column(Code, unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    summary: Mapped[str] = mapped_column(default="")
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class TookPart(Base):
    """Who took part in a plan, so that they hear what was done with it: an account, or a sealed address; one row each per activity."""

    __tablename__ = "doe_mee__took_part"
    __table_args__ = (
        Index("uq_doe_mee__took_part_activity_id_who", "activity_id", "who", unique=True),
        Index("ix_doe_mee__took_part_plan_id_at", "plan_id", "at", "id"),
        thing("Deelname"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__plan.id"))
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__activity.id"))
    who: Mapped[str] = mapped_column(
        String(64),
        info=personal(
            "elk mens telt één keer",
            "public_task",
            PLAN_TERM,
            label="hash van account, adres of apparaat",
            people="participant",
            export=False,
            rule="doe_mee.taking_part",
            erase="keep",
            keep_reason="niet te herleiden zonder het account",
        ),
    )
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "horen wat er met de inbreng is gedaan",
            "public_task",
            PLAN_TERM,
            label="wie meedeed",
            people="participant",
            rule="doe_mee.taking_part",
        ),
    )
    email: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "horen wat er met de inbreng is gedaan",
            "consent",
            "zes maanden na het afsluiten van het plan, of wat de gemeente instelde",
            label="e-mailadres",
            people="participant",
            sealed="doe_mee.contact",
            rule="doe_mee.contact",
        ),
    )
    email_hash: Mapped[str] = mapped_column(
        String(64),
        default="",
        index=True,
        info=personal(
            "een adres kunnen vinden als iemand weggaat",
            "consent",
            "zes maanden na het afsluiten van het plan, of wat de gemeente instelde",
            label="hash van het e-mailadres",
            people="participant",
            export=False,
            rule="doe_mee.contact",
        ),
    )
    wants_result: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(5), default="nl", info=not_personal("the language of the form that was used"))
    at: Mapped[datetime]

"""Ideas of residents: what they are, what became of them, who carries them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, not_personal, personal, thing
from samen_doe_mee.models.base import EMAIL_LENGTH, HASH_LENGTH, IDEA_TERM, NAME_LENGTH, TITLE_LENGTH, TO_ACCOUNT

IDEA_KINDS = ("idea", "challenge")
"""An idea, or the right to challenge: residents take over a task of the municipality (uitdaagrecht, Gemeentewet art. 150)."""

IDEA_STATUSES = ("received", "in_conversation", "supported", "carried_out", "passed_on", "not_possible")
"""Received, in conversation, supported by the municipality, carried out by residents, passed on to a table, not possible with a reason."""

ENDED_STATUSES = ("carried_out", "passed_on", "not_possible")

IDEA_STATES = ("unconfirmed", "published", "withdrawn", "hidden", "merged")
"""Whether an idea is there for everybody; apart from its status, which says what is done with it."""

_PUBLISHED: dict[str, Any] = {"sqlite_where": text("state = 'published'"), "postgresql_where": text("state = 'published'")}
_WHY_KEPT = "hoort bij wat de stad openbaar besprak; het staat er daarna zonder naam of account"


class Idea(Base):
    """What somebody proposes. Number and slug never change; ``author_name`` is what is shown, "" for nobody's name.

    Where: a point with the words for it (``place``), an area, or ``whole_city``. ``needed`` and ``ends_on`` are the threshold and the last
    day as they were when it was published: whether it is reached or expired is computed when read, from ``reached_at`` and the date.
    ``supports`` counts confirmed accounts, ``open_supports`` those confirmed by mail or code, without an account.
    ``key_hash`` is the keyed hash of the receipt code of an author without account.
    ``merged_into_id`` is set for a double (state ``merged``).
    ``challenge`` holds the fields of the right to challenge: task, motivation, applicant, budget; ``decide_by`` its term.
    """

    __tablename__ = "doe_mee__idea"
    __table_args__ = (
        Index("ix_doe_mee__idea_published_at", "published_at", "id", **_PUBLISHED),
        Index("ix_doe_mee__idea_status_published_at", "status", "published_at", "id", **_PUBLISHED),
        Index("ix_doe_mee__idea_supports", "all_supports", "id", **_PUBLISHED),
        Index("ix_doe_mee__idea_area_id", "area_id", "published_at", "id", **_PUBLISHED),
        Index("ix_doe_mee__idea_theme_id", "theme_id", "published_at", "id", **_PUBLISHED),
        Index("ix_doe_mee__idea_ends_on", "ends_on", "id", **_PUBLISHED),
        Index("ix_doe_mee__idea_owner_id", "owner_id", "status", "answer_by"),
        Index("ix_doe_mee__idea_lat_lon", "lat", "lon"),
        thing("Idee"),
    )

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    number: Mapped[int] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True, info=not_personal("made of the title"))
    kind: Mapped[str] = mapped_column(Code, default="idea", info=not_personal("one of IDEA_KINDS"))
    state: Mapped[str] = mapped_column(Code, default="published", info=not_personal("one of IDEA_STATES"))
    status: Mapped[str] = mapped_column(Code, default="received", info=not_personal("one of IDEA_STATUSES"))
    title: Mapped[str] = mapped_column(
        String(TITLE_LENGTH),
        info=personal(
            "een idee voor de stad bespreken",
            "public_task",
            IDEA_TERM,
            erase="keep",
            keep_reason=_WHY_KEPT,
            label="titel",
            people="participant",
            receivers=("public",),
            rule="doe_mee.ideas",
        ),
    )
    text: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "een idee voor de stad bespreken",
            "public_task",
            IDEA_TERM,
            erase="keep",
            keep_reason=_WHY_KEPT,
            label="tekst",
            people="participant",
            receivers=("public",),
            rule="doe_mee.ideas",
        ),
    )
    challenge: Mapped[dict[str, Any] | None] = mapped_column(
        info=personal(
            "een uitdaging beoordelen",
            "public_task",
            IDEA_TERM,
            erase="keep",
            keep_reason=_WHY_KEPT,
            label="gegevens van de uitdaging",
            people="participant",
            receivers=("public",),
            rule="doe_mee.ideas",
        )
    )
    decide_by: Mapped[date | None]
    whole_city: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str] = mapped_column(
        String(TITLE_LENGTH),
        default="",
        info=personal(
            "weten over welke plek het gaat",
            "public_task",
            IDEA_TERM,
            label="plek",
            people="participant",
            receivers=("public",),
            erase="keep",
            keep_reason=_WHY_KEPT,
            rule="doe_mee.ideas",
        ),
    )
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__area.id"))
    theme_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__theme.id"))
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "het eigen idee volgen", "public_task", IDEA_TERM, label="wie het schreef", people="participant", rule="doe_mee.ideas"
        ),
    )
    author_name: Mapped[str] = mapped_column(
        String(NAME_LENGTH),
        default="",
        info=personal(
            "laten zien wie iets voorstelt",
            "consent",
            IDEA_TERM,
            label="naam",
            identifies=True,
            people="participant",
            receivers=("public",),
            rule="doe_mee.ideas",
        ),
    )
    email: Mapped[str] = mapped_column(
        String(EMAIL_LENGTH),
        default="",
        info=personal(
            "antwoord sturen",
            "consent",
            "zes maanden na het einde van het idee, of wat de gemeente instelde",
            label="e-mailadres",
            people="participant",
            receivers=("staff", "mail"),
            identifies=True,
            address=True,
            rule="doe_mee.contact",
        ),
    )
    email_confirmed_at: Mapped[datetime | None]
    """Mail goes to an address only after its owner proved that it is theirs."""
    wants_mail: Mapped[bool] = mapped_column(default=True)
    """Whether its author hears by mail what becomes of it."""
    on_behalf_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"), index=True)
    sector: Mapped[str] = mapped_column(Code, default="citizens", info=not_personal("one of the four sectors"))
    language: Mapped[str] = mapped_column(String(5), default="nl", info=not_personal("the language of the form that was used"))
    key_hash: Mapped[str | None] = mapped_column(String(HASH_LENGTH), unique=True, info=not_personal("keyed hash of a random code"))
    owner_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        info=personal("weten wie een idee behandelt", "public_task", TO_ACCOUNT, label="behandelaar", people="staff"),
    )
    owner_organization_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__organization.id"), index=True)
    answer_by: Mapped[date | None]
    status_text: Mapped[str] = mapped_column(default="", info=not_personal("what staff wrote for everybody"))
    status_at: Mapped[datetime | None]
    project_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__project.id"), index=True)
    went_to_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"), index=True)
    """The question, project or other thing that came of it."""
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("doe_mee__idea.id"), index=True)
    talk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("inbreng__activity.id"))
    """The activity of inbreng in which people react to it."""
    needed: Mapped[int | None]
    ends_on: Mapped[date | None]
    reached_at: Mapped[datetime | None]
    supports: Mapped[int] = mapped_column(default=0)
    open_supports: Mapped[int] = mapped_column(default=0)
    all_supports: Mapped[int] = mapped_column(default=0)
    """The two together: what lists are put in order by."""
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When it got a status that ends it, was withdrawn or merged: from then the terms run."""
    news_mailed_at: Mapped[datetime | None]
    """Until when its news was mailed to who wants that."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class IdeaStep(Base):
    """What became of an idea, in order: a status with its public text, a support threshold reached, a question or project made of it."""

    __tablename__ = "doe_mee__idea_step"
    __table_args__ = (Index("ix_doe_mee__idea_step_idea_id_at", "idea_id", "at", "id"), thing("Stap van een idee"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    idea_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__idea.id"))
    kind: Mapped[str] = mapped_column(Code, info=not_personal("received, status, reached, went_to, merged, joined, unmerged, withdrawn"))
    status: Mapped[str] = mapped_column(Code, info=not_personal("one of IDEA_STATUSES"))
    status_before: Mapped[str | None] = mapped_column(Code, info=not_personal("one of IDEA_STATUSES"))
    text: Mapped[str] = mapped_column(default="", info=not_personal("what staff wrote for everybody"))
    subject_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"), index=True)
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "nagaan wie een besluit over een idee opschreef", "public_task", TO_ACCOUNT, label="wie het opschreef", people="staff"
        ),
    )
    at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When its author and followers were mailed about it."""


class IdeaNews(Base):
    """News that the author or a co-initiator tells about an idea."""

    __tablename__ = "doe_mee__idea_news"
    __table_args__ = (Index("ix_doe_mee__idea_news_idea_id_at", "idea_id", "at", "id"), thing("Nieuws over een idee"))

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    idea_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__idea.id"))
    text: Mapped[str] = mapped_column(
        info=personal(
            "vertellen hoe het met een idee gaat",
            "public_task",
            IDEA_TERM,
            erase="keep",
            keep_reason=_WHY_KEPT,
            label="nieuws",
            people="participant",
            receivers=("public",),
            rule="doe_mee.ideas",
        )
    )
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "weten wie het schreef", "public_task", IDEA_TERM, label="wie het schreef", people="participant", rule="doe_mee.ideas"
        ),
    )
    state: Mapped[str] = mapped_column(Code, default="published", info=not_personal("published, withdrawn or hidden"))
    at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CoInitiator(Base):
    """Somebody who carries the idea with its author: invited by mail, theirs once an account accepted the code."""

    __tablename__ = "doe_mee__co_initiator"
    __table_args__ = (
        Index("uq_doe_mee__co_initiator_idea_id_account_id", "idea_id", "account_id", unique=True),
        thing("Mede-initiatiefnemer"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    idea_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__idea.id"))
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id"),
        index=True,
        info=personal(
            "samen een idee dragen",
            "consent",
            IDEA_TERM,
            erase="delete_row",
            label="wie het mee draagt",
            people="participant",
            rule="doe_mee.ideas",
        ),
    )
    name: Mapped[str] = mapped_column(
        String(NAME_LENGTH),
        default="",
        info=personal(
            "laten zien wie een idee draagt",
            "consent",
            IDEA_TERM,
            label="naam",
            identifies=True,
            people="participant",
            receivers=("public",),
            rule="doe_mee.ideas",
        ),
    )
    email: Mapped[str] = mapped_column(
        String(EMAIL_LENGTH),
        default="",
        info=personal(
            "iemand uitnodigen",
            "consent",
            "tot de uitnodiging is aangenomen, hooguit 30 dagen",
            label="e-mailadres",
            identifies=True,
            address=True,
            people="participant",
            receivers=("mail",),
            rule="doe_mee.invitations",
        ),
    )
    wants_mail: Mapped[bool] = mapped_column(default=True)
    code_hash: Mapped[str | None] = mapped_column(String(HASH_LENGTH), unique=True, info=not_personal("keyed hash of a random code"))
    invited_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]

"""Activities of a round, whatever their type, and what the types keep of their own."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, personal, thing
from samen_doe_mee.models.base import HALF_TERM, HASH_LENGTH, PLAN_TERM, TITLE_LENGTH

SHOW_RESULTS = ("now", "after_vote", "after_close")
"""When everybody sees how a poll stands, fixed before it opens."""


class Activity(Base):
    """Something to take part in. ``type`` is the code of a registered :class:`samen_doe_mee.activity_types.ActivityType`.

    ``options`` is what the type keeps of its own settings, as its schema left it. Which of coming, open and closed it is, is computed when
    read. ``talk_id`` is the activity of inbreng behind it, for the types that collect contributions or a questionnaire.
    ``result`` is the result text; ``taken_part`` how many took part.
    """

    __tablename__ = "doe_mee__activity"
    __table_args__ = (
        Index("ix_doe_mee__activity_round_id_position", "round_id", "position"),
        Index("ix_doe_mee__activity_plan_id_position", "plan_id", "position"),
        Index("ix_doe_mee__activity_closes_at_id", "closes_at", "id"),
        Index("ix_doe_mee__activity_opens_at_id", "opens_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__plan.id"))
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__round.id"))
    position: Mapped[int] = mapped_column(default=0)
    type: Mapped[str] = mapped_column(Code)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    intro: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int] = mapped_column(default=1)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    anonymous: Mapped[bool] = mapped_column(default=True)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    talk_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("inbreng__activity.id"), unique=True)
    taken_part: Mapped[int] = mapped_column(default=0)
    result: Mapped[str] = mapped_column(default="")
    result_at: Mapped[datetime | None]
    result_changed_at: Mapped[datetime | None]
    """When a result text that everybody could read was corrected last."""
    reminded_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Paragraph(Base):
    """One paragraph of a text that people react to. ``reactions`` counts what was said about it."""

    __tablename__ = "doe_mee__paragraph"
    __table_args__ = (Index("ix_doe_mee__paragraph_activity_id_position", "activity_id", "position"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__activity.id"))
    position: Mapped[int]
    heading: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    text: Mapped[str]
    reactions: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[datetime | None]


class Remark(Base):
    """Which paragraph a contribution is about."""

    __tablename__ = "doe_mee__remark"
    __table_args__ = (Index("ix_doe_mee__remark_paragraph_id_contribution_id", "paragraph_id", "contribution_id"),)

    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inbreng__contribution.id"), primary_key=True)
    paragraph_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__paragraph.id"))


class HalfFilled(Base):
    """A questionnaire that somebody began: what they typed, sealed, to go on with later. Nobody but they can ask for it.

    ``who`` is a keyed hash of the account, or of the code that the page gave; it goes after two weeks, when it is sent, or at closing.
    """

    __tablename__ = "doe_mee__half_filled"
    __table_args__ = (
        Index("uq_doe_mee__half_filled_activity_id_who", "activity_id", "who", unique=True),
        Index("ix_doe_mee__half_filled_saved_at", "saved_at"),
        thing("Half ingevulde vragenlijst"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__activity.id"))
    who: Mapped[str] = mapped_column(
        String(HASH_LENGTH),
        info=personal(
            "later verder kunnen met invullen",
            "consent",
            HALF_TERM,
            label="hash van account of code",
            people="participant",
            export=False,
            rule="doe_mee.half_filled",
            erase="keep",
            keep_reason="niet te herleiden zonder het account of de code",
        ),
    )
    answers: Mapped[str] = mapped_column(
        info=personal(
            "later verder kunnen met invullen",
            "consent",
            HALF_TERM,
            label="wat al is ingevuld",
            people="participant",
            export=False,
            sealed="doe_mee.half_filled",
            rule="doe_mee.half_filled",
            erase="keep",
            keep_reason="versleuteld, en zonder het account of de code van niemand",
        )
    )
    saved_at: Mapped[datetime]


class PollOption(Base):
    """One option of a poll; votes refer to its id, never to its text."""

    __tablename__ = "doe_mee__poll_option"
    __table_args__ = (Index("ix_doe_mee__poll_option_activity_id_position", "activity_id", "position"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__activity.id"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    votes: Mapped[int] = mapped_column(default=0)


class PollVote(Base):
    """Somebody voted in a poll; ``who`` is a keyed hash of account or device: one vote each, by the database."""

    __tablename__ = "doe_mee__poll_vote"
    __table_args__ = (Index("uq_doe_mee__poll_vote_activity_id_who", "activity_id", "who", unique=True), thing("Stem in een peiling"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__activity.id"))
    who: Mapped[str] = mapped_column(
        String(HASH_LENGTH),
        info=personal(
            "elk mens telt één keer",
            "public_task",
            PLAN_TERM,
            label="hash van account of apparaat",
            people="participant",
            export=False,
            rule="doe_mee.votes",
            erase="keep",
            keep_reason="niet te herleiden zonder het account",
        ),
    )
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "de eigen keuze kunnen veranderen", "public_task", PLAN_TERM, label="wie stemde", people="participant", rule="doe_mee.votes"
        ),
    )
    at: Mapped[datetime]


class PollChoice(Base):
    """An option that was chosen in a vote."""

    __tablename__ = "doe_mee__poll_choice"

    vote_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__poll_vote.id", ondelete="CASCADE"), primary_key=True)
    option_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__poll_option.id"), primary_key=True, index=True)


class ExternalResult(Base):
    """What came out elsewhere: a poll on another channel, an evening in a hall. Entered by staff, shown beside the online ones.

    ``counts`` holds options with their numbers, in order: ``[{"text": …, "number": …}]``.
    """

    __tablename__ = "doe_mee__external_result"
    __table_args__ = (Index("ix_doe_mee__external_result_activity_id_held_on", "activity_id", "held_on"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doe_mee__activity.id"))
    channel: Mapped[str] = mapped_column(Code)
    held_on: Mapped[date]
    people: Mapped[int]
    source: Mapped[str]
    url: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    counts: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    entered_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

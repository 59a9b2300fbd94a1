"""Answers to questionnaires, kept apart from who gave them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, JSONType


class Response(Base):
    """One filled-in questionnaire. Its id is random (version 4) and it has only a day, so that it does not lead to who sent it."""

    __tablename__ = "inbreng__response"
    __table_args__ = (Index("ix_inbreng__response_activity_id_id", "activity_id", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inbreng__activity.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(JSONType)
    sector: Mapped[str] = mapped_column(Code)
    channel: Mapped[str] = mapped_column(Code)
    on: Mapped[date]


class Respondent(Base):
    """Who answered a questionnaire already: a keyed hash of the account and the activity, without time and without the answers."""

    __tablename__ = "inbreng__respondent"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inbreng__activity.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)


class AnswerCount(Base):
    """How often an answer was given to a question of a questionnaire; kept with every response, so that no page counts."""

    __tablename__ = "inbreng__answer_count"

    activity_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inbreng__activity.id"), primary_key=True)
    question: Mapped[str] = mapped_column(Code, primary_key=True)
    value: Mapped[str] = mapped_column(Code, primary_key=True)
    number: Mapped[int]

"""Evaluations of step 5 and final reports."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, JSONType


class Evaluation(Base):
    """The evaluation of a cycle, of result and of process. A draft until ``published_at``.

    ``goals`` maps a goal of the process proposal to ``{"reached": yes|partly|no, "text": …}``; ``survey_id`` is a questionnaire of inbreng.
    """

    __tablename__ = "samenspreker__evaluation"
    __table_args__ = (Index("uq_samenspreker__evaluation_question_id_cycle", "question_id", "cycle", unique=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column()
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__question.id"))
    cycle: Mapped[int]
    goals: Mapped[dict[str, Any]] = mapped_column(JSONType, default=dict)
    result: Mapped[str] = mapped_column(default="")
    process: Mapped[str] = mapped_column(default="")
    lessons: Mapped[str] = mapped_column(default="")
    survey_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("inbreng__activity.id"))
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class FinalReport(Base):
    """A final report (eindverslag), frozen: ``parts`` holds A and C as they were, the input of part B stands in report rows.

    Never edited; a later version has a higher ``number``. ``file_id`` is the PDF once the worker made it; ``file_of`` tells which state of
    the contributions is in it, so that it is made again when one of them was taken back or hidden.
    """

    __tablename__ = "samenspreker__final_report"
    __table_args__ = (Index("uq_samenspreker__final_report_question_id_number", "question_id", "number", unique=True),)

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__question.id"))
    cycle: Mapped[int]
    number: Mapped[int]
    deviations: Mapped[dict[str, Any]] = mapped_column(JSONType)
    """Per part A to F of the proposal: ``{"went": how it went, "deviation": what differed and why, or ""}``."""
    parts: Mapped[dict[str, Any]] = mapped_column(JSONType, deferred=True)
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__file.id"))
    file_of: Mapped[str] = mapped_column(String(60), default="")
    published_at: Mapped[datetime]


class ReportDraft(Base):
    """The texts of part A of a report that is being written: per part A to F ``{"went": …, "deviation": …}``."""

    __tablename__ = "samenspreker__report_draft"

    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__question.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    deviations: Mapped[dict[str, Any]] = mapped_column(JSONType, default=dict)
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ReportRow(Base):
    """A row of part B of a frozen final report: a contribution and the response to it, as they were then, without name or address.

    Rows of one theme follow each other; a reply follows what it replies to (``reply_to`` is the number of that). ``also`` names the other
    themes. The words of a contribution stay with it, so that what is taken back or hidden later is gone here too.
    """

    __tablename__ = "samenspreker__report_row"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("samenspreker__final_report.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("inbreng__contribution.id"), index=True)
    number: Mapped[int]
    reply_to: Mapped[int | None]
    theme: Mapped[str] = mapped_column(default="")
    also: Mapped[str] = mapped_column(default="")
    sector: Mapped[str]
    channel: Mapped[str]
    outcome: Mapped[str] = mapped_column(default="")
    response: Mapped[str] = mapped_column(default="")

"""What the page of a table shows besides its parts: the open activities, and everything that hangs on the table in one statement."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Date, Integer, Row, String, and_, bindparam, cast, exists, func, literal, null, or_, select, union_all

from citycontent.api import Event
from samen_core.api import File, Subject, UnitOfWork, UTCDateTime
from samen_inbreng.api import Activity, Tally
from samen_samenspreker.models import Action, Decision, FinalReport, Meeting, Option, OptionVersion, Proposal, Question, Round
from samen_samenspreker.queries.decisions import TITLE_THEN
from samen_samenspreker.queries.rounds import NOT_CANCELLED

AnyRow = Row[*tuple[Any, ...]]
MOST_MEETINGS = 3
MOST_FILES = 5
_ID: BindParameter[Any] = bindparam("id", type_=Question.__table__.c.id.type)
_NOW: BindParameter[Any] = bindparam("now", type_=UTCDateTime())
_NO_TEXT, _NO_NUMBER = literal("", String), literal(0, Integer)
_NO_DATE, _NO_MOMENT = cast(null(), Date), cast(null(), UTCDateTime())
_HERE = select(Activity.id).where(Activity.subject_id == _ID)
_GIVEN = select(func.coalesce(func.sum(Tally.number), 0)).where(Tally.activity_id.in_(_HERE), Tally.dimension == "total").scalar_subquery()
_ACTIVITIES = (
    select(
        Activity.id,
        Activity.slug,
        Activity.title,
        Activity.kind,
        Activity.opens_at,
        Activity.closes_at,
        Activity.closed_at,
        _GIVEN.label("given"),
    )
    .where(Activity.subject_id == _ID, Activity.opens_at <= _NOW)
    .order_by(Activity.opens_at.desc(), Activity.id.desc())
    .limit(50)
)


def _shelf(
    kind: str,
    id: Any,
    title: Any,
    *,
    slug: Any = _NO_TEXT,
    text: Any = _NO_TEXT,
    number: Any = _NO_NUMBER,
    at: Any = _NO_MOMENT,
    begins: Any = _NO_DATE,
    ends: Any = _NO_DATE,
) -> Any:
    """A select of one kind of thing, with the columns that all kinds share."""
    columns = {"kind": literal(kind, String), "id": id, "title": title, "slug": slug, "text": text, "number": number, "at": at}
    return select(*(column.label(name) for name, column in {**columns, "begins": begins, "ends": ends}.items()))


_ROUNDS = (
    _shelf("round", Round.id, Round.title, number=Round.number, at=Round.closed_at, begins=Round.opens_on, ends=Round.ends_on)
    .join(Question, and_(Question.id == Round.question_id, Question.cycle == Round.cycle))
    .where(Round.question_id == _ID, NOT_CANCELLED)
)
_MEETINGS = (
    _shelf("meeting", Event.id, Event.name, slug=Event.slug, text=Event.location, at=Event.start_date)
    .join(Meeting, Meeting.event_id == Event.id)
    .where(Meeting.question_id == _ID, Event.state == "active", Event.status != "cancelled")
    .where(or_(Event.end_date >= _NOW, and_(Event.end_date.is_(None), Event.start_date >= _NOW)))
    .order_by(Event.start_date)
    .limit(MOST_MEETINGS)
    .subquery()
)
_DECISIONS = (
    _shelf(
        "decision",
        Decision.id,
        func.coalesce(TITLE_THEN, ""),
        text=Decision.decided_by,
        number=Decision.cycle,
        at=Decision.published_at,
        ends=Decision.decided_on,
    )
    .select_from(Decision)
    .outerjoin(Option, Option.id == Decision.option_id)
    .where(Decision.question_id == _ID, Decision.state == "published")
)
_REPORTS = _shelf("report", FinalReport.id, _NO_TEXT, number=FinalReport.number, at=FinalReport.published_at).where(
    FinalReport.question_id == _ID
)
_IS_MADE = or_(exists().where(Proposal.memo_file_id == File.id), exists().where(FinalReport.file_id == File.id))
"""A PDF of a memo or report, which has a page of its own to be found on."""

_FILES = (
    _shelf("file", File.id, File.name, at=File.at)
    .where(File.owner_id == _ID, File.state == "active", File.public, ~_IS_MADE)
    .order_by(File.at.desc())
    .limit(MOST_FILES)
    .subquery()
)
_ACTIONS = (
    _shelf(
        "actions",
        cast(null(), Question.__table__.c.id.type),
        _NO_TEXT,
        text=Action.state,
        number=func.count(),
        ends=func.min(Action.due_on),
    )
    .select_from(Action)
    .join(Question, and_(Question.id == Action.question_id, Question.cycle == Action.cycle))
    .where(Action.question_id == _ID, Action.parent_id.is_(None))
    .group_by(Action.state)
)
_OPTIONS = (
    _shelf("option", Option.id, Option.title, text=OptionVersion.text, number=Option.position)
    .join(OptionVersion, and_(OptionVersion.option_id == Option.id, OptionVersion.number == Option.current))
    .where(Option.question_id == _ID, Option.state == "active")
)
_MERGED = _shelf("merged", Question.id, Question.title, slug=Question.slug, text=Question.description).where(
    Question.merged_into_id == _ID, Question.state == "merged"
)


def _named(key: Any) -> Any:
    """The card of what a question names by this key. One select a key, because either index is used only then."""
    card = _shelf("named", Subject.id, Subject.title, slug=Subject.url)
    return card.join(Question, key == Subject.id).where(Question.id == _ID, Subject.public)


_SHELF: Any = union_all(
    _ROUNDS,
    select(*_MEETINGS.c),
    _DECISIONS,
    _REPORTS,
    select(*_FILES.c),
    _ACTIONS,
    _OPTIONS,
    _MERGED,
    _named(Question.on_behalf_of_id),
    _named(Question.follows_id),
)


@dataclass(slots=True)
class Shelf:
    """What hangs on a table: the rounds of this cycle, the coming meetings, the decision that holds and the newest report (rows or None),
    the newest files, per state the number of actions of this cycle with the first date, the active options with the text of their newest
    version, the questions that were merged into this one, and by id the title and path of who asked and of what it follows on."""

    rounds: list[AnyRow] = field(default_factory=list)
    meetings: list[AnyRow] = field(default_factory=list)
    decision: AnyRow | None = None
    report: AnyRow | None = None
    files: list[AnyRow] = field(default_factory=list)
    actions: dict[str, int] = field(default_factory=dict)
    options: list[AnyRow] = field(default_factory=list)
    merged: list[AnyRow] = field(default_factory=list)
    named: dict[uuid.UUID, tuple[str, str]] = field(default_factory=dict)

    def open_round(self, today: date) -> AnyRow | None:
        """The round that runs now."""
        return next((row for row in self.rounds if row.at is None and row.begins <= today), None)


def shelf_of(uow: UnitOfWork, question_id: uuid.UUID) -> Shelf:
    """Everything that hangs on a table. One statement."""
    found = Shelf()
    for row in uow.session.execute(_SHELF, {"id": question_id, "now": uow.now}):
        match row.kind:
            case "round":
                found.rounds.append(row)
            case "meeting":
                found.meetings.append(row)
            case "decision":
                found.decision = row if found.decision is None or row.at > found.decision.at else found.decision
            case "report":
                found.report = row if found.report is None or row.number > found.report.number else found.report
            case "file":
                found.files.append(row)
            case "option":
                found.options.append(row)
            case "merged":
                found.merged.append(row)
            case "named":
                found.named[row.id] = row.title, row.slug
            case _:
                found.actions[row.text] = row.number
    found.rounds.sort(key=lambda row: row.number)
    found.meetings.sort(key=lambda row: row.at)
    found.options.sort(key=lambda row: row.number)
    found.merged.sort(key=lambda row: row.id)
    return found


def activities_here(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[AnyRow]:
    """The activities of a table that began, newest first, each with ``given``: the contributions to all of them. One statement."""
    return uow.session.execute(_ACTIVITIES, {"id": question_id, "now": uow.now}).all()

"""A final report as people read it: parts A and C and the counts as they were frozen, with their names in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from citycontent.api import SECTOR_LABELS
from samen_core.api import Text, UnitOfWork
from samen_inbreng.api import CHANNEL_LABELS, OUTCOME_BADGES, OUTCOME_LABELS
from samen_samenspreker.labels import GOAL_LABELS, GOAL_REACHED_LABELS, ROUND_KIND_LABELS
from samen_samenspreker.queries.proposal_text import PartText, proposal_text
from samen_samenspreker.queries.reports import Entry

SHORT = 200
"""Characters: a response that is not longer is always written out."""

REPEAT = 10
"""A longer response that holds for many contributions is written out again after this many rows."""


@dataclass(frozen=True, slots=True)
class PartOfA:
    """A part of the proposal, how it went, and what differed and why ("" when nothing did)."""

    plan: PartText
    went: str
    deviation: str


@dataclass(frozen=True, slots=True)
class RoundText:
    """A round as it was when the report was frozen."""

    number: int
    kind: Text
    title: str
    opens_on: date
    ends_on: date
    closed: bool
    agreed: str
    disagreed: str
    minority: str


@dataclass(frozen=True, slots=True)
class GoalText:
    """A goal, whether it was reached, and how that shows."""

    goal: Text
    reached: Text
    text: str


@dataclass(frozen=True, slots=True)
class ThemeText:
    """A theme in part B: its place, its title ("" for contributions without theme) and its rows from ``first`` to ``last``."""

    index: int
    title: str
    contributions: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class ReportText:
    """Everything of a report but its rows. ``decision`` and ``evaluation`` are as they were frozen, None when there was none."""

    number: int
    published_at: datetime
    title: str
    proposal_number: int | None
    part_a: tuple[PartOfA, ...]
    rounds: tuple[RoundText, ...]
    goals: tuple[GoalText, ...]
    evaluation: Mapping[str, Any] | None
    decision: Mapping[str, Any] | None
    decided_on: date | None
    contributions: int
    replies: int
    withdrawn: int
    hidden: int
    sectors: tuple[tuple[str, Text, int], ...]
    channels: tuple[tuple[Text, int], ...]
    outcomes: tuple[tuple[Text, str, int], ...]
    themes: tuple[ThemeText, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of part B to show; ``repeated``: its response is that of the row above, so it need not be written out again."""

    entry: Entry
    sector: Text
    channel: Text
    outcome: Text | None
    badge: str
    repeated: bool


def report_text(uow: UnitOfWork, report: Any) -> ReportText:
    """A report (a row of :func:`samen_samenspreker.queries.reports.report_by_id`) ready to render. No SQL."""
    parts, counts = report.parts, report.parts["counts"]
    proposal, evaluation, decision = parts["proposal"], parts["evaluation"], parts["decision"]
    return ReportText(
        number=report.number,
        published_at=report.published_at,
        title=parts["question"]["title"],
        proposal_number=proposal["number"] if proposal else None,
        part_a=tuple(_part_a(uow, proposal, report.deviations)) if proposal else (),
        rounds=tuple(_round(found) for found in parts["rounds"]),
        goals=tuple(_goals(evaluation["goals"])) if evaluation else (),
        evaluation=evaluation,
        decision=decision,
        decided_on=date.fromisoformat(decision["decided_on"]) if decision and decision["decided_on"] else None,
        contributions=counts["contributions"],
        replies=counts["replies"],
        withdrawn=counts["withdrawn"],
        hidden=counts["hidden"],
        sectors=tuple((code, label, counts["sector"].get(code, 0)) for code, label in SECTOR_LABELS.items()),
        channels=tuple((label, counts["channel"][code]) for code, label in CHANNEL_LABELS.items() if counts["channel"].get(code)),
        outcomes=tuple(
            (label, OUTCOME_BADGES[code], counts["outcome"][code]) for code, label in OUTCOME_LABELS.items() if counts["outcome"].get(code)
        ),
        themes=tuple(ThemeText(index, **found) for index, found in enumerate(counts["themes"], 1)),
    )


def lines(entries: Iterable[Entry]) -> Iterator[Line]:
    """The rows with their names; a long response that holds for several rows after each other is written out now and then."""
    last, since = "", 0
    for entry in entries:
        repeated = len(entry.response) > SHORT and entry.response == last and since < REPEAT
        if not entry.reply_to:
            since = since + 1 if repeated else 0
            last = entry.response
        yield Line(
            entry,
            SECTOR_LABELS[entry.sector],
            CHANNEL_LABELS[entry.channel],
            OUTCOME_LABELS.get(entry.outcome),
            OUTCOME_BADGES.get(entry.outcome, "neutral"),
            repeated,
        )


def _part_a(uow: UnitOfWork, proposal: Mapping[str, Any], deviations: Mapping[str, Any]) -> Iterator[PartOfA]:
    for text in proposal_text(uow, proposal["values"]):
        told = deviations.get(text.part.letter, {})
        yield PartOfA(text, told.get("went", ""), told.get("deviation", ""))


def _round(found: Mapping[str, Any]) -> RoundText:
    return RoundText(
        number=found["number"],
        kind=ROUND_KIND_LABELS[found["kind"]],
        title=found["title"],
        opens_on=date.fromisoformat(found["opens_on"]),
        ends_on=date.fromisoformat(found["ends_on"]),
        closed=found["closed"],
        agreed=found["agreed"],
        disagreed=found["disagreed"],
        minority=found["minority"],
    )


def _goals(goals: Mapping[str, Any]) -> Iterator[GoalText]:
    for code, label in GOAL_LABELS.items():
        if code in goals:
            yield GoalText(label, GOAL_REACHED_LABELS[goals[code]["reached"]], goals[code]["text"])

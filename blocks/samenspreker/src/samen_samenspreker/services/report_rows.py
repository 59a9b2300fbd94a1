"""Part B of a final report: every published contribution once, with its response, under the first of its themes; replies below it."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, func, insert, select
from sqlalchemy.orm import aliased

from samen_core.api import UnitOfWork
from samen_inbreng.api import Contribution, report_rows
from samen_inbreng.api import ReportRow as Given
from samen_samenspreker.models import ReportRow

AnyRow = Row[*tuple[Any, ...]]
BATCH = 500
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_PARENT, _ROOT = aliased(Contribution), aliased(Contribution)
_REPLY = (
    select(
        Contribution.id,
        Contribution.root_id,
        Contribution.number,
        _PARENT.number.label("reply_to"),
        Contribution.sector,
        Contribution.channel,
    )
    .join(_PARENT, _PARENT.id == Contribution.parent_id)
    .where(Contribution.state == "published")
)
_REPLIES = _REPLY.where(Contribution.root_id.in_(_IDS)).order_by(Contribution.root_id, Contribution.at, Contribution.id)
_LEFT_ALONE = (
    _REPLY.join(_ROOT, _ROOT.id == Contribution.root_id)
    .where(Contribution.subject_id == bindparam("subject_id"), _ROOT.state != "published")
    .order_by(Contribution.root_id, Contribution.at, Contribution.id)
)
_TAKEN_AWAY = (
    select(Contribution.state, func.count().label("number"))
    .where(Contribution.subject_id == bindparam("subject_id"), Contribution.state != "published")
    .group_by(Contribution.state)
)
_INSERT = insert(ReportRow)


class Freezer:
    """Writes the rows of one report in portions and counts them on the way."""

    def __init__(self, uow: UnitOfWork, report_id: uuid.UUID, question_id: uuid.UUID) -> None:
        self.uow = uow
        self.report_id = report_id
        self.question_id = question_id
        self.position = 0
        self.replies = 0
        self.themes: list[dict[str, Any]] = []
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)

    def freeze(self) -> dict[str, Any]:
        """Write everything. Gives the counts that the report shows, of contributions: those that are no reply."""
        for portion in _portions(report_rows(self.uow, self.question_id)):
            replies = self._replies_to([row.id for row in portion])
            self._write(self._rows(portion, replies))
        alone = self.uow.session.execute(_LEFT_ALONE, {"subject_id": self.question_id}).all()
        for start in range(0, len(alone), BATCH):
            self._write([self._reply(row, self._theme("")) for row in alone[start : start + BATCH]])
        taken = {row.state: row.number for row in self.uow.session.execute(_TAKEN_AWAY, {"subject_id": self.question_id})}
        return {
            "contributions": self.position - self.replies,
            "replies": self.replies,
            **{name: dict(self.counts[name]) for name in ("sector", "channel", "outcome")},
            "themes": self.themes,
            "withdrawn": taken.get("withdrawn", 0),
            "hidden": taken.get("hidden", 0),
        }

    def _replies_to(self, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[AnyRow]]:
        found: dict[uuid.UUID, list[AnyRow]] = defaultdict(list)
        for row in self.uow.session.execute(_REPLIES, {"ids": list(ids)}):
            found[row.root_id].append(row)
        return found

    def _rows(self, portion: Iterable[Given], replies: dict[uuid.UUID, list[AnyRow]]) -> list[dict[str, Any]]:
        made = []
        for given in portion:
            titles = [title for _id, title in given.themes]
            theme = self._theme(titles[0] if titles else "")
            theme["contributions"] += 1
            outcome = given.outcome.outcome if given.outcome else ""
            for name, value in (("sector", given.sector), ("channel", given.channel), ("outcome", outcome)):
                self.counts[name][value] += 1
            made.append(
                self._row(
                    given.id,
                    theme,
                    number=given.number,
                    reply_to=None,
                    also=", ".join(titles[1:]),
                    sector=given.sector,
                    channel=given.channel,
                    outcome=outcome,
                    response=given.outcome.reason if given.outcome else "",
                )
            )
            made += [self._reply(reply, theme) for reply in replies.get(given.id, ())]
        return made

    def _reply(self, row: AnyRow, theme: dict[str, Any]) -> dict[str, Any]:
        self.replies += 1
        facts = {"number": row.number, "reply_to": row.reply_to, "sector": row.sector, "channel": row.channel}
        return self._row(row.id, theme, also="", outcome="", response="", **facts)

    def _row(self, contribution_id: uuid.UUID, theme: dict[str, Any], **facts: Any) -> dict[str, Any]:
        self.position += 1
        theme["last"] = self.position
        return {
            "report_id": self.report_id,
            "position": self.position,
            "contribution_id": contribution_id,
            "theme": theme["title"],
            **facts,
        }

    def _theme(self, title: str) -> dict[str, Any]:
        """The theme that the next row is in: the last one, or a new one; rows of a theme follow each other."""
        if not self.themes or self.themes[-1]["title"] != title:
            self.themes.append({"title": title, "contributions": 0, "first": self.position + 1, "last": self.position})
        return self.themes[-1]

    def _write(self, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.uow.session.connection().execute(_INSERT, rows)


def _portions(rows: Iterator[Given]) -> Iterator[list[Given]]:
    while portion := list(islice(rows, BATCH)):
        yield portion

"""What the types that collect contributions share: their settings, the activity of inbreng behind them, how it stands, open data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from marshmallow import fields
from sqlalchemy import Row, Select, select, tuple_

from citycontent.api import area_tree
from samen_core.api import FormSchema, Text, UnitOfWork, _
from samen_doe_mee.models import Activity
from samen_doe_mee.services.activity_types.shape import Outcome, Part
from samen_doe_mee.services.activity_types.shape import Row as DataRow
from samen_doe_mee.services.talks import close_talk, keep_talk, questions, talk_of, total_of
from samen_inbreng.api import NO_QUESTIONS, Contribution, FormField, outcomes_of, said

CONTRIBUTION_COLUMNS = ("number", "date", "text", "sector", "channel", "area", "supports", "reply_to", "outcome")
"""The heads of open data about contributions: never a name, an address or who."""

BATCH = 500
_Any = TypeVar("_Any")
_C = Contribution
ROWS: Select[Any] = select(
    _C.id, _C.number, _C.received_on, _C.text, _C.answers, _C.place, _C.sector, _C.channel, _C.area_id, _C.supports, _C.parent_id, _C.at
).where(_C.state == "published")
"""What open data reads; what was hidden or withdrawn is not in it."""


class TalkOptions(FormSchema):
    """The settings of an activity that asks for contributions; ``form`` holds the questions beside the free text."""

    form = FormField(load_default=lambda: NO_QUESTIONS, metadata={"label": _("Vragen"), "widget": "questions"})
    asks_text = fields.Boolean(load_default=True, metadata={"label": _("Vraag om een reactie in eigen woorden")})
    allows_replies = fields.Boolean(load_default=True, metadata={"label": _("Mensen kunnen op elkaar reageren")})
    allows_support = fields.Boolean(load_default=True, metadata={"label": _("Mensen kunnen een bijdrage van een ander steunen")})


SETTINGS = ("asks_text", "allows_replies", "allows_support")


def prepare_talk(uow: UnitOfWork, activity: Activity, _made: bool) -> None:
    """Keep the activity of inbreng the same as ours."""
    settings: dict[str, Any] = {name: bool(activity.options.get(name, True)) for name in SETTINGS}
    keep_talk(uow, activity, form=questions(activity), **settings)


def closing_talk(uow: UnitOfWork, activity: Activity) -> None:
    """Close it."""
    close_talk(uow, activity)


def values_of_options(_uow: UnitOfWork, activity: Activity) -> dict[str, Any]:
    """What the form shows: the settings as they are stored."""
    return dict(activity.options)


def no_lack(_uow: UnitOfWork, _activity: Activity) -> list[Text]:
    """Nothing more is needed than what its form asks."""
    return []


def outcome_of_talk(uow: UnitOfWork, activity: Activity) -> Outcome:
    """How many took part and how many contributions there are. One statement."""
    talk = talk_of(uow, activity)
    total = total_of(uow, talk) if talk is not None else 0
    return Outcome(activity.taken_part, (Part(_("Reacties"), total),), _("reacties"))


def contribution_rows(uow: UnitOfWork, activity: Activity) -> Iterator[DataRow]:
    """A line per published contribution, oldest first, without who said it."""
    for row, shared in data_rows(uow, activity):
        del row
        yield shared


def data_rows(uow: UnitOfWork, activity: Activity) -> Iterator[tuple[Row[Any], dict[str, Any]]]:
    """Every published contribution with what is told of it in open data, in portions, so that a hundred thousand fit."""
    talk = talk_of(uow, activity)
    if talk is None:
        return
    tree, last = area_tree(uow), None
    while True:
        statement = ROWS.where(_C.activity_id == talk.id).order_by(_C.at, _C.id).limit(BATCH)
        if last is not None:
            statement = statement.where(tuple_(_C.at, _C.id) > tuple_(*last))
        rows = list(uow.session.execute(statement))
        if not rows:
            return
        outcomes = outcomes_of(uow, [row.id for row in rows])
        numbers = _numbers(uow, rows)
        for row in rows:
            outcome, area = outcomes.get(row.id), tree.get(row.area_id) if row.area_id else None
            yield (
                row,
                {
                    "number": row.number,
                    "date": row.received_on.isoformat(),
                    "text": said(talk.form, row.text, row.answers),
                    "sector": row.sector,
                    "channel": row.channel,
                    "area": area.name if area else "",
                    "supports": row.supports,
                    "reply_to": numbers.get(row.parent_id),
                    "outcome": outcome.outcome if outcome else "",
                },
            )
        last = (rows[-1].at, rows[-1].id)


def _numbers(uow: UnitOfWork, rows: list[Row[Any]]) -> dict[Any, int]:
    """The numbers of what these are replies to. One statement, none without replies."""
    parents = {row.parent_id for row in rows if row.parent_id is not None}
    if not parents:
        return {}
    found = uow.session.execute(select(_C.id, _C.number).where(_C.id.in_(parents)))
    return {row.id: row.number for row in found}


def in_portions(rows: Iterator[_Any], size: int) -> Iterator[list[_Any]]:
    """The same in lists of so many, for what is looked up for many at once."""
    portion: list[_Any] = []
    for row in rows:
        portion.append(row)
        if len(portion) == size:
            yield portion
            portion = []
    if portion:
        yield portion

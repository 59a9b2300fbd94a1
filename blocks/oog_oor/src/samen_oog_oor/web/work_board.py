"""The board: a column per state. A card moves by dragging or by its own little form; both lead to the form that asks for the text."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import filters_part, unknown_filter
from samen_core.api import Text, _
from samen_core.web.api import crumbs, current_uow, go, page_url, render
from samen_oog_oor import paths
from samen_oog_oor.labels import STATE_LABELS
from samen_oog_oor.models.base import CLOSED, MOVES, STATES
from samen_oog_oor.permissions import HANDLE
from samen_oog_oor.queries.work import columns_of
from samen_oog_oor.web.common import DESK, LABEL, pages
from samen_oog_oor.web.work_filters import chosen
from samen_oog_oor.web.work_list import CaseView, case_view, frame
from samen_oog_oor.working_days import today

MOVE = f"{paths.BOARD}/verplaats"
COLUMNS = tuple(state for state in STATES if state not in CLOSED)
PER_COLUMN = 15


@dataclass(frozen=True, slots=True)
class Column:
    """A state with its first cases; ``more_url`` leads to all of them when there are more."""

    code: str
    label: Text
    cards: list[CaseView]
    more_url: str | None


@pages.route(paths.BOARD, permission=HANDLE)
def board() -> ResponseReturnValue:
    """What is open, side by side by state; what was promised first stands on top."""
    uow = current_uow()
    asked = chosen(uow, paths.BOARD)
    found = columns_of(uow, asked.filter, COLUMNS, PER_COLUMN)
    day = today(uow)
    to_list = {name: value for name, value in asked.where.values.items() if name != "staat"}
    columns = []
    for state in COLUMNS:
        rows = found[state]
        more = page_url(paths.DESK) + "?" + _query({**to_list, "staat": state}) if len(rows) > PER_COLUMN else None
        columns.append(Column(state, STATE_LABELS[state], [case_view(row, asked, day) for row in rows[:PER_COLUMN]], more))
    return render(
        "oog_oor/work_board.html",
        **frame(uow, asked, paths.BOARD),
        filters=filters_part(asked.where, lambda: asked.fields(states=False), len(asked.chips)),
        columns=columns,
        targets={state: [(code, STATE_LABELS[code]) for code in STATES if code in MOVES[state]] for state in COLUMNS},
        move_url=page_url(MOVE),
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (_("Bord"), None)),
    )


@pages.route(MOVE, permission=HANDLE)
def board_move() -> ResponseReturnValue:
    """From a card to the form that moves it: what reporters read has to be written first."""
    number, state = request.args.get("zaak", ""), request.args.get("naar", "")
    if state not in STATES or not number or "/" in number or len(number) > 60:
        raise unknown_filter()
    part = {"awaiting_reporter": "vraag", "awaiting_third_party": "derde"}.get(state)
    return go(paths.work(number, part) if part else f"{paths.work(number, 'verder')}?naar={state}")


def _query(values: dict[str, str]) -> str:
    from urllib.parse import urlencode

    return urlencode(values)

"""The planning board: the coming months side by side, to move moments by dragging, by form or by keyboard; and how full months are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import chips, list_page, select_field, unknown_filter
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import ITEM_STATUS_LABELS, STATE_LABELS
from samen_beleidsagenda.models import COMING_STATUSES
from samen_beleidsagenda.periods import Period, parse_period, period_of, whole
from samen_beleidsagenda.permissions import WRITE
from samen_beleidsagenda.queries.desk import unpublished_between
from samen_beleidsagenda.queries.planning import MomentFilter, bodies, crowding, list_moments
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.web.common import DESK, LABEL, desk_tabs, pages, tabs
from samen_beleidsagenda.web.moments import new_moment_path
from samen_core.api import PageRequest, Text, _, format_month, format_number, n_
from samen_core.web.api import Option, crumbs, current_uow, go, page_url, render

BOARD = f"{paths.DESK}/planbord"
CROWD = f"{paths.DESK}/drukte"
MOVE = f"{BOARD}/verplaats"
MONTHS = 6
MOST = 300
CROWD_MONTHS = 18
BUSY = 1.5
"""A month with this many times the average of its body is crowded, from ``BUSY_FROM`` moments on."""
BUSY_FROM = 3


@dataclass(frozen=True, slots=True)
class BoardCard:
    """A moment on the board; ``move_url`` is its form, which begins with the month behind it."""

    id: str
    title: str
    url: str
    dossier: str
    body: str
    period: str
    """In words; empty where it is the month of the column."""
    status: Text
    state: Text | None
    """What it still is, when it is not public yet."""
    move_url: str


@dataclass(frozen=True, slots=True)
class Month:
    """A column of the board."""

    code: str
    label: str
    cards: list[BoardCard]
    new_url: str


@pages.route(BOARD, permission=WRITE)
def board() -> ResponseReturnValue:
    """Six months side by side, from the month that is asked for."""
    uow = current_uow()
    where = list_page(BOARD, "orgaan", "vanaf")
    known = bodies(uow)
    body = next((row for row in known if row.slug == where.values.get("orgaan")), None)
    if where.values.get("orgaan") and body is None:
        raise unknown_filter()
    months = _months(_first(where.values.get("vanaf", ""), today(uow)), MONTHS)
    start, end, body_id = months[0].start, months[-1].end, body.organization_id if body is not None else None
    filter = MomentFilter(statuses=COMING_STATUSES, start=start, end=end, body_id=body_id)
    public = list_moments(uow, filter, PageRequest(limit=MOST), with_count=False).items
    rows = sorted((*public, *unpublished_between(uow, start, end, body_id)), key=lambda row: (row.start_date, row.id))
    columns = [_column(month, rows, months, body.slug if body is not None else "") for month in months]
    return render(
        "beleidsagenda/board.html",
        dense=True,
        tabs=tabs(uow.actor, BOARD),
        desk_tabs=desk_tabs(uow.actor, BOARD),
        list_url=page_url(BOARD),
        fields=[select_field(where, "orgaan", _("Orgaan"), [(row.slug, row.name) for row in known], _("Alle organen"))],
        hidden=where.hidden("vanaf"),
        chips=chips(where, (("orgaan", body.name if body is not None else None),)),
        columns=columns,
        options=[Option(month.code, str(month), "") for month in months],
        complete=len(public) < MOST,
        move_action=page_url(MOVE),
        earlier_url=where.url(vanaf=whole(months[0].start - timedelta(days=150), "month").code),
        later_url=where.url(vanaf=whole(months[-1].end + timedelta(days=1), "month").code),
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (_("Planbord"), None)),
    )


@pages.route(MOVE, permission=WRITE)
def board_move() -> ResponseReturnValue:
    """From the little form on a card to the form that asks why: what is public only moves with a reason."""
    try:
        period, id = parse_period(request.args.get("periode", "")), request.args.get("moment", "")
        return go(f"{paths.PLANNING}/{_uuid(id)}/verplaatsen?periode={period.code}")
    except ValueError:
        raise unknown_filter() from None


def _uuid(text: str) -> str:
    from uuid import UUID

    return str(UUID(text))


def _first(asked: str, day: date) -> date:
    if not asked:
        return day
    try:
        return parse_period(asked).start
    except ValueError:
        raise unknown_filter() from None


def _months(day: date, number: int) -> list[Period]:
    found = [whole(day, "month")]
    while len(found) < number:
        found.append(whole(found[-1].end + timedelta(days=1), "month"))
    return found


def _column(month: Period, rows: Any, months: list[Period], body: str) -> Month:
    """The moments that are to be there by the end of this month; in the last column also what ends later."""
    last = month == months[-1]
    found = [row for row in rows if month.start <= row.end_date <= month.end or (last and row.end_date > month.end)]
    new = new_moment_path() + f"?periode={month.code}" + (f"&orgaan={body}" if body else "")
    return Month(month.code, str(month), [_card(row, month) for row in found], page_url(new))


def _card(row: Any, month: Period) -> BoardCard:
    period = period_of(row.start_date, row.end_date)
    return BoardCard(
        id=str(row.id),
        title=row.title,
        url=page_url(paths.planning_item(row.id)),
        dossier=row.dossier_title if row.dossier_title != row.title else "",
        body=row.body_name or "",
        period=str(period) if period != month else "",
        status=ITEM_STATUS_LABELS[row.status],
        state=STATE_LABELS[row.state] if row.state != "published" else None,
        move_url=page_url(paths.planning_item(row.id, "verplaatsen")),
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """How many moments a body has in a month."""

    number: int
    busy: bool
    url: str


@pages.route(CROWD, permission=WRITE)
def crowd() -> ResponseReturnValue:
    """How many moments every body has per month, so that nobody plans into June or December what can be earlier."""
    uow = current_uow()
    months = _months(today(uow), CROWD_MONTHS)
    counts = crowding(uow, months[0].start, months[-1].end)
    known = bodies(uow)
    columns = []
    for row in known:
        numbers = [counts.get((row.organization_id, month.start.year * 12 + month.start.month - 1), 0) for month in months]
        average = sum(numbers) / len(numbers)
        cells = [
            Cell(
                number,
                number >= BUSY_FROM and number > BUSY * average,
                page_url(f"{paths.PLANNING}?orgaan={row.slug}&periode={month.code}"),
            )
            for number, month in zip(numbers, months, strict=True)
        ]
        columns.append(cells)
    lines = (
        [
            (format_month(month.start), cells, format_number(sum(cell.number for cell in cells)))
            for month, cells in zip(months, zip(*columns, strict=True), strict=True)
        ]
        if columns
        else []
    )
    nobody = sum(number for (body_id, _month), number in counts.items() if body_id is None)
    return render(
        "beleidsagenda/crowding.html",
        dense=True,
        tabs=tabs(uow.actor, CROWD),
        desk_tabs=desk_tabs(uow.actor, CROWD),
        names=[row.name for row in known],
        lines=lines,
        nobody=n_("{n} moment heeft nog geen orgaan.", "{n} momenten hebben nog geen orgaan.", nobody) if nobody else None,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (_("Drukte"), None)),
    )

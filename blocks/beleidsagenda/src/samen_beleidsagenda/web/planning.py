"""The long-term agenda: every planned moment as a table, with what it was before, and how it stands."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask.typing import ResponseReturnValue
from markupsafe import Markup

from citycontent.web.api import Atlas, ListPage, atlas, chips, filters_part, in_words, list_page, one_of, select_field, unknown_filter
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import ITEM_KIND_LABELS, ITEM_STATUS_LABELS, LIGHT_BADGES, LIGHT_ICONS, LIGHT_LABELS
from samen_beleidsagenda.periods import Period, parse_period, period_of, whole
from samen_beleidsagenda.permissions import WRITE
from samen_beleidsagenda.queries.lights import LIGHTS
from samen_beleidsagenda.queries.planning import STATUSES, MomentFilter, bodies, earlier_of, holders, list_moments
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.web.common import LABEL, pages, tabs
from samen_beleidsagenda.web.moments import (
    CAN_SAY,
    Label,
    kind_field,
    kind_filter,
    narrowed,
    narrowing_fields,
    new_moment_path,
    say_field,
    say_filter,
    words_field,
)
from samen_core.api import PageRequest, Text, UnitOfWork, _, n_
from samen_core.web.api import BoundField, crumbs, current_uow, page_url, render

TITLE = _("Termijnagenda")
PRINT = "afdrukken"
FILTERS = ("q", "gebied", "thema", "orgaan", "portefeuille", "soort", "periode", "licht", "staat", "meepraten")
ORDERS: dict[str, tuple[str, Text]] = {
    "": ("period", _("Periode")),
    "onderwerp": ("subject", _("Dossier")),
    "orgaan": ("body", _("Wie beslist")),
    "portefeuille": ("holder", _("Portefeuille")),
    "stand": ("light", _("Stand")),
}
STATES: dict[str, tuple[str | None, Text]] = {
    "": ("coming", _("Wat nog komt")),
    "geweest": ("treated", _("Wat geweest is")),
    "vervallen": ("lapsed", _("Wat niet doorgaat")),
    "alles": (None, _("Alles")),
}
LIGHT_CODES = {"te-laat": "late", "let-op": "attention", "op-schema": "on_schedule", "klaar": "done"}
ON_A_PAGE = 25
ON_PAPER = 500
QUARTERS, YEARS = 8, 3


@dataclass(frozen=True, slots=True)
class Slip:
    """A period that a moment had before, and why it was left."""

    period: str
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table."""

    title: str
    url: str
    dossier: str
    dossier_url: str
    body: str
    holder: str
    kind: Text
    period: Label
    original: Label
    slips: tuple[Slip, ...]
    slips_label: Text | None
    light: Text
    light_kind: str
    light_icon: str
    status: Text | None
    say: Text | None


@pages.route(paths.PLANNING, public=True)
def planning() -> ResponseReturnValue:
    """The long-term agenda, to filter, to sort and to print."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.PLANNING, *FILTERS, "volgorde", PRINT)
    known, posts = bodies(uow), holders(uow)
    chosen = narrowed(book, where, known, posts)
    period, state = _period(where), one_of(where.values.get("staat", ""), STATES) or ""
    light = LIGHT_CODES[code] if (code := one_of(where.values.get("licht", ""), LIGHT_CODES)) else None
    order = ORDERS[one_of(where.values.get("volgorde", ""), ORDERS) or ""][0]
    kind, group = kind_filter(where, meetings=False), STATES[state][0]
    filter = MomentFilter(
        statuses=STATUSES[group] if group else tuple(code for codes in STATUSES.values() for code in codes),
        start=period.start if period else None,
        end=period.end if period else None,
        kind=kind,
        has_say=say_filter(where),
        light=light,
        text=where.values.get("q", ""),
        **chosen.values,
    )
    on_paper = bool(where.values.get(PRINT))
    asked = PageRequest(limit=ON_PAPER) if on_paper else where.request(ON_A_PAGE)
    found = list_moments(uow, filter, asked, order="latest" if order == "period" and state == "geweest" else order, table=True)
    picked = (
        ("q", where.values.get("q")),
        *chosen.picked,
        ("soort", ITEM_KIND_LABELS.get(kind or "")),
        ("periode", str(period) if period else None),
        ("licht", LIGHT_LABELS.get(light or "")),
        ("staat", STATES[state][1] if state else None),
        ("meepraten", CAN_SAY if filter.has_say else None),
    )
    context: dict[str, Any] = {
        "title": TITLE,
        "count": in_words(found.count, _("moment"), _("momenten")),
        "chips": chips(where, picked),
        "lines": moment_lines(uow, _in_reading_order(found.items) if order == "period" and state != "geweest" else found.items),
        "breadcrumbs": crumbs((LABEL, paths.HOME), (TITLE, None)),
    }
    if on_paper:
        return render("beleidsagenda/planning_print.html", **context, complete=found.next is None, back_url=where.url(**{PRINT: None}))
    return render(
        "beleidsagenda/planning.html",
        **context,
        **where.pager(found),
        tabs=tabs(uow.actor, paths.PLANNING),
        list_url=page_url(paths.PLANNING),
        filters=_filters(book, where, len(context["chips"]), known, posts),
        sorts=where.sorts("volgorde", [(code, label) for code, (_order, label) in ORDERS.items()]),
        print_url=where.url(**{PRINT: "ja"}),
        csv_url=page_url(f"{paths.FEEDS}/momenten.csv"),
        new_url=page_url(new_moment_path()) if WRITE.somewhere(uow.actor) else None,
    )


def _filters(book: Atlas, where: ListPage, chosen: int, known: Sequence[Any], posts: Sequence[Any]) -> Markup:
    """The form with the filters; without a choice it is the same for all and kept."""
    day = today(current_uow())
    return filters_part(
        where,
        lambda: [
            words_field(where),
            *narrowing_fields(book, where, known, posts),
            kind_field(where, meetings=False),
            _period_field(where, day),
            select_field(where, "licht", _("Stand"), [(code, LIGHT_LABELS[name]) for code, name in LIGHT_CODES.items()], _("Alles")),
            select_field(where, "staat", _("Wat wilt u zien?"), [(code, STATES[code][1]) for code in STATES if code], STATES[""][1]),
            say_field(where),
        ],
        chosen,
        ("volgorde",),
        book=book,
        key=(whole(day, "quarter").code, tuple((row.slug, row.name) for row in known), tuple((row.id, row.label) for row in posts)),
    )


def _in_reading_order(rows: Sequence[Any]) -> list[Any]:
    """The rows of a page by period; of what begins on the same day the longest period first."""
    return sorted(rows, key=lambda row: (row.start_date, -row.end_date.toordinal()))


def moment_lines(uow: UnitOfWork, rows: Sequence[Any]) -> list[Line]:
    """The rows of a table of moments, each with its earlier periods. One statement where one of them slipped."""
    before = earlier_of(uow, [row.id for row in rows if row.previous_id is not None])
    return [_line(row, before) for row in rows]


def _line(row: Any, before: Mapping[uuid.UUID, Iterable[Any]]) -> Line:
    light = LIGHTS[row.light]
    # What only became more precise is still when it was planned first.
    is_first = row.original_start <= row.start_date and row.end_date <= row.original_end
    slips = tuple(Slip(str(period_of(step.start_date, step.end_date)), step.slip_reason) for step in before.get(row.id, ()))
    return Line(
        title=row.title,
        url=page_url(paths.planning_item(row.id)),
        dossier=row.dossier_title if row.dossier_title != row.title else "",
        dossier_url=page_url(paths.dossier(row.dossier_slug)),
        body=row.body_name or "",
        holder=row.holder_label,
        kind=ITEM_KIND_LABELS[row.kind],
        period=str(Period(row.start_date, row.end_date, row.precision)),
        original="" if is_first else str(period_of(row.original_start, row.original_end)),
        slips=slips,
        slips_label=n_("{n} keer verplaatst", "{n} keer verplaatst", len(slips)) if slips else None,
        light=LIGHT_LABELS[light],
        light_kind=LIGHT_BADGES[light],
        light_icon=LIGHT_ICONS[light],
        status=ITEM_STATUS_LABELS[row.status] if row.status != "planned" else None,
        say=CAN_SAY if row.has_say and light not in ("late", "done") else None,
    )


def _period(where: ListPage) -> Period | None:
    """The period of the filter: any that can be written, not only those that are offered."""
    code = where.values.get("periode", "")
    try:
        return parse_period(code) if code else None
    except ValueError:
        raise unknown_filter() from None


def _period_field(where: ListPage, day: date) -> BoundField:
    chosen = where.values.get("periode", "")
    offered: list[Period] = []
    quarter = whole(day, "quarter")
    for _number in range(QUARTERS):
        offered.append(quarter)
        quarter = whole(date.fromordinal(quarter.end.toordinal() + 1), "quarter")
    offered += [whole(date(day.year + number, 1, 1), "year") for number in range(YEARS)]
    choices = [(period.code, str(period)) for period in offered]
    if chosen and chosen not in dict(choices):
        choices.insert(0, (chosen, str(parse_period(chosen))))
    return select_field(where, "periode", _("Periode"), choices, _("Alle periodes"))

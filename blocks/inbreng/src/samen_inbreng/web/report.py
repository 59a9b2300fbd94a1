"""The report in two columns, what people said and what became of it, with counts; as a page to read and print, and as CSV."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from citycontent.api import SECTOR_LABELS
from citycontent.web.api import (
    Atlas,
    ListPage,
    area_field,
    area_filter,
    atlas,
    chips,
    filters_part,
    in_words,
    list_page,
    one_of,
    select_field,
    unknown_filter,
)
from samen_core.api import Text, UnitOfWork, _, current_language, n_
from samen_core.web.api import BoundField, current_actor, current_platform, current_uow, page_url, render
from samen_inbreng import paths
from samen_inbreng.labels import CHANNEL_LABELS, OUTCOME_BADGES, OUTCOME_LABELS
from samen_inbreng.queries.answers import activities_of, counts
from samen_inbreng.queries.desk import NO_THEME
from samen_inbreng.queries.report import ReportFilter, ReportRow, report_page, report_rows
from samen_inbreng.queries.themes import themes_of
from samen_inbreng.web.common import pages
from samen_inbreng.web.desk import theme_answers
from samen_inbreng.web.subjects import area_name, head, subject_of, trail

PAGE = f"{paths.SUBJECT}/<uuid:id>/verslag"
LABEL = _("Inbreng en antwoorden")
ON_PAGE = 50
WAITING = "wacht"
NAMES = ("thema", "uitkomst", "sector", "kanaal", "gebied")
WHO: dict[str, Text] = {
    "government": _("overheden"),
    "business": _("ondernemers"),
    "civil_society": _("maatschappelijke organisaties"),
    "citizens": _("inwoners en burgerorganisaties"),
}
OUTCOMES: dict[str, Text] = {**OUTCOME_LABELS, WAITING: _("Wacht nog op een antwoord")}


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a chart: its label, the number, and the share in percent."""

    label: Text | str
    number: int
    share: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its table."""

    title: Text
    column: Text
    bars: Sequence[Bar]


@pages.route(PAGE, public=True)
def report(id: uuid.UUID) -> ResponseReturnValue:
    """What people said about a thing, and what became of it."""
    uow = current_uow()
    card = subject_of(uow, id)
    book, themes = atlas(uow), themes_of(uow, id)
    where = list_page(paths.subject(id, "verslag"), *NAMES)
    page = report_page(uow, id, _filter(book, where, themes), where.request(ON_PAGE))
    numbers = counts(uow, activities_of(uow, id))
    total = sum(numbers["total"].values())
    picked = _chips(book, where, themes)
    query = request.query_string.decode("ascii", "ignore")
    return render(
        "inbreng/report.html",
        head=head(uow, card, "verslag"),
        groups=_groups(page.items, {row.id: row for row in themes}),
        total=total,
        sentences=_sentences(numbers["sector"], total),
        charts=_charts(book, numbers, total),
        labels=OUTCOME_LABELS,
        badges=OUTCOME_BADGES,
        channels=CHANNEL_LABELS,
        sectors=SECTOR_LABELS,
        area_name=lambda area_id: area_name(book, area_id),
        contribution_url=lambda row: page_url(paths.contribution(row.activity_slug, row.number)),
        filters=filters_part(where, lambda: _fields(book, where, themes), len(picked)),
        chips=picked,
        count=in_words(page.count, _("bijdrage"), _("bijdragen")),
        list_url=page_url(where.path),
        csv_url=page_url(f"{where.path}.csv") + (f"?{query}" if query else ""),
        breadcrumbs=trail(card, (LABEL, None)),
        **where.pager(page),
    )


@pages.route(f"{PAGE}.csv", public=True, cache=False)
def report_csv(id: uuid.UUID) -> ResponseReturnValue:
    """The whole report with the same filters, as a file for a spreadsheet."""
    uow = current_uow()
    card = subject_of(uow, id)
    book, themes = atlas(uow), themes_of(uow, id)
    filter = _filter(book, list_page(paths.subject(id, "verslag"), *NAMES), themes)
    return csv_response(f"inbreng-{card.id}", lambda reading: _csv_lines(reading, book, id, filter))


def csv_response(name: str, make: Callable[[UnitOfWork], Iterable[Sequence[Any]]]) -> Response:
    """A CSV file, sent line by line: semicolons and a byte order mark, so that a Dutch spreadsheet opens it right.

    ``make`` gives the lines; it reads with a unit of work of its own, since the one of the request ends before the file is sent.
    """
    platform, actor, language = current_platform(), current_actor(), current_language()

    def write() -> Iterator[bytes]:
        yield b"\xef\xbb\xbf"
        with platform.read(actor) as uow:
            lines = iter(make(uow))
            while True:
                with platform.translations.use(language):
                    line = next(lines, None)
                    text = _csv_line(line) if line is not None else b""
                if line is None:
                    return
                yield text

    response = Response(write(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _csv_line(line: Sequence[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerow([cell(value) for value in line])
    return text.getvalue().encode()


def cell(value: Any) -> str:
    """A value for a spreadsheet: text that would be read as a formula gets an apostrophe before it (OWASP, CSV injection)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _csv_lines(uow: UnitOfWork, book: Atlas, id: uuid.UUID, filter: ReportFilter) -> Iterator[Sequence[Any]]:
    heads = (
        _("Activiteit"),
        _("Nummer"),
        _("Datum"),
        _("Bijdrage"),
        _("Wie"),
        _("Namens"),
        _("Sector"),
        _("Hoe kwam het binnen?"),
        _("Gebied"),
        _("Thema's"),
        _("Uitkomst"),
        _("Antwoord"),
    )
    yield [str(text) for text in heads]
    for row in report_rows(uow, id, filter):
        yield (
            row.activity_title,
            row.number,
            row.received_on.isoformat(),
            row.text,
            row.author,
            row.organization,
            SECTOR_LABELS[row.sector],
            CHANNEL_LABELS[row.channel],
            area_name(book, row.area_id),
            ", ".join(title for _id, title in row.themes),
            OUTCOME_LABELS[row.outcome.outcome] if row.outcome else "",
            row.outcome.reason if row.outcome else "",
        )


def _groups(items: Sequence[ReportRow], themes: dict[uuid.UUID, Any]) -> list[tuple[Any, list[ReportRow]]]:
    """The rows per first theme; None is what has no theme."""
    first = groupby(items, key=lambda row: row.themes[0][0] if row.themes else None)
    return [(themes.get(theme_id) if theme_id else None, list(rows)) for theme_id, rows in first]


def _filter(book: Atlas, where: ListPage, themes: Sequence[Any]) -> ReportFilter:
    values = where.values
    area, outcome, theme = area_filter(book, where), one_of(values.get("uitkomst", ""), OUTCOMES), values.get("thema", "")
    known: dict[str, uuid.UUID | str] = {NO_THEME: NO_THEME, **{str(row.id): row.id for row in themes}}
    if theme and theme not in known:
        raise unknown_filter()
    return ReportFilter(
        theme=known.get(theme),
        outcome="" if outcome == WAITING else outcome,
        sector=one_of(values.get("sector", ""), SECTOR_LABELS),
        channel=one_of(values.get("kanaal", ""), CHANNEL_LABELS),
        area_ids=book.tree.within(area.id) if area else None,
    )


def _fields(book: Atlas, where: ListPage, themes: Sequence[Any]) -> list[BoundField]:
    return [
        select_field(where, "thema", _("Thema"), theme_answers(themes), _("Alle thema's")),
        select_field(where, "uitkomst", _("Wat is ermee gedaan?"), OUTCOMES.items(), _("Alles")),
        select_field(where, "sector", _("Sector"), SECTOR_LABELS.items(), _("Alle sectoren")),
        select_field(where, "kanaal", _("Hoe kwam het binnen?"), CHANNEL_LABELS.items(), _("Alle manieren")),
        area_field(book, where),
    ]


def _chips(book: Atlas, where: ListPage, themes: Sequence[Any]) -> list[tuple[Text | str, str]]:
    values, area = where.values, area_filter(book, where)
    titles: dict[str, Text | str] = dict(theme_answers(themes))
    return chips(
        where,
        [
            ("thema", titles.get(values.get("thema", ""))),
            ("uitkomst", OUTCOMES.get(values.get("uitkomst", ""))),
            ("sector", SECTOR_LABELS.get(values.get("sector", ""))),
            ("kanaal", CHANNEL_LABELS.get(values.get("kanaal", ""))),
            ("gebied", area.name if area else None),
        ],
    )


def _sentences(sectors: dict[str, int], total: int) -> list[Text]:
    return [
        n_("{n} van {total} bijdragen kwam van {who}.", "{n} van {total} bijdragen kwamen van {who}.", sectors[code], total=total, who=who)
        for code, who in WHO.items()
        if sectors.get(code)
    ]


def _charts(book: Atlas, numbers: dict[str, dict[str, int]], total: int) -> list[Chart]:
    if not total:
        return []
    outcomes = {code: numbers["outcome"].get("" if code == WAITING else code, 0) for code in OUTCOMES}
    areas = sorted(numbers["area"].items(), key=lambda item: (-item[1], item[0]))
    named = [(area_name(book, code) or _("Zonder plek"), number) for code, number in areas[:20]]
    if rest := sum(number for _code, number in areas[20:]):
        named.append((_("Andere gebieden"), rest))
    return [
        Chart(_("Wat is ermee gedaan?"), _("Uitkomst"), _bars(((OUTCOMES[code], n) for code, n in outcomes.items()), total)),
        Chart(_("Van wie?"), _("Sector"), _bars(((label, numbers["sector"].get(code, 0)) for code, label in SECTOR_LABELS.items()), total)),
        Chart(
            _("Hoe kwam het binnen?"),
            _("Manier"),
            _bars(((label, numbers["channel"].get(code, 0)) for code, label in CHANNEL_LABELS.items()), total),
        ),
        Chart(_("Over welke wijk of buurt?"), _("Wijk of buurt"), _bars(named, total)),
    ]


def _bars(found: Iterable[tuple[Text | str, int]], total: int) -> list[Bar]:
    return [Bar(label, number, round(100 * number / total)) for label, number in found]

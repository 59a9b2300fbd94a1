"""How the city does: how fast answers come, how long it is silent, how content reporters are; as tables and as open data."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from citycontent.web.api import Atlas, area_path, atlas
from samen_core.api import NotFound, Text, UnitOfWork, _, format_date, format_moment, format_number, n_
from samen_core.web.api import crumbs, csv_file, current_platform, current_uow, page_url, render
from samen_oog_oor import paths
from samen_oog_oor.queries import public
from samen_oog_oor.queries.categories import CategoryTree, category_tree
from samen_oog_oor.queries.figures import BY, LEAST_JUDGED, PERIOD, Figures, Told, figures_by, whole
from samen_oog_oor.web import case_parts
from samen_oog_oor.web.common import LABEL, pages, tabs
from samen_oog_oor.working_days import city_day, today

TITLE = _("Cijfers")
MOST_CASES = 5_000
"""Cases in one download: the newest."""
NOBODY = _("Nog bij niemand")
COLUMNS: tuple[tuple[Text, str], ...] = (
    (_("Gemeld"), "number"),
    (_("Nog bezig"), "number"),
    (_("Later dan beloofd"), "number"),
    (_("Langst stil"), "number"),
    (_("Eerste antwoord binnen"), "number"),
    (_("Afgesloten binnen"), "number"),
    (_("Tevreden"), "number"),
)
DATA_LABELS: dict[str, tuple[Text, Text]] = {
    "organisaties": (_("Per organisatie"), _("Hoeveel er ligt, hoe snel er antwoord komt en hoe tevreden mensen zijn.")),
    "categorieen": (_("Per onderwerp"), _("Dezelfde cijfers per onderwerp van meldingen.")),
    "gebieden": (_("Per buurt"), _("Dezelfde cijfers per buurt.")),
    "zaken": (_("Zaken"), _("De nieuwste zaken waarvan iedereen de plek mag weten, met hoe het afliep.")),
}
FIELDS = (
    *("reported", "open", "late", "silent_since", "answer_days_median", "closed", "resolved", "close_days_median"),
    *("judged", "content_percentage"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """Figures with what they are of."""

    id: uuid.UUID | None
    name: str
    path: str
    figures: Figures


@pages.route(paths.FIGURES, public=True)
def figures_page() -> ResponseReturnValue:
    """The figures of the last year, per organisation, category and area."""
    uow = current_uow()
    day = today(uow)
    found, tree = figures_by(uow, *BY), category_tree(uow)
    at = found["organization_id"][1]
    organizations, categories, areas = (lines(uow, found[by][0]) for lines, by in SOURCES.values())
    total = whole(line.figures for line in organizations)
    return render(
        "oog_oor/figures.html",
        tabs=tabs(uow.actor, paths.FIGURES),
        since=format_date(day - PERIOD),
        counted=format_moment(at) if at else None,
        total=total,
        numbers=big_numbers(total, day),
        tables=[
            ("organisaties", _("Per organisatie"), _("Organisatie"), _table(organizations, day)),
            ("onderwerpen", _("Per onderwerp"), _("Onderwerp"), _table(_main(tree, categories), day)),
            ("wijken", _("Per wijk"), _("Wijk"), _table(_wijken(atlas(uow), areas), day)),
        ],
        columns=COLUMNS,
        least=LEAST_JUDGED,
        data=[
            (label, text, page_url(f"{paths.FIGURES}/{name}.csv"), page_url(f"{paths.FIGURES}/{name}.json"))
            for name, (label, text) in DATA_LABELS.items()
        ],
        feeds_url=page_url(paths.FEEDS),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
    )


def big_numbers(total: Figures, day: date) -> list[tuple[str, Text]]:
    """What everybody wants to know first, each a number with its words."""
    found: list[tuple[str, Text]] = [
        (format_number(total.open), n_("zaak is nog niet afgesloten", "zaken zijn nog niet afgesloten", total.open))
    ]
    if total.answer_days is not None:
        found.append((_after(total.answer_days), _("heeft de helft van de melders een antwoord")))
    if total.close_days is not None:
        found.append((_after(total.close_days), _("is de helft van de zaken afgesloten")))
    if total.content_share is not None:
        found.append((f"{total.content_share}%", _("van wie antwoordde, is tevreden")))
    if (silent := total.silent_days(day)) is not None:
        found.append((str(n_("{n} dag", "{n} dagen", silent)), _("hoorde één melder al niets: dat is nu het langst")))
    return found


def _after(days: int) -> str:
    return str(_("Na {n}", n=case_parts.in_working_days(days) or "") if days else _("Op dezelfde dag"))


def of_organizations(uow: UnitOfWork, found: Told) -> list[Line]:
    """The figures of each organisation, most reported first; of what is with nobody last. One statement."""
    names = {row.id: row for row in public.organizations_named(uow, [id for id in found if id is not None])}
    lines = [Line(id, names[id].name, f"/organisaties/{names[id].slug}", figures) for id, figures in found.items() if id in names]
    lost = whole(figures for id, figures in found.items() if id not in names)
    lines.sort(key=lambda line: (-line.figures.reported, line.name))
    return [*lines, *([Line(None, str(NOBODY), "", lost)] if lost.reported or lost.open else ())]


def of_categories(uow: UnitOfWork, found: Told) -> list[Line]:
    """The figures of each category that everybody may know of. One statement."""
    tree = category_tree(uow)
    shown = [(tree.by_id[id], figures) for id, figures in found.items() if id in tree.by_id]
    return [
        Line(category.id, case_parts.called(category), f"{paths.CASES}?categorie={category.code}", figures)
        for category, figures in shown
        if case_parts.is_for_everybody(tree, category)
    ]


def of_areas(uow: UnitOfWork, found: Told) -> list[Line]:
    """The figures of each buurt, by name. One statement."""
    tree = atlas(uow).tree
    lines = [Line(area.id, area.name, area_path(area), figures) for id, figures in found.items() if (area := tree.get(id))]
    return sorted(lines, key=lambda line: line.name)


SOURCES: dict[str, tuple[Callable[[UnitOfWork, Told], list[Line]], str]] = {
    "organisaties": (of_organizations, "organization_id"),
    "categorieen": (of_categories, "category_id"),
    "gebieden": (of_areas, "area_id"),
}
"""What makes the lines of a table, and what its figures are split by; by the names of the tables."""


def _main(tree: CategoryTree, lines: Iterable[Line]) -> list[Line]:
    parts: dict[uuid.UUID, list[Figures]] = defaultdict(list)
    for line in lines:
        category = tree.by_id[line.id] if line.id else None
        if category is not None:
            parts[category.parent_id or category.id].append(line.figures)
    mains = [(tree.by_id[id], whole(figures)) for id, figures in parts.items()]
    found = [Line(main.id, case_parts.called(main), f"{paths.CASES}?categorie={main.code}", figures) for main, figures in mains]
    return sorted(found, key=lambda line: (-line.figures.reported, line.name))


def _wijken(book: Atlas, lines: Iterable[Line]) -> list[Line]:
    parts: dict[uuid.UUID, list[Figures]] = defaultdict(list)
    for line in lines:
        trail = book.tree.trail(line.id)
        wijk = next((area for area in trail if area.classification == "wijk"), trail[-1])
        parts[wijk.id].append(line.figures)
    found = []
    for id, figures in parts.items():
        area = book.tree.get(id)
        if area is not None:
            found.append(Line(id, area.name, area_path(area), whole(figures)))
    return sorted(found, key=lambda line: (-line.figures.reported, line.name))


def _table(lines: Iterable[Line], day: date) -> list[list[Any]]:
    return [[_name(line), *_cells(line.figures, day)] for line in lines]


def _name(line: Line) -> Any:
    if not line.path:
        return line.name
    return Markup('<a class="nl-link" href="{}">{}</a>').format(page_url(line.path), line.name)


def _cells(figures: Figures, day: date) -> list[Any]:
    silent = figures.silent_days(day)
    return [
        format_number(figures.reported),
        format_number(figures.open),
        format_number(figures.late),
        n_("{n} dag", "{n} dagen", silent) if silent is not None else "–",
        case_parts.in_working_days(figures.answer_days) or "–",
        case_parts.in_working_days(figures.close_days) or "–",
        f"{figures.content_share}%" if figures.content_share is not None else "–",
    ]


@pages.route(f"{paths.FIGURES}/<name>.csv", public=True)
def figures_csv(name: str) -> ResponseReturnValue:
    """A table of figures for a spreadsheet."""
    fields, rows = _content(name)
    return csv_file(f"{name}.csv", fields, ([_cell(row[field]) for field in fields] for row in rows))


@pages.route(f"{paths.FIGURES}/<name>.json", public=True)
def figures_json(name: str) -> ResponseReturnValue:
    """A table of figures as JSON."""
    _fields, rows = _content(name)
    body = json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return Response(body, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}.json"'})


def _content(name: str) -> tuple[list[str], list[dict[str, Any]]]:
    """The fields of a table and its rows. Raises NotFound for a table that is not there."""
    uow = current_uow()
    if name == "zaken":
        return _cases(uow)
    if name not in SOURCES:
        raise NotFound
    lines, by = SOURCES[name]
    base = current_platform().config.web.base_url.rstrip("/")
    rows = []
    for line in lines(uow, figures_by(uow, by)[by][0]):
        of = line.figures
        silent = city_day(of.silent_since) if of.silent_since else None
        values = (of.reported, of.open, of.late, silent, of.answer_days, of.closed, of.resolved, of.close_days)
        judged = of.judged if of.judged >= LEAST_JUDGED else None
        row = {"id": str(line.id) if line.id else None, "name": line.name, "url": base + line.path if line.path else None}
        rows.append({**row, **dict(zip(FIELDS, (*values, judged, of.content_share), strict=True))})
    return ["id", "name", "url", *FIELDS], rows


def _cases(uow: UnitOfWork) -> tuple[list[str], list[dict[str, Any]]]:
    base = current_platform().config.web.base_url.rstrip("/")
    tree, areas = category_tree(uow), atlas(uow).tree
    fields = ["number", "title", "category", "area", "state", "reported_on", "lat", "lon", "url"]
    rows = []
    for row in public.places(uow, public.PublicFilter(), MOST_CASES)[:MOST_CASES]:
        has_page = row.publication == "full"
        category, area = tree.by_id.get(row.category_id), areas.get(row.area_id)
        rows.append(
            {
                "number": row.number if has_page else None,
                "title": row.title if has_page else None,
                "category": category.code if category else None,
                "area": area.name if area else None,
                "state": row.state,
                "reported_on": city_day(row.reported_at),
                "lat": row.lat,
                "lon": row.lon,
                "url": base + paths.case(row.number) if has_page else None,
            }
        )
    return fields, rows


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)


def _cell(value: Any) -> str:
    return "" if value is None else _plain(value)

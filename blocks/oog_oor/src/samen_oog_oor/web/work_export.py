"""A list of cases as a table or a map layer, never with what reporters wrote, and a case as a PDF, never with contact details."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from citycontent.web.api import atlas, small_map
from samen_core.api import (
    PageRequest,
    Text,
    UnitOfWork,
    _,
    current_language,
    format_date,
    format_moment,
    make_pdf,
    render_document,
    stored_files,
)
from samen_core.web.api import csv_file, current_platform, current_uow
from samen_oog_oor import paths
from samen_oog_oor.labels import PRIORITY_LABELS, RESOLUTION_LABELS, STATE_LABELS, TYPE_LABELS
from samen_oog_oor.permissions import HANDLE
from samen_oog_oor.queries import work_case as queries
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.work import AnyRow, first_cases
from samen_oog_oor.services.private_words import CONTACT, without_private
from samen_oog_oor.services.viewings import note_viewings
from samen_oog_oor.web.common import SMALL_MAP, pages
from samen_oog_oor.web.work_case import case_to_show
from samen_oog_oor.web.work_filters import Chosen, chosen

MOST = 5_000
"""How many cases a file holds: the newest that the filters leave."""
HEAD: tuple[Text, ...] = (
    *(_("Nummer"), _("Titel"), _("Soort"), _("Categorie"), _("Staat"), _("Hoe het is afgelopen"), _("Urgentie"), _("Organisatie")),
    *(_("Behandelaar"), _("Plek"), _("Buurt"), _("Breedte"), _("Lengte"), _("Meldingen"), _("Ziet dit ook"), _("Gemeld"), _("Beloofd")),
    *(_("Ingepland"), _("Afgesloten")),
)


@pages.route(f"{paths.DESK}/zaken.csv", permission=HANDLE)
def work_csv() -> ResponseReturnValue:
    """The chosen cases as a table."""
    uow = current_uow()
    asked = chosen(uow, paths.DESK, "volgorde")
    rows = _first(uow, asked)
    return csv_file("zaken.csv", HEAD, (_line(asked, row) for row in rows))


@pages.route(f"{paths.DESK}/zaken.geojson", permission=HANDLE)
def work_geojson() -> ResponseReturnValue:
    """The chosen cases of which the place is known as points (RFC 7946)."""
    uow = current_uow()
    asked = chosen(uow, paths.DESK, "volgorde")
    rows = [row for row in _first(uow, asked) if row.lat is not None and row.lon is not None]
    content = json.dumps({"type": "FeatureCollection", "features": [_feature(asked, row) for row in rows]}, ensure_ascii=False)
    return _saved(content.encode(), "zaken.geojson", "application/geo+json")


@pages.route(paths.work("<number>", "zaak.pdf"), permission=HANDLE)
def work_pdf(number: str) -> ResponseReturnValue:
    """The case on paper: for going outside; contact details are never in it."""
    uow = current_uow()
    case = case_to_show(uow, number)
    category = category_tree(uow).by_id.get(case.category_id)
    book = atlas(uow)
    signals = queries.signals_of(uow, case.id, PageRequest(limit=queries.SHOWN)).items
    files = stored_files(uow, [row.id for row in signals])
    organization, assignee = queries.names_of_case(uow, case)
    facts: list[tuple[Text, Any]] = [
        (_("Staat"), STATE_LABELS[case.state]),
        (_("Soort"), TYPE_LABELS[case.type]),
        (_("Wat iedereen ziet"), _("Niets: de zaak is vertrouwelijk") if case.confidential else ""),
        (_("Categorie"), category.called(current_language()) if category else ""),
        (_("Waar"), case.address),
        (_("Buurt"), area.name if (area := book.tree.get(case.area_id)) else ""),
        (_("Coördinaten"), f"{case.lat:.5f}, {case.lon:.5f}" if case.lat is not None and case.lon is not None else ""),
        (_("Organisatie"), organization),
        (_("Behandelaar"), assignee),
        (_("Gemeld op"), format_date(case.reported_at)),
        (_("Beloofd"), format_date(case.promised_on) if case.promised_on else ""),
        (_("Ingepland op"), format_date(case.planned_on) if case.planned_on else ""),
        (_("Antwoord"), case.answer),
    ]
    html = render_document(
        current_platform(),
        current_language(),
        "oog_oor/case_document.html",
        case=case,
        facts=[(label, value) for label, value in facts if value],
        signals=[
            (format_moment(row.at), without_private(row.text, CONTACT), sum(file.kind == "picture" for file in files[row.id]))
            for row in signals
        ],
        tasks=[(row.title, row.state == "open", row.organization_name or "", row.note) for row in queries.tasks_of(uow, case.id)],
        notes=[(format_moment(row.at), without_private(row.text, CONTACT)) for row in queries.notes_of(uow, case.id)],
        updates=[(format_moment(row.at), STATE_LABELS[row.state], row.text) for row in queries.updates_of(uow, case.id)],
        map=small_map(book, [(case.lat, case.lon)], _("Waar het is"), SMALL_MAP) if case.lat is not None and case.lon is not None else "",
        work_path=paths.work(number),
    )
    return _saved(make_pdf(current_platform(), html), f"zaak-{number}.pdf", "application/pdf")


def _first(uow: UnitOfWork, asked: Chosen) -> Sequence[AnyRow]:
    """The cases that go in a file. Who takes confidential ones along is written down, as for who opens one."""
    rows = first_cases(uow, asked.filter, MOST)
    note_viewings(uow, [row.id for row in rows if row.confidential], "confidential")
    return rows


def _line(asked: Chosen, row: AnyRow) -> Sequence[object]:
    category, area = asked.tree.by_id.get(row.category_id), asked.book.tree.get(row.area_id)
    return (
        *(row.number, row.title, TYPE_LABELS[row.type], category.name if category else "", STATE_LABELS[row.state]),
        *(
            RESOLUTION_LABELS.get(row.resolution or "", ""),
            PRIORITY_LABELS[row.priority],
            row.organization_name or "",
            row.assignee_name or "",
        ),
        *(row.address, area.name if area else "", _degrees(row.lat), _degrees(row.lon), row.signals, row.supports),
        *(_day(row.reported_at), _day(row.promised_on), _day(row.planned_on), _day(row.closed_at)),
    )


def _feature(asked: Chosen, row: AnyRow) -> dict[str, Any]:
    category, area = asked.tree.by_id.get(row.category_id), asked.book.tree.get(row.area_id)
    return {
        "type": "Feature",
        "id": row.number,
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
        "properties": {
            "number": row.number,
            "title": row.title,
            "type": row.type,
            "category": category.code if category else None,
            "state": row.state,
            "resolution": row.resolution,
            "priority": row.priority,
            "organization": row.organization_name,
            "area": area.code if area else None,
            "address": row.address,
            "signals": row.signals,
            "supports": row.supports,
            "reported_at": row.reported_at.isoformat(),
            "promised_on": row.promised_on.isoformat() if row.promised_on else None,
            "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        },
    }


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _day(value: Any) -> str:
    return "" if value is None else value.isoformat()[:10]


def _saved(content: bytes, name: str, kind: str) -> Response:
    return Response(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})

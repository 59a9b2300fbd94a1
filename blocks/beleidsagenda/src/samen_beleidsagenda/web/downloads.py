"""The agenda as tables to download: CSV for a spreadsheet, JSON for a program."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from samen_beleidsagenda import paths
from samen_beleidsagenda.queries.open_data import DATA_SETS
from samen_beleidsagenda.web.common import pages
from samen_core.api import NotFound, Text, _
from samen_core.web.api import csv_file, current_platform, current_uow

DATA_LABELS: dict[str, tuple[Text, Text]] = {
    "momenten": (_("Geplande momenten"), _("Alles wat gepland is of was, met de eerste planning en de redenen van uitstel.")),
    "dossiers": (_("Dossiers"), _("Waar de gemeente aan werkt, met de fase en de samenspraak.")),
    "toezeggingen-en-moties": (_("Toezeggingen, moties en amendementen"), _("Wat er is beloofd of gevraagd, en wat ervan kwam.")),
    "besluiten": (_("Besluiten"), _("Wat is besloten, door wie en wanneer.")),
    "vergaderingen": (_("Vergaderingen"), _("Vergaderingen van de raad, de commissies en het college.")),
}


@pages.route(f"{paths.FEEDS}/<name>.json", public=True)
def data_json(name: str) -> ResponseReturnValue:
    """A table of the agenda as JSON."""
    _fields, rows = _content(name)
    body = json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=_plain)
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"'}
    return Response(body, content_type="application/json", headers=headers)


@pages.route(f"{paths.FEEDS}/<name>.csv", public=True)
def data_csv(name: str) -> ResponseReturnValue:
    """A table of the agenda for a spreadsheet."""
    fields, rows = _content(name)
    return csv_file(f"{name}.csv", fields, ([_cell(row[field]) for field in fields] for row in rows))


def _content(name: str) -> tuple[list[str], list[dict[str, Any]]]:
    """The fields of a table and its rows, each with the lasting address of what it is about. Raises NotFound."""
    data = DATA_SETS.get(name)
    if data is None:
        raise NotFound
    base = current_platform().config.web.base_url.rstrip("/")
    types, fields = data.types, data.fields()
    rows = [dict(zip(fields, row, strict=True)) for row in data.rows(current_uow())]
    for row in rows:
        row["url"] = f"{base}/id/{types.get(row.get('kind'), data.type)}/{row['id']}"
    return [*fields, "url"], rows


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, list) else _plain(value)

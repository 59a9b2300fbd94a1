"""Tables and data as files to save."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response


def csv_file(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> Response:
    """A table for a spreadsheet: UTF-8 with a mark, semicolons, cells that cannot be taken for a formula."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";")
    for row in (head, *rows):
        writer.writerow([harmless(str(cell)) for cell in row])
    return _saved("\ufeff" + target.getvalue(), name, "text/csv; charset=utf-8")


def json_file(name: str, data: Any) -> Response:
    """Data as a JSON file."""
    return _saved(json.dumps(data, ensure_ascii=False, indent=2), name, "application/json")


def _saved(content: str, name: str, kind: str) -> Response:
    return Response(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def harmless(cell: str) -> str:
    """A spreadsheet would run a cell that starts like a formula."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell

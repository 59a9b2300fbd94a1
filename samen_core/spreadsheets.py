"""Spreadsheets and CSV as rows of texts: bounded, formulas as the values that they had when saved, dates in ISO 8601.

A cell that a spreadsheet shows as "jun-27" is the first of June inside; its format says that only the month counts.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NoReturn

from samen_core.characters import without_bad
from samen_core.errors import Invalid
from samen_core.i18n import _

MAX_ROWS = 10_000
MAX_COLUMNS = 60
MAX_UNPACKED = 60_000_000
MAX_ENTRIES = 2_000
MAX_TAGS = 3_000_000
"""Of all XML in a spreadsheet: it is parsed whole, and tags cost a hundred times what they measure."""
LONGEST_CELL = 4_000
LOOKED_AT = 20_000
"""Characters of a CSV file that show what stands between its cells."""
_DELIMITERS = ";,\t|"
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')
_ERRORS = ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#N/B", "#VERW!", "#WAARDE!", "#DEEL/0!", "#NAAM?")


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of a sheet, without empty columns at the end; ``sheets`` are the names of all sheets that can be read."""

    rows: tuple[tuple[str, ...], ...]
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def read_grid(content: bytes, sheet: str = "", longest: int = LONGEST_CELL) -> Grid:
    """The table in an xlsx or CSV file; ``sheet`` names the one to read, else it is the first visible one with something in it.

    Of a cell no more than ``longest`` characters are kept.

    Raises Invalid for another kind of file, and for one that is too large.
    """
    if content[:4] == b"PK\x03\x04":
        grid = _xlsx(content, sheet, longest)
    elif content[:4] == b"\xd0\xcf\x11\xe0":
        raise Invalid({"file": [_("Dit is een bestand van een oude Office-versie. Bewaar het als xlsx of csv en kies dat.")]})
    else:
        grid = Grid(_csv(content, longest))
    if not any(any(row) for row in grid.rows):
        raise Invalid({"file": [_("In dit bestand staat geen tabel: alle cellen zijn leeg.")]})
    return grid


def is_error(cell: str) -> bool:
    """Whether a formula in the sheet had no value: the cell shows an error."""
    return cell.upper() in _ERRORS


def _xlsx(content: bytes, sheet: str, longest: int) -> Grid:
    archive = _open_archive(content)
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        pages = [page for page in book.worksheets if page.sheet_state == "visible"]
        names = tuple(page.title for page in pages)
        for page in pages:
            if sheet and page.title != sheet and sheet in names:
                continue
            rows = _rows_of(page, _merged_in(archive, page), longest)
            if rows or page.title == sheet:
                return Grid(rows, page.title, names)
    except Invalid:
        raise
    except Exception as error:
        # openpyxl raises anything for a file that is not what it says.
        raise Invalid({"file": [_("Dit spreadsheet kan niet worden gelezen. Bewaar het opnieuw als xlsx of csv.")]}) from error
    raise Invalid({"file": [_("In dit bestand staat geen tabel: alle cellen zijn leeg.")]})


def _open_archive(content: bytes) -> zipfile.ZipFile:
    """The archive. Raises Invalid for one that grows too large, or that is no spreadsheet."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise Invalid({"file": [_("Dit bestand is te groot: uitgepakt mag het hoogstens {n} MB zijn.", n=MAX_UNPACKED // 1_000_000)]})
        tags = sum(archive.read(entry).count(b"<") for entry in entries)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError):
        raise Invalid({"file": [_("Dit bestand is beschadigd: het kan niet worden uitgepakt.")]}) from None
    if tags > MAX_TAGS:
        _refuse_number()
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise Invalid({"file": [_("Dit is geen spreadsheet. Kies een bestand dat eindigt op .xlsx of .csv.")]})
    return archive


def _refuse_number() -> NoReturn:
    raise Invalid({"file": [_("In dit bestand staat te veel: hoogstens {n} rijen. Splits het bestand.", n=MAX_ROWS)]})


def _merged_in(archive: zipfile.ZipFile, page: Any) -> dict[tuple[int, int], int]:
    """By row and column (from 1) of a cell that was merged with those below it, the last row of them.

    Only downwards: what is merged to the right is a title, not a value of each column. openpyxl tells it only of a sheet held whole.
    """
    found = _MERGED.findall(archive.read(page._worksheet_path))
    return {(int(first), _number_of(column.decode())): int(last) for column, first, last in found if int(last) > int(first)}


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _rows_of(page: Any, merged: Mapping[tuple[int, int], int], longest: int) -> tuple[tuple[str, ...], ...]:
    page.reset_dimensions()
    rows: list[tuple[str, ...]] = []
    going_on: dict[int, tuple[int, str]] = {}
    for number, cells in enumerate(page.iter_rows(max_col=MAX_COLUMNS), 1):
        texts = [_cell(cell, longest) for cell in cells]
        for at, text in enumerate(texts):
            if last := merged.get((number, at + 1)):
                going_on[at] = (last, text)
            elif at in going_on and number <= going_on[at][0]:
                texts[at] = text or going_on[at][1]
        rows.append(_trimmed(texts))
        if len(rows) > MAX_ROWS + 1000:
            break
    return _bounded(rows)


def _cell(cell: Any, longest: int) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime | date):
        return _date(value, cell.number_format or "")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return _text(str(value), longest)


def _date(value: datetime | date, format: str) -> str:
    shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", format).lower()
    if ("y" in shown or "j" in shown) and "d" not in shown:
        return f"{value.year:04}-{value.month:02}" if "m" in shown else f"{value.year:04}"
    return f"{value.year:04}-{value.month:02}-{value.day:02}"


def _text(text: str, longest: int) -> str:
    clean = without_bad(text.replace("\r\n", "\n").replace("\xa0", " ")).strip()
    return clean[:longest]


def _csv(content: bytes, longest: int) -> tuple[tuple[str, ...], ...]:
    text = _decoded(content)
    delimiter = _delimiter_of(text)
    rows: list[tuple[str, ...]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(_trimmed([_text(cell, longest) for cell in cells[:MAX_COLUMNS]]))
            if len(rows) > MAX_ROWS + 1000:
                break
    except csv.Error:
        raise Invalid(
            {"file": [_("Dit csv-bestand kan niet worden gelezen: het gaat mis bij regel {line}.", line=len(rows) + 1)]}
        ) from None
    return _bounded(rows)


def _delimiter_of(text: str) -> str:
    """What stands between the cells: it is in most lines, and most of all in the first of those. A title with a comma may stand above."""
    lines = [line for line in text[:LOOKED_AT].splitlines() if line.strip()]
    having = {delimiter: [line.count(delimiter) for line in lines if delimiter in line] for delimiter in _DELIMITERS}
    return max(_DELIMITERS, key=lambda delimiter: (len(having[delimiter]), having[delimiter][:1]))


def _decoded(content: bytes) -> str:
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    if b"\x00" not in content or encodings == ["utf-16"]:
        for encoding in encodings:
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise Invalid({"file": [_("Dit is geen spreadsheet. Kies een bestand dat eindigt op .xlsx of .csv.")]})


def _trimmed(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _bounded(rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    while rows and not rows[-1]:
        rows.pop()
    if len(rows) > MAX_ROWS:
        _refuse_number()
    return tuple(rows)

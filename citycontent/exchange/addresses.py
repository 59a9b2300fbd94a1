"""Reading the address book: the yearly CBS file of postcode and house number with buurt, and the points of four-digit postcodes."""

from __future__ import annotations

import csv
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from citycontent.queries.areas import AreaTree, area_tree
from citycontent.services.addresses import BookRow, replace_address_book, replace_postcode_areas
from samen_core.api import Invalid, Text, UnitOfWork, _

MOST_ERRORS = 20
STEP = 100_000
"""How many lines are read between two reports of progress: a national file has nine million."""

_BUURT = re.compile(r"buurt(\d{4})?", re.IGNORECASE)
_POSTCODE = re.compile(r"[1-9][0-9]{3}[A-Z]{2}")


class _Wrong(Exception):
    """What is wrong with one line."""

    def __init__(self, problem: Text) -> None:
        super().__init__(problem)
        self.problem = problem


def import_address_book(
    uow: UnitOfWork, path: Path, *, municipality: str = "", progress: Callable[[int], None] = lambda _lines: None
) -> int:
    """Put the addresses of a CSV file in place of the address book; the number of addresses.

    The file has the shape of the CBS file per postcode and house number: ``PC6``, ``Huisnummer``, ``Buurt<year>``, ``Gemeente<year>`` with
    codes as whole numbers, separated by ``;`` or ``,``. Of a national file only the lines of ``municipality`` (``GM0637``) count. The areas
    of that year must be stored already. ``progress`` is called with the number of lines read, every :data:`STEP`. Raises Invalid with
    what is wrong, line by line.
    """
    areas = area_tree(uow)
    rows = list(_book_rows(path, areas, municipality, progress))
    if not rows:
        raise Invalid(_("In {file} staat geen adres van {municipality}.", file=path.name, municipality=municipality or "een gemeente"))
    return replace_address_book(uow, rows)


def _book_rows(path: Path, areas: AreaTree, municipality: str, progress: Callable[[int], None]) -> Iterator[BookRow]:
    rows = _lines(path)
    header = [name.strip().lower() for name in next(rows)]
    columns = {"postcode": _column(path, header, "pc6", "postcode"), "number": _column(path, header, "huisnummer")}
    buurt = next((index for index, name in enumerate(header) if _BUURT.fullmatch(name)), None)
    if buurt is None:
        raise Invalid(_("{file} heeft geen kolom {column}.", file=path.name, column="Buurt"))
    year = int(found[1]) if (found := _BUURT.fullmatch(header[buurt])) and found[1] else None
    by_code = _by_code(areas, year)
    if not by_code:
        raise Invalid(_("Er zijn nog geen buurten van {year}. Lees eerst de gebieden van dat jaar in.", year=year or "dit jaar"))
    city = next((index for index, name in enumerate(header) if name.startswith("gemeente")), None)
    wanted = _bare(municipality)
    errors: list[Text] = []
    for line, row in enumerate(rows, 2):
        if line % STEP == 0:
            progress(line)
        try:
            if wanted and city is not None and _bare(row[city]) != wanted:
                continue
            yield _book_row(row, columns, buurt, by_code)
        except IndexError:
            errors.append(_line(path, line, _("de regel is niet volledig")))
        except _Wrong as error:
            errors.append(_line(path, line, error.problem))
        if len(errors) >= MOST_ERRORS:
            break
    if errors:
        raise Invalid({"": errors})


def _book_row(row: list[str], columns: dict[str, int], buurt: int, by_code: dict[str, uuid.UUID]) -> BookRow:
    postcode = row[columns["postcode"]].replace(" ", "").upper()
    if not _POSTCODE.fullmatch(postcode):
        raise _Wrong(_("“{postcode}” is geen postcode", postcode=postcode[:20]))
    number = _number(row[columns["number"]])
    if not 0 < number < 100_000:
        raise _Wrong(_("{number} is geen huisnummer", number=number))
    area_id = by_code.get(_bare(row[buurt]))
    if area_id is None:
        raise _Wrong(_("buurt {code} is niet bekend", code=row[buurt]))
    return BookRow(postcode, number, area_id)


def _by_code(areas: AreaTree, year: int | None) -> dict[str, uuid.UUID]:
    """The buurten of a year by their code as the file writes it."""
    buurten = (area for area in areas.by_id.values() if area.classification == "buurt")
    return {_bare(area.code): area.id for area in buurten if (area.year == year if year else area.is_current)}


def _bare(code: str) -> str:
    """A code as CBS writes it in this file: BU06370002 is 6370002."""
    code = code.strip().upper()
    return (code[2:] if code[:2] in ("BU", "WK", "GM") else code).lstrip("0")


def import_postcode_areas(uow: UnitOfWork, path: Path) -> int:
    """Store the reference points of four-digit postcodes (``pc4``, ``lat``, ``lon``, ``buurtcodeVanPunt``); the number of points."""
    areas = area_tree(uow)
    rows = _lines(path)
    header = [name.strip().lower() for name in next(rows)]
    names = {name: _column(path, header, name) for name in ("pc4", "lat", "lon", "buurtcodevanpunt")}
    locality = header.index("woonplaats") if "woonplaats" in header else None
    found: dict[str, dict[str, Any]] = {}
    for line, row in enumerate(rows, 2):
        try:
            values = {name: row[column] for name, column in names.items()}
            point = {"lat": float(values["lat"]), "lon": float(values["lon"])}
        except (IndexError, ValueError):
            raise Invalid(_line(path, line, _("de regel is niet volledig"))) from None
        area = areas.find(values["buurtcodevanpunt"])
        if area is None:
            raise Invalid(_line(path, line, _("buurt {code} is niet bekend", code=values["buurtcodevanpunt"])))
        found[values["pc4"]] = {
            "postcode4": values["pc4"],
            "locality": row[locality] if locality is not None else "",
            "area_id": area.id,
            **point,
        }
    return replace_postcode_areas(uow, found.values())


def _lines(path: Path) -> Iterator[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            if not first.strip():
                raise Invalid(_("{file} is leeg.", file=path.name))
            delimiter = ";" if ";" in first else ","
            yield next(csv.reader([first], delimiter=delimiter))
            yield from (row for row in csv.reader(stream, delimiter=delimiter) if row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Invalid(_("{file} is niet te lezen als CSV: {problem}", file=path.name, problem=str(error))) from None


def _line(path: Path, line: int, problem: Text) -> Text:
    return _("{file}, regel {line}: {problem}", file=path.name, line=line, problem=problem)


def _column(path: Path, header: list[str], *names: str) -> int:
    for name in names:
        if name in header:
            return header.index(name)
    raise Invalid(_("{file} heeft geen kolom {column}.", file=path.name, column=names[0]))


def _number(text: str) -> int:
    if not text.strip().isdigit():
        raise _Wrong(_("“{text}” is geen heel getal", text=text[:20]))
    return int(text)

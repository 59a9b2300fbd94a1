"""A first proposal of which column is what, from the names that municipalities give to columns; somebody looks at it before it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from samen_beleidsagenda.exchange.reading.periods import UnclearPeriod, read_period
from samen_beleidsagenda.exchange.reading.words import KINDS
from samen_beleidsagenda.schemas.import_mapping import Column, TableMapping
from samen_core.api import Grid, fold

LOOKED_AT = 25
_NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("reason", ("reden uitstel", "reden van uitstel", "reden wijziging", "uitstel", "reden")),
    ("confidence", ("zekerheid", "hoe zeker", "betrouwbaarheid")),
    ("holder", ("portefeuillehouder", "portefeuille", "portefeuillehouders", "wethouder", "pfh", "ph", "bestuurder", "pho")),
    ("theme", ("thema", "themas", "beleidsveld", "taakveld", "beleidsterrein")),
    ("status", ("status", "stand van zaken", "stand", "voortgang", "afgehandeld")),
    (
        "kind",
        ("soort", "soort besluit", "type besluit", "type", "aard", "behandeling", "wijze van behandeling", "doel", "bob", "soort stuk"),
    ),
    ("body", ("orgaan", "gremium", "overleg", "bestuursorgaan", "behandeling in", "welke vergadering", "vergadering", "forum")),
    ("dossier", ("dossier", "programma", "project", "opgave", "hoofdonderwerp")),
    ("key", ("nr", "nummer", "id", "kenmerk", "zaaknummer", "registratienummer", "zaaknr", "volgnummer", "lta nr", "code")),
    (
        "text",
        (
            "toelichting",
            "omschrijving",
            "opmerkingen",
            "opmerking",
            "samenvatting",
            "inhoud",
            "korte inhoud",
            "beschrijving",
            "bijzonderheden",
        ),
    ),
    ("title", ("onderwerp", "titel", "agendapunt", "naam", "voorstel", "onderwerp voorstel", "naam voorstel", "wat")),
    (
        "period",
        ("wanneer", "datum", "periode", "planning", "maand", "kwartaal", "week", "gepland", "planningsdatum", "behandeldatum", "termijn"),
    ),
)
_PERIOD_STARTS = ("datum ", "planning ", "gepland ", "periode ", "behandeling ", "maand ", "kwartaal ", "week ")


def find_header(grid: Grid) -> int:
    """The row with the names of the columns, counted from 1: of the first rows the one with the most names that are known."""
    best, most = 1, -1
    for number, row in enumerate(grid.rows[:LOOKED_AT], 1):
        filled = sum(1 for cell in row if cell)
        known = sum(1 for cell in row if cell and _known(cell))
        score = known * 10 + min(filled, 9)
        if filled > 1 and score > most:
            best, most = number, score
    return best


def guess_mapping(grid: Grid, bodies: Mapping[str, str], *, header: int | None = None, known: TableMapping | None = None) -> TableMapping:
    """The proposal for a sheet. ``bodies`` are ids by folded name; columns of ``known`` keep what they were."""
    header = header or find_header(grid)
    names = header_of(grid, header)
    kept = {(fold(item.name), item.nth): item for item in known.columns} if known else {}
    columns: list[Column] = []
    for at, (name, nth) in enumerate(names):
        earlier = kept.get((fold(name), nth))
        columns.append(earlier or _guess(name, nth, _values(grid, header, at), bodies, {item.field for item in columns}))
    return replace(known or TableMapping(), columns=tuple(columns), header=header, sheet=grid.sheet)


def header_of(grid: Grid, header: int) -> list[tuple[str, int]]:
    """The names of the columns, each with how many of that name came before; a column without a name is called after its letter."""
    row = grid.rows[header - 1] if header <= len(grid.rows) else ()
    width = max((len(row) for row in grid.rows[header - 1 :]), default=0)
    seen: dict[str, int] = {}
    found = []
    for at in range(width):
        name = " ".join(row[at].split())[:200] if at < len(row) and row[at] else _letter(at)
        nth = seen.get(fold(name), 0)
        seen[fold(name)] = nth + 1
        found.append((name, nth))
    return found


def _guess(name: str, nth: int, values: Sequence[str], bodies: Mapping[str, str], taken: set[str]) -> Column:
    plain = fold(name)
    field = next((field for field, names in _NAMES if plain in names), "")
    body = _body_in(plain, bodies)
    periods = _look_like_periods(values)
    if periods and field in ("", "body", "period") and (body or field != "body"):
        return Column(name=name, nth=nth, field="period", body=body, kind="decision" if body and "raad" in plain.split() else None)
    if not field and (plain.startswith(_PERIOD_STARTS) and (periods or not values)):
        return Column(name=name, nth=nth, field="period", body=body)
    if field in taken and field != "period":
        field = ""
    if not field and values and all(fold(value) in KINDS for value in values) and "kind" not in taken:
        field = "kind"
    return Column(name=name, nth=nth, field=field)


def _known(cell: str) -> bool:
    plain = fold(cell)
    return any(plain in names for _field, names in _NAMES) or plain.startswith(_PERIOD_STARTS)


def _body_in(plain: str, bodies: Mapping[str, str]) -> str | None:
    """The body that a column is named after: the longest of its names that stands in it as words."""
    found = [name for name in bodies if name and f" {name} " in f" {plain} "]
    return bodies[max(found, key=len)] if found else None


def _values(grid: Grid, header: int, at: int) -> list[str]:
    return [row[at] for row in grid.rows[header : header + LOOKED_AT] if at < len(row) and row[at]]


def _look_like_periods(values: Sequence[str]) -> bool:
    """Whether most cells are a period. A bare number could be anything, and no text at all says nothing."""
    good = 0
    for value in values:
        try:
            good += read_period(value, 2000) is not None
        except UnclearPeriod:
            continue
    return good * 2 > len(values) and good > 0


def _letter(at: int) -> str:
    return f"Kolom {chr(65 + at)}" if at < 26 else f"Kolom {chr(64 + at // 26)}{chr(65 + at % 26)}"

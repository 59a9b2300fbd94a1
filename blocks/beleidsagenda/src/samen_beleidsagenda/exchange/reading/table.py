"""A long-term agenda in a spreadsheet, read by the mapping of its list: one row is a moment, or one for each body that has a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samen_beleidsagenda.exchange.reading.content import line, prose
from samen_beleidsagenda.exchange.reading.guess import header_of
from samen_beleidsagenda.exchange.reading.periods import UnclearPeriod, read_period
from samen_beleidsagenda.exchange.reading.words import CONFIDENCES, KINDS, STATUSES
from samen_beleidsagenda.schemas.import_mapping import FIELD_LABELS, Column, TableMapping
from samen_beleidsagenda.schemas.import_plan import Plan, Planned, Problem, Words, make_key
from samen_core.api import Grid, Invalid, Text, _, fold, is_error

WHOLE_LIST = "list"
"""The parent of every row of a list."""


def read_table(grid: Grid, mapping: TableMapping, words: Words) -> Plan:
    """What the list says. Raises Invalid when a column that is needed is not chosen or not there."""
    reader = _Reader(grid, mapping, words)
    for number, row in enumerate(grid.rows[mapping.header :], mapping.header + 1):
        if any(row):
            reader.row(number, row)
    things = sorted(reader.things.values(), key=lambda thing: thing.kind != "dossier")
    return Plan(things=tuple(things), problems=tuple(reader.problems), whole=frozenset((WHOLE_LIST,)))


def unknown_words(grid: Grid, mapping: TableMapping, words: Words) -> dict[str, list[str]]:
    """The words in the columns of bodies, kinds, holders and themes that mean nothing yet, by field, in the order of the sheet."""
    known = {"body": words.bodies, "kind": {**KINDS, **words.kinds}, "holder": words.holders, "theme": words.themes}
    found: dict[str, dict[str, None]] = {}
    places = _places(grid, mapping, [])
    for column, at in places:
        if column.field in known:
            cells = {line(row[at]) for row in grid.rows[mapping.header :] if at < len(row) and row[at]}
            missing = sorted(cell for cell in cells if fold(cell) not in known[column.field])
            found.setdefault(column.field, {}).update(dict.fromkeys(missing[:200]))
    return {field: list(cells) for field, cells in found.items() if cells}


def _places(grid: Grid, mapping: TableMapping, problems: list[Problem]) -> list[tuple[Column, int]]:
    """Where the columns of the mapping stand in this file; one that is gone is a problem or, when it is needed, Invalid."""
    there = {(fold(name), nth): at for at, (name, nth) in enumerate(header_of(grid, mapping.header))}
    found = []
    for column in mapping.columns:
        if not column.field:
            continue
        at = there.get((fold(column.name), column.nth))
        if at is not None:
            found.append((column, at))
        else:
            message = _("De kolom “{name}” staat niet in dit bestand. Zij is overgeslagen.", name=column.name)
            problems.append(Problem(message=message, only_note=True))
    return found


class _Reader:
    def __init__(self, grid: Grid, mapping: TableMapping, words: Words) -> None:
        self.mapping, self.words = mapping, words
        self.things: dict[str, Planned] = {}
        self.problems: list[Problem] = []
        self.first_line: dict[str, int] = {}
        self.places = _places(grid, mapping, self.problems)
        self.periods = [(column, at) for column, at in self.places if column.field == "period"]
        fields = {column.field for column, _at in self.places}
        for needed in ("title", "period"):
            if needed not in fields:
                message = _("Er is geen kolom gekozen voor “{field}”. Kies bij de kolommen welke dat is.", field=FIELD_LABELS[needed])
                raise Invalid({"file": [message]})

    def row(self, number: int, row: Sequence[str]) -> None:
        cells = self.cells(number, row)
        title = line(cells.get("title", ""))
        if not title:
            if sum(1 for value in row if value) > 1:
                self.problem(number, "", _("Deze rij heeft geen onderwerp."))
            return
        dossier_name = line(cells.get("dossier", "")) or title
        identity = line(cells.get("key", ""), 100) or fold(f"{dossier_name} {title}" if dossier_name != title else title)
        if (first := self.first_line.setdefault(identity, number)) != number:
            self.problem(number, title, _("Deze rij is dezelfde als rij {first}. Geef elke rij een eigen nummer.", first=first))
            return
        dossier = make_key("dossier", fold(dossier_name))
        holder, theme = self.known("holder", cells, number, title), self.known("theme", cells, number, title)
        about = {"title": dossier_name, "holder": holder, "theme": theme}
        if dossier_name == title:
            about["text"] = prose(cells.get("text", ""))
        if dossier not in self.things:
            self.things[dossier] = Planned(kind="dossier", key=dossier, title=dossier_name, values=about, line=number)
        moments = self.moments(number, row, title)
        own_body = self.known("body", cells, number, title, needed=True)
        own_kind = self.kind(cells, number, title)
        for column, period in moments:
            body, kind = column.body or own_body or self.words.body, column.kind or own_kind
            if (not column.body and not own_body and cells.get("body")) or kind is None:
                continue
            key = make_key("moment", identity, *((fold(column.name), column.nth) if len(self.periods) > 1 else ()))
            values = {
                "dossier": dossier,
                "title": title,
                "body": body,
                "kind": kind,
                "period": period,
                "text": prose(cells.get("text", "")),
                "confidence": CONFIDENCES.get(fold(cells.get("confidence", "")), "likely"),
                "status": STATUSES.get(fold(cells.get("status", "")), "planned"),
                "reason": line(cells.get("reason", ""), 500),
            }
            self.things[key] = Planned(kind="moment", key=key, title=title, values=values, parent=WHOLE_LIST, line=number)

    def cells(self, number: int, row: Sequence[str]) -> dict[str, str]:
        """The cells of a row by field, without those of periods; a broken formula is told and left out."""
        found: dict[str, str] = {}
        for column, at in self.places:
            cell = row[at] if at < len(row) else ""
            if is_error(cell):
                self.problem(number, "", _("De formule in kolom “{name}” geeft een fout: {cell}.", name=column.name, cell=cell), note=True)
            elif column.field != "period" and cell and not found.get(column.field):
                found[column.field] = cell
        return found

    def moments(self, number: int, row: Sequence[str], title: str) -> list[tuple[Column, str | None]]:
        """The moments of a row: per column its period, None when it is not known yet; a column of a body that is empty is no moment."""
        found: list[tuple[Column, str | None]] = []
        for column, at in self.periods:
            cell = row[at] if at < len(row) else ""
            if is_error(cell) or (not cell and len(self.periods) > 1):
                continue
            try:
                period = read_period(self.words.periods.get(fold(cell), cell), self.mapping.year)
            except UnclearPeriod as error:
                self.problem(number, title, _unclear(column.name, cell, error))
                continue
            found.append((column, period.code if period else None))
        return found

    def known(self, field: str, cells: Mapping[str, str], number: int, title: str, *, needed: bool = False) -> str | None:
        """What the word in the column of bodies, holders or themes means. One that is unknown is told; without it the row can be read,
        unless it is ``needed``.
        """
        word = line(cells.get(field, ""))
        table = {"body": self.words.bodies, "holder": self.words.holders, "theme": self.words.themes}[field]
        if word and fold(word) not in table:
            message = _("Wij kennen “{word}” niet als {field}. Zeg bij de woorden wat het is.", word=word, field=FIELD_LABELS[field])
            self.problem(number, title, message, note=not needed)
        return table.get(fold(word))

    def kind(self, cells: Mapping[str, str], number: int, title: str) -> str | None:
        word = line(cells.get("kind", ""))
        if not word:
            return "decision"
        found = self.words.kinds.get(fold(word)) or KINDS.get(fold(word))
        if found is None:
            message = _("Wij kennen “{word}” niet als {field}. Zeg bij de woorden wat het is.", word=word, field=FIELD_LABELS["kind"])
            self.problem(number, title, message)
        return found

    def problem(self, number: int, title: str, message: Text, *, note: bool = False) -> None:
        self.problems.append(Problem(message=message, line=number, title=title, only_note=note))


def _unclear(name: str, cell: str, error: UnclearPeriod) -> Text:
    if error.year_missing:
        return _("Bij “{cell}” in kolom “{name}” staat geen jaar. Vul bij de lijst in welk jaar het is.", cell=cell[:60], name=name)
    return _(
        "“{cell}” in kolom “{name}” is geen periode. Schrijf bijvoorbeeld 12-3-2027, week 14 2027, jun-27, 3e kwartaal 2027 of n.t.b.",
        cell=cell[:60],
        name=name,
    )

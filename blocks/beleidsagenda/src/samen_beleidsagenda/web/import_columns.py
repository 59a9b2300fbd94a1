"""Saying which column of a list is what, and what its words mean; the proposal is made from the names of the columns."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from samen_beleidsagenda import paths
from samen_beleidsagenda.exchange.reading.guess import LOOKED_AT, header_of
from samen_beleidsagenda.exchange.reading.periods import UnclearPeriod, read_period
from samen_beleidsagenda.exchange.reading.table import unknown_words
from samen_beleidsagenda.exchange.receiving import compare_table, grid_of, proposal
from samen_beleidsagenda.labels import ITEM_KIND_LABELS
from samen_beleidsagenda.models import ImportList
from samen_beleidsagenda.permissions import IMPORT
from samen_beleidsagenda.queries.imports import last_runs, unknown_bodies
from samen_beleidsagenda.queries.structure import bodies, portfolio_posts, themes
from samen_beleidsagenda.schemas.import_mapping import FIELD_LABELS, Column, TableMapping, mapping_from
from samen_beleidsagenda.services.imports.apply import get_run
from samen_beleidsagenda.services.imports.lists import get_list, keep_mapping, words_of
from samen_beleidsagenda.web.common import pages
from samen_beleidsagenda.web.imports import list_path, run_path, trail
from samen_core.api import Conflict, Grid, Invalid, Text, UnitOfWork, _, fold, without_bad
from samen_core.web.api import current_uow, go, page_url, render, render_status, say

RUN = f"{paths.IMPORTS}/bestand/<uuid:id>/kolommen"
MOST_WORDS = 100
EXAMPLES = 3
FIELD_WORDS = {"body": "bodies", "kind": "kinds", "holder": "holders", "theme": "themes"}
WORD_TITLES: dict[str, Text] = {
    "body": _("Organen"),
    "kind": _("Soorten behandeling"),
    "holder": _("Portefeuillehouders"),
    "theme": _("Thema's"),
}
STALE = _("Iemand anders heeft dit intussen gewijzigd. Kijk uw keuzes na en bewaar opnieuw.")
Choices = list[tuple[str, Text | str]]


@dataclass(frozen=True, slots=True)
class WordRow:
    """A word of the list, with what it means (an id or a code, empty when that is not said)."""

    word: str
    meaning: str


@pages.route(RUN, permission=IMPORT, methods=["GET", "POST"])
def import_columns(id: uuid.UUID) -> ResponseReturnValue:
    """Choose what the columns of a table are; then it is compared with what is here."""
    uow = current_uow()
    run = get_run(uow, id)
    if run.state not in ("mapping", "checked"):
        return go(run_path(id))
    of, grid = get_list(uow, run.list_id), grid_of(run)
    header = request.values.get("kop", 0, type=int) or 0
    if not 0 <= header <= min(len(grid.rows), LOOKED_AT):
        raise Invalid(_("Die rij staat niet in het bestand."))
    mapping = proposal(uow, of, grid, header or None)
    words: Mapping[str, Mapping[str, str]] = of.words or {}
    if request.method == "GET" or "toon" in request.form:
        return render("beleidsagenda/import_columns.html", **_context(uow, of, run.id, _Shown(grid=grid, mapping=mapping, words=words)))
    mapping, words, problems = _sent(grid, mapping, words)
    try:
        if problems:
            raise Invalid({"": problems})
        version = request.form.get("version", 0, type=int)
        of = keep_mapping(uow, of.id, version, mapping, words)
        compare_table(uow, of, run, mapping_from(of.mapping))
        uow.session.flush()
    except (Invalid, Conflict) as error:
        uow.rollback()
        told = [text for texts in error.errors.values() for text in texts] if isinstance(error, Invalid) else [STALE]
        of = get_list(uow, of.id)
        shown = _Shown(grid=grid, mapping=mapping, words=words)
        return render_status(error.status, "beleidsagenda/import_columns.html", **_context(uow, of, id, shown, told))
    return go(run_path(id))


@pages.route(f"{paths.IMPORTS}/<uuid:id>/woorden", permission=IMPORT, methods=["GET", "POST"])
def import_list_words(id: uuid.UUID) -> ResponseReturnValue:
    """Say which body a word in the files of another system means."""
    uow = current_uow()
    of = get_list(uow, id)
    words: Mapping[str, Mapping[str, str]] = of.words or {}
    problem: Text | None = None
    if request.method == "POST":
        words = {**words, "bodies": _words_sent("body", words.get("bodies", {}))}
        try:
            keep_mapping(uow, id, request.form.get("version", 0, type=int), mapping_from(of.mapping or {}), words)
        except Conflict:
            uow.rollback()
            of, problem = get_list(uow, id), STALE
        else:
            say(_("De woorden zijn bewaard. Lees het bestand nu opnieuw in."))
            return go(list_path(id))
    last = next(iter(last_runs(uow, id, 1)), None)
    unknown = unknown_bodies(uow, last.id) if last else []
    return render_status(
        409 if problem else 200,
        "beleidsagenda/import_list_words.html",
        list=of,
        problem=problem,
        groups=[("body", WORD_TITLES["body"], _word_rows(words.get("bodies", {}), unknown), _meanings(uow)["body"])],
        action=page_url(list_path(id, "woorden")),
        cancel_url=page_url(list_path(id)),
        breadcrumbs=trail((of.name, list_path(id)), (_("Woorden"), None)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What stands in the form: the table, what its columns are and what words mean."""

    grid: Grid
    mapping: TableMapping
    words: Mapping[str, Mapping[str, str]]


def _context(uow: UnitOfWork, of: ImportList, run_id: uuid.UUID, shown: _Shown, problems: Sequence[Text] = ()) -> dict[str, Any]:
    grid, mapping, words = shown.grid, shown.mapping, shown.words
    meanings = _meanings(uow)
    unknown = unknown_words(grid, mapping, words_of(uow, of, words))
    groups = []
    for field, name in FIELD_WORDS.items():
        if rows := _word_rows(words.get(name, {}), unknown.get(field, [])):
            groups.append((field, WORD_TITLES[field], rows, meanings[field]))
    return {
        "dense": True,
        "list": of,
        "problems": problems,
        "header": mapping.header,
        "headers": [(number, _preview(row)) for number, row in enumerate(grid.rows[:LOOKED_AT], 1) if any(row)],
        "columns": [_column(at, item, grid, mapping.header) for at, item in enumerate(mapping.columns)],
        "fields": list(FIELD_LABELS.items()),
        "bodies": meanings["body"],
        "kinds": list(ITEM_KIND_LABELS.items()),
        "groups": groups,
        "periods": "\n".join(f"{word} = {meaning}" for word, meaning in words.get("periods", {}).items()),
        "action": page_url(run_path(run_id, "kolommen")),
        "cancel_url": page_url(list_path(of.id)),
        "breadcrumbs": trail((of.name, list_path(of.id)), (_("Kolommen"), None)),
    }


def _preview(row: Sequence[str]) -> str:
    text = " | ".join(cell for cell in row if cell)
    return text if len(text) <= 80 else f"{text[:80]} …"


def _column(at: int, column: Column, grid: Grid, header: int) -> dict[str, Any]:
    cells = [row[at] for row in grid.rows[header:] if at < len(row) and row[at]]
    shown = [cell if len(cell) <= 60 else f"{cell[:60]} …" for cell in dict.fromkeys(cells)]
    return {"at": at, "column": column, "examples": shown[:EXAMPLES]}


def _word_rows(known: Mapping[str, str], unknown: Sequence[str]) -> list[WordRow]:
    rows = [WordRow(word, meaning) for word, meaning in sorted(known.items())]
    told = {row.word for row in rows}
    return [*(WordRow(word, "") for word in unknown if fold(word) not in told), *rows][:MOST_WORDS]


def _meanings(uow: UnitOfWork) -> dict[str, Choices]:
    """What a word can mean, by field. Three statements."""
    return {
        "body": [(str(row.organization_id), row.name) for row in bodies(uow)],
        "kind": list(ITEM_KIND_LABELS.items()),
        "holder": [(str(row.id), row.label) for row in portfolio_posts(uow)],
        "theme": [(str(row.id), row.name) for row in themes(uow)],
    }


def _sent(
    grid: Grid, mapping: TableMapping, words: Mapping[str, Mapping[str, str]]
) -> tuple[TableMapping, dict[str, Mapping[str, str]], list[Text]]:
    """The mapping and the words as they were sent, with what is wrong about them."""
    problems: list[Text] = []
    columns = []
    for at, (name, nth) in enumerate(header_of(grid, mapping.header)):
        field = request.form.get(f"veld-{at}", "")
        body = _uuid(request.form.get(f"orgaan-{at}", "")) if field == "period" else None
        kind = request.form.get(f"soort-{at}", "") if field == "period" else ""
        columns.append(
            Column(
                name=name,
                nth=nth,
                field=field if field in FIELD_LABELS else "",
                body=body,
                kind=kind if kind in ITEM_KIND_LABELS else None,
            )
        )
    fields = [item.field for item in columns if item.field]
    for needed in ("title", "period"):
        if needed not in fields:
            problems.append(_("Kies welke kolom “{field}” is.", field=FIELD_LABELS[needed]))
    problems += [
        _("Er is meer dan één kolom “{field}”. Kies er één.", field=FIELD_LABELS[name])
        for name in FIELD_LABELS
        if name not in ("period", "text") and fields.count(name) > 1
    ]
    found: dict[str, Mapping[str, str]] = dict(words)
    for field, name in FIELD_WORDS.items():
        found[name] = _words_sent(field, words.get(name, {}))
    found["periods"], wrong = _periods_sent(request.form.get("perioden", ""))
    return replace(mapping, columns=tuple(columns)), found, [*problems, *wrong]


def _words_sent(field: str, stored: Mapping[str, str]) -> dict[str, str]:
    """The words of a field with their meanings; a word without one is no longer kept."""
    found = dict(stored)
    for at in range(MOST_WORDS):
        word = fold(without_bad(request.form.get(f"woord-{field}-{at}", ""))[:200])
        meaning = request.form.get(f"betekenis-{field}-{at}", "")
        good = meaning in ITEM_KIND_LABELS if field == "kind" else _uuid(meaning) is not None
        if word and good:
            found[word] = meaning
        elif word:
            found.pop(word, None)
    return found


def _periods_sent(text: str) -> tuple[dict[str, str], list[Text]]:
    """Other words for periods, one per line: "voorjaar 2027 = Q2 2027"."""
    found, wrong = {}, []
    for line in without_bad(text).splitlines()[:MOST_WORDS]:
        word, equals, meaning = line[:300].partition("=")
        if not line.strip():
            continue
        try:
            if not equals or not fold(word) or read_period(meaning) is None:
                raise UnclearPeriod(line)
            found[fold(word)] = meaning.strip()
        except UnclearPeriod:
            wrong.append(_("“{line}” begrijpen wij niet. Schrijf bijvoorbeeld: voorjaar 2027 = Q2 2027.", line=line.strip()[:80]))
    return found, wrong


def _uuid(text: str) -> str | None:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None

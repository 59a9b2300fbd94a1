"""A file that somebody sends for a list: read, and compared with what is here. Nothing is taken over yet."""

from __future__ import annotations

import json

from samen_beleidsagenda.exchange.reading.content import line
from samen_beleidsagenda.exchange.reading.formats import read_json
from samen_beleidsagenda.exchange.reading.guess import guess_mapping, header_of
from samen_beleidsagenda.exchange.reading.table import read_table
from samen_beleidsagenda.models import ImportList, ImportRun
from samen_beleidsagenda.schemas.import_mapping import TableMapping, mapping_from
from samen_beleidsagenda.services.imports.check import check_plan, start_run
from samen_beleidsagenda.services.imports.lists import words_of
from samen_core.api import Grid, Invalid, UnitOfWork, _, fold, read_grid

NEEDED = ("title", "period")


def receive(uow: UnitOfWork, of: ImportList, content: bytes, file_name: str, sheet: str = "") -> ImportRun:
    """Read a file for a list. A table whose columns nobody chose yet waits for that; anything else is compared at once.

    Raises NotAllowed, and Invalid for a file that is too large or not what it should be.
    """
    limit = uow.platform.config.limits.upload_bytes
    if len(content) > limit:
        raise Invalid({"file": [_("Dit bestand is te groot: het mag hoogstens {n} MB zijn.", n=limit // 1_000_000)]})
    if not content:
        raise Invalid({"file": [_("Dit bestand is leeg.")]})
    # Without the folders on the sender's own computer, which some programs send along.
    file_name = line(file_name.replace("\\", "/").rpartition("/")[2])
    if of.format != "table":
        return check_plan(uow, of, read_json(of.format, content, words_of(uow, of)), file_name)
    mapping = mapping_from(of.mapping or {})
    grid = read_grid(content, sheet or mapping.sheet)
    run = start_run(uow, of, file_name, json.dumps({"rows": grid.rows, "sheet": grid.sheet, "sheets": grid.sheets}, ensure_ascii=False))
    return compare_table(uow, of, run, mapping) if fits(grid, mapping) else run


def compare_table(uow: UnitOfWork, of: ImportList, run: ImportRun, mapping: TableMapping) -> ImportRun:
    """Compare the table of a run with what is here. Raises as :func:`receive`."""
    return check_plan(uow, of, read_table(grid_of(run), mapping, words_of(uow, of)), run.file_name, run)


def grid_of(run: ImportRun) -> Grid:
    """The table that was sent. Raises Invalid when it was let go of."""
    if not run.content:
        raise Invalid(_("Dit bestand is niet meer bewaard. Lees het opnieuw in."))
    stored = json.loads(run.content)
    return Grid(tuple(tuple(row) for row in stored["rows"]), stored["sheet"], tuple(stored["sheets"]))


def fits(grid: Grid, mapping: TableMapping) -> bool:
    """Whether the columns that are needed were chosen and stand in this file."""
    there = {(fold(name), nth) for name, nth in header_of(grid, mapping.header)}
    chosen = [item for item in mapping.columns if item.field in NEEDED]
    return {item.field for item in chosen} == set(NEEDED) and all((fold(item.name), item.nth) in there for item in chosen)


def proposal(uow: UnitOfWork, of: ImportList, grid: Grid, header: int | None = None) -> TableMapping:
    """What the columns of a table probably are: as they were chosen before, the rest by their names."""
    known = mapping_from(of.mapping or {})
    chosen = header or (known.header if known.columns else None)
    return guess_mapping(grid, words_of(uow, of).bodies, header=chosen, known=known)

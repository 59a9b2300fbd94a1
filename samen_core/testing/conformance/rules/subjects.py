"""Citable things of a block stand in the subject register."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table, select

from samen_core.subjects import Subject, SubjectType
from samen_core.testing.conformance.context import City, Context
from samen_core.testing.conformance.model import Finding

REGISTER = "core__subject"
MOST_PAGES = 20
"""How many pages of things are opened per type."""


def check_subjects(context: Context) -> Iterator[Finding]:
    """Every row of a citable model is a subject of a declared type, every subject is such a row, and its page opens."""
    types: list[SubjectType] = context.answers("samen_subject_types")
    own = [table for table in context.tables if _is_citable(table)]
    for table in context.tables:
        if "slug" in table.columns and "id" in table.primary_key.columns and table not in own:
            yield f"{table.name} has an address of its own (slug), but its key does not refer to {REGISTER}: register what can be cited"
    if own and not types:
        yield f"{own[0].name} has keys of {REGISTER}, but samen_subject_types declares no type"
    if not types:
        return
    if not own:
        yield f"samen_subject_types declares '{types[0].name}', but no table has a key that refers to {REGISTER}"
        return
    yield from _rows(context, context.seeded, own, {kind.name for kind in types})


def _is_citable(table: Table) -> bool:
    """Whether the rows of a table are things of the block: its own key, not that of somebody else's thing, stands in the register."""
    columns = list(table.primary_key.columns)
    return len(columns) == 1 and columns[0].name == "id" and any(key.column.table.name == REGISTER for key in columns[0].foreign_keys)


def _rows(context: Context, city: City, own: list[Table], types: set[str]) -> Iterator[Finding]:
    with city.platform.engine.connect() as connection:
        subjects = connection.execute(
            select(Subject.id, Subject.type, Subject.owner, Subject.title, Subject.url, Subject.public, Subject.state)
        ).all()
        rows = {table.name: set(connection.execute(select(table.c.id)).scalars()) for table in own}
    of_id = {row.id: row for row in subjects}
    for name, ids in rows.items():
        for id in sorted(ids):
            if of_id[id].owner != context.name or of_id[id].type not in types:
                yield f"a row of {name} is registered as '{of_id[id].type}' of '{of_id[id].owner}', which this block does not declare"
                break
    known = set().union(*rows.values())
    mine = [row for row in subjects if row.owner == context.name]
    for kind in sorted(types):
        found = [row for row in mine if row.type == kind]
        if not found:
            yield f"the demonstration content has no '{kind}', so that nothing shows that one is registered: make one in samen_seed"
        elif loose := [row for row in found if row.id not in known]:
            yield f"{len(loose)} of {len(found)} subjects of type '{kind}' are no row of {', '.join(sorted(rows))}"
        yield from _cards(city, kind, [row for row in found if row.public and row.state == "active"])


def _cards(city: City, kind: str, rows: list[object]) -> Iterator[Finding]:
    visitor = city.visitor()
    for row in rows[:MOST_PAGES]:
        title, url = str(getattr(row, "title", "")), str(getattr(row, "url", ""))
        if not title.strip():
            yield f"a public '{kind}' is registered without a title"
        if url:
            status = visitor.get(url).status_code
            if status >= 400:
                yield f"the '{kind}' {title!r} is registered at {url}, which answers with {status}"

"""Keys from a block's tables to those of others (ARCHITECTURE §5)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ForeignKeyConstraint

from samen_core.privacy import declaration
from samen_core.testing.conformance.context import Context
from samen_core.testing.conformance.model import Finding

SUBJECTS, ACCOUNTS, FILES = "core__subject", "core__user", "core__file"
HOLDING = (None, "RESTRICT", "NO ACTION")


def check_keys(context: Context) -> Iterator[Finding]:
    """Only to subjects, accounts, files and tables of required blocks; never CASCADE, and to accounts SET NULL."""
    for table in context.tables:
        for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name)):
            yield from _problems(context, table.name, key)


def _problems(context: Context, table: str, key: ForeignKeyConstraint) -> Iterator[Finding]:
    target = key.elements[0].target_fullname.rpartition(".")[0]
    owner = target.partition("__")[0]
    if owner == context.name:
        return
    place = f"{table}.{', '.join(key.column_keys)} to {target}"
    action = key.ondelete.upper() if key.ondelete else None
    if target == ACCOUNTS:
        # Rows that are nothing without the account, and are deleted with it, may hold it until then.
        goes_along = any(what.erase == "delete_row" for column in key.table.columns if (what := declaration(column)))
        if not (goes_along and action in HOLDING) and not (action == "SET NULL" and all(column.nullable for column in key.columns)):
            yield f"{place}: a key to an account may be empty and is ondelete='SET NULL', unless erasing the account deletes the row"
        return
    if action not in HOLDING:
        yield f"{place}: ondelete={action!r}; between owners only RESTRICT, so that nobody's rows go with somebody else's"
    if owner == "core" and target not in (SUBJECTS, FILES):
        yield f"{place}: of the platform only {SUBJECTS}, {ACCOUNTS} and {FILES} may be referred to"
    elif owner != "core" and owner not in context.block.requires:
        yield f"{place}: block '{owner}' is not in requires: refer to {SUBJECTS} instead"

"""Personal data: declared on the column, exported and erased as declared, complete for the register of processing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from sqlalchemy import Column, Table, Uuid

from samen_core.privacy import NOT_PERSONAL, Basis, Personal, declaration, owner_column, thing_of
from samen_core.testing.conformance.context import Context
from samen_core.testing.conformance.model import Finding
from samen_core.testing.privacy import privacy_round_trip

TELLING = (str, dict, list)
SHORT = ("label", "people", "receivers")


def check_declared(context: Context) -> Iterator[Finding]:
    """In tables about people every text is declared personal, with purpose, basis, retention, export and erase action, or says why not."""
    declared = False
    for table in context.tables:
        for column in table.columns:
            found = declaration(column)
            if found is not None:
                declared = True
                yield from _incomplete(f"{table.name}.{column.name}", found)
            elif _is_about_people(table) and _may_tell(column) and not column.info.get(NOT_PERSONAL):
                yield f"{table.name}.{column.name} may hold something about a person: declare it with personal(), or not_personal(why)"
    if declared and not context.block.personal_data:
        yield "the manifest says that the block keeps no personal data, but columns are declared personal: set personal_data=True"
    if context.block.personal_data and not declared:
        yield "the manifest says that the block keeps personal data, but no column is declared personal"


def _is_about_people(table: Table) -> bool:
    return owner_column(table) is not None or any(declaration(column) for column in table.columns)


def _may_tell(column: Column[Any]) -> bool:
    if column.foreign_keys or isinstance(column.type, Uuid):
        return False
    try:
        return column.type.python_type in TELLING
    except NotImplementedError:
        return True


def _incomplete(place: str, found: Personal) -> Iterator[Finding]:
    for what, text in (("purpose", found.purpose), ("retention", found.retention)):
        if len(text.split()) < 2:
            yield f"{place}: say the {what} in words that a resident understands, not {text!r}"
    if found.basis not in get_args(Basis):
        yield f"{place}: the basis {found.basis!r} is none of {', '.join(get_args(Basis))}"
    if (found.erase == "keep" or found.keep_when is not None) != bool(found.keep_reason):
        yield f"{place}: a field that erasure keeps says why in keep_reason, and only such a field does"


def check_round_trip(context: Context) -> Iterator[Finding]:
    """For an account with rows in every table: everything is in its export, and after erasing nothing is left but what is kept."""
    yield from privacy_round_trip(context.copy_of_seeded().platform, context.name)


def check_register(context: Context) -> Iterator[Finding]:
    """What the register of processing and the page with own data tell: a word for each field and each thing, and a term that comes true."""
    for table in context.tables:
        declared = [(column, found) for column in table.columns if (found := declaration(column))]
        if declared and not thing_of(table):
            yield f"{table.name} holds personal data but says in no word what a row is: end __table_args__ with thing('…')"
        for column, found in declared:
            if not found.label:
                yield f"{table.name}.{column.name} has no label: two or three words for people"
            if not found.receivers:
                yield f"{table.name}.{column.name} names nobody who gets to see it: receivers=('nobody',) where that is so"
            if found.expires is not None and found.expires.since not in table.columns:
                yield f"{table.name}.{column.name} expires since '{found.expires.since}', which is no column of the table"

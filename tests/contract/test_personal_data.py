"""Personal data is declared where it is stored (AVG art. 30), and what is declared is what the database tells."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Table, Uuid, select, text

from samen_core.accounts.models import User
from samen_core.db import migrate
from samen_core.db.base import Base
from samen_core.models import load_models
from samen_core.platform import Platform
from samen_core.privacy import NOT_PERSONAL, PersonalField, declaration, declaration_rows, declared_columns, owner_column, thing_of

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.fixture
def samen_config() -> dict[str, Any]:
    return {"blocks": ["citycontent", "inbreng", "samenspreker"]}


OURS = ("core__", "citycontent__", "inbreng__", "samenspreker__")
TYPES_THAT_TELL = (str, dict, list)


def our_tables(platform: Platform) -> list[Table]:
    load_models(platform)
    return [table for table in Base.metadata.sorted_tables if table.name.startswith(OURS)]


def is_about_people(table: Table) -> bool:
    """A table of accounts, with a column for the account, or with at least one field of a person."""
    return table.name == User.__tablename__ or owner_column(table) is not None or any(declaration(column) for column in table.columns)


def may_tell(column: Column[Any]) -> bool:
    """Whether a column could hold something about somebody: text or a structure that is no reference."""
    if column.foreign_keys or isinstance(column.type, Uuid):
        return False
    if isinstance(column.type, JSON):
        return True
    try:
        return column.type.python_type in TYPES_THAT_TELL
    except NotImplementedError:
        return True


def test_every_column_that_may_tell_about_a_person_is_declared(platform: Platform) -> None:
    silent = [
        f"{table.name}.{column.name}"
        for table in our_tables(platform)
        if is_about_people(table)
        for column in table.columns
        if may_tell(column) and not declaration(column) and not column.info.get(NOT_PERSONAL)
    ]
    assert silent == []


def test_every_declaration_tells_what_for_and_how_long(platform: Platform) -> None:
    tables = our_tables(platform)
    found = [(column, item) for column, item in declared_columns(Base.metadata) if column.table in tables]
    assert {"core__user", "citycontent__person", "citycontent__membership"} <= {column.table.name for column, _item in found}
    for column, item in found:
        name = f"{column.table.name}.{column.name}"
        assert len(item.purpose.split()) >= 2, name
        assert len(item.retention.split()) >= 2, name
        assert bool(item.keep_reason) == (item.erase == "keep" or item.keep_when is not None), name
        assert item.label, name
        assert item.receivers, name
        assert thing_of(column.table), column.table.name


def test_an_upgrade_brings_the_stored_declarations_in_line_with_the_code(platform: Platform) -> None:
    with platform.write_engine.begin() as connection:
        connection.execute(text("UPDATE core__personal_field SET purpose = 'oud', retention = 'oud', erase = 'keep'"))
        connection.execute(text("DELETE FROM core__personal_field WHERE column_name = 'sources'"))
        connection.execute(text("UPDATE core__personal_field SET column_name = 'weg' WHERE column_name = 'biography'"))
    migrate.upgrade(platform)
    tables = our_tables(platform)
    rows = declaration_rows((column, item) for column, item in declared_columns(Base.metadata) if column.table in tables)
    declared = {(row["table_name"], row["column_name"]): json.loads(json.dumps(row)) for row in rows}
    with platform.engine.connect() as connection:
        found = connection.execute(select(*PersonalField.__table__.columns)).mappings().all()
    stored = {(row["table_name"], row["column_name"]): dict(row) for row in found if row["table_name"].startswith(OURS)}
    assert stored == declared
    assert declared["citycontent__person", "sources"]["retention"]

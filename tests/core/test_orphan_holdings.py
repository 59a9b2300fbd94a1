"""What is kept about an account in tables whose block is gone, and whose models nobody imported."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import insert, text

from samen_core.actor import Actor
from samen_core.platform import Platform
from samen_core.privacy import Personal, PersonalField, declaration_rows, personal
from samen_core.privacy.holdings import holdings

TABLES = (
    "CREATE TABLE gone__parent (id CHAR(32) PRIMARY KEY, account_id CHAR(32) REFERENCES core__user (id), word TEXT NOT NULL)",
    "CREATE TABLE gone__child (id CHAR(32) PRIMARY KEY, account_id CHAR(32), word TEXT, of_id CHAR(32) REFERENCES gone__parent (id))",
)


def test_keys_to_tables_of_others_do_not_stand_in_the_way(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    """The page with own data failed once a block with a key to accounts was uninstalled."""
    what: Personal = personal("dit onthouden", "consent", "een jaar")["personal"]
    with platform.write_engine.begin() as connection:
        for statement in TABLES:
            connection.execute(text(statement.replace("CHAR(32)", "UUID") if connection.dialect.name == "postgresql" else statement))
        for name in ("gone__child", "gone__parent"):
            connection.execute(insert(PersonalField), [_row(name, what)])
    with platform.read(actor_as("resident")) as uow:
        names = [found.table.name for found in holdings(uow.session, "gone")]
    assert names == ["gone__parent", "gone__child"]


def _row(table: str, what: Personal) -> dict[str, object]:
    from sqlalchemy import Column, MetaData, String, Table

    column = Column("word", String)
    Table(table, MetaData(), column)
    [row] = declaration_rows([(column, what)])
    return {**row, "of": "account_id"}

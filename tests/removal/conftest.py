"""What the tests of removal share: an installation that loses a block, and a block with every type of column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, table, text

from samen_core.blocks.discovery import Installed
from samen_core.blocks.dumps.core_rows import PARTS
from samen_core.blocks.dumps.rows import read_rows, reflected, shape_of
from samen_core.blocks.orphans import tables_by_owner
from samen_core.db import migrate
from samen_core.platform import Parts, Platform
from tests.support.blocks import BlockMaker

HOOKS = """
from samen_core.api import SearchDocument, SearchSource, SubjectType, _, hookimpl
from sqlalchemy import text

@hookimpl
def samen_subject_types():
    return [SubjectType("memo", _("memo"), _("memo's"))]

def load(uow, ids):
    rows = uow.session.execute(text("SELECT id, body FROM memo__note")).all()
    known = {str(row.id).replace("-", ""): row.body for row in rows}
    return [SearchDocument(id, "Memo", body=known[id.hex]) for id in ids if id.hex in known]

@hookimpl
def samen_search_sources():
    return [SearchSource("memo", load)]
"""
MODELS = """
import uuid
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column
from samen_core.api import Base, personal

class Note(Base):
    __tablename__ = "memo__note"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__user.id", ondelete="SET NULL"))
    body: Mapped[str] = mapped_column(info=personal("lezen wat iemand schreef", "public_task", "een jaar"))
"""
TABLES = """
moment = sa.DateTime(timezone=True)
op.create_table(
    "memo__note",
    sa.Column("id", sa.Uuid, sa.ForeignKey("core__subject.id"), primary_key=True),
    sa.Column("parent_id", sa.Uuid, sa.ForeignKey("memo__note.id")),
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("core__user.id", ondelete="SET NULL")),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", moment, nullable=False),
    sa.Column("day", sa.Date),
    sa.Column("hour", sa.Time),
    sa.Column("price", sa.Numeric(10, 2)),
    sa.Column("weight", sa.Float),
    sa.Column("done", sa.Boolean, nullable=False),
    sa.Column("facts", sa.JSON(none_as_null=True).with_variant(sa.dialects.postgresql.JSONB(none_as_null=True), "postgresql")),
    sa.Column("raw", sa.LargeBinary),
    sa.Column("file_id", sa.Uuid, sa.ForeignKey("core__file.id")),
)
op.create_table(
    "memo__like",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("note_id", sa.Uuid, sa.ForeignKey("memo__note.id"), nullable=False),
    sa.Column("account_id", sa.Uuid, sa.ForeignKey("core__user.id", ondelete="CASCADE"), nullable=False),
)
op.create_table("memo__word", sa.Column("word", sa.Text, primary_key=True))
op.bulk_insert(sa.table("memo__word", sa.column("word")), [{"word": "of the migration"}])
"""


@pytest.fixture
def make_block(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockMaker]:
    """Blocks that are written on the spot."""
    maker = BlockMaker(tmp_path_factory.mktemp("blocks"))
    yield maker
    maker.forget()


@pytest.fixture
def memo(make_block: BlockMaker) -> Installed:
    """A block with every type of column, keys to itself, to things, files and accounts, and rows that its migration put in."""
    made = make_block("memo", hooks=HOOKS, models=MODELS)
    make_block.migration(made, 1, TABLES)
    return made


@pytest.fixture
def city(platform: Platform, memo: Installed) -> Iterator[Platform]:
    """The city with the memo block."""
    made = with_blocks(platform, memo)
    yield made
    made.close()


def with_blocks(platform: Platform, *added: Installed, without: tuple[str, ...] = (), disabled: tuple[str, ...] = ()) -> Platform:
    """The same installation after installing and enabling blocks, uninstalling some, or disabling some; migrated."""
    installed = {name: found for name, found in platform.installed.items() if name not in without}
    installed |= {block.name: block for block in added}
    names = (*platform.config.blocks, *(block.name for block in added))
    names = tuple(dict.fromkeys(name for name in names if name not in (*without, *disabled)))
    made = Platform(replace(platform.config, blocks=names), Parts(clock=platform.clock, installed=installed))
    migrate.upgrade(made)
    return made


def everything(platform: Platform, *owners: str) -> dict[str, list[bytes]]:
    """Every row of every block (or of these), and of core what may belong to a block, as lines in order."""
    found: dict[str, list[bytes]] = {}
    with platform.engine.connect() as connection:
        for owner, names in tables_by_owner(connection).items():
            for name in names if owner != "core" and owner in (owners or (owner,)) else ():
                found[name] = list(read_rows(connection, reflected(connection, name)))
        for part in PARTS:
            shape = shape_of(part.table)
            found[shape.name] = [line for line in read_rows(connection, shape) if shape.name != "core__migration"]
    return found


def contents(platform: Platform) -> dict[str, bytes]:
    """Every content in the file store."""
    found = {}
    for key in platform.files.every_key():
        with platform.files.open(key) as stream:
            found[key] = stream.read()
    return found


def tables(platform: Platform, owner: str) -> set[str]:
    """The tables that an owner has in the database."""
    with platform.engine.connect() as connection:
        return {name for name in inspect(connection).get_table_names() if name.startswith(f"{owner}__")}


def one(platform: Platform, statement: str, **values: Any) -> Any:
    """The first row of a statement."""
    with platform.engine.connect() as connection:
        return connection.execute(text(statement), values).first()


def count(platform: Platform, name: str) -> int:
    """How many rows a table has."""
    with platform.engine.connect() as connection:
        return len(connection.execute(select(text("1")).select_from(table(name))).all())


def quiet(_line: str) -> None:
    """Say nothing."""


def folder_in(path: Path, name: str = "dump") -> Path:
    """A folder that is not there yet."""
    return path / name

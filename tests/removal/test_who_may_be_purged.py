"""What builds on a block goes first, a block that is in use stays, and no table of core is forgotten."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from samen_core.blocks.dumps import core_rows
from samen_core.blocks.orphans import row_counts
from samen_core.blocks.purge import purge_block
from samen_core.blocks.restore import restore_block
from samen_core.db.base import Base
from samen_core.errors import StartupError
from samen_core.platform import Platform
from tests.removal.conftest import quiet, tables, with_blocks
from tests.support.blocks import BlockMaker


@pytest.fixture
def samen_config() -> dict[str, Any]:
    return {"blocks": ["citycontent"]}


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_who_may_not_be_purged(city: Platform, make_block: BlockMaker, tmp_path: Path) -> None:
    leaner = make_block("leaner", manifest={"requires": ("memo",)})
    make_block.migration(leaner, 1, 'op.create_table("leaner__x", sa.Column("id", sa.Uuid, sa.ForeignKey("memo__note.id")))')
    both = with_blocks(city, leaner)
    for platform, name, because in (
        (both, "memo", "block 'leaner' is enabled and builds on 'memo'"),
        (with_blocks(both, disabled=("leaner",)), "memo", "run 'samen blocks purge leaner' first"),
        (with_blocks(both, without=("leaner",)), "memo", "run 'samen blocks purge leaner' first"),
        (both, "leaner", "block 'leaner' is enabled: run 'samen blocks disable leaner'"),
        (both, "core", "no block 'core'"),
        (both, "nergens", "no block 'nergens' has tables .* these have: citycontent, leaner, memo"),
    ):
        with pytest.raises(StartupError, match=because):
            purge_block(platform, name, tmp_path / "dump", quiet)
        platform.close()
    assert not (tmp_path / "dump").exists()
    alone = with_blocks(both, disabled=("leaner",))
    purge_block(alone, "leaner", tmp_path / "dump", quiet)
    assert tables(alone, "leaner") == set()
    alone.close()


def test_what_builds_on_a_block_does_not_stand_in_its_way_unseen(city: Platform, make_block: BlockMaker, tmp_path: Path) -> None:
    purge_block(with_blocks(city, without=("memo",)), "memo", tmp_path / "dump", quiet)
    leaner = make_block("leaner", manifest={"requires": ("memo",)})
    make_block.migration(leaner, 1, 'op.create_table("leaner__x", sa.Column("id", sa.Uuid, sa.ForeignKey("memo__note.id")))')
    both = with_blocks(city, leaner)
    with both.write_engine.begin() as connection:
        connection.execute(text("DELETE FROM memo__word"))
    with pytest.raises(StartupError, match="block 'leaner' builds on 'memo' and has tables here: run 'samen blocks purge leaner'"):
        restore_block(both, tmp_path / "dump", quiet)
    both.close()


def test_tables_are_counted_whatever_their_number(city: Platform) -> None:
    with city.engine.connect() as connection:
        assert set(row_counts(connection, ["core__user"] * 700)) == {"core__user"}


def test_every_table_of_core_was_thought_of() -> None:
    """A new table of core says here whether its rows belong to blocks, so that purging never forgets them."""
    for name in ("samen_core.limits", "samen_core.webhooks.models"):
        importlib.import_module(name)
    parts = {part.table.name for part in core_rows.PARTS}
    core = {name for name in Base.metadata.tables if name.startswith("core__")}
    assert parts | set(core_rows.KEPT) == core
    assert not parts & set(core_rows.KEPT)

"""What is left of a block that is not installed is found from the database alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from samen_core.blocks.orphans import OrphanData, orphans, row_counts, tables_by_owner
from samen_core.platform import Parts, Platform


def without(platform: Platform, *names: str) -> Platform:
    """The same installation after ``pip uninstall`` of these blocks."""
    config = replace(platform.config, blocks=tuple(name for name in platform.config.blocks if name not in names))
    return Platform(config, Parts(installed={name: found for name, found in platform.installed.items() if name not in names}))


@pytest.fixture
def samen_config() -> dict[str, Any]:
    return {"blocks": ["citycontent", "inbreng", "samenspreker"]}


def test_the_tables_of_an_absent_block_are_orphans(platform: Platform) -> None:
    assert orphans(platform) == []
    smaller = without(platform, "samenspreker")
    (left,) = orphans(smaller)
    assert left.block == "samenspreker"
    assert "samenspreker__question" in left.tables
    assert "samenspreker__alembic_version" not in left.tables
    smaller.close()
    with platform.write_engine.begin() as connection:
        # Without a version table it is no block's: somebody else's table in the same database.
        connection.execute(text("CREATE TABLE other__table (id INTEGER)"))
        connection.execute(text("CREATE TABLE gone_block__alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("CREATE TABLE gone_block__thing (id INTEGER)"))
        connection.execute(text("INSERT INTO gone_block__thing VALUES (1), (2), (3)"))
        assert orphans(platform, connection) == [OrphanData("gone_block", ("gone_block__thing",))]
        assert "core__subject" in tables_by_owner(connection)["core"]
        assert row_counts(connection, ["gone_block__thing", "other__table"]) == {"gone_block__thing": 3, "other__table": 0}
        assert row_counts(connection, ["gone_block__thing"], most=1) == {"gone_block__thing": 2}
        assert row_counts(connection, []) == {}

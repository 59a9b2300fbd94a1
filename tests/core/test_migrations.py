"""Migrations: up, without drift, down; one at a time; all of an owner or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text

from samen_core.blocks.discovery import Installed, installed_blocks
from samen_core.db import migrate
from samen_core.db.base import Base
from samen_core.db.migrate import Migration, Owner, OwnerStatus
from samen_core.errors import StartupError
from samen_core.models import load_models
from samen_core.platform import Parts, Platform
from samen_core.privacy import PersonalField, declared_columns
from samen_core.testing.platforms import make_config
from samen_core.testing.postgres import PostgresServer
from tests.core.test_change_log import in_threads
from tests.support.blocks import BlockMaker

Make = Callable[..., Installed]
BLOCKS = ("citycontent", "gereedschap")
GOOD = 'op.create_table("made__thing", sa.Column("id", sa.Integer, primary_key=True))'


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    yield server.create_database("empty")
    server.drop_database("empty")


@contextmanager
def platform_on(url: str, folder: Path, *blocks: Installed, enabled: tuple[str, ...] | None = None) -> Iterator[Platform]:
    """A platform on this database; ``blocks`` are enabled beside the city and the example, unless ``enabled`` says otherwise."""
    installed = {**installed_blocks(), **{block.name: block for block in blocks}}
    names = enabled if enabled is not None else (*BLOCKS, *(block.name for block in blocks))
    platform = Platform(make_config(folder, url, blocks=list(names)), Parts(installed=installed))
    try:
        yield platform
    finally:
        platform.close()


def tables(platform: Platform) -> set[str]:
    """The tables that are there."""
    with platform.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def status_of(platform: Platform, owner: str) -> OwnerStatus:
    """What ran and what waits for one owner."""
    return next(found for found in migrate.status(platform) if found.owner == owner)


def owner_of(platform: Platform, name: str) -> Owner:
    """One owner."""
    return next(owner for owner in migrate.all_owners(platform) if owner.name == name)


def test_an_empty_database_gets_every_table_and_then_nothing(empty_url: str, tmp_path: Path) -> None:
    with platform_on(empty_url, tmp_path) as platform:
        with pytest.raises(StartupError, match=r"behind the code \('core_0001' did not run\): run 'samen db upgrade'"):
            migrate.require_current(platform)
        ran = migrate.upgrade(platform)
        assert [revision.partition("_")[0] for revision in ran if revision.endswith("_0001")] == ["core", "citycontent", "gereedschap"]
        load_models(platform)
        assert {table for table in Base.metadata.tables if table.startswith(("core__", "citycontent__", "gereedschap__"))} <= tables(
            platform
        )
        assert migrate.upgrade(platform) == []
        migrate.require_current(platform)
        assert all(not found.pending and not found.unknown for found in migrate.status(platform))


@pytest.mark.parametrize("owner", ["core", *BLOCKS])
def test_the_models_are_what_the_migrations_make(platform: Platform, owner: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    load_models(platform)
    with platform.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=migrate.context_options(owner))
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_can_be_taken_back(platform: Platform) -> None:
    for name in ("gereedschap", "citycontent", "core"):
        migrate.downgrade(platform, owner_of(platform, name))
        assert not {table for table in tables(platform) if table.startswith(f"{name}__") and not table.endswith("alembic_version")}
    if platform.engine.dialect.name == "postgresql":
        with platform.engine.connect() as connection:
            kinds = connection.execute(text("SELECT typname FROM pg_type WHERE typtype = 'e'")).scalars().all()
        assert kinds == []
    assert len(migrate.upgrade(platform)) == sum(len(owner.revisions()) for owner in migrate.all_owners(platform))


def test_concurrent_upgrades_run_each_migration_once(empty_url: str, tmp_path: Path) -> None:
    ran: list[list[str]] = []

    def work(index: int) -> None:
        with platform_on(empty_url, tmp_path) as platform:
            ran.append(migrate.upgrade(platform))

    in_threads(work, 3)
    assert sorted(map(len, ran))[:2] == [0, 0]
    with platform_on(empty_url, tmp_path) as platform, platform.engine.connect() as connection:
        stored = connection.execute(select(Migration.revision)).scalars().all()
    assert sorted(stored) == sorted(max(ran, key=len))


def test_a_failing_migration_leaves_nothing_behind(platform: Platform, db_url: str, tmp_path: Path, make_block: BlockMaker) -> None:
    made = make_block("made")
    make_block.migration(made, 1, GOOD)
    make_block.migration(
        made, 2, 'op.add_column("made__thing", sa.Column("name", sa.Text))\nop.execute("INSERT INTO made__absent VALUES (1)")'
    )
    with platform_on(db_url, tmp_path, made) as with_made:
        with pytest.raises(Exception, match="made__absent"):
            migrate.upgrade(with_made)
        assert not {table for table in tables(with_made) if table.startswith("made__")}
        assert status_of(with_made, "made").applied == ()
        make_block.migration(made, 2, 'op.add_column("made__thing", sa.Column("name", sa.Text))')
        assert migrate.upgrade(with_made) == ["made_0001", "made_0002"]


def test_a_failing_block_does_not_take_the_owners_before_it_along(empty_url: str, tmp_path: Path, make_block: BlockMaker) -> None:
    made = make_block("made", manifest={"requires": ("citycontent",)})
    make_block.migration(made, 1, "raise RuntimeError('half-way')")
    with platform_on(empty_url, tmp_path, made) as platform:
        with pytest.raises(RuntimeError, match="half-way"):
            migrate.upgrade(platform)
        assert status_of(platform, "core").pending == ()
        assert status_of(platform, "citycontent").pending == ()


def test_a_batch_change_keeps_the_rows_that_refer_to_the_table(
    platform: Platform, db_url: str, tmp_path: Path, make_block: BlockMaker
) -> None:
    """SQLite changes a table by copying and dropping it, which would fire cascades."""
    made = make_block("made")
    make_block.migration(
        made,
        1,
        """
        op.create_table("made__parent", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
        op.create_table("made__child", sa.Column("id", sa.Integer, primary_key=True),
                        sa.Column("parent", sa.Integer, sa.ForeignKey("made__parent.id", ondelete="CASCADE")))
        op.execute("INSERT INTO made__parent VALUES (1, 'a')")
        op.execute("INSERT INTO made__child VALUES (7, 1)")
        """,
    )
    with platform_on(db_url, tmp_path, made) as with_made:
        migrate.upgrade(with_made)
        make_block.migration(made, 2, 'with op.batch_alter_table("made__parent") as batch:\n    batch.alter_column("name", nullable=False)')
        assert migrate.upgrade(with_made) == ["made_0002"]
        with with_made.engine.connect() as connection:
            assert connection.execute(text("SELECT id FROM made__child")).scalars().all() == [7]
            if connection.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_migration_that_breaks_a_reference_is_refused(platform: Platform, db_url: str, tmp_path: Path, make_block: BlockMaker) -> None:
    made = make_block("made")
    make_block.migration(
        made,
        1,
        """
        op.create_table("made__parent", sa.Column("id", sa.Integer, primary_key=True))
        op.create_table("made__child", sa.Column("parent", sa.Integer, sa.ForeignKey("made__parent.id")))
        op.execute("INSERT INTO made__child VALUES (1)")
        """,
    )
    with platform_on(db_url, tmp_path, made) as with_made:
        with pytest.raises(Exception, match=r"broke a foreign key of table made__child|violates foreign key"):
            migrate.upgrade(with_made)
        assert "made__child" not in tables(with_made)


def test_a_newer_database_is_fine_until_something_was_taken_away(
    platform: Platform, db_url: str, tmp_path: Path, make_block: BlockMaker
) -> None:
    made = make_block("made")
    make_block.migration(made, 1, GOOD)
    paths = [make_block.migration(made, 2, "pass"), make_block.migration(made, 3, "pass", contract=True)]
    with platform_on(db_url, tmp_path, made) as with_made:
        migrate.upgrade(with_made)
        paths[1].unlink()
        with pytest.raises(StartupError, match=r"newer than the code \('made_0003' is unknown here\): install the newer version of 'made'"):
            migrate.require_current(with_made)
        with pytest.raises(StartupError, match="newer than the code"):
            migrate.upgrade(with_made)
        with with_made.write_engine.begin() as connection:
            connection.execute(text("UPDATE core__migration SET contract = false WHERE revision = 'made_0003'"))
        migrate.require_current(with_made)
        assert migrate.upgrade(with_made) == []
        assert status_of(with_made, "made").unknown == ("made_0003",)


def test_a_disabled_block_with_tables_keeps_migrating(platform: Platform, db_url: str, tmp_path: Path, make_block: BlockMaker) -> None:
    first, second = make_block("zz_first"), make_block("aa_second", manifest={"requires": ("zz_first",)})
    for made in (first, second):
        make_block.migration(made, 1, f'op.create_table("{made.name}__thing", sa.Column("id", sa.Integer, primary_key=True))')
    with platform_on(db_url, tmp_path, first, second) as with_made:
        migrate.upgrade(with_made)
    for made in (first, second):
        make_block.migration(made, 2, "pass")
    with platform_on(db_url, tmp_path, second, first, enabled=BLOCKS) as without:
        assert [owner.name for owner in migrate.owners(without)][-2:] == ["zz_first", "aa_second"]
        migrate.require_current(without)
        assert migrate.upgrade(without) == ["zz_first_0002", "aa_second_0002"]


def test_an_installed_block_that_was_never_enabled_has_no_tables(
    platform: Platform, db_url: str, tmp_path: Path, make_block: BlockMaker
) -> None:
    made = make_block("made")
    make_block.migration(made, 1, GOOD)
    with platform_on(db_url, tmp_path, made, enabled=BLOCKS) as without:
        assert migrate.upgrade(without) == []
        assert "made__thing" not in tables(without)


def test_an_uninstalled_block_does_not_stop_the_others(platform: Platform, db_url: str, tmp_path: Path, make_block: BlockMaker) -> None:
    made = make_block("made")
    make_block.migration(made, 1, GOOD)
    with platform_on(db_url, tmp_path, made) as with_made:
        migrate.upgrade(with_made)
    with platform_on(db_url, tmp_path) as without:
        migrate.require_current(without)
        assert migrate.upgrade(without) == []
        assert "made__thing" in tables(without)


def test_the_declarations_of_personal_data_are_stored(platform: Platform, db_url: str, tmp_path: Path) -> None:
    load_models(platform)
    declared = {
        (column.table.name, column.name)
        for column, _found in declared_columns(Base.metadata)
        if column.table.name.partition("__")[0] in ("core", *BLOCKS)
    }
    with platform.engine.connect() as connection:
        rows = {(row.table_name, row.column_name): row for row in connection.execute(select(*PersonalField.__table__.columns))}
    assert set(rows) == declared
    row = rows["gereedschap__loan", "note"]
    assert (row.owner, row.purpose, row.basis, row.export, row.erase) == (
        "gereedschap",
        "weten waarvoor het gereedschap nodig is",
        "agreement",
        True,
        "blank",
    )


def test_the_declarations_outlive_their_block_and_follow_its_code(platform: Platform, db_url: str, tmp_path: Path) -> None:
    with platform.write_engine.begin() as connection:
        connection.execute(text("UPDATE core__personal_field SET purpose = 'iets anders' WHERE owner IN ('gereedschap', 'core')"))
        row = {"t": "gone__thing", "c": "name"}
        columns = "table_name, column_name, owner, purpose, basis, retention, export, erase, keep_reason"
        connection.execute(
            text(f"INSERT INTO core__personal_field ({columns}) VALUES (:t, :c, 'gone', 'p', 'consent', 'r', true, 'blank', '')"), row
        )
    migrate.upgrade(platform)
    with platform.engine.connect() as connection:
        purposes = connection.execute(select(PersonalField.purpose)).scalars().all()
        gone = connection.execute(select(PersonalField.purpose).where(PersonalField.owner == "gone")).scalars().all()
    assert "iets anders" not in purposes
    assert gone == ["p"]


def test_a_database_that_cannot_be_opened_is_one_clear_line(tmp_path: Path) -> None:
    with (
        platform_on(f"sqlite:///{tmp_path / 'absent' / 'samen.db'}", tmp_path) as platform,
        pytest.raises(StartupError, match="the database cannot be opened: unable to open database file"),
    ):
        migrate.require_current(platform)


def test_a_server_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with (
        platform_on("postgresql+psycopg://nobody@127.0.0.1:1/samen?connect_timeout=2", tmp_path) as platform,
        pytest.raises(StartupError, match=r"the database cannot be opened: .*(refused|failed)"),
    ):
        migrate.require_current(platform)


def test_a_new_migration_is_written_from_the_models(platform: Platform, db_url: str, tmp_path: Path, make_block: BlockMaker) -> None:
    models = """
    import uuid
    from datetime import datetime
    from typing import Any
    from sqlalchemy import ForeignKey
    from sqlalchemy.orm import Mapped, mapped_column
    from samen_core.api import Base, JSONType
    class Thing(Base):
        __tablename__ = "made__thing"
        id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
        at: Mapped[datetime] = mapped_column(index=True)
        facts: Mapped[dict[str, Any]]
    """
    made = make_block("made", models=models)
    with platform_on(db_url, tmp_path, made) as with_made:
        path = migrate.new_revision(with_made, owner_of(with_made, "made"), "The things, and more!")
        assert path.name == "0001_the_things_and_more.py"
        source = path.read_text(encoding="utf-8")
        assert 'revision = "made_0001"' in source.replace("'", '"')
        assert "import samen_core" not in source
        assert "gereedschap__" not in source
        assert migrate.upgrade(with_made) == ["made_0001"]
        assert "made__thing" in tables(with_made)
        migrate.downgrade(with_made, owner_of(with_made, "made"))
        assert "made__thing" not in tables(with_made)

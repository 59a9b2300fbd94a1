"""Migrations: one linear Alembic history and one version table per owner (core and every block), under one lock.

Revision ids are ``<owner>_NNNN`` in files ``NNNN_*.py``, so the newest revision of the code is known from file names alone and a
server checks its database in one statement without importing Alembic.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Connection, String, TypeDecorator, delete, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.blocks.order import arrange
from samen_core.db.base import Base, Key
from samen_core.errors import StartupError
from samen_core.models import load_models
from samen_core.privacy import PersonalField, declaration_rows, declared_columns

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

    from samen_core.platform import Platform

ADVISORY_LOCK = 0x5A3E4
LOCK_TIMEOUT = "5s"
LOCK_ATTEMPTS = 5
CORE = "core"
MIGRATIONS = Path(__file__).parent.parent / "migrations"
_FILE = re.compile(r"(\d{4})_\w+\.py")


class Migration(Base):
    """A migration that ran. ``contract`` marks one that older code cannot live with."""

    __tablename__ = "core__migration"

    revision: Mapped[str] = mapped_column(String(60), primary_key=True)
    owner: Mapped[str] = mapped_column(String(40), index=True)
    contract: Mapped[bool]
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns a history: a name and the folder with its migrations."""

    name: str
    folder: Path

    def revisions(self) -> list[str]:
        """The revision ids of the code, oldest first, from file names."""
        numbers = sorted(match[1] for path in self.folder.glob("*.py") if (match := _FILE.fullmatch(path.name)))
        return [f"{self.name}_{number}" for number in numbers]


@dataclass(frozen=True, slots=True)
class OwnerStatus:
    """What the code has and what the database has of one owner."""

    owner: str
    applied: tuple[str, ...]
    pending: tuple[str, ...]
    unknown: tuple[str, ...]
    contracted: tuple[str, ...] = ()
    """Those of ``unknown`` that this code cannot live with."""


def version_table(owner: str) -> str:
    """The name of an owner's version table."""
    return f"{owner}__alembic_version"


def all_owners(platform: Platform) -> list[Owner]:
    """Core and every enabled block, in order, whether it has migrations or not."""
    return [Owner(CORE, MIGRATIONS / "versions"), *(Owner(block.name, block.migrations) for block in platform.blocks)]


def owners(platform: Platform) -> list[Owner]:
    """Core and every enabled block with migrations, in order; also disabled blocks that are installed and have tables here."""
    found = all_owners(platform)
    with platform.engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
    enabled = platform.registry.names()
    kept = {name: item for name, item in platform.installed.items() if name not in enabled and version_table(name) in tables}
    disabled = arrange({name: item.block for name, item in kept.items() if item.block and not item.problem})
    found += [Owner(block.name, kept[block.name].migrations) for block in disabled]
    return [owner for owner in found if owner.folder.is_dir()]


def status(platform: Platform, of: Sequence[Owner] | None = None) -> list[OwnerStatus]:
    """The state of every owner's history, in one statement."""
    rows = _applied(platform)
    known = owners(platform) if of is None else of
    result = []
    for owner in known:
        code = owner.revisions()
        applied = {row.revision: row.contract for row in rows if row.owner == owner.name}
        unknown = tuple(revision for revision in applied if revision not in code)
        result.append(
            OwnerStatus(
                owner.name,
                applied=tuple(applied),
                pending=tuple(revision for revision in code if revision not in applied),
                unknown=unknown,
                contracted=tuple(revision for revision in unknown if applied[revision]),
            )
        )
    return result


def _applied(platform: Platform) -> list[Any]:
    statement = select(Migration.revision, Migration.owner, Migration.contract).order_by(Migration.revision)
    try:
        with platform.engine.connect() as connection:
            return list(connection.execute(statement))
    except ProgrammingError:
        return []
    except OperationalError as error:
        if "no such table" in str(error):
            return []
        raise StartupError(f"the database cannot be opened: {error.orig}") from None


def require_current(platform: Platform) -> None:
    """Raise StartupError when the database is behind the code, or ahead of it by a migration that this code cannot live with."""
    for found in status(platform, all_owners(platform)):
        if found.pending:
            of_block = "" if found.owner == CORE else f"block '{found.owner}': "
            raise StartupError(f"{of_block}the database is behind the code ('{found.pending[0]}' did not run): run 'samen db upgrade'")
        _refuse_newer(found)


def _refuse_newer(found: OwnerStatus) -> None:
    if found.contracted:
        raise StartupError(
            f"the database is newer than the code ('{found.contracted[0]}' is unknown here): install the newer version of '{found.owner}'"
        )


def upgrade(platform: Platform) -> list[str]:
    """Run every pending migration under one lock, one transaction per owner; the revisions that ran, in order.

    Raises StartupError for a database that is newer than the code by a migration that this code cannot live with.
    """
    ran: list[str] = []
    with upgrade_lock(platform):
        for owner in owners(platform):
            (found,) = status(platform, [owner])
            _refuse_newer(found)
            if found.pending:
                _migrate(platform, owner, "head")
                ran += found.pending
        store_declarations(platform)
    return ran


def downgrade(platform: Platform, owner: Owner) -> None:
    """Take back every migration of an owner; for tests that prove that each ``downgrade`` works."""
    with upgrade_lock(platform):
        _migrate(platform, owner, "base")


def _migrate(platform: Platform, owner: Owner, target: str) -> None:
    for attempt in range(LOCK_ATTEMPTS):
        try:
            with migration_connection(platform) as connection:
                run_alembic(connection, owner, target)
            return
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != "55P03" or attempt == LOCK_ATTEMPTS - 1:
                raise
            time.sleep(1)


@contextmanager
def migration_connection(platform: Platform) -> Iterator[Connection]:
    """One transaction. On SQLite foreign keys are off (a batch ALTER would fire cascades) and checked before the commit."""
    with platform.write_engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        raw: Any = connection.connection.driver_connection
        if sqlite:
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
                yield connection
                if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                    raise RuntimeError(f"a migration broke a foreign key of table {broken[0]}")
        finally:
            if sqlite:
                raw.execute("PRAGMA foreign_keys=ON")


def alembic_config(owner: Owner, connection: Connection | None = None) -> AlembicConfig:
    """Alembic's configuration for one owner."""
    from alembic.config import Config as AlembicConfig

    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("version_locations", str(owner.folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, owner=owner.name)
    return config


def context_options(owner: str) -> dict[str, Any]:
    """The options of every migration context: its own version table, batch mode, and only the owner's tables."""
    prefix = f"{owner}__"

    def include_name(name: str | None, kind: str, _parents: Any) -> bool:
        return kind != "table" or bool(name and name.startswith(prefix) and not _shadow(name) and name != version_table(owner))

    def include_object(_item: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
        return kind != "table" or bool(name and name.startswith(prefix) and not _shadow(name))

    return {
        "version_table": version_table(owner),
        "target_metadata": Base.metadata,
        "render_as_batch": True,
        "transactional_ddl": True,
        "compare_type": True,
        "include_name": include_name,
        "include_object": include_object,
        "render_item": _render_item,
    }


def _shadow(name: str) -> bool:
    """Tables of the search index: made by hand in a migration, unknown to the models."""
    return name.startswith("core__search_fts")


def _render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Write our own column types as the plain types below them, because migrations import nothing from the package."""
    if kind == "type":
        if isinstance(item, TypeDecorator):
            return f"sa.{item.impl!r}"
        if isinstance(item, Key):
            return "sa.Uuid()"
        if isinstance(item, JSON):
            autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
            return "sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')"
    return False


def run_alembic(connection: Connection, owner: Owner, target: str) -> None:
    """Bring an owner's schema up to a revision or ``head``, or down to ``base``, in the caller's transaction."""
    from alembic import command
    from alembic.script import ScriptDirectory

    config = alembic_config(owner, connection)
    before = _version(connection, owner)
    if target == "base":
        command.downgrade(config, "base")
        if owner.name != CORE:
            connection.execute(delete(Migration).where(Migration.owner == owner.name))
        return
    command.upgrade(config, target)
    after = _version(connection, owner)
    ran = [] if before == after else list(ScriptDirectory.from_config(config).iterate_revisions(after, before))
    rows = [
        {"revision": item.revision, "owner": owner.name, "contract": bool(getattr(item.module, "contract", False)), "at": datetime.now(UTC)}
        for item in reversed(ran)
    ]
    for row in rows:
        connection.execute(insert(Migration).values(**row))


def _version(connection: Connection, owner: Owner) -> str | None:
    if not inspect(connection).has_table(version_table(owner.name)):
        return None
    value: str | None = connection.exec_driver_sql(f'SELECT version_num FROM "{version_table(owner.name)}"').scalar()  # noqa: S608 - the name is a checked block name
    return value


def store_declarations(platform: Platform, connection: Connection | None = None) -> None:
    """Write down what the models of every owner here declare personal, in place of what stood there."""
    if connection is None:
        with platform.write_engine.begin() as opened:
            store_declarations(platform, opened)
        return
    load_models(platform)
    names = {owner.name for owner in owners(platform)}
    columns = [(column, found) for column, found in declared_columns(Base.metadata) if column.table.name.partition("__")[0] in names]
    connection.execute(delete(PersonalField).where(PersonalField.owner.in_(names)))
    if columns:
        connection.execute(insert(PersonalField), declaration_rows(columns))


def new_revision(platform: Platform, owner: Owner, message: str) -> Path:
    """Write the next migration of an owner from the difference between its models and the database; the file made."""
    from alembic import command

    load_models(platform)
    owner.folder.mkdir(parents=True, exist_ok=True)
    number = len(owner.revisions()) + 1
    slug = re.sub(r"\W+", "_", message.lower()).strip("_")[:40]
    with platform.engine.connect() as connection:
        config = alembic_config(owner, connection)
        config.set_main_option("file_template", f"{number:04d}_{slug}")
        command.revision(config, message=message, autogenerate=True, rev_id=f"{owner.name}_{number:04d}", version_path=str(owner.folder))
    return owner.folder / f"{number:04d}_{slug}.py"


@contextmanager
def upgrade_lock(platform: Platform) -> Iterator[None]:
    """One upgrade at a time: an advisory lock on PostgreSQL, a lock file beside the database on SQLite."""
    url = platform.engine.url
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            yield
            return
        import fcntl

        path = Path(f"{url.database}.lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stream = path.open("w")
        except OSError as error:
            raise StartupError(f"the folder of the database cannot be written: {error.strerror}: {path.parent}") from None
        with stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield
        return
    with platform.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
            connection.rollback()

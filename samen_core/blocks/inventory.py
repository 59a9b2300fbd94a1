"""Every block that this city knows, with its state: from code and database, also when the platform cannot start."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from samen_core.blocks.discovery import Installed, installed_blocks
from samen_core.blocks.orphans import tables_by_owner
from samen_core.blocks.state import BlockState, Pause, with_dependants
from samen_core.config import Config
from samen_core.db.engine import make_engine
from samen_core.db.migrate import CORE

State = Literal["installed", "enabled", "paused", "disabled", "orphan", "broken"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A block: ``installed`` (no data), ``enabled``, ``paused``, ``disabled`` (data, not enabled), ``orphan`` (data, no code), ``broken``.

    ``problem`` says what keeps a broken one from starting; ``found`` is None where nothing is installed.
    """

    name: str
    state: State
    found: Installed | None
    pause: Pause | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database knows of blocks: the tables of each, the reasons of those that are paused; ``problem`` when it does not answer."""

    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    paused: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def inventory(config: Config) -> tuple[list[Entry], str]:
    """Every block in order of name, and why the database could not be asked ("" when it could)."""
    kept = kept_by(config)
    return entries(config.blocks, installed_blocks(), kept), kept.problem


def entries(enabled: Collection[str], installed: Mapping[str, Installed], kept: Kept) -> list[Entry]:
    """Every block that is installed, enabled or has tables, in order of name."""
    pauses = with_dependants([installed[name] for name in enabled if name in installed], kept.paused)
    names = {*installed, *enabled, *(name for name in kept.tables if name != CORE)}
    return [_entry(name, name in enabled, installed.get(name), bool(kept.tables.get(name)), pauses.get(name)) for name in sorted(names)]


def _entry(name: str, enabled: bool, found: Installed | None, has_tables: bool, pause: Pause | None) -> Entry:
    if found is None:
        return Entry(name, "broken", None, problem="enabled but not installed") if enabled else Entry(name, "orphan", None)
    if found.problem:
        return Entry(name, "broken", found, problem=found.problem)
    if enabled:
        return Entry(name, "paused" if pause else "enabled", found, pause)
    return Entry(name, "disabled" if has_tables else "installed", found)


def kept_by(config: Config) -> Kept:
    """Ask the database of a configuration; an absent or silent one is told, never made and never raised."""
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return Kept(problem="there is no database yet: run 'samen db upgrade'")
    engine = make_engine(config.database_url, pool_size=1)
    try:
        with engine.connect() as connection:
            tables = tables_by_owner(connection)
            has_states = BlockState.__tablename__ in tables.get(CORE, ())
            rows = connection.execute(select(BlockState.name, BlockState.reason).where(BlockState.paused)) if has_states else ()
            return Kept(tables, {row[0]: row[1] for row in rows})
    except DBAPIError as error:
        return Kept(problem=f"the database does not answer: {' '.join(str(error.orig).split())}")
    finally:
        engine.dispose()

"""Migrations of a block: up, without drift from the models, and down again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import inspect

from samen_core.db import migrate
from samen_core.db.base import Base
from samen_core.db.migrate import Owner
from samen_core.models import load_models
from samen_core.platform import Platform
from samen_core.testing.conformance.context import Context
from samen_core.testing.conformance.model import Finding, Note
from samen_core.testing.conformance.source import Module

FILE = re.compile(r"\d{4}_\w+\.py")


def check_up(context: Context) -> Iterator[Finding]:
    """They are named and numbered in a row, import nothing of the package, and make every table of the models."""
    folder = context.installed.migrations
    paths = sorted(path for path in folder.glob("*.py") if path.name != "__init__.py") if folder.is_dir() else []
    for number, path in enumerate(paths, start=1):
        if not FILE.fullmatch(path.name) or int(path.name[:4]) != number:
            yield f"migrations/{path.name}: the files are called NNNN_what_it_does.py and numbered from 0001 without a gap"
        for name, line in Module(path.stem, path).imports(f"{context.package}.migrations"):
            root = name.partition(".")[0]
            if root in (context.package, "samen_core", *(found.package for found in context.everything.values())):
                yield f"migrations/{path.name}:{line}: imports {name}: a migration holds what it needs itself, since code changes later"
    made = _tables(context.empty.platform, context.name)
    for table in context.tables:
        if table.name not in made:
            yield f"no migration makes the table {table.name}: run 'samen db revision {context.name} -m \"what it does\"'"


def check_both_ways(context: Context) -> Iterator[Finding]:
    """On SQLite and PostgreSQL: up, no difference with the models, down to nothing, and up again."""
    yield from _both_ways(context, context.make_platform())
    if context.postgres is None:
        yield Note("not checked on PostgreSQL: its programs are not on this machine (on Debian: apt-get install postgresql)")
        return
    with context.postgres_database() as url:
        platform = context.make_platform(url)
        yield from _both_ways(context, platform)
        platform.close()


def _both_ways(context: Context, platform: Platform) -> Iterator[Finding]:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[platform.engine.dialect.name]
    migrate.upgrade(platform)
    load_models(platform)
    with platform.engine.connect() as connection:
        alembic = MigrationContext.configure(connection, opts=migrate.context_options(context.name))
        for difference in compare_metadata(alembic, Base.metadata):
            yield f"on {kind} the models differ from what the migrations make: {_words(difference)}"
    owner = Owner(context.name, context.installed.migrations)
    if not owner.revisions():
        return
    migrate.downgrade(platform, owner)
    left = _tables(platform, context.name) - {migrate.version_table(context.name)}
    if left:
        yield f"on {kind} the downgrade leaves {', '.join(sorted(left))}"
        return
    migrate.upgrade(platform)


def _tables(platform: Platform, owner: str) -> set[str]:
    with platform.engine.connect() as connection:
        return {name for name in inspect(connection).get_table_names() if name.startswith(f"{owner}__")}


def _words(difference: object) -> str:
    found = difference[0] if isinstance(difference, list) and difference else difference
    return " ".join(str(getattr(part, "name", part)) for part in found if part is not None) if isinstance(found, tuple) else str(found)

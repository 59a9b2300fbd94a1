"""Whose tables a block declares: every table starts with the name of the block whose code holds it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from types import ModuleType

from sqlalchemy import Table

from samen_core.blocks.discovery import Installed
from samen_core.db.base import Base
from samen_core.errors import block_error


def require_own_prefixes(blocks: Sequence[Installed]) -> None:
    """Raise StartupError, naming the block, for a table whose name does not start with that of its block."""
    for installed in blocks:
        if foreign := foreign_table(installed):
            raise block_error(installed.name, f"declares the table '{foreign}', which must start with '{installed.name}__'")


def foreign_table(installed: Installed) -> str | None:
    """The first table of the loaded models of a block that does not start with its name, or None."""
    prefix = f"{installed.name}__"
    return next((name for name in sorted(_declared(installed.package)) if not name.startswith(prefix)), None)


def _declared(package: str) -> Iterator[str]:
    """The tables that the code of a package declares: those of its classes, and those in its models that it imports from nobody."""
    for mapper in Base.registry.mappers:
        if _inside(mapper.class_.__module__, package) and isinstance(mapper.local_table, Table):
            yield mapper.local_table.name
    others = {
        id(value)
        for name, module in list(sys.modules.items())
        if not _inside(name, package) and (name.endswith(".models") or ".models." in name)
        for value in _tables(module)
    }
    for name, module in list(sys.modules.items()):
        if _inside(name, f"{package}.models"):
            yield from (table.name for table in _tables(module) if id(table) not in others)


def _inside(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _tables(module: ModuleType) -> Iterator[Table]:
    return (value for value in list(vars(module).values()) if isinstance(value, Table) and value.metadata is Base.metadata)

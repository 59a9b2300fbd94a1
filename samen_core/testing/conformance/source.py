"""The source of a block as it is written, without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

NOT_RUN = ("migrations", "tests", "static", "templates")
"""Folders in a package whose modules are no part of the running block."""


@dataclass(frozen=True)
class Module:
    """One module of a package: its name inside the package (``services/rounds``) and its path."""

    name: str
    path: Path

    @property
    def top(self) -> str:
        """The part of the block that it belongs to: ``services``."""
        return self.name.partition("/")[0]

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.path.read_text(encoding="utf-8"), str(self.path))

    def dotted(self, package: str) -> str:
        """The name to import it by."""
        name = self.name.replace("/", ".").removesuffix("__init__").rstrip(".")
        return f"{package}.{name}" if name else package

    def imports(self, package: str) -> Iterator[tuple[str, int]]:
        """The modules that it imports, with the line; ``from a import b`` gives ``a`` and ``a.b``; relative names are written out."""
        here = self.dotted(package).split(".")
        folder = here if self.name.endswith("__init__") else here[:-1]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = ".".join(folder[: len(folder) - node.level + 1]) if node.level else ""
                module = ".".join(part for part in (base, node.module) if part)
                yield module, node.lineno
                yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)


def read_modules(folder: Path) -> tuple[Module, ...]:
    """The modules of a package that run, in order of their names."""
    paths = sorted(path for path in folder.rglob("*.py") if path.relative_to(folder).parts[0] not in NOT_RUN)
    return tuple(Module(path.relative_to(folder).with_suffix("").as_posix(), path) for path in paths)

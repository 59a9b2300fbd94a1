"""Blocks that a test writes on the spot, found as pip would have installed them."""

from __future__ import annotations

import importlib
import sys
import textwrap
from importlib.metadata import EntryPoint
from itertools import count
from pathlib import Path
from typing import Any

from samen_core.blocks.discovery import Installed, installed_blocks

_numbers = count(1)


class BlockMaker:
    """Writes packages in a folder and reads them as installed blocks; :meth:`forget` takes them from Python's memory again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.packages: list[str] = []
        sys.path.insert(0, str(folder))

    def __call__(self, name: str, *, manifest: dict[str, Any] | None = None, block: str | None = None, **modules: str) -> Installed:
        """The block ``name`` with these modules (``hooks="..."``); ``manifest`` adds to its Block, ``block`` replaces block.py whole."""
        package = f"made_{next(_numbers)}_{name}"
        folder = self.folder / package
        folder.mkdir()
        self.packages.append(package)
        arguments = {"name": name, "api": (1, 1), **(manifest or {})}
        listed = "".join(f", {key}={value!r}" for key, value in arguments.items())
        source = f'from samen_core.manifest import Block, _\nblock = Block(label=_("{name}"), summary=_("Een bouwsteen"){listed})\n'
        files = {"__init__": "", "block": block if block is not None else source, **modules}
        for module, text in files.items():
            (folder / f"{module}.py").write_text(textwrap.dedent(text), encoding="utf-8")
        importlib.invalidate_caches()
        return installed_blocks([EntryPoint(name, f"{package}.block:block", "samen.blocks")])[name]

    def migration(self, installed: Installed, number: int, upgrade: str, downgrade: str = "pass", *, contract: bool = False) -> Path:
        """Add a migration to a block."""
        folder = self.folder / installed.package / "migrations"
        folder.mkdir(exist_ok=True)
        before = repr(f"{installed.name}_{number - 1:04d}") if number > 1 else None
        source = "import sqlalchemy as sa\nfrom alembic import op\n"
        source += f'revision = "{installed.name}_{number:04d}"\ndown_revision = {before}\ncontract = {contract}\n'
        source += f"def upgrade():\n{textwrap.indent(textwrap.dedent(upgrade).strip(), '    ')}\n"
        source += f"def downgrade():\n{textwrap.indent(textwrap.dedent(downgrade).strip(), '    ')}\n"
        path = folder / f"{number:04d}_step.py"
        path.write_text(source, encoding="utf-8")
        return path

    def forget(self) -> None:
        """Remove the packages from Python's memory and path, and their tables from the shared metadata."""
        from samen_core.db.base import Base

        sys.path.remove(str(self.folder))
        for package in self.packages:
            for module in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
                del sys.modules[module]
            prefix = package.split("_", 2)[2] + "__"
            for table in [table for table in Base.metadata.tables.values() if table.name.startswith(prefix)]:
                Base.metadata.remove(table)

"""Compares the Dutch texts of every package of this repository with its English catalogue; see :mod:`samen_core.testing.catalogues`."""

from __future__ import annotations

import sys
from pathlib import Path

from samen_core.testing.catalogues import main

ROOT = Path(__file__).resolve().parent.parent


def packages() -> list[Path]:
    """The package folders that say something: core, the city, every block, the example and the template of new blocks."""
    found = [ROOT / "samen_core", ROOT / "citycontent"]
    others = (ROOT / "tests" / "example_block" / "src", ROOT / "samen_core" / "scaffold" / "template" / "src")
    for source in (*sorted(ROOT.glob("blocks/*/src")), *others):
        found += sorted(path for path in source.iterdir() if (path / "block.py").is_file())
    return found


if __name__ == "__main__":
    sys.exit(main(packages=packages()))

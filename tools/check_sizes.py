"""Fails when a module or function has grown too long to read in one go.

A module may hold 420 lines and a function 60; a larger one is split by concept. Migrations are exempt: they are
generated, and one holds all tables of its owner. So are tests, which are read one by one.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

MODULE_LINES = 420
FUNCTION_LINES = 60
CHECKED = ("samen_core", "citycontent", "blocks", "bench", "tools")


def is_checked(path: Path) -> bool:
    """Whether the bounds hold for this file."""
    return not {"migrations", "tests"} & set(path.parts)


def complaints(path: Path) -> list[str]:
    """One line for the module and for each function in it that is too long."""
    source = path.read_text(encoding="utf-8")
    found = []
    length = source.count("\n")
    if length > MODULE_LINES:
        found.append(f"{path}: {length} lines, at most {MODULE_LINES}")
    for node in ast.walk(ast.parse(source, filename=str(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                found.append(f"{path}:{node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES}")
    return found


def main() -> int:
    """Check every Python file that git knows or would add; the status is 1 when one is too long."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.py"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    paths = [Path(name) for name in listed if name.startswith(tuple(f"{folder}/" for folder in CHECKED))]
    found = [line for path in paths if is_checked(path) and path.exists() for line in complaints(path)]
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

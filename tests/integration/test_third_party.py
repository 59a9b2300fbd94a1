"""The block of another vendor, as that vendor has it: wheels in a clean environment outside the checkout, without a network."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.wheels import build_wheels, make_environment, pack_dependencies, run

EXAMPLE = ROOT / "tests" / "example_block"
OURS = ("samen_core", "citycontent", "samen_inbreng", "samen_samenspreker")
PUBLIC = (
    "samen_core.manifest",
    "samen_core.api",
    "samen_core.web.api",
    "samen_core.rest.api",
    "samen_core.cli.api",
    "citycontent.api",
    "citycontent.web.api",
)
FOR_TESTS = (*PUBLIC, "samen_core.testing", "citycontent.testing")


def imported(folder: Path) -> set[str]:
    """The modules of ours that the code in a folder imports when it runs."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        typing = {inner for node in ast.walk(tree) if _is_type_checking(node) for inner in ast.walk(node)}
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            if node not in typing:
                found |= {name for name in names if name.partition(".")[0] in OURS}
    return found


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def test_it_imports_what_every_vendor_may() -> None:
    assert imported(EXAMPLE / "src") <= set(PUBLIC)
    wrong = {
        name for name in imported(EXAMPLE / "tests") if not any(name == public or name.startswith(f"{public}.") for public in FOR_TESTS)
    }
    assert not wrong


def test_the_event_that_it_waits_for_is_the_one_that_is_told() -> None:
    """It knows the Samenspreker by the name of an event only."""
    from samen_gereedschap.services.projects import DECIDED

    from samen_samenspreker.events import DecisionPublished

    assert DecisionPublished.type == DECIDED


@pytest.mark.soak
def test_its_own_suite_passes_in_a_clean_environment(tmp_path: Path) -> None:
    """Everything from wheels: the platform, our blocks and this one. Nothing of the checkout is on the path.

    The same suite runs in the checkout with all the others.
    """
    house = tmp_path / "house"
    house.mkdir()
    built = build_wheels(house, tmp_path / "work")
    assert {path.name.partition("-")[0] for path in built} >= {"samen", "samen_gereedschap", "samen_inbreng", "samen_samenspreker"}
    pack_dependencies(house, "samen[testing]")
    environment = make_environment(tmp_path / "environment", house, "samen[testing]", "samen-gereedschap", quick=True)
    suite = tmp_path / "vendor" / "tests"
    shutil.copytree(EXAMPLE / "tests", suite, ignore=shutil.ignore_patterns("__pycache__"))

    where = run(
        environment.python,
        "-c",
        "import samen_gereedschap, samen_core; print(samen_gereedschap.__file__, samen_core.__file__)",
        cwd=tmp_path,
    )
    assert all(Path(name).is_relative_to(environment.folder) for name in where.split())
    passed = _pytest(environment.python, suite)
    assert " passed" in passed
    assert " failed" not in passed


def _pytest(python: str, suite: Path) -> str:
    """Run a suite with the plugins of that environment only; what it says at the end."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    command = [python, "-m", "pytest", "-q", "--import-mode=importlib", "-p", "no:cacheprovider", str(suite)]
    done = subprocess.run(command, cwd=suite.parent, env=kept, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(done.stdout[-6000:] + done.stderr[-2000:], pytrace=False)
    return done.stdout.splitlines()[-1]

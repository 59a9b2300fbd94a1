"""Trying a new block: installing it in this environment, its tests, the conformance rules. Each runs as its own process, as by hand."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from samen_core.errors import StartupError
from samen_core.scaffold.writing import NewBlock

EDITABLE = ("install", "--no-deps", "--no-build-isolation", "--no-index", "--config-settings", "editable_mode=compat", "--editable")
NEEDED = {"pip": "python -m ensurepip", "pytest": "pip install 'samen[testing]'", "setuptools": "pip install setuptools"}


def require_tools() -> None:
    """Raise StartupError when something is missing that trying a block needs, with the command that mends it."""
    for module, mend in NEEDED.items():
        if importlib.util.find_spec(module) is None:
            raise StartupError(f"{module} is not installed here: run {mend}, or add --no-test to only write the files")


def install(new: NewBlock) -> None:
    """Install the block in this environment, so that its source is what runs. Needs no network. Raises StartupError."""
    arguments = ["pip", "--disable-pip-version-check", "--quiet", *EDITABLE, str(new.folder)]
    done = subprocess.run(_python(*arguments), env=_environment(), capture_output=True, text=True, check=False)  # noqa: S603 - our own command line
    if done.returncode:
        last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "pip failed")
        raise StartupError(f"the files are in {new.folder}, but pip could not install them: {last}")


def run_tests(new: NewBlock) -> bool:
    """Run the tests of the block on SQLite, in sight; whether they pass."""
    return _in_sight(new.folder, "pytest", "-q", "-p", "no:cacheprovider", "--databases=sqlite")


def run_check(new: NewBlock) -> bool:
    """Check the conformance rules, in sight; whether the block reaches the tier that it claims."""
    return _in_sight(new.folder, "samen_core.cli", "blocks", "check", new.name)


def _in_sight(folder: Path, *arguments: str) -> bool:
    sys.stdout.flush()
    return subprocess.run(_python(*arguments), cwd=folder, env=_environment(), check=False).returncode == 0  # noqa: S603


def _python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def _environment() -> dict[str, str]:
    """Our environment without what belongs to a city or to another run of pytest."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("SAMEN_", "PYTEST_"))}

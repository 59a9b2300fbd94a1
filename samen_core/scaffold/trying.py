"""Trying a new block: installing it in this environment, its tests, the conformance rules. Each runs as its own process, as by hand."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of the conformance rules: the tier that the block reaches, and a line for each rule that is not kept or not looked at."""

    kept: int
    reached: str
    failed: tuple[str, ...]
    unchecked: tuple[str, ...]


def run_check(new: NewBlock) -> Checked:
    """Check the conformance rules. Raises StartupError when that is not possible at all."""
    command = _python("samen_core.cli", "blocks", "check", new.name, "--json")
    done = subprocess.run(command, cwd=new.folder, env=_environment(), capture_output=True, text=True, check=False)  # noqa: S603
    try:
        found = json.loads(done.stdout)
    except ValueError:
        raise StartupError(f"the rules could not be checked: {' '.join(done.stderr.split())[-300:]}") from None
    lines: dict[str, list[str]] = {}
    for rule in found["rules"]:
        lines.setdefault(rule["state"], []).append(f"{rule['code']}: {'; '.join((*rule['problems'], *rule['notes']))}")
    kept = len(lines.get("ok", ()))
    return Checked(kept, found["reached"] or "no tier", tuple(lines.get("failed", ())), tuple(lines.get("unchecked", ())))


def _in_sight(folder: Path, *arguments: str) -> bool:
    sys.stdout.flush()
    return subprocess.run(_python(*arguments), cwd=folder, env=_environment(), check=False).returncode == 0  # noqa: S603


def _python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def _environment() -> dict[str, str]:
    """Our environment without what belongs to a city or to another run of pytest."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("SAMEN_", "PYTEST_"))}

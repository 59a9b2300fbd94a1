"""``docs/writing-a-block.md`` is done step by step: its changes fit what ``samen blocks new`` writes, its commands do what it says."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from samen_core.scaffold.writing import new_block, write_block
from samen_core.testing.catalogues import problems, update
from tests.support.paths import ROOT
from tests.support.wheels import build_wheels, pack_dependencies

TUTORIAL = ROOT / "docs" / "writing-a-block.md"
PORT = "8000"
"""The port that the tutorial names; the test takes a free one."""


@dataclass(frozen=True, slots=True)
class Step:
    """A fenced part of the tutorial: commands (``sh``), commands of which the last fails (``sh fails``), or a change (``diff``)."""

    kind: str
    text: str


def steps() -> list[Step]:
    """The steps in order."""
    found = re.findall(r"^```(sh fails|sh|diff)\n(.*?)^```$", TUTORIAL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [Step(kind, text) for kind, text in found]


def test_every_change_fits_the_block_that_is_written_and_leaves_nothing_untranslated(tmp_path: Path) -> None:
    new = new_block("buurtbudget", label="Buurtbudget", author="Uw organisatie", folder=tmp_path / "buurtbudget")
    write_block(new)
    package = new.folder / "src" / new.package
    changes = [step.text for step in steps() if step.kind == "diff"]
    assert len(changes) >= 5
    for change in changes:
        if "en.po" in change:
            assert list(problems(package)) != []
            update(package)
        apply(change, new.folder)
    assert list(problems(package)) == []


def apply(change: str, folder: Path) -> None:
    """Make a change as the tutorial says: it must fit to the line, or ``patch`` leaves a copy of the file that is no part of a block."""
    done = subprocess.run(["patch", "-p1", "--fuzz=0", "--force"], cwd=folder, input=change, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{change}"
    assert "offset" not in done.stdout, f"{done.stdout}\n{change}"


@pytest.mark.soak
@pytest.mark.timeout(1500)
def test_done_from_the_first_to_the_last_step_without_a_network(tmp_path: Path) -> None:
    house, work = tmp_path / "house", tmp_path / "sources"
    house.mkdir()
    work.mkdir()
    build_wheels(house, work, [ROOT])
    pack_dependencies(house, "samen[testing]", "setuptools>=80", "pip")
    script = tmp_path / "tutorial.sh"
    script.write_text(f"set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n{as_script(free_port())}", encoding="utf-8")
    done = subprocess.run(["bash", str(script)], cwd=tmp_path, env=variables(house), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
    assert (tmp_path / "work" / "buurtbudget" / "dist" / "samen_buurtbudget-0.1.0-py3-none-any.whl").is_file()
    assert (tmp_path / "work" / "bewaard" / "manifest.json").is_file()


def as_script(port: str) -> str:
    """All steps as one script, in one shell, so that folders and the environment carry over."""
    lines = []
    for number, step in enumerate(steps()):
        text = step.text.replace(f":{PORT}", f":{port}")
        if step.kind == "diff":
            lines.append(f"patch -p1 --fuzz=0 --force <<'END OF CHANGE {number}'\n{text}END OF CHANGE {number}\n")
        elif step.kind == "sh fails":
            lines.append(f"if ( set -e; {text.strip()} ); then echo 'step {number} should fail' >&2; exit 1; fi\n")
        else:
            lines.append(text)
    return f"export PORT={port}\n{''.join(lines)}"


def variables(house: Path) -> dict[str, str]:
    """The environment of somebody with only a folder of wheels."""
    kept = {name: value for name, value in os.environ.items() if name in ("HOME", "LANG", "TMPDIR")}
    path = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if not (Path(part) / "samen").exists())
    assert shutil.which("python3", path=path), "no python3 outside the environment of this project"
    return {**kept, "PATH": path, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(house), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def free_port() -> str:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])

"""Wheels of everything here and of what it needs, and clean environments made from them without a network.

The dependencies are packed again from this environment, which has the locked versions: what pip downloaded is not kept, and a test
may not reach an index.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.paths import ROOT

OURS = ("samen",)
INSTALLED_BY = ("INSTALLER", "REQUESTED", "RECORD", "direct_url.json")
"""Files that an installer adds to the metadata of a distribution."""


def sources() -> list[Path]:
    """The folders of our distributions: the platform, every block, and the block of another vendor."""
    return [ROOT, *sorted(path.parent for path in ROOT.glob("blocks/*/setup.cfg")), ROOT / "tests" / "example_block"]


def build_wheels(house: Path, work: Path, folders: Iterable[Path] | None = None) -> list[Path]:
    """Build wheels of these distributions (all of ours) into ``house``, from copies in ``work`` of the files that git would keep."""
    before = set(house.glob("*.whl"))
    copies = [_copied(folder, work) for folder in (sources() if folders is None else folders)]
    arguments = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet"]
    run(sys.executable, "-m", "pip", "wheel", *arguments, "--wheel-dir", str(house), *(str(copy) for copy in copies))
    return sorted(set(house.glob("*.whl")) - before)


def _copied(folder: Path, work: Path) -> Path:
    """A copy of a distribution's source, so that building leaves nothing in the tree."""
    to = work / (folder.name if folder != ROOT else "samen")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=folder, capture_output=True, text=True, check=True
    )
    skipped = ("blocks/", "tests/", "bench/") if folder == ROOT else ()
    for name in filter(None, listed.stdout.split("\0")):
        if name.startswith(skipped) or not (folder / name).exists():
            continue
        target = to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (folder / name).is_dir():  # a link to a folder
            shutil.copytree(folder / name, target, dirs_exist_ok=True)
        else:
            shutil.copyfile(folder / name, target)
    return to


def pack_dependencies(house: Path, *requirements: str) -> list[Path]:
    """Wheels in ``house`` of what these requirements need, each packed from this environment.

    Ours are not among them, but what they need is: as the wheels say that were built into ``house`` before.
    """
    return [_pack(needed, house) for needed in _needed(house, requirements)]


def _requires(name: str, house: Path) -> list[str]:
    if not name.startswith(OURS):
        return distribution(name).requires or []
    with zipfile.ZipFile(next(house.glob(f"{name.replace('-', '_')}-[0-9]*.whl"))) as wheel:
        info = next(entry for entry in wheel.namelist() if entry.endswith(".dist-info/METADATA"))
        return message_from_bytes(wheel.read(info)).get_all("Requires-Dist") or []


def _needed(house: Path, requirements: Iterable[str]) -> Iterator[Distribution]:
    waiting, seen = [Requirement(text) for text in requirements], set()
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if (name, frozenset(wanted.extras)) in seen:
            continue
        first = all(other != name for other, _extras in seen)
        seen.add((name, frozenset(wanted.extras)))
        for text in _requires(name, house):
            needs = Requirement(text)
            if needs.marker is None or any(needs.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras)):
                waiting.append(needs)
        if first and not name.startswith(OURS):
            yield distribution(wanted.name)


def _pack(found: Distribution, house: Path) -> Path:
    name = found.metadata["Name"].replace("-", "_").replace(".", "_")
    stem = f"{name}-{found.version}"
    wheel = (found.read_text("WHEEL") or "").splitlines()
    tags = [line.removeprefix("Tag:").strip() for line in wheel if line.startswith("Tag:")]
    path = house / f"{stem}-{_joined(tags)}.whl"
    scripts = {point.name for point in found.entry_points if point.group in ("console_scripts", "gui_scripts")}
    record, info = [], next(file.parts[0] for file in found.files or () if file.parts[0].endswith(".dist-info"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for file in found.files or ():
            if "__pycache__" in file.parts or (file.parts[0] == info and file.name in INSTALLED_BY):
                continue
            inside = file.as_posix()
            if file.parts[0] == "..":
                outside = [part for part in file.parts if part != ".."]
                if outside[0] == "bin" and outside[-1] in scripts:
                    continue
                kind = ("scripts", *outside[1:]) if outside[0] == "bin" else ("data", *outside)
                inside = "/".join((f"{stem}.data", *kind))
            source = Path(str(file.locate()))
            digest = base64.urlsafe_b64encode(hashlib.sha256(source.read_bytes()).digest()).rstrip(b"=").decode()
            archive.write(source, inside)
            record.append(f'"{inside}",sha256={digest},{source.stat().st_size}\n')
        archive.writestr(f"{info}/RECORD", "".join(record) + f"{info}/RECORD,,\n")
    return path


def _joined(tags: list[str]) -> str:
    """The tags of a wheel as they stand in its name."""
    parts = [tag.split("-") for tag in tags]
    return "-".join(".".join(dict.fromkeys(part[index] for part in parts)) for index in range(3))


def run(*command: str, cwd: Path | None = None, **variables: str) -> str:
    """Run a command that must succeed, without our own environment; what it printed."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SAMEN_", "PIP_", "PYTHON", "PYTEST_", "VIRTUAL_ENV"))
    }
    done = subprocess.run(command, cwd=cwd, env={**kept, **variables}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment outside the checkout, with what was installed from a wheelhouse."""

    folder: Path
    house: Path

    @property
    def python(self) -> str:
        """Its interpreter."""
        return str(self.folder / "bin" / "python")

    @property
    def samen(self) -> str:
        """Its ``samen`` command."""
        return str(self.folder / "bin" / "samen")

    def pip_install(self, *requirements: str) -> None:
        """Install from the wheelhouse as a vendor without a network does."""
        arguments = ["--no-index", "--find-links", str(self.house), "--disable-pip-version-check", "--quiet"]
        run(self.python, "-m", "pip", "install", *arguments, *requirements)


def make_environment(folder: Path, house: Path, *requirements: str, quick: bool = False) -> Environment:
    """A clean environment with these requirements from the wheelhouse; ``quick`` installs with uv, which links instead of copying."""
    made = Environment(folder, house)
    if not quick:
        run(sys.executable, "-m", "venv", str(folder))
        made.pip_install(*requirements)
        return made
    uv = str(Path(sys.executable).with_name("uv"))
    run(uv, "venv", "--quiet", "--offline", "--no-config", "--python", sys.executable, str(folder))
    arguments = ["--quiet", "--offline", "--no-config", "--no-index", "--find-links", str(house), "--python", made.python]
    run(uv, "pip", "install", *arguments, "--cache-dir", str(folder.parent / "uv-cache"), *requirements)
    return made

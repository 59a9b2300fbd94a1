"""The scripts behind the make commands: one clear line when something is in the way, and nothing thrown away by mistake."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT

NOBODY = 65534


@pytest.fixture
def project() -> Iterator[Path]:
    """A folder with only the scripts, which another user may read too."""
    folder = Path(tempfile.mkdtemp(prefix="samen-scripts-"))
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def run(project: Path, script: str, prefix: tuple[str, ...] = (), **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*prefix, "bash", f"tools/{script}"], cwd=project, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def program(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    return line


def test_setup_in_a_read_only_folder(project: Path) -> None:
    project.chmod(0o555)
    prefix = () if os.geteuid() else ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    assert (
        one_line(run(project, "setup.sh", prefix))
        == f"samen: the folder {project} is read-only; copy the project to a folder you may write to."
    )


def test_setup_without_python(project: Path) -> None:
    assert "Python 3.11 or newer is needed, but no-python is missing" in one_line(run(project, "setup.sh", PYTHON="no-python"))


def test_setup_with_old_python(project: Path) -> None:
    old = program(project / "bin", "python-old", 'case "$*" in *version_info*) exit 1 ;; esac; echo Python 3.9.2')
    assert f"but {old} is Python 3.9.2" in one_line(run(project, "setup.sh", PYTHON=str(old)))


def test_setup_without_venv_module(project: Path) -> None:
    bare = program(project / "bin", "python-bare", 'case "$*" in *ensurepip*) exit 1 ;; esac')
    assert "apt-get install python3-venv" in one_line(run(project, "setup.sh", PYTHON=str(bare)))


def test_missing_packages_are_named_where_they_may_not_be_installed(project: Path) -> None:
    """A search path without chromium and shellcheck, nor apt-get to install them."""
    for name in ("bash", "dirname", "tr", "ldconfig", "grep", "java", "node", "npm", "git", "initdb"):
        program(project / "bin", name, f'exec {shutil.which(name, path="/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin") or "true"} "$@"')
    line = one_line(run(project, "test_setup.sh", PATH=str(project / "bin")))
    assert line.startswith("samen: the tests need packages that only an administrator can install. Run: sudo apt-get install")
    assert line.split("--no-install-recommends ")[1] == "chromium shellcheck"


def demonstration(project: Path, environment: str = "demo") -> Path:
    (project / "var").mkdir()
    (project / "var" / "samen.toml").write_text(f'environment = "{environment}"\n', encoding="utf-8")
    (project / "var" / "samen.db").touch()
    return project / "var"


def test_reset_removes_a_demonstration(project: Path) -> None:
    folder = demonstration(project)
    assert "gone" in run(project, "demo_reset.sh").stdout
    assert not folder.exists()
    assert "no demonstration" in run(project, "demo_reset.sh").stdout


def test_reset_leaves_a_real_city_alone(project: Path) -> None:
    folder = demonstration(project, "production")
    assert "not of a demonstration" in one_line(run(project, "demo_reset.sh"))
    assert (folder / "samen.db").exists()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc on this system, which tells who has a file open")
def test_reset_waits_for_a_running_demonstration(project: Path) -> None:
    folder = demonstration(project)
    with (folder / "samen.db").open("rb"):
        assert f"is running (process {os.getpid()})" in one_line(run(project, "demo_reset.sh"))
    assert (folder / "samen.db").exists()


@pytest.mark.parametrize(("text", "found"), [("x = 1\n" * 420, 0), ("x = 1\n" * 421, 1), ("def f():\n" + "    x = 1\n" * 60, 1)])
def test_size_check(project: Path, text: str, found: int) -> None:
    (project / "samen_core").mkdir()
    (project / "samen_core" / "long.py").write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    done = subprocess.run([sys.executable, "tools/check_sizes.py"], cwd=project, capture_output=True, text=True, check=False)
    assert (done.returncode, len(done.stdout.splitlines())) == (found, found)

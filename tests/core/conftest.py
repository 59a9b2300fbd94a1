"""What the tests of the kernel share: a platform with the example block, and blocks that are written on the spot."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from samen_core import logs
from samen_core.blocks.discovery import Installed
from samen_core.cli import main
from tests.support.blocks import BlockMaker
from tests.support.cli import SECRET, Done, Run


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """The city and the example block."""
    return {"blocks": ["citycontent", "gereedschap"]}


@pytest.fixture
def make_block(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Installed]]:
    """``make_block(name, hooks="...", manifest={...}, **files)``: an installed block written for this test (see BlockMaker)."""
    maker = BlockMaker(tmp_path_factory.mktemp("blocks"))
    yield maker
    maker.forget()


@pytest.fixture
def no_bytecode() -> Iterator[None]:
    """Leave no ``__pycache__`` beside modules that a test writes more than once."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    yield
    sys.dont_write_bytecode = before


@pytest.fixture
def samen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``samen("db", "status")``: run a command in an empty folder, as the console script does."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("SAMEN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SAMEN_SECRET_KEY", SECRET)
    monkeypatch.setattr(logs, "configure", lambda config: None)

    def run(*arguments: str, typed: str = "") -> Done:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["samen", *arguments])
        monkeypatch.setattr(sys, "stdin", StringIO(typed))
        status = 0
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1 if end.code else 0
        out, err = capsys.readouterr()
        return Done(status, out, err)

    return run


@pytest.fixture
def city(samen: Run, tmp_path: Path) -> Run:
    """A new city in the current folder."""
    done = samen("init", "--name", "Gemeente Delft", "--short-name", "SamenDelft", "--code", "GM0503")
    assert done.status == 0, done.err
    return samen


def folder_of(url: str) -> Path:
    """The folder of a SQLite database."""
    return Path(url.removeprefix("sqlite:///")).parent

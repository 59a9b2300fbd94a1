"""What the tests of what operators do share: the command line in this process, and a city that has something to lose."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from samen_core import logs
from samen_core.cli import main
from samen_core.testing.settings import SECRET


@dataclass(frozen=True, slots=True)
class Done:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line of a refusal."""
        assert self.status != 0, self.out
        assert re.fullmatch(r"samen: [^\n]+\n", self.err), self.err
        return self.err.removeprefix("samen: ").rstrip("\n")


Samen = Callable[..., Done]

CONFIG = """\
environment = "test"
blocks = ["citycontent"]
[city]
name = "Gemeente Zoetermeer"
short_name = "SamenZoetermeer"
code = "GM0637"
contact_email = "samen@zoetermeer.example"
"""


@pytest.fixture
def samen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Samen:
    """``samen("backup", "x.tar", url=…)``: run a command in the folder of the test, on a database."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("SAMEN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SAMEN_SECRET_KEY", SECRET)
    monkeypatch.setattr(logs, "configure", lambda config: None)
    (tmp_path / "samen.toml").write_text(CONFIG, encoding="utf-8")

    def run(*arguments: object, typed: str = "", url: str = "") -> Done:
        if url:
            monkeypatch.setenv("SAMEN_DATABASE_URL", url)
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["samen", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", StringIO(typed))
        status = 0
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1 if end.code else 0
        out, err = capsys.readouterr()
        return Done(status, out, err)

    return run

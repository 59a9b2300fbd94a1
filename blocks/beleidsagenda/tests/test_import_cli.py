"""A list taken over from the command line: every night, without doubles, and with a status that a timer understands."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from samen_beleidsagenda.models import PlanningItem
from samen_beleidsagenda.schemas.import_mapping import Column, TableMapping
from samen_beleidsagenda.schemas.imports import CreateList
from samen_beleidsagenda.services.imports.lists import create_list, keep_mapping
from samen_beleidsagenda.testing import a_body
from samen_core.actor import system
from samen_core.cli import main
from samen_core.platform import Platform

COLUMNS = tuple(Column(name=name, field=field) for name, field in (("Nr", "key"), ("Onderwerp", "title"), ("Wanneer", "period")))
FIRST = "Nr;Onderwerp;Wanneer\n1;Woonvisie;Q2 2027\n2;Parkeren;jun-27\n"
SECOND = "Nr;Onderwerp;Wanneer\n1;Woonvisie;Q4 2027\n2;Parkeren;na de zomer of zo\n"
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def samen(platform: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """``samen("list", text)``: send a file of this text through the console script; its status, output and errors."""

    @contextmanager
    def open_platform() -> Iterator[Platform]:
        yield platform

    monkeypatch.setattr("samen_core.cli.of_blocks.load_config", lambda: platform.config)
    monkeypatch.setattr("samen_core.cli.api.open_platform", open_platform)

    def run(name: str, text: str, *options: str) -> tuple[int, str, str]:
        (tmp_path / "lijst.csv").write_text(text, encoding="utf-8")
        monkeypatch.setattr(sys, "argv", ["samen", "beleidsagenda", "import", str(tmp_path / "lijst.csv"), "--list", name, *options])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, out, err

    return run


def a_list(platform: Platform, *, mapped: bool = True, **values: Any) -> None:
    """A list of a new council."""
    with platform.unit_of_work(system("test")) as uow:
        made = create_list(uow, CreateList(**{"name": "LTA raad", "body_id": a_body(platform).organization_id, "publish": True, **values}))
        if mapped:
            keep_mapping(uow, made.id, made.version, TableMapping(columns=COLUMNS), {})


def number(platform: Platform) -> int:
    """How many moments there are."""
    with platform.read(system("test")) as uow:
        return uow.session.execute(select(func.count()).select_from(PlanningItem)).scalar_one()


@SQLITE
def test_a_list_every_night(platform: Platform, samen: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dry, then for real and in portions, then again without doubles; a moment that moved is told, a row that cannot gives status 3."""
    monkeypatch.setattr("samen_beleidsagenda.services.imports.apply.AT_ONCE", 1)
    monkeypatch.setattr("samen_beleidsagenda.services.imports.apply.PORTION", 2)
    a_list(platform)
    status, out, err = samen("lta RAAD", FIRST, "--dry-run")
    assert (status, err, number(platform)) == (0, "", 0)
    assert re.search(r"^ +2: New +Planned moment +Woonvisie \(When: quarter 2 of 2027", out, re.MULTILINE), out
    assert out.splitlines()[-1].startswith("nothing is taken over yet: 4 new; http")
    assert samen("LTA raad", FIRST)[1].splitlines()[-1].startswith("taken over: 4 new; http")
    assert number(platform) == 2
    status, out, _err = samen("LTA raad", FIRST)
    assert (status, number(platform), len(out.splitlines())) == (0, 2, 1)
    assert out.startswith("taken over: 4 the same; http")
    status, out, _err = samen("LTA raad", SECOND, "--json")
    report = json.loads(out)
    assert (status, report["state"], report["counts"]["moved"], report["counts"]["problem"]) == (3, "applied", 1, 1)
    moved = next(row for row in report["rows"] if row["outcome"] == "moved")
    assert (moved["title"], moved["changes"]["period"][:2], moved["told"]) == (
        "Woonvisie",
        ["2027-Q2", "2027-Q4"],
        ["When: “quarter 2 of 2027” becomes “quarter 4 of 2027”"],
    )
    assert number(platform) == 3


@SQLITE
def test_what_stops_it_is_one_line(platform: Platform, samen: Run) -> None:
    assert samen("LTA", FIRST)[::2] == (1, "samen: There are no lists yet. Make one on the page Import.\n")
    a_list(platform, gone="drop")
    assert samen("LTA", FIRST)[::2] == (1, "samen: There is no list “LTA”. There is: “LTA raad”.\n")
    assert samen("LTA raad", "")[::2] == (1, "samen: This file is empty.\n")
    assert samen("LTA raad", FIRST)[0] == 0
    status, out, err = samen("LTA raad", "Nr;Onderwerp;Wanneer\n1;Woonvisie;Q2 2027\n", "--most-gone", "0")
    assert (status, out) == (1, "")
    assert err.startswith("samen: Nothing was taken over: 1 things go away or do not go on. Look at http")
    with platform.read(system("test")) as uow:
        assert set(uow.session.execute(select(PlanningItem.status)).scalars()) == {"planned"}
    a_list(platform, mapped=False, name="LTA college")
    status, _out, err = samen("LTA college", FIRST)
    assert status == 1
    assert err.startswith("samen: It is not known yet which column of this file is what. Choose that on http")
    assert err.count("\n") == 1

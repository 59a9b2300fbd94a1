"""``samen blocks export``, ``purge`` and ``restore``: what they ask, what they say, what they refuse in one line."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, text

from tests.support.cli import Run


def sql(folder: Path, statement: str) -> list[tuple[object, ...]]:
    """Look into the database of the folder."""
    engine = create_engine(f"sqlite:///{folder / 'samen.db'}")
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


def test_a_block_goes_into_a_folder_and_comes_back(city: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setting = "INSERT INTO core__setting VALUES ('samenspreker.colour', '\"rood\"', '2026-01-01 00:00:00')"
    sql(tmp_path, setting)
    out = city("blocks", "export", "samenspreker", "copy").out
    assert out.startswith("'samenspreker' is written to copy: ")
    for arguments, because in (
        (
            ("samenspreker", "--export", "dump", "--yes", "samenspreker"),
            "block 'samenspreker' is enabled: run 'samen blocks disable samenspreker'",
        ),
        (("inbreng", "--export", "dump", "--yes", "inbreng"), "block 'doe_mee' is enabled and builds on 'inbreng'"),
        (("nergens", "--export", "dump", "--yes", "nergens"), "no block 'nergens' has tables in this database"),
        (("core", "--export", "dump", "--yes", "core"), "no block 'core' has tables in this database"),
        (("samenspreker",), "Missing option '--export'"),
    ):
        assert because in city("blocks", "purge", *arguments).line
    assert city("blocks", "disable", "samenspreker").status == 0
    purge = ("blocks", "purge", "samenspreker", "--export")
    assert city(*purge, "dump").line == "purging needs the name once more: add '--yes samenspreker'"
    assert city(*purge, "dump", "--yes", "inbreng").line == "'inbreng' is not 'samenspreker': nothing was done"
    assert "copy is not empty" in city(*purge, "copy", "--yes", "samenspreker").line
    assert not (tmp_path / "dump").exists()
    with monkeypatch.context() as patch:
        terminal = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
        patch.setattr("samen_core.cli.blocks_purge.sys", terminal)
        assert city(*purge, "dump", typed="nee\n").err.endswith("samen: 'nee' is not 'samenspreker': nothing was done\n")
        done = city(*purge, "dump", typed="samenspreker\n")
    assert done.status == 0, done.err
    assert "the only copy is dump" in done.out
    assert "personal data" in done.out
    assert sql(tmp_path, "SELECT name FROM sqlite_master WHERE name LIKE 'samenspreker%'") == []
    assert sql(tmp_path, "SELECT key FROM core__setting WHERE key LIKE 'samenspreker%'") == []
    assert "no block 'samenspreker'" in city(*purge, "other", "--yes", "samenspreker").line

    assert "is no dump of a block" in city("blocks", "restore", ".").line
    done = city("blocks", "restore", "dump")
    assert done.status == 0, done.err
    assert "run 'samen blocks enable samenspreker' and restart the server" in done.out
    assert sql(tmp_path, "SELECT value FROM core__setting WHERE key = 'samenspreker.colour'") == [('"rood"',)]
    assert city("blocks", "enable", "samenspreker").status == 0
    city("blocks", "export", "samenspreker", "again")
    for name in ("tables/samenspreker__gate.jsonl", "core/core__setting.jsonl", "core/core__subject.jsonl"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "copy" / name).read_bytes()


def test_a_dump_is_restored_only_where_its_block_is(city: Run, tmp_path: Path) -> None:
    assert city("blocks", "export", "samenspreker", "dump").status == 0
    path = tmp_path / "dump" / "manifest.json"
    manifest = json.loads(path.read_text())
    assert "has data here" not in city("blocks", "restore", "dump").err, "empty tables are no data"
    for changed, because in (
        ({"block": "nergens", "tables": []}, "block 'nergens' is not installed: run 'pip install samen-nergens' first"),
        ({"format": 3}, "has format 3, this version of Samen reads 1"),
        ({"revisions": ["samenspreker_9999"]}, "the dump is newer than the code: 'samenspreker_9999' is unknown here"),
        ({"files": [{"key": "../secret", "size": 1, "sha256": "0" * 64}]}, "cannot be read"),
    ):
        path.write_text(json.dumps(manifest | changed))
        assert because in city("blocks", "restore", "dump").line
    path.write_text("{")
    assert "cannot be read" in city("blocks", "restore", "dump").line
    path.write_text(json.dumps(manifest))
    for name in ("samenspreker", "doe_mee", "inbreng"):
        assert city("blocks", "disable", name).status == 0
    assert "block 'samenspreker' requires 'inbreng'" in city("blocks", "restore", "dump").line

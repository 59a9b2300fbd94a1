"""The documents name the configuration keys, commands and hooks that exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from samen_core.blocks.discovery import installed_blocks
from samen_core.cli import cli
from samen_core.cli.of_blocks import commands_of
from samen_core.config import build_config, describe, known_keys
from tests.support.paths import ROOT

OPERATING = ROOT / "docs" / "operating.md"
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_key_stands_in_the_table_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \|(.*?)\|", OPERATING.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(rows) == set(known_keys())
    config = build_config({"environment": "demo"}, folder=Path(), environ={})
    defaults = {key: value for key, value, _ in describe(config, {}) if key in rows} | {"environment": "production"}
    assert {key: value.strip("` ") for key, value in rows.items()} == defaults


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_named_commands_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```.*?```", text, re.DOTALL) + re.findall(r"`[^`\n]+`", text))
    for words in re.findall(r"\bsamen ((?:[a-z][a-z0-9|-]*)(?: [a-z][a-z0-9|-]*)?)", code):
        first, *rest = words.split()
        command = cli.commands.get(first) or _of_a_block(first)
        assert command is not None, f"samen {words}"
        if rest and isinstance(command, click.Group):
            for name in rest[0].split("|"):
                assert name in command.commands, f"samen {words}"


def _of_a_block(word: str) -> click.Group | None:
    found = installed_blocks().get(word.replace("-", "_"))
    return commands_of(found, word) if found is not None else None


def test_every_command_has_help() -> None:
    def walk(command: click.Command, path: str) -> list[str]:
        missing = [] if command.help else [path]
        for name, inner in getattr(command, "commands", {}).items():
            missing += walk(inner, f"{path} {name}")
        return missing

    assert walk(cli, "samen") == []

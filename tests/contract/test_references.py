"""The references say what the code says, and what vendors build on does not shrink (docs/compatibility.md)."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """``tools/references.py``, which is no package."""
    spec = importlib.util.spec_from_file_location("references", ROOT / "tools" / "references.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_reference_says_what_the_code_says_and_nothing_public_was_taken_away(tool: ModuleType) -> None:
    pages, now = tool.written()
    stale = [path.name for path, text in pages.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    assert stale == [], "run tools/references.py --update"
    assert list(tool.broken(json.loads(Path(tool.FROZEN).read_text(encoding="utf-8")), now)) == []


def test_taking_something_away_is_noticed(tool: ModuleType) -> None:
    kept = {"m": {"gone": [], "same": ["a", "b="], "renamed": ["old"], "asks_more": ["a"], "kinder": ["a"], "swapped": ["a", "b"]}}
    now = {"m": {"same": ["a", "b="], "renamed": ["new="], "asks_more": ["a", "b"], "kinder": ["a=", "c="], "swapped": ["b", "a"]}}
    assert list(tool.broken(kept, now)) == [
        "m: 'gone' is gone",
        "m: 'renamed' no longer takes 'old'",
        "m: 'asks_more' asks for 'b'",
        "m: 'swapped' takes its parameters in another order",
    ]


def test_a_parameter_that_must_be_given_may_not_come_back_from_being_optional(tool: ModuleType) -> None:
    assert list(tool.broken({"m": {"f": ["a="]}}, {"m": {"f": ["a"]}})) == ["m: 'f' asks for 'a'"]

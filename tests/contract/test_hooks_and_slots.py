"""Every hook and slot is documented, used by a real block and tested; nothing else is."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from samen_core.blocks import hookspecs
from samen_core.web.pages.home import SECTIONS
from samen_core.web.slots import SLOTS
from tests.support.paths import ROOT

HOOKS = sorted(name for name in vars(hookspecs) if name.startswith("samen_"))
TESTS = [path for path in (ROOT / "tests").rglob("*.py") if "contract" not in path.parts and "node_modules" not in path.parts]


def headings(document: str) -> list[str]:
    """The names in backticks that are headings of a document, without arguments."""
    return re.findall(r"^#+ .*?`([\w.]+)", (ROOT / "docs" / document).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_hook_has_its_heading_in_the_documentation() -> None:
    assert sorted(headings("hooks.md")) == HOOKS


def test_every_slot_has_its_heading_in_the_documentation() -> None:
    assert sorted(headings("slots.md")) == sorted(SLOTS)


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_used_by_a_real_block(hook: str) -> None:
    """By the city; what it has no use for by a block of this repository."""
    owner = {"samen_cli": "samen_beleidsagenda"}.get(hook, "citycontent")
    used = getattr(importlib.import_module(f"{owner}.hooks"), hook, None)
    assert hasattr(used, f"{hookspecs.PROJECT}_impl")


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_used_by_the_example(hook: str) -> None:
    import samen_gereedschap.hooks

    of_the_city_only = {"samen_capacities", "samen_health", "samen_import_addresses", "samen_import_areas", "samen_retention"}
    assert hasattr(samen_gereedschap.hooks, hook) != (hook in of_the_city_only)


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_in_a_test(hook: str) -> None:
    """By its name, or by what it fills."""
    filled = {
        "samen_blueprints": "BlockBlueprint(",
        "samen_resources": "RestBlueprint(",
        "samen_seed": "seed_demo(",
        "samen_import_areas": '"--areas"',
        "samen_import_addresses": '"--addresses"',
    }
    words = (hook, filled.get(hook, hook))
    assert any(any(word in path.read_text(encoding="utf-8") for word in words) for path in TESTS), hook


@pytest.mark.parametrize("slot", SLOTS)
def test_every_slot_is_shown_on_a_page(slot: str) -> None:
    area, _dot, name = slot.partition(".")
    if area == "home":
        assert name in SECTIONS
        return
    shown = [path for folder in ("samen_core", "citycontent") for path in _sources(ROOT / folder)]
    assert any(re.search(rf"""slot\(\s*["']{re.escape(slot)}["']""", path.read_text(encoding="utf-8")) for path in shown), slot


def _sources(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix in (".py", ".html") and path.name != "slots.py"]


def test_the_purpose_of_a_slot_is_documented_in_the_words_of_the_code() -> None:
    text = (ROOT / "docs" / "slots.md").read_text(encoding="utf-8").replace("``", "`")
    for name, purpose in SLOTS.items():
        section = text.split(f"`{name}`", 1)[1].split("\n## ", 1)[0]
        assert purpose.replace("``", "`").capitalize()[:30].lower() in section.lower(), name


def test_every_document_of_a_hook_names_its_arguments() -> None:
    import inspect

    text = (ROOT / "docs" / "hooks.md").read_text(encoding="utf-8")
    for hook in HOOKS:
        arguments = ", ".join(inspect.signature(getattr(hookspecs, hook)).parameters)
        assert f"`{hook}({arguments})`" in text, hook


def test_every_signal_is_documented() -> None:
    from samen_core.events import signals

    text = (ROOT / "docs" / "blocks.md").read_text(encoding="utf-8")
    for name, value in vars(signals).items():
        if name.isupper() and isinstance(value, str):
            assert f"`{name}`" in text, name

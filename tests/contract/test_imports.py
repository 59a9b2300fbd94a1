"""What may import what, and what is not imported before it is needed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tools import check_sizes

HEAVY = (
    "alembic",
    "PIL",
    "shapely",
    "weasyprint",
    "pydyf",
    "authlib",
    "babel.messages",
    "snowballstemmer",
    "icalendar",
    "prometheus_client",
)


def loaded_after(code: str) -> set[str]:
    """The modules that a fresh Python has after this code."""
    script = f"{textwrap.dedent(code)}\nimport sys; print('\\n'.join(sys.modules))"
    # The example block is on the path of tests only; it is not installed.
    environ = {**os.environ, "PYTHONPATH": str(ROOT / "tests" / "example_block" / "src")}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_import_rules_hold() -> None:
    """import-linter reads the contracts in setup.cfg."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("block", ["citycontent.block", "samen_gereedschap.block", "samen_inbreng.block", "samen_samenspreker.block"])
def test_a_manifest_imports_nearly_nothing(block: str) -> None:
    loaded = loaded_after(f"import {block}")
    ours = {name for name in loaded if name.startswith(("samen_", "citycontent"))}
    assert ours == {block.partition(".")[0], block, "samen_core", "samen_core.manifest", "samen_core.i18n"}
    assert not loaded & {"flask", "sqlalchemy", "marshmallow", "pluggy", "babel", "structlog", "jinja2", "werkzeug"}


def test_the_application_imports_what_is_heavy_only_on_use() -> None:
    assert not loaded_after("import samen_core.app") & set(HEAVY)


def test_the_api_of_blocks_knows_no_web_framework() -> None:
    assert not loaded_after("import samen_core.api, citycontent.api") & {"flask", "werkzeug", "jinja2", "flask_smorest", *HEAVY}


def test_a_platform_that_starts_imports_what_is_heavy_only_on_use(tmp_path: Path) -> None:
    """Also its routes, hooks and slots: memory and start-up of every process. Flask-Security itself imports Authlib."""
    loaded = loaded_after(
        f"""
        from pathlib import Path
        from samen_core.app import create_app
        from samen_core.config import build_config
        from samen_core.platform import Platform
        values = {{"environment": "test", "blocks": ["citycontent", "gereedschap", "inbreng", "samenspreker"]}}
        create_app(Platform(build_config(values, folder=Path({str(tmp_path)!r}), environ={{"SAMEN_SECRET_KEY": 40 * "x"}})))
        """
    )
    assert not loaded & (set(HEAVY) - {"authlib"})


def test_no_module_or_function_is_too_long() -> None:
    paths = [path for folder in check_sizes.CHECKED for path in (ROOT / folder).rglob("*.py") if check_sizes.is_checked(path)]
    assert len(paths) > 100
    assert [line for path in paths for line in check_sizes.complaints(path)] == []


# --- the rules of ARCHITECTURE §2 in a block, as they also hold for a vendor ---------------------------------------------------------

WEB, REST = "samen_core.web.api", "samen_core.rest.api"
ALLOWED = {
    "block": {"samen_core.manifest"},
    "hooks": {"samen_core.api", WEB, REST},
    "web": {"samen_core.api", WEB},
    "rest": {"samen_core.api", REST},
    "testing": {"samen_core.api", "samen_core.mail", "samen_core.testing"},
}
NO_WEB = ("services", "queries", "models")
LAYERS = (("hooks",), ("web", "rest", "cli"), ("services",), ("queries",), ("schemas", "events", "permissions", "settings"), ("models",))


def imported(source: str) -> Iterator[str]:
    """The modules that a source imports; ``from a import b`` gives ``a`` and ``a.b``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def complaints(package: str, requires: tuple[str, ...], files: dict[str, str]) -> list[str]:
    """What is wrong with the imports of a block's modules (name without suffix to source)."""
    found = []
    level = {name: number for number, names in enumerate(LAYERS) for name in names}
    for name, source in files.items():
        top = name.partition("/")[0]
        allowed = ALLOWED.get(top, {"samen_core.api"})
        for module in imported(source):
            parts = module.split(".")
            if (
                parts[0] == "samen_core"
                and module not in allowed
                and ".".join(parts[:-1]) not in allowed
                and not any(a.startswith(f"{module}.") for a in allowed)
            ):
                found.append(f"{name}: {module} is not for blocks")
            if top in NO_WEB and parts[0] in ("flask", "werkzeug", "flask_smorest"):
                found.append(f"{name}: {module}: rules know no web framework")
            if parts[0] == package and len(parts) > 1 and top in level and level.get(parts[1], 9) < level[top]:
                found.append(f"{name}: {module} stands above it")
            if parts[0] == "citycontent" and not _of_the_city(top, module):
                found.append(f"{name}: of citycontent only citycontent.api may be used, and citycontent.web.api by pages")
            if (
                parts[0].startswith("samen_")
                and parts[0] not in ("samen_core", package)
                and parts[0].removeprefix("samen_") not in requires
            ):
                found.append(f"{name}: {module} belongs to a block that is not required")
    return found


def _of_the_city(top: str, module: str) -> bool:
    allowed = ("citycontent.api", "citycontent.web.api") if top in ("web", "hooks") else ("citycontent.api",)
    return any(module == name or module.startswith(f"{name}.") or name.startswith(f"{module}.") for name in allowed)


def blocks() -> list[Path]:
    """The package folders of the blocks in this repository, and the example."""
    folders = [*ROOT.glob("blocks/*/src/*"), ROOT / "tests" / "example_block" / "src" / "samen_gereedschap"]
    return [folder for folder in folders if (folder / "block.py").is_file()]


@pytest.mark.parametrize("folder", blocks(), ids=lambda folder: folder.name)
def test_a_block_imports_what_blocks_may(folder: Path) -> None:
    from samen_core.blocks.discovery import installed_blocks

    found = installed_blocks()[folder.name.removeprefix("samen_")]
    assert found.block is not None
    sources = {
        str(path.relative_to(folder).with_suffix("")): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.py")
        if "migrations" not in path.parts
    }
    assert complaints(folder.name, found.block.requires, sources) == []


@pytest.mark.parametrize(
    ("name", "source", "complaint"),
    [
        ("services", "from samen_core.platform import Platform", "is not for blocks"),
        ("services", "import samen_core.db.base", "is not for blocks"),
        ("services", "from samen_core.web.api import render", "is not for blocks"),
        ("block", "from samen_core.api import _", "is not for blocks"),
        ("services/rounds", "from flask import g", "rules know no web framework"),
        ("models", "from samen_x.services import f", "stands above it"),
        ("queries", "import samen_x.web", "stands above it"),
        ("web", "from citycontent.models import Organization", "of citycontent only citycontent.api"),
        ("services", "from citycontent.web.api import form_page", "of citycontent only citycontent.api"),
        ("services", "from samen_other.api import Thing", "a block that is not required"),
    ],
)
def test_the_rule_finds_what_is_wrong(name: str, source: str, complaint: str) -> None:
    found = complaints("samen_x", ("citycontent",), {name: source})
    assert found
    assert complaint in found[0]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("services", "from samen_core.api import UnitOfWork\nfrom citycontent.api import Organization\nfrom samen_x.queries import f"),
        ("web", "from samen_core.web.api import render\nfrom samen_x.services import f"),
        ("web/pages", "from citycontent.web.api import form_page"),
        ("rest", "from samen_core.rest.api import reply"),
        ("block", "from samen_core.manifest import Block, _"),
        ("services", "from samen_inbreng.api import Contribution"),
    ],
)
def test_the_rule_lets_pass_what_is_right(name: str, source: str) -> None:
    assert complaints("samen_x", ("citycontent", "inbreng"), {name: source}) == []

"""What may import what, and what is not imported before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from samen_core.blocks.discovery import Installed, installed_blocks
from samen_core.manifest import Block, _
from samen_core.testing.conformance.context import Context
from samen_core.testing.conformance.rules.imports import check_declared, check_layers
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


# --- the rules of ARCHITECTURE §2 in a block, which also hold for a vendor; our blocks keep them in test_conformance.py ---------------


@pytest.fixture
def problems(tmp_path: Path) -> Callable[[str, str], list[str]]:
    """``problems("services", source)``: what is wrong with the imports of this module of a block that requires the city and inbreng."""

    def check(name: str, source: str) -> list[str]:
        package = tmp_path / "samen_xx"
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / f"{name}.py").write_text(source, encoding="utf-8")
        block = Block("xx", _("X"), _("Een bouwsteen"), requires=("citycontent", "inbreng"))
        made = Installed("xx", "samen_xx", block, package, "", "1.0", "Test", "EUPL-1.2")
        with Context("xx", {**installed_blocks(), "xx": made}) as context:
            return [str(found) for found in (*check_declared(context), *check_layers(context))]

    return check


@pytest.mark.parametrize(
    ("name", "source", "complaint"),
    [
        ("services", "from samen_core.platform import Platform", "is no public part of the platform"),
        ("services", "import samen_core.db.base", "is no public part of the platform"),
        ("services", "from samen_core.web.api import render", "is no public part of the platform"),
        ("block", "from samen_core.api import _", "is no public part of the platform"),
        ("services/rounds", "from flask import g", "rules know no web framework"),
        ("models", "from samen_xx.services import f", "models stands below services"),
        ("models", "from .services import f", "models stands below services"),
        ("services/rounds", "from ..web import f", "services stands below web"),
        ("queries", "import samen_xx.web", "queries stands below web"),
        ("web", "from citycontent.models import Organization", "is no public part of block 'citycontent'"),
        ("services", "from citycontent.web.api import form_page", "is no public part of block 'citycontent'"),
        ("services", "from samen_other.api import Thing", "which the manifest does not name in requires"),
        ("services", "from samen_samenspreker.api import Question", "which the manifest does not name in requires"),
        ("services", "import pytest", "comes with 'pytest', which the distribution does not require"),
    ],
)
def test_the_rule_finds_what_is_wrong(problems: Callable[[str, str], list[str]], name: str, source: str, complaint: str) -> None:
    found = problems(name, source)
    assert found
    assert complaint in found[0]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("services", "from samen_core.api import UnitOfWork\nfrom citycontent.api import Organization\nfrom samen_xx.queries import f"),
        ("web", "from samen_core.web.api import render\nfrom samen_xx.services import f"),
        ("web/pages", "from citycontent.web.api import form_page"),
        ("rest", "from samen_core.rest.api import reply"),
        ("cli", "from samen_core.cli.api import block_platform"),
        ("block", "from samen_core.manifest import Block, _"),
        ("services", "from samen_inbreng.api import Contribution\nfrom .queries import f\nimport sqlalchemy, json"),
    ],
)
def test_the_rule_lets_pass_what_is_right(problems: Callable[[str, str], list[str]], name: str, source: str) -> None:
    assert problems(name, source) == []

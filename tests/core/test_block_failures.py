"""A block that is wrong stops the start with one message that names it, the reason and the mend; the commands go on, and the mend works."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from samen_core.app import create_app
from samen_core.config import load_config
from samen_core.db.migrate import require_current
from samen_core.errors import StartupError
from samen_core.platform import Platform
from tests.support.cli import Run

HOOKS = "from samen_core.api import *\nfrom samen_core.api import _, hookimpl\nfrom samen_core.web.api import *\n"
PAGES = HOOKS + "@hookimpl\ndef samen_blueprints():\n    from {package} import pages\n    return [pages.pages]\n"


@dataclass(frozen=True, slots=True)
class Case:
    """What is wrong with the block ``sick``, what the one message must say, and the command that mends it."""

    says: str
    mend: tuple[str, ...] = ("blocks", "disable", "sick")
    manifest: str = ""
    modules: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    """More blocks: name to what their manifest adds."""
    state: str = "enabled"
    after: str = "installed"
    """How ``samen blocks list`` shows it before and after the mend."""


CASES = {
    "missing": Case("is enabled but not installed: run 'pip install samen-sick'", modules={"absent": ""}, state="broken", after=""),
    "other API": Case("supports block API 7 to 8, this platform has", manifest="api=(7, 8)", state="broken", after="broken"),
    "circle": Case("circle (", manifest="requires=('twin',)", others={"twin": "requires=('sick',)"}),
    "import": Case("cannot be imported: ModuleNotFoundError", modules={"block": "import nowhere_at_all"}, state="broken", after="broken"),
    "hooks": Case("cannot be loaded: ZeroDivisionError", modules={"hooks": "1 / 0"}),
    "misspelt hook": Case(
        "did you mean 'samen_navigation'?", modules={"hooks": HOOKS + "@hookimpl\ndef samen_navigatoin(actor): return []"}
    ),
    "foreign class": Case(
        "declares the table 'citycontent__extra', which must start with 'sick__'",
        modules={
            "models": HOOKS + "from sqlalchemy.orm import Mapped, mapped_column\n"
            "class Extra(Base):\n    __tablename__ = 'citycontent__extra'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
        },
    ),
    "foreign table": Case(
        "declares the table 'extra', which must start with 'sick__'",
        modules={
            "models": HOOKS
            + "from sqlalchemy import Column, Integer, Table\nEXTRA = Table('extra', Base.metadata, Column('id', Integer))\n"
        },
    ),
    "unstated route": Case(
        "route '/ziek' of 'sick' needs either permission=... or public=True",
        modules={
            "hooks": PAGES,
            "pages": HOOKS + "pages = BlockBlueprint('sick', __name__)\n@pages.route('/ziek')\ndef index(): return 'x'\n",
        },
    ),
    "plain route": Case(
        "route '/ziek' (sick.index) does not state a permission or public=True",
        modules={
            "hooks": PAGES,
            "pages": "from flask import Blueprint\npages = Blueprint('sick', __name__)\n@pages.route('/ziek')\ndef index(): return 'x'\n",
        },
    ),
    "plain API route": Case(
        "does not state a permission or public=True",
        modules={
            "hooks": HOOKS + "@hookimpl\ndef samen_resources():\n    from {package} import pages\n    return [pages.rest]\n",
            "pages": "from samen_core.rest.api import *\nrest = RestBlueprint('sick', __name__)\n"
            "rest.add_url_rule('/bare', 'bare', lambda: 'x')\n",
        },
    ),
    "API in the place of others": Case(
        "prefix '/api/v1/core' of a REST resource must be that of a standard, such as '/ori/v2'",
        modules={
            "hooks": HOOKS + "@hookimpl\ndef samen_resources():\n    from {package} import pages\n    return [pages.rest]\n",
            "pages": "from samen_core.rest.api import *\nrest = RestBlueprint('sick', __name__, prefix='/api/v1/core')\n",
        },
    ),
    "name of another's pages": Case(
        "has pages that cannot be added",
        modules={
            "hooks": PAGES,
            "pages": HOOKS + "pages = BlockBlueprint('home', __name__)\n@pages.route('/ziek', public=True)\ndef index(): return 'x'\n",
        },
    ),
    "unapplied migration": Case(
        "the database is behind the code ('sick_0001' did not run): run 'samen db upgrade'",
        mend=("db", "upgrade"),
        modules={"migrations/0001_start": "revision = 'sick_0001'\ndown_revision = None\ndef upgrade(): pass\ndef downgrade(): pass\n"},
        after="enabled",
    ),
}

NUMBERS = count(1)


@pytest.fixture
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., None]]:
    """``install(name, manifest, modules)``: a distribution with an entry point, as pip leaves it."""
    folder = tmp_path_factory.mktemp("site")
    sys.path.insert(0, str(folder))

    def make(name: str, manifest: str, modules: dict[str, str]) -> None:
        package = f"samen_failing_{name}_{next(NUMBERS)}"
        source = f"from samen_core.manifest import Block, _\nblock = Block(name={name!r}, label=_('Ziek'), summary=_('x'), {manifest})\n"
        for module, text in {"__init__": "", "block": source, **modules}.items():
            path = folder / package / f"{module}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).replace("{package}", package), encoding="utf-8")
        if "absent" not in modules:
            facts = folder / f"samen_{name}-1.0.dist-info"
            facts.mkdir()
            (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: samen-{name}\nVersion: 1.0\n", encoding="utf-8")
            (facts / "entry_points.txt").write_text(f"[samen.blocks]\n{name} = {package}.block:block\n", encoding="utf-8")

    yield make
    from samen_core.db.base import Base

    sys.path.remove(str(folder))
    for module in [name for name in sys.modules if name.startswith("samen_failing_")]:
        del sys.modules[module]
    for table in [table for table in Base.metadata.tables.values() if table.name in ("extra", "citycontent__extra")]:
        Base.metadata.remove(table)


def start() -> None:
    """What ``samen run`` does before it listens."""
    platform = Platform(load_config())
    try:
        require_current(platform)
        create_app(platform)
    finally:
        platform.close()


def states(samen: Run) -> dict[str, str]:
    """The state of each block in ``samen blocks list``."""
    return {words[0]: words[1] for words in map(str.split, samen("blocks", "list").out.splitlines())}


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_block_stops_the_start_and_can_be_mended(
    samen: Run, tmp_path: Path, install: Callable[..., None], no_bytecode: None, name: str
) -> None:
    case = CASES[name]
    config = tmp_path / "samen.toml"
    config.write_text("blocks = []\n", encoding="utf-8")
    assert samen("db", "upgrade").status == 0
    start()
    for other, manifest in case.others.items():
        install(other, manifest, {})
    install("sick", case.manifest, case.modules)
    config.write_text(f"blocks = {['sick', *case.others]!r}\n", encoding="utf-8")

    with pytest.raises(StartupError) as raised:
        start()
    message = str(raised.value)
    assert "block 'sick'" in message
    assert case.says in message
    assert f"samen {' '.join(case.mend)}" in message
    assert "\n" not in message
    assert samen("run", "--port", "1").line == message, "one line, and nothing else"

    assert "Commands:" in samen("--help").out
    for words in (("blocks", "list"), ("blocks", "show", "sick"), ("doctor",)):
        done = samen(*words)
        assert "Traceback" not in done.err
        assert "sick" in done.out
    assert states(samen)["sick"] == case.state

    done = samen(*case.mend)
    assert done.status == 0, done.err
    start()
    assert states(samen).get("sick", "") == case.after

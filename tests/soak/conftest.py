"""What the long tests share: the demonstration city as a real installation, on either database."""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from samen_core.config import load_config
from samen_core.platform import Platform
from samen_core.seed import DEMO_ACCOUNTS, LOGINS_FILE
from samen_core.testing.postgres import PostgresServer
from tests.support.installation import Installation
from tests.support.paths import ROOT

SECRET = "soak-secret-" + "0" * 32
COUNTING = ROOT / "tests" / "soak" / "counting_block"
CONFIG = """\
environment = "production"
blocks = [{blocks}]
[city]
name = "Gemeente Zoetermeer"
short_name = "SamenZoetermeer"
code = "GM0637"
contact_email = "samen@zoetermeer.example"
[web]
workers = 2
threads = 4
[mail]
transport = "file"
sender = "samen@zoetermeer.example"
[limits]
posts_per_minute = 1000000
log_ins_per_quarter = 1000000
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is long, and needs more time than a test otherwise gets."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.soak)
            item.add_marker(pytest.mark.timeout(900))


@dataclass
class DemoCity(Installation):
    """An installation with the demonstration city."""

    url: str = ""

    def platform(self) -> Platform:
        """Its platform, in this process; to be closed by the caller."""
        return Platform(load_config(self.folder / "samen.toml", self.variables))

    def log_ins(self) -> dict[str, tuple[str, str]]:
        """Per role the address and password of its demonstration account."""
        lines = (self.folder / LOGINS_FILE).read_text(encoding="utf-8").splitlines()
        found = {line.split()[-2]: line.split()[-1] for line in lines}
        return {account.role: (account.email, found[account.email]) for account in DEMO_ACCOUNTS}


def make_installation(folder: Path, url: str, *blocks: str, **variables: str) -> DemoCity:
    """A folder with a configuration; its database is not made."""
    names = ", ".join(f'"{name}"' for name in blocks)
    (folder / "samen.toml").write_text(CONFIG.format(blocks=names), encoding="utf-8")
    base = {"SAMEN_SECRET_KEY": SECRET, "SAMEN_DATABASE_URL": url}
    return DemoCity(folder, {**base, **variables}, url=url)


def install_counting(folder: Path) -> str:
    """Describe the counting block as pip would have; what must stand in ``PYTHONPATH`` to have it installed."""
    facts = folder / "samen_counting-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: samen-counting\nVersion: 1.0\n", encoding="utf-8")
    (facts / "entry_points.txt").write_text("[samen.blocks]\ncounting = samen_counting.block:block\n", encoding="utf-8")
    return f"{folder}:{COUNTING}"


@pytest.fixture(scope="session")
def _seeded(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str, tuple[str, ...]], DemoCity]:
    """Migrated and seeded installations to copy, made on first use."""
    made: dict[str, DemoCity] = {}

    def get(kind: str, blocks: tuple[str, ...]) -> DemoCity:
        name = "_".join((kind, *blocks))
        if name not in made:
            folder = tmp_path_factory.mktemp(name)
            url = f"sqlite:///{folder / 'samen.db'}"
            if kind == "postgresql":
                server: PostgresServer = request.getfixturevalue("postgres_server")
                url = server.create_database(f"soak_{name}_{uuid.uuid4().hex[:8]}")
            city = make_installation(folder, url, *blocks)
            if "counting" in blocks:
                city.variables["PYTHONPATH"] = install_counting(folder)
            city.do("db", "upgrade")
            city.do("seed", "demo")
            made[name] = city
        return made[name]

    return get


@pytest.fixture
def blocks() -> tuple[str, ...]:
    """The enabled blocks; override it to change them."""
    return ("citycontent",)


@pytest.fixture(params=["sqlite", "postgresql"])
def city(
    request: pytest.FixtureRequest, tmp_path: Path, _seeded: Callable[[str, tuple[str, ...]], DemoCity], blocks: tuple[str, ...]
) -> Iterator[DemoCity]:
    """A copy of the demonstration city on each database."""
    template = _seeded(request.param, blocks)
    shutil.copyfile(template.folder / LOGINS_FILE, tmp_path / LOGINS_FILE)
    paths = {name: value for name, value in template.variables.items() if name == "PYTHONPATH"}
    if request.param == "sqlite":
        shutil.copyfile(template.folder / "samen.db", tmp_path / "samen.db")
        yield make_installation(tmp_path, f"sqlite:///{tmp_path / 'samen.db'}", *blocks, **paths)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"soak_{uuid.uuid4().hex[:12]}"
    database = re.search(r"/([^/?]+)\?", template.url)
    assert database
    yield make_installation(tmp_path, server.create_database(name, database[1]), *blocks, **paths)
    server.drop_database(name)

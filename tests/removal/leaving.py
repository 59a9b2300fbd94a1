"""A city that goes on without a block: core and the city get newer, and every page is looked at."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from samen_core.app import create_app
from samen_core.db.migrate import Owner, all_owners, migration_connection, run_alembic, upgrade_lock
from samen_core.platform import Platform
from samen_core.seed import LOGINS_FILE
from samen_core.testing.crawl import crawl
from samen_core.web.headers import PAGE_HEADERS

LATER = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, contract = "{owner}_9000", "{before}", False
def upgrade():
    with op.batch_alter_table("{table}") as batch:
        batch.alter_column("{column}", existing_type=sa.String({length}), type_=sa.String({length} + 20), existing_nullable=False)
"""
PARENTS = (("core", "core__subject", "owner", 60), ("citycontent", "citycontent__organization", "slug", 200))
"""Tables that every block refers to. On SQLite a changed type means that the table is copied and dropped."""


def later_migration(owner: str, before: str, table: str, column: str, length: int) -> str:
    """The source of a migration that comes after ``before``."""
    return LATER.format(owner=owner, before=before, table=table, column=column, length=length)


def upgrade_parents(platform: Platform, folder: Path) -> None:
    """Run a later migration of core and of the city, as a new version of them would."""
    for name, table, column, length in PARENTS:
        (owner,) = (found for found in all_owners(platform) if found.name == name)
        newer = folder / name
        shutil.copytree(owner.folder, newer, ignore=shutil.ignore_patterns("__pycache__"))
        source = later_migration(name, owner.revisions()[-1], table, column, length)
        (newer / "9000_a_later_version.py").write_text(source, encoding="utf-8")
        with upgrade_lock(platform), migration_connection(platform) as connection:
            run_alembic(connection, Owner(name, newer), "head")


@dataclass(frozen=True, slots=True)
class Walk:
    """The paths of the pages that links led a visitor to, and what is wrong with them."""

    paths: frozenset[str]
    problems: frozenset[str]


NEAREST = 400
"""How many pages are walked with an account: those nearest to the front page, of every part of the site."""


def walk(platform: Platform, role: str = "") -> Walk:
    """Every page that links lead a visitor without account to, or the nearest ones with the account of this role."""
    client = create_app(platform).test_client()
    if role:
        lines = (platform.config.folder / LOGINS_FILE).read_text(encoding="utf-8").splitlines()
        email, password = next(line.split()[-2:] for line in lines if line.split()[-2].startswith(f"{role}@"))
        answer = client.post("/inloggen", data={"email": email, "password": password}, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 303, answer.text
    pages = list(crawl(client, headers=PAGE_HEADERS, limit=NEAREST if role else 2000))
    problems = (f"{page.path}: {problem}" for page in pages for problem in page.problems)
    return Walk(frozenset(page.path for page in pages), frozenset(problems))

"""A city to measure: the demonstration plus as many invented organisations as asked, on SQLite."""

from __future__ import annotations

import gc
import os
from pathlib import Path

from sqlalchemy import insert

from samen_core import logs
from samen_core.app import SamenFlask, create_app
from samen_core.config import Config, build_config
from samen_core.db import migrate
from samen_core.db.base import uuid7
from samen_core.platform import Platform
from samen_core.seed import LOGINS_FILE, seed_demo

SECRET = "bench-" + "0" * 40


def config(folder: Path, blocks: tuple[str, ...] = ("citycontent",)) -> Config:
    """A configuration without rate limits, or the limit is what is measured, and without kept pages, or nothing is drawn.

    In the environment ``BENCH_KEPT`` is the room for kept pages in megabytes.
    """
    values = {
        "environment": "demo",
        "blocks": list(blocks),
        "log_format": "json",
        "limits": {"enabled": False},
        "web": {"worker_thread": False, "kept_pages": int(os.environ.get("BENCH_KEPT", "0"))},
        "city": {"name": "Gemeente Zoetermeer", "short_name": "SamenZoetermeer", "code": "GM0637"},
    }
    return build_config(values, folder=folder, environ={"SAMEN_SECRET_KEY": SECRET})


def make(folder: Path, organizations: int) -> dict[str, str]:
    """A migrated, seeded database with so many more organisations; passwords by role."""
    from citycontent.models import Organization
    from samen_core.subjects import Subject

    folder.mkdir(parents=True, exist_ok=True)
    platform = Platform(config(folder))
    migrate.upgrade(platform)
    seed_demo(platform)
    now = platform.clock()
    sectors = ("government", "business", "civil_society", "citizens")
    ids = [uuid7() for _ in range(organizations)]
    subjects, rows = [], []
    for number, key in enumerate(ids):
        name = f"Voorbeeldorganisatie {number:06d}"
        slug = f"voorbeeldorganisatie-{number:06d}"
        common = {"state": "active", "updated_at": now}
        card = {"id": key, "type": "organization", "owner": "citycontent", "title": name, "url": f"/organisaties/{slug}", "public": True}
        subjects.append({**card, "summary": "Een voorbeeld", **common})
        entity = {"id": key, "version": 1, "created_at": now, "slug": slug, "sort_name": name.lower(), "name": name}
        rows.append({**entity, "sector": sectors[number % 4], "abstract": "Wij doen iets voor de buurt.", **common})
    with platform.write_engine.begin() as connection:
        for start in range(0, organizations, 5000):
            connection.execute(insert(Subject), subjects[start : start + 5000])
            connection.execute(insert(Organization), rows[start : start + 5000])
    platform.close()
    return dict(line.split()[-2:] for line in (folder / LOGINS_FILE).read_text().splitlines())


def create() -> SamenFlask:
    """The application on the city in ``BENCH_FOLDER``, with the blocks named in ``BENCH_BLOCKS``."""
    blocks = ("citycontent", *filter(None, os.environ.get("BENCH_BLOCKS", "").split(",")))
    made = config(Path(os.environ["BENCH_FOLDER"]), blocks)
    logs.configure(made)
    app = create_app(Platform(made))
    # As `samen run` does: looking for rubbish among what stays anyway would count for whichever request it happens in.
    gc.collect()
    gc.freeze()
    return app

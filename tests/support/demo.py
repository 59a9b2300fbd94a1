"""The demonstration city with the blocks that a new city starts with, made once for all processes of a test run and copied from there."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from samen_core.blocks.discovery import default_blocks
from samen_core.db import migrate
from samen_core.events.worker import Worker
from samen_core.platform import Platform
from samen_core.seed import seed_demo
from samen_core.testing.platforms import make_config

DATABASE = "samen.db"


def copy_demo(factory: pytest.TempPathFactory, target: Path) -> str:
    """Put files and database of the demonstration in ``target``, a folder that is not there yet; the address of its database.

    Its events are delivered; links in what was written then have the address of a platform without settings.
    """
    ours = factory.getbasetemp()
    shared = ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demo").exists():
            _make(shared / "demo-unfinished")
            (shared / "demo-unfinished").rename(shared / "demo")
    shutil.copytree(shared / "demo", target)
    return f"sqlite:///{target / DATABASE}"


def _make(folder: Path) -> None:
    folder.mkdir()
    platform = Platform(make_config(folder, f"sqlite:///{folder / DATABASE}", blocks=default_blocks()))
    migrate.upgrade(platform)
    seed_demo(platform)
    Worker(platform).drain()
    platform.close()

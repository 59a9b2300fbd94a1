"""Asking a Python of its own about a block: one where nothing was imported before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from samen_core.testing.conformance.context import Context

SECONDS = 600
"""How long the new Python may take: the walk through a filled city on a machine that does other things too."""


def ask(context: Context, task: str, **values: Any) -> Iterator[str]:
    """The problems that a task of :mod:`samen_core.testing.conformance.probe_tasks` finds for this block, in a new process."""
    blocks = {name: f"{found.package}.block:block" for name, found in context.alone.items()}
    others = sorted({found.package for name, found in context.everything.items() if name not in blocks})
    asked = {"task": task, "name": context.name, "blocks": blocks, "others": others, "folder": str(context.new_folder()), **values}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "samen_core.testing.conformance.probe_tasks", json.dumps(asked)],
            env=environment,
            cwd=Path.cwd(),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        yield f"looking took longer than {SECONDS} seconds: a page that does not end, or a machine that is too busy"
        return
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or [f"status {done.returncode}"]
        yield last[0]
        return
    yield from json.loads(done.stdout.splitlines()[-1])

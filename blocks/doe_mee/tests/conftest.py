"""The platform with this block and the city database."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from samen_core.api import Platform


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """Values of samen.toml."""
    return {"blocks": ["citycontent", "inbreng", "doe_mee"]}


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of open data beside the project, which is not part of it; without it the test is skipped, in CI it fails."""
    folder = Path(__file__).resolve().parents[4] / "shared" / "data"
    if not folder.is_dir():
        reason = f"the shared data is missing: {folder}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture
def serve() -> Iterator[Callable[[Platform], str]]:
    """Let a platform answer on loopback, in a thread; its address."""
    from werkzeug.serving import make_server

    from samen_core.app import create_app

    running = []

    def start(platform: Platform) -> str:
        server = make_server("127.0.0.1", 0, create_app(platform), threaded=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()

"""The platform with this block and the city database."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """Values of samen.toml."""
    return {"blocks": ["citycontent", "oog_oor"]}


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

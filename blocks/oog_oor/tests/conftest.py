"""The platform with this block and the city database."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """Values of samen.toml."""
    return {"blocks": ["citycontent", "oog_oor"]}

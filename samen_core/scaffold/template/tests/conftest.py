"""The platform with this block and the city database; the other fixtures come with Samen (docs/testing-a-block.md)."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """Values of samen.toml."""
    return {"blocks": ["citycontent", "voorbeeld_blok"]}

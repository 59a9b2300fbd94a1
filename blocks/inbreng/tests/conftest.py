"""The platform with the blocks that this one needs."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """The city database and this block."""
    return {"blocks": ["citycontent", "inbreng"]}

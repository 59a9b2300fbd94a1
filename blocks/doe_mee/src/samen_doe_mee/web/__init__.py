"""The pages."""

from __future__ import annotations

from samen_doe_mee.web import (
    home,
    near,
)
from samen_doe_mee.web.common import pages

__all__ = [
    "home",
    "near",
    "pages",
]

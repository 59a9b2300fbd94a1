"""The pages."""

from __future__ import annotations

from samen_oog_oor.web.common import pages

__all__ = ["pages"]

"""The pages."""

from __future__ import annotations

from samen_gereedschap.web import desk, loans, overview, projects, tool_forms, tools  # noqa: F401 - their routes
from samen_gereedschap.web.common import pages

__all__ = ["pages"]

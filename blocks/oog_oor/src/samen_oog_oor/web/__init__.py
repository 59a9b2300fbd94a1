"""The pages."""

from __future__ import annotations

from samen_oog_oor.web import case_map, cases, feeds, figures, home, receipt
from samen_oog_oor.web.common import pages

__all__ = ["case_map", "cases", "feeds", "figures", "home", "pages", "receipt"]

"""The pages."""

from __future__ import annotations

from samen_oog_oor.web import case_map, cases, feeds, figures, home, receipt, rules, work_route
from samen_oog_oor.web.common import pages

__all__ = ["case_map", "cases", "feeds", "figures", "home", "pages", "receipt", "rules", "work_route"]

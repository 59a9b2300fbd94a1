"""The pages."""

from __future__ import annotations

from samen_oog_oor.web import case_map, cases, categories, category_questions, connections, feeds, figures, home, inquiry, patterns, receipt, report, report_map, report_offline, report_sent, rules, work_acts, work_board, work_bulk, work_case, work_export, work_list, work_map, work_move, work_publish, work_route, work_talk, work_texts
from samen_oog_oor.web.common import pages

__all__ = ["case_map", "cases", "categories", "category_questions", "connections", "feeds", "figures", "home", "inquiry", "pages", "patterns", "receipt", "report", "report_map", "report_offline", "report_sent", "rules", "work_acts", "work_board", "work_bulk", "work_case", "work_export", "work_list", "work_map", "work_move", "work_publish", "work_route", "work_talk", "work_texts"]

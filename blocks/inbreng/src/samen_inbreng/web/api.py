"""What the pages of other blocks may use of the pages of contributions: the form to contribute with, what was said, the receipt."""

from __future__ import annotations

from samen_inbreng.services.guard import check_mark, count_mail, new_mark
from samen_inbreng.web import builder
from samen_inbreng.web.activity_page import acts_for
from samen_inbreng.web.give_form import MARK, TRAP, GiveForm, give, give_form, give_schema, limit_mail
from samen_inbreng.web.report import csv_response
from samen_inbreng.web.sent import Sent, take_sent, thank_for
from samen_inbreng.web.views import ContributionView, contribution_views

__all__ = [
    "MARK",
    "TRAP",
    "ContributionView",
    "GiveForm",
    "Sent",
    "acts_for",
    "builder",
    "check_mark",
    "contribution_views",
    "count_mail",
    "csv_response",
    "give",
    "give_form",
    "give_schema",
    "limit_mail",
    "new_mark",
    "take_sent",
    "thank_for",
]

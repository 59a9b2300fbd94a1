"""The tables."""

from samen_oog_oor.models.case import TASK_STATES, Case, CaseTask, Merge
from samen_oog_oor.models.category import STOPS, Category, CategoryWords
from samen_oog_oor.models.conversation import Inquiry, Note, ReadyText, Update, Verdict
from samen_oog_oor.models.desk import SavedView
from samen_oog_oor.models.exchange import FORWARD_STATES, ApiKey, Forward, ForwardedCategory, Number, Server, TakenOver
from samen_oog_oor.models.mailing import Mailing
from samen_oog_oor.models.numbers import Numbers
from samen_oog_oor.models.pattern import PATTERN_STATES, Pattern, PatternCase
from samen_oog_oor.models.publishing import ShownPicture
from samen_oog_oor.models.routing import Route, Rule
from samen_oog_oor.models.signal import Reporter, Signal, Support, Viewing

__all__ = [
    "FORWARD_STATES",
    "PATTERN_STATES",
    "STOPS",
    "TASK_STATES",
    "ApiKey",
    "Case",
    "CaseTask",
    "Category",
    "CategoryWords",
    "Forward",
    "ForwardedCategory",
    "Inquiry",
    "Mailing",
    "Merge",
    "Note",
    "Number",
    "Numbers",
    "Pattern",
    "PatternCase",
    "ReadyText",
    "Reporter",
    "Route",
    "Rule",
    "SavedView",
    "Server",
    "ShownPicture",
    "Signal",
    "Support",
    "TakenOver",
    "Update",
    "Verdict",
    "Viewing",
]

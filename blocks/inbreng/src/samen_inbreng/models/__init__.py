"""The tables."""

from samen_inbreng.models.activity import ACCESS, KINDS, Activity, Tally
from samen_inbreng.models.answer import OUTCOMES, Answer, AnswerTarget, Theme, ThemedContribution
from samen_inbreng.models.contribution import CHANNELS, MAX_DEPTH, Contribution, Support
from samen_inbreng.models.questionnaire import AnswerCount, Respondent, Response

__all__ = [
    "ACCESS",
    "CHANNELS",
    "KINDS",
    "MAX_DEPTH",
    "OUTCOMES",
    "Activity",
    "Answer",
    "AnswerCount",
    "AnswerTarget",
    "Contribution",
    "Respondent",
    "Response",
    "Support",
    "Tally",
    "Theme",
    "ThemedContribution",
]

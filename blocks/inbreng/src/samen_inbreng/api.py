"""What other blocks may use of contributions: the tables to read and join, the services, the events."""

from __future__ import annotations

from samen_inbreng.events import (
    ActivityClosed,
    ActivityOpened,
    AnswerSent,
    AnswerWithdrawn,
    AnswerWritten,
    ContributionGiven,
    ContributionHidden,
    ContributionShown,
    ContributionWithdrawn,
    ResponseGiven,
)
from samen_inbreng.labels import ACCESS_LABELS, CHANNEL_LABELS, OUTCOME_BADGES, OUTCOME_LABELS
from samen_inbreng.models import (
    CHANNELS,
    OUTCOMES,
    Activity,
    Answer,
    AnswerTarget,
    Contribution,
    Support,
    Tally,
    Theme,
    ThemedContribution,
)
from samen_inbreng.paths import activity as activity_path
from samen_inbreng.paths import contribution as contribution_path

__all__ = [
    "ACCESS_LABELS",
    "CHANNELS",
    "CHANNEL_LABELS",
    "OUTCOMES",
    "OUTCOME_BADGES",
    "OUTCOME_LABELS",
    "Activity",
    "ActivityClosed",
    "ActivityOpened",
    "Answer",
    "AnswerSent",
    "AnswerTarget",
    "AnswerWithdrawn",
    "AnswerWritten",
    "Contribution",
    "ContributionGiven",
    "ContributionHidden",
    "ContributionShown",
    "ContributionWithdrawn",
    "ResponseGiven",
    "Support",
    "Tally",
    "Theme",
    "ThemedContribution",
    "activity_path",
    "contribution_path",
]

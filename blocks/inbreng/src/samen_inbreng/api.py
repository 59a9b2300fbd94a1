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
from samen_inbreng.schemas.activity import CloseActivity, CreateActivity, UpdateActivity
from samen_inbreng.schemas.contribution import Contribute, EnterContribution
from samen_inbreng.services.activities import activity_state, close_activity, create_activity, finish_subject, update_activity
from samen_inbreng.services.contributions import Given, contribute
from samen_inbreng.services.entry import Imported, enter_contribution, import_contributions
from samen_inbreng.services.support import support, take_back

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
    "CloseActivity",
    "Contribute",
    "Contribution",
    "ContributionGiven",
    "ContributionHidden",
    "ContributionShown",
    "ContributionWithdrawn",
    "CreateActivity",
    "EnterContribution",
    "Given",
    "Imported",
    "ResponseGiven",
    "Support",
    "Tally",
    "Theme",
    "ThemedContribution",
    "UpdateActivity",
    "activity_path",
    "activity_state",
    "close_activity",
    "contribute",
    "contribution_path",
    "create_activity",
    "enter_contribution",
    "finish_subject",
    "import_contributions",
    "support",
    "take_back",
    "update_activity",
]

"""What other blocks may use of contributions: the tables to read and join, the services, the events."""

from __future__ import annotations

from samen_inbreng.events import (
    ActivityClosed,
    ActivityOpened,
    AnswerSent,
    AnswerWithdrawn,
    AnswerWritten,
    ContributionForgotten,
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
from samen_inbreng.paths import FOLLOW as FOLLOW_PATH
from samen_inbreng.paths import activity as activity_path
from samen_inbreng.paths import contribution as contribution_path
from samen_inbreng.paths import subject as subject_path
from samen_inbreng.queries.answers import (
    Outcome,
    activities_of,
    answers_on,
    counts,
    outcomes_by_activity,
    outcomes_of,
    pending_of,
    tallies,
    unanswered,
)
from samen_inbreng.queries.contributions import ContributionFilter, list_contributions
from samen_inbreng.queries.contributions import by_id as contribution_by_id
from samen_inbreng.queries.report import ReportFilter, ReportRow, report_rows
from samen_inbreng.queries.themes import themes_of, themes_of_contributions
from samen_inbreng.said import said
from samen_inbreng.schemas.activity import NO_QUESTIONS, CloseActivity, CreateActivity, FormField, UpdateActivity
from samen_inbreng.schemas.answers import WriteAnswer
from samen_inbreng.schemas.contribution import (
    PREFIX,
    Contribute,
    ContributeSchema,
    EnterContribution,
    EnterContributionSchema,
    UseReceipt,
    UseReceiptSchema,
    with_questions,
)
from samen_inbreng.schemas.questionnaires import GiveResponse, HowItCame, HowItCameSchema
from samen_inbreng.schemas.themes import AddTheme, ChooseContributions, MergeTheme, OrderThemes, UpdateTheme
from samen_inbreng.services.activities import (
    activity_state,
    close_activity,
    create_activity,
    finish_subject,
    reopen_activity,
    update_activity,
)
from samen_inbreng.services.answer_mails import Recipient as MailRecipient
from samen_inbreng.services.answer_mails import mail_recipients, mail_recipients_by_id
from samen_inbreng.services.answers import Written, send_due, withdraw_answer, write_answer
from samen_inbreng.services.common import get_activity_to_join as activity_to_join
from samen_inbreng.services.common import read_to_join
from samen_inbreng.services.contributions import CONTRIBUTED, Given, contribute
from samen_inbreng.services.entry import Imported, enter_contribution, import_contributions
from samen_inbreng.services.guard import count_mail
from samen_inbreng.services.questionnaires import enter_response, give_response
from samen_inbreng.services.questionnaires import results as questionnaire_results
from samen_inbreng.services.receipts import CODE_UNKNOWN
from samen_inbreng.services.receipts import follow as contribution_by_code
from samen_inbreng.services.support import support, take_back
from samen_inbreng.services.themes import THEME_RENAMED, add_theme, merge_theme, order_themes, put_in_theme, take_from_theme, update_theme
from samen_inbreng.terms import last_moment, until

__all__ = [
    "ACCESS_LABELS",
    "CHANNELS",
    "CHANNEL_LABELS",
    "CODE_UNKNOWN",
    "CONTRIBUTED",
    "FOLLOW_PATH",
    "NO_QUESTIONS",
    "OUTCOMES",
    "OUTCOME_BADGES",
    "OUTCOME_LABELS",
    "PREFIX",
    "THEME_RENAMED",
    "Activity",
    "ActivityClosed",
    "ActivityOpened",
    "AddTheme",
    "Answer",
    "AnswerSent",
    "AnswerTarget",
    "AnswerWithdrawn",
    "AnswerWritten",
    "ChooseContributions",
    "CloseActivity",
    "Contribute",
    "ContributeSchema",
    "Contribution",
    "ContributionFilter",
    "ContributionForgotten",
    "ContributionGiven",
    "ContributionHidden",
    "ContributionShown",
    "ContributionWithdrawn",
    "CreateActivity",
    "EnterContribution",
    "EnterContributionSchema",
    "FormField",
    "GiveResponse",
    "Given",
    "HowItCame",
    "HowItCameSchema",
    "Imported",
    "MailRecipient",
    "MergeTheme",
    "OrderThemes",
    "Outcome",
    "ReportFilter",
    "ReportRow",
    "ResponseGiven",
    "Support",
    "Tally",
    "Theme",
    "ThemedContribution",
    "UpdateActivity",
    "UpdateTheme",
    "UseReceipt",
    "UseReceiptSchema",
    "WriteAnswer",
    "Written",
    "activities_of",
    "activity_path",
    "activity_state",
    "activity_to_join",
    "add_theme",
    "answers_on",
    "close_activity",
    "contribute",
    "contribution_by_code",
    "contribution_by_id",
    "contribution_path",
    "count_mail",
    "counts",
    "create_activity",
    "enter_contribution",
    "enter_response",
    "finish_subject",
    "give_response",
    "import_contributions",
    "last_moment",
    "list_contributions",
    "mail_recipients",
    "mail_recipients_by_id",
    "merge_theme",
    "order_themes",
    "outcomes_by_activity",
    "outcomes_of",
    "pending_of",
    "put_in_theme",
    "questionnaire_results",
    "read_to_join",
    "reopen_activity",
    "report_rows",
    "said",
    "send_due",
    "subject_path",
    "support",
    "take_back",
    "take_from_theme",
    "tallies",
    "themes_of",
    "themes_of_contributions",
    "unanswered",
    "until",
    "update_activity",
    "update_theme",
    "with_questions",
    "withdraw_answer",
    "write_answer",
]

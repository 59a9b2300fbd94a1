"""The tables."""

from samen_doe_mee.models.activity import SHOW_RESULTS, Activity, ExternalResult, Paragraph, PollChoice, PollOption, PollVote, Remark
from samen_doe_mee.models.answering import AnswerImport, Duty, Reach, ReadyText, ResultMailing, ShortLink
from samen_doe_mee.models.idea import ENDED_STATUSES, IDEA_KINDS, IDEA_STATES, IDEA_STATUSES, CoInitiator, Idea, IdeaNews, IdeaStep
from samen_doe_mee.models.meeting import REGISTRATION_STATES, Meeting, Registration
from samen_doe_mee.models.plan import (
    LEVELS,
    PLAN_FORMS,
    PLAN_ROLES,
    PLAN_STATES,
    Blueprint,
    Colleague,
    Plan,
    PlanDocument,
    PlanNews,
    Round,
    TookPart,
)
from samen_doe_mee.models.support import SUPPORT_WAYS, Trace, Voice

__all__ = [
    "ENDED_STATUSES",
    "IDEA_KINDS",
    "IDEA_STATES",
    "IDEA_STATUSES",
    "LEVELS",
    "PLAN_FORMS",
    "PLAN_ROLES",
    "PLAN_STATES",
    "REGISTRATION_STATES",
    "SHOW_RESULTS",
    "SUPPORT_WAYS",
    "Activity",
    "AnswerImport",
    "Blueprint",
    "CoInitiator",
    "Colleague",
    "Duty",
    "ExternalResult",
    "Idea",
    "IdeaNews",
    "IdeaStep",
    "Meeting",
    "Paragraph",
    "Plan",
    "PlanDocument",
    "PlanNews",
    "PollChoice",
    "PollOption",
    "PollVote",
    "Reach",
    "ReadyText",
    "Registration",
    "Remark",
    "ResultMailing",
    "Round",
    "ShortLink",
    "TookPart",
    "Trace",
    "Voice",
]

"""What a city may set."""

from __future__ import annotations

from samen_core.api import Question, Setting, Text, UnitOfWork, _

MAX_DAYS = "gereedschap.max_days"
PROJECT_DAYS = "gereedschap.project_days"
DAYS_AHEAD = "gereedschap.days_ahead"
MOST_OPEN = "gereedschap.most_open"

LONGEST = 60
_GROUP = _("Gereedschap")


def _number(key: str, question: Text, default: int, minimum: int, maximum: int) -> Setting:
    name = key.partition(".")[2]
    return Setting(key, Question(name, "number", question, required=True, minimum=minimum, maximum=maximum), default, _GROUP)


SETTINGS = (
    _number(MAX_DAYS, _("Hoeveel dagen mag iemand gereedschap hoogstens lenen?"), 14, 1, LONGEST),
    _number(PROJECT_DAYS, _("En hoeveel dagen voor een project met een gereedschapslijst?"), 30, 1, LONGEST),
    _number(DAYS_AHEAD, _("Hoeveel dagen vooruit mag iemand gereedschap aanvragen?"), 120, 7, 365),
    _number(MOST_OPEN, _("Hoeveel aanvragen en leningen mag één persoon tegelijk hebben?"), 3, 1, 20),
)


def number(uow: UnitOfWork, key: str) -> int:
    """The value now of a setting that is a number."""
    value = uow.platform.setting(key)
    assert isinstance(value, int)
    return value

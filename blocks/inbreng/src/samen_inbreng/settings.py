"""What a city may set."""

from __future__ import annotations

from samen_core.api import Question, Setting, Text, UnitOfWork, _

ANSWER_MINUTES = "inbreng.answer_minutes"
EDIT_MINUTES = "inbreng.edit_minutes"
MAIL_MONTHS = "inbreng.mail_months"
NAME_MONTHS = "inbreng.name_months"

GROUP = _("Inbreng")


def _number(key: str, question: Text, default: int, low: int, high: int) -> Setting:
    return Setting(
        key,
        Question(key.rpartition(".")[2], "number", question, required=True, minimum=low, maximum=high),
        default,
        GROUP,
    )


SETTINGS = (
    _number(ANSWER_MINUTES, _("Hoeveel minuten wacht een antwoord voordat het wordt verstuurd?"), 10, 0, 1440),
    _number(EDIT_MINUTES, _("Hoeveel minuten kan iemand de eigen bijdrage nog aanpassen?"), 30, 0, 1440),
    _number(MAIL_MONTHS, _("Hoeveel maanden na het eindverslag bewaren wij e-mailadressen van wie inbreng gaf?"), 6, 1, 60),
    _number(NAME_MONTHS, _("Hoeveel maanden na het eindverslag bewaren wij namen bij inbreng?"), 24, 1, 120),
)


def number(uow: UnitOfWork, key: str) -> int:
    """The value of one of these settings now; its default while the block is switched off, when terms still run."""
    if key not in uow.platform.settings.declared:
        return int(str(next(setting.default for setting in SETTINGS if setting.key == key)))
    return int(str(uow.platform.setting(key)))

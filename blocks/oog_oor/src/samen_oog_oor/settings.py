"""What a city may set."""

from __future__ import annotations

from typing import Any, cast

from marshmallow import ValidationError

from samen_core.api import Question, Setting, Text, UnitOfWork, _
from samen_oog_oor.free_days import read_days

FREE_DAYS = "oog_oor.free_days"
REOPENING_DAYS = "oog_oor.reopening_days"
REMIND_DAYS = "oog_oor.remind_days"
SILENCE_DAYS = "oog_oor.silence_days"
WAITING_DAYS = "oog_oor.waiting_days"

GROUP = _("Oog & Oor")


class FreeDays(Setting):
    """Days, one on each line."""

    def from_plain(self, value: Any) -> Any:
        """The text, when every line of it is a day. Raises marshmallow's ValidationError."""
        text = super().from_plain(value)
        try:
            read_days(text or "")
        except ValueError as error:
            said = _("“{line}” is geen datum. Zet op elke regel één dag, bijvoorbeeld 24-12-2026.", line=str(error))
            raise ValidationError([said]) from None
        return text


def _number(key: str, question: Text, default: int, low: int, high: int, help: Text | str = "") -> Setting:
    return Setting(
        key,
        Question(key.rpartition(".")[2], "number", question, help=help, required=True, minimum=low, maximum=high),
        default,
        GROUP,
    )


SETTINGS = (
    FreeDays(
        FREE_DAYS,
        Question(
            "free_days",
            "long_text",
            _("Op welke dagen werkt de gemeente extra niet?"),
            help=_("Eén dag per regel, bijvoorbeeld 24-12-2026. Weekenden en landelijke feestdagen tellen al niet mee."),
            maximum=2_000,
        ),
        "",
        GROUP,
    ),
    _number(REOPENING_DAYS, _("Hoeveel dagen na het afsluiten kan een melder vragen om er weer naar te kijken?"), 28, 1, 365),
    _number(REMIND_DAYS, _("Hoeveel werkdagen voor de beloofde dag krijgen medewerkers een herinnering?"), 2, 0, 60),
    _number(
        SILENCE_DAYS,
        _("Na hoeveel werkdagen zonder nieuws krijgt een melder bericht?"),
        10,
        1,
        120,
        _("Het bericht zegt hoe het ervoor staat en wanneer het klaar moet zijn."),
    ),
    _number(
        WAITING_DAYS,
        _("Hoeveel dagen wacht een zaak hoogstens als er geen vraag meer openstaat?"),
        14,
        1,
        365,
        _("Daarna gaat de zaak vanzelf verder. Staat er nog een vraag open? Dan wacht de zaak tot het antwoord of de laatste dag daarvoor."),
    ),
)


def number(uow: UnitOfWork, key: str) -> int:
    """The value of one of the numbers now; its default while the block is switched off, when terms still run."""
    if key not in uow.platform.settings.declared:
        return cast("int", next(setting.default for setting in SETTINGS if setting.key == key))
    return cast("int", uow.platform.setting(key))


def free_days(uow: UnitOfWork) -> str:
    """The extra free days of the city now, one on each line."""
    return cast("str", uow.platform.setting(FREE_DAYS)) if FREE_DAYS in uow.platform.settings.declared else ""

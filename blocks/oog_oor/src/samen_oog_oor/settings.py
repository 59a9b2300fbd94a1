"""What a city may set."""

from __future__ import annotations

from typing import Any, cast

from marshmallow import ValidationError

from samen_core.api import Question, Setting, Text, UnitOfWork, _, slugify
from samen_oog_oor.working_days import read_days

CASE_DAYS = "oog_oor.case_days"
CONTACT_DAYS = "oog_oor.contact_days"
FREE_DAYS = "oog_oor.free_days"
NUMBER_LETTERS = "oog_oor.number_letters"
PATTERN_CASES = "oog_oor.pattern_cases"
PROPOSE_FROM = "oog_oor.propose_from"
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


class Letters(Setting):
    """The letters of a number, which stand in addresses."""

    def from_plain(self, value: Any) -> Any:
        """The text, when it is letters alone. Raises marshmallow's ValidationError."""
        text = super().from_plain(value) or ""
        if text.strip() and not (text.strip().isascii() and text.strip().isalpha()):
            raise ValidationError([_("Gebruik alleen de letters A tot en met Z, bijvoorbeeld ZM.")])
        return text.strip()


def _number(key: str, question: Text, default: int, between: tuple[int, int], help: Text | str = "") -> Setting:
    return Setting(
        key,
        Question(key.rpartition(".")[2], "number", question, help=help, required=True, minimum=between[0], maximum=between[1]),
        default,
        GROUP,
    )


CITY_ORGANIZATION = Setting(
    key="oog_oor.city_organization",
    question=Question(
        name="city_organization",
        kind="short_text",
        label=_("Welke organisatie krijgt meldingen waar geen andere voor is aangewezen?"),
        help=_(
            "Naam van een organisatie, of het webadres van haar pagina. Is dit leeg? Dan zoekt een medewerker uit wie een melding oppakt."
        ),
    ),
    default="",
    group=GROUP,
)

SETTINGS: tuple[Setting, ...] = (
    CITY_ORGANIZATION,
    Letters(
        NUMBER_LETTERS,
        Question(
            "number_letters",
            "short_text",
            _("Met welke letters begint het nummer van een melding?"),
            help=_("Bijvoorbeeld ZM, voor ZM-2026-000123. Leeg: de eerste twee letters van de naam van de gemeente."),
            maximum=6,
        ),
        "",
        GROUP,
    ),
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
    _number(REOPENING_DAYS, _("Hoeveel dagen na het afsluiten kan een melder vragen om er weer naar te kijken?"), 28, (1, 365)),
    _number(REMIND_DAYS, _("Hoeveel werkdagen voor de beloofde dag krijgen medewerkers een herinnering?"), 2, (0, 60)),
    _number(
        SILENCE_DAYS,
        _("Na hoeveel werkdagen zonder nieuws krijgt een melder bericht?"),
        10,
        (1, 120),
        _("Het bericht zegt hoe het ervoor staat en wanneer het klaar moet zijn."),
    ),
    _number(
        WAITING_DAYS,
        _("Hoeveel dagen wacht een zaak hoogstens als er geen vraag meer openstaat?"),
        14,
        (1, 365),
        _("Daarna gaat de zaak vanzelf verder. Staat er nog een vraag open? Dan wacht de zaak op het antwoord of op de laatste dag."),
    ),
    _number(
        PATTERN_CASES,
        _("Vanaf hoeveel zaken van hetzelfde onderwerp dicht bij elkaar heet het een patroon?"),
        5,
        (3, 100),
        _("Wij kijken naar de laatste vier maanden."),
    ),
    _number(
        PROPOSE_FROM,
        _("Vanaf hoeveel zaken wordt een patroon vanzelf voorgelegd als vraag?"),
        0,
        (0, 1_000),
        _("Vul 0 in als een medewerker dat altijd zelf beslist."),
    ),
    _number(CONTACT_DAYS, _("Hoeveel dagen na het afsluiten van een zaak bewaren wij hoe de melder te bereiken is?"), 90, (14, 3650)),
    _number(CASE_DAYS, _("Hoeveel dagen na het afsluiten van een zaak bewaren wij wat de melder schreef?"), 730, (30, 3650)),
)


def number(uow: UnitOfWork, key: str) -> int:
    """The value of one of the numbers now; its default while the block is switched off, when terms still run."""
    if key not in uow.platform.settings.declared:
        return cast("int", next(setting.default for setting in SETTINGS if setting.key == key))
    return cast("int", uow.platform.setting(key))


def free_days(uow: UnitOfWork) -> str:
    """The extra free days of the city now, one on each line."""
    return cast("str", uow.platform.setting(FREE_DAYS)) if FREE_DAYS in uow.platform.settings.declared else ""


def city_organization_slug(uow: UnitOfWork) -> str:
    """The end of the address of the organisation that gets what nobody else gets; empty when none was set."""
    typed = str(uow.platform.setting(CITY_ORGANIZATION.key) or "").strip()
    if "/" in typed:
        return typed.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]
    return slugify(typed, "") if typed else ""

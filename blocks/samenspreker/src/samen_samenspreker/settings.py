"""What a city may set: how its steps and levels are called, and who may do what."""

from __future__ import annotations

from typing import cast

from samen_core.api import Question, Setting, Text, UnitOfWork, _

_NAMES = _("Namen van de stappen en niveaus")

STEP_NAMES: dict[str, Text] = {
    "agenda": _("Op de agenda"),
    "solve": _("Oplossing zoeken"),
    "decide": _("Besluit"),
    "execute": _("Uitvoering"),
    "evaluate": _("Evaluatie"),
    "closed": _("Afgerond"),
}
LEVEL_NAMES: dict[str, Text] = {
    "inform": _("Informeren"),
    "consult": _("Raadplegen"),
    "advise": _("Adviseren"),
    "coproduce": _("Coproduceren"),
    "codecide": _("Meebeslissen"),
}
LEVEL_MEANINGS: dict[str, Text] = {
    "inform": _("U krijgt uitleg en antwoord op uw vragen. U beslist niet mee."),
    "consult": _("Uw mening telt mee. De beslisser mag ervan afwijken en legt dan uit waarom."),
    "advise": _("De beslisser volgt het advies van de tafel, tenzij daar goede redenen tegen zijn."),
    "coproduce": _("De tafel maakt samen de oplossing. De beslisser is daaraan gebonden."),
    "codecide": _("De tafel beslist mee. Het besluit wijkt niet af van wat de tafel koos."),
}


def _name(key: str, label: Text) -> Setting:
    question = Question(key, "short_text", label, help=_("Laat leeg voor de gewone naam."), maximum=40)
    return Setting(f"samenspreker.{key}", question, "", _NAMES)


def _step_key(code: str) -> str:
    return f"samenspreker.step_{code}"


def _level_key(code: str) -> str:
    return f"samenspreker.level_{code}"


_EXPLANATIONS = _("Uitleg van het proces")
STEP_MEANINGS: dict[str, Text] = {
    "agenda": _(
        "Iemand stelt een vraag: een probleem of een kans. De gemeente neemt hem aan of legt uit waarom niet. "
        "Daarna staat op papier hoe we het aanpakken, en komt er een tafel met iedereen die het aangaat."
    ),
    "solve": _("De tafel zoekt in een of meer rondes naar een oplossing. Iedereen kan meepraten. Op elke bijdrage komt een antwoord."),
    "decide": _("Wie erover gaat, neemt een besluit. Iedereen leest welke oplossing het wordt, waarom, en wat er met de andere is gedaan."),
    "execute": _("De oplossing wordt uitgevoerd. U ziet wie wat doet, wanneer het klaar is en waarom iets later wordt."),
    "evaluate": _("We kijken terug: is het doel gehaald, en hoe ging het samen? Het eindverslag is voor iedereen te lezen."),
}


def _meaning(code: str) -> Setting:
    label = _("Uitleg van stap “{name}”", name=STEP_NAMES[code])
    help = _("Leg in gewone woorden uit wat er in deze stap gebeurt. Laat leeg voor de gewone uitleg.")
    return Setting(_meaning_key(code), Question(f"explanation_{code}", "long_text", label, help=help, maximum=1_000), "", _EXPLANATIONS)


def _meaning_key(code: str) -> str:
    return f"samenspreker.explanation_{code}"


SUPPORT_THRESHOLD = Setting(
    "samenspreker.support_threshold",
    Question(
        "support_threshold",
        "number",
        _("Hoeveel steun vraagt een vraag?"),
        help=_(
            "De pagina zegt hoeveel er nog nodig is. Het is geen voorwaarde: ook met minder steun kan een vraag verder. "
            "Vul 0 in om niets te laten zien."
        ),
        required=True,
        minimum=0,
        maximum=100_000,
    ),
    25,
    _("Steun"),
)

SETTINGS = (
    *(_name(f"step_{code}", _("Naam van stap “{name}”", name=name)) for code, name in STEP_NAMES.items()),
    *(_name(f"level_{code}", _("Naam van niveau “{name}”", name=name)) for code, name in LEVEL_NAMES.items()),
    *(_meaning(code) for code in STEP_MEANINGS),
    SUPPORT_THRESHOLD,
)


def step_name(uow: UnitOfWork, code: str) -> Text | str:
    """How the city calls a step."""
    return str(uow.platform.setting(_step_key(code)) or "") or STEP_NAMES[code]


def level_name(uow: UnitOfWork, code: str) -> Text | str:
    """How the city calls a level of influence; empty without one."""
    return (str(uow.platform.setting(_level_key(code)) or "") or LEVEL_NAMES[code]) if code else ""


def step_meaning(uow: UnitOfWork, code: str) -> Text | str:
    """What happens in a step, in the words of the city."""
    return str(uow.platform.setting(_meaning_key(code)) or "") or STEP_MEANINGS[code]


def support_needed(uow: UnitOfWork, supports: int) -> int:
    """How much more support the city would like to see for a question; 0 when it is enough or no matter."""
    return max(0, cast("int", uow.platform.setting(SUPPORT_THRESHOLD.key)) - supports)

"""What a city may set: how its steps and levels are called, and who may do what."""

from __future__ import annotations

from samen_core.api import Question, Setting, Text, UnitOfWork, _

_NAMES = _("Samenspreker: namen van de stappen en niveaus")

STEP_NAMES: dict[str, Text] = {
    "agenda": _("Agenda"),
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


SETTINGS = (
    *(_name(f"step_{code}", _("Naam van stap “{name}”", name=name)) for code, name in STEP_NAMES.items()),
    *(_name(f"level_{code}", _("Naam van niveau “{name}”", name=name)) for code, name in LEVEL_NAMES.items()),
)


def step_name(uow: UnitOfWork, code: str) -> Text | str:
    """How the city calls a step."""
    return str(uow.platform.setting(_step_key(code)) or "") or STEP_NAMES[code]


def level_name(uow: UnitOfWork, code: str) -> Text | str:
    """How the city calls a level of influence; empty without one."""
    return (str(uow.platform.setting(_level_key(code)) or "") or LEVEL_NAMES[code]) if code else ""

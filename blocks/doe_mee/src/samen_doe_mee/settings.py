"""What a city may set."""

from __future__ import annotations

from typing import cast

from samen_core.api import Question, Setting, Text, UnitOfWork, _

GROUP = _("Doe Mee")
SUPPORTS_NEEDED = "doe_mee.supports_needed"
IDEA_DAYS = "doe_mee.idea_days"
IDEAS_PER_PERSON = "doe_mee.ideas_per_person"
OPEN_IDEAS = "doe_mee.open_ideas"
OPEN_SUPPORT = "doe_mee.open_support"
ANSWER_DAYS = "doe_mee.answer_days"
RESULT_DAYS = "doe_mee.result_days"
CHALLENGE_WEEKS = "doe_mee.challenge_weeks"
KEEP_IDEA_DAYS = "doe_mee.keep_idea_days"
KEEP_PLAN_DAYS = "doe_mee.keep_plan_days"
KEEP_CONTACT_DAYS = "doe_mee.keep_contact_days"
KEEP_REGISTRATION_DAYS = "doe_mee.keep_registration_days"
TRACE_DAYS = "doe_mee.trace_days"


def _number(key: str, question: Text, default: int, between: tuple[int, int], help: Text | str = "") -> Setting:
    return Setting(
        key,
        Question(key.rpartition(".")[2], "number", question, help=help, required=True, minimum=between[0], maximum=between[1]),
        default,
        GROUP,
    )


SETTINGS: tuple[Setting, ...] = (
    _number(SUPPORTS_NEEDED, _("Hoeveel mensen moeten een idee steunen?"), 100, (1, 100_000)),
    _number(IDEA_DAYS, _("Hoeveel dagen heeft een idee daarvoor?"), 90, (7, 730)),
    _number(IDEAS_PER_PERSON, _("Hoeveel lopende ideeën mag iemand tegelijk hebben?"), 5, (1, 100)),
    Setting(
        OPEN_IDEAS,
        Question(
            "open_ideas",
            "one_choice",
            _("Mogen mensen zonder account een idee indienen?"),
            required=True,
            options=(
                ("code", _("Ja, ze krijgen een code waarmee ze het idee kunnen wijzigen")),
                ("mail", _("Ja, als ze het bevestigen met een mail")),
                ("account", _("Nee, alleen met een account")),
            ),
        ),
        "code",
        GROUP,
    ),
    Setting(
        OPEN_SUPPORT,
        Question(
            "open_support",
            "yes_no",
            _("Mogen mensen zonder account een idee steunen?"),
            help=_("Ze bevestigen dat met een mail of met een code. Deze steun staat apart van die van mensen met een account."),
        ),
        True,
        GROUP,
    ),
    _number(ANSWER_DAYS, _("Binnen hoeveel dagen krijgt een idee of een reactie antwoord?"), 42, (1, 365)),
    _number(RESULT_DAYS, _("Binnen hoeveel dagen na een ronde staat er wat ermee wordt gedaan?"), 14, (1, 365)),
    _number(CHALLENGE_WEEKS, _("Binnen hoeveel weken is er een besluit over een uitdaging?"), 8, (1, 52)),
    _number(KEEP_IDEA_DAYS, _("Hoeveel dagen na het einde van een idee blijft bekend wie het schreef en steunde?"), 730, (30, 3650)),
    _number(KEEP_PLAN_DAYS, _("Hoeveel dagen na het einde van een plan blijft bekend wie meedeed?"), 730, (30, 3650)),
    _number(KEEP_CONTACT_DAYS, _("Hoeveel dagen na het einde van een idee of plan blijven e-mailadressen bewaard?"), 180, (7, 3650)),
    _number(KEEP_REGISTRATION_DAYS, _("Hoeveel dagen na een bijeenkomst blijven aanmeldingen bewaard?"), 90, (7, 3650)),
    _number(
        TRACE_DAYS,
        _("Hoeveel dagen blijft na te gaan waar iets zonder account vandaan kwam?"),
        30,
        (1, 180),
        _("Alleen een hash van het IP-adres wordt bewaard. Niemand krijgt die te zien; hij dient voor een aangifte."),
    ),
)


def open_ideas(uow: UnitOfWork) -> str:
    """How somebody without account may propose an idea: ``code``, ``mail`` or ``account`` (not at all)."""
    return cast("str", uow.platform.setting(OPEN_IDEAS))


def number(uow: UnitOfWork, key: str) -> int:
    """The value of one of the numbers now; its default while the block is switched off, when terms still run."""
    if key not in uow.platform.settings.declared:
        return cast("int", next(setting.default for setting in SETTINGS if setting.key == key))
    return cast("int", uow.platform.setting(key))

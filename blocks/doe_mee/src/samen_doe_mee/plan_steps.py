"""The steps in which a plan is written: parts A to F of its process proposal, its rounds and its contact (DOMAIN.md)."""

from __future__ import annotations

from dataclasses import dataclass

from samen_core.api import Text, _


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its code in the address, its letter ("" outside the proposal), its name, and the fields of the plan in it."""

    code: str
    letter: str
    title: Text
    introduction: Text
    fields: tuple[str, ...] = ()


ROUNDS = "rondes"
CHECK = "controle"
STEPS: tuple[Step, ...] = (
    Step(
        "onderwerp",
        "A",
        _("Onderwerp en ruimte"),
        _("Vertel waar het plan over gaat, wat al vaststaat en waar mensen echt invloed op hebben. Dat voorkomt teleurstelling."),
        ("title", "summary", "about", "fixed", "open", "organization_id", "theme_id"),
    ),
    Step(
        "doelen",
        "B",
        _("Doelen"),
        _("Waarom vraagt u mensen om mee te doen? Aan het eind kijkt u of deze doelen gehaald zijn."),
        ("goals",),
    ),
    Step(
        "gebied",
        "C",
        _("Schaal en gebied"),
        _("Gaat het om een straat of om de hele stad? Daarvan hangt af wie u vraagt."),
        ("scale", "place", "area_id", "scale_note"),
    ),
    Step(
        "deelnemers",
        "D",
        _("Deelnemers"),
        _("Bedenk per groep wie u vraagt en hoe u hen bereikt. Denk ook aan mensen die niet vanzelf reageren."),
        ("participants",),
    ),
    Step(
        "invloed",
        "E",
        _("Invloed"),
        _("Spreek van tevoren af hoeveel invloed mensen hebben. Dat bepaalt ook wat u later met hun inbreng moet doen."),
        ("level", "level_reason", "form", "objection_text", "objection_url", "decided_by"),
    ),
    Step(
        "aanpak",
        "F",
        _("Aanpak"),
        _("Hoe gaat het in zijn werk, online en op straat, en wat kost het?"),
        ("approach", "methods_online", "methods_offline", "communication", "costs"),
    ),
    Step(
        ROUNDS,
        "F",
        _("Rondes en activiteiten"),
        _("Wanneer kunnen mensen meedoen, en waarmee? Een plan heeft minstens één ronde met een activiteit."),
    ),
    Step(
        "contact",
        "",
        _("Contact"),
        _("Bij wie kunnen mensen met vragen terecht? Noem een team, geen namen van inwoners."),
        ("contact_name", "contact_email", "contact_phone", "contact_hours"),
    ),
)
BY_CODE = {step.code: step for step in STEPS}
STEP_OF = {field: step for step in STEPS for field in step.fields}
PROPOSAL_FIELDS = (
    "goals",
    "scale",
    "scale_note",
    "place",
    "participants",
    "level_reason",
    "approach",
    "methods_online",
    "methods_offline",
    "communication",
    "costs",
)
"""What is kept in ``Plan.proposal``."""
CONTACT_FIELDS = ("contact_name", "contact_email", "contact_phone", "contact_hours")
"""What is kept in ``Plan.contact``, there without ``contact_``."""
PLAN_FIELDS = (
    "title",
    "summary",
    "about",
    "fixed",
    "open",
    "form",
    "level",
    "organization_id",
    "area_id",
    "theme_id",
    "objection_text",
    "objection_url",
    "decided_by",
)
"""What has a column of its own."""
FIELD_LABELS: dict[str, Text] = {
    "about": _("Waar het over gaat"),
    "fixed": _("Wat vaststaat"),
    "open": _("Wat nog kan veranderen"),
    "goals": _("Doelen"),
    "scale": _("Schaal"),
    "scale_note": _("Uitleg bij de schaal"),
    "place": _("Plek"),
    "participants": _("Wie er meedoen"),
    "level": _("Niveau van invloed"),
    "level_reason": _("Waarom dit niveau"),
    "form": _("Vorm"),
    "decided_by": _("Wie beslist"),
    "approach": _("Aanpak"),
    "methods_online": _("Online"),
    "methods_offline": _("Op straat of in een zaal"),
    "communication": _("Hoe mensen op de hoogte blijven"),
    "costs": _("Kosten"),
}

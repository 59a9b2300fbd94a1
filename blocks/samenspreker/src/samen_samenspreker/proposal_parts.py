"""The six parts A to F of a process proposal (DOMAIN.md): their fields, addresses and names."""

from __future__ import annotations

from dataclasses import dataclass

from samen_core.api import Text, _
from samen_samenspreker.paths import table

PROPOSAL = "procesvoorstel"


@dataclass(frozen=True, slots=True)
class Part:
    """A part: its letter, the last piece of the address of its form, its name, and the fields of the proposal in it."""

    letter: str
    slug: str
    title: Text
    fields: tuple[str, ...]


PARTS: tuple[Part, ...] = (
    Part("A", "onderwerp", _("Onderwerp en ruimte"), ("subject", "not_about", "leeway")),
    Part("B", "doelen", _("Doelen"), ("goals",)),
    Part("C", "schaal", _("Schaal"), ("scale", "scale_note")),
    Part("D", "deelnemers", _("Deelnemers"), ("participants",)),
    Part("E", "niveau", _("Niveau van invloed"), ("level", "level_reason")),
    Part(
        "F",
        "aanpak",
        _("Aanpak en planning"),
        ("approach", "methods_online", "methods_offline", "planning", "communication", "costs"),
    ),
)
BY_SLUG = {part.slug: part for part in PARTS}
PART_OF = {field: part for part in PARTS for field in part.fields}
FIELDS: tuple[str, ...] = tuple(PART_OF)
"""Every field that the writer of a proposal fills in."""

FIELD_LABELS: dict[str, Text] = {
    "subject": _("Waar het over gaat"),
    "not_about": _("Waar het niet over gaat"),
    "leeway": _("Wat er nog kan veranderen"),
    "goals": _("Doelen"),
    "scale": _("Schaal"),
    "scale_note": _("Uitleg bij de schaal"),
    "participants": _("Wie er meedoen"),
    "level": _("Niveau"),
    "level_reason": _("Waarom dit niveau"),
    "approach": _("Aanpak"),
    "methods_online": _("Online"),
    "methods_offline": _("Op straat of in een zaal"),
    "planning": _("Planning"),
    "communication": _("Communicatie"),
    "costs": _("Kosten"),
}
LEVEL_DEMANDS: dict[str, Text] = {
    "inform": _("Voor het besluit: leg uit wat u besluit en waarom."),
    "consult": _("Voor het besluit: geef antwoord op elk thema in de reacties. Wijkt het besluit af? Leg dan uit waarom."),
    "advise": _(
        "Voor het besluit: geef antwoord op elk thema. Wijkt het besluit af van het advies? Dan moet u dat met argumenten uitleggen."
    ),
    "coproduce": _(
        "Voor het besluit: de tafel moet het eens zijn. Geen enkele deelnemer is tegen, en in elke sector is minstens één deelnemer voor "
        "of kan ermee leven."
    ),
    "codecide": _("Voor het besluit: de tafel moet het eens zijn, en het besluit mag niet afwijken."),
}
"""What a level asks of the decision (DOMAIN.md)."""


def form_path(question_slug: str, part: Part) -> str:
    """The page with the form of a part."""
    return table(question_slug, f"{PROPOSAL}/bewerken/{part.slug}")

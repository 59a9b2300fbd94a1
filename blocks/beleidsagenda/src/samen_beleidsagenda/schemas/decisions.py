"""Commands about decisions of bodies."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import fields

from citycontent.api import CommandSchema, choice_field, name_field, prose_field, reference_field, version_field
from samen_beleidsagenda.labels import RESULT_LABELS
from samen_core.api import _


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDecision:
    """Write down what a body decided.

    What a point, treatment or planned moment knows already (body, dossier) need not be said again. ``participation`` is what was done with
    what residents said. ``publish``: public at once, else a draft that waits for approval.
    """

    title: str
    result: str
    decided_on: date
    body_id: uuid.UUID | None = None
    agenda_item_id: uuid.UUID | None = None
    treatment_id: uuid.UUID | None = None
    planning_item_id: uuid.UUID | None = None
    dossier_id: uuid.UUID | None = None
    text: str = ""
    reasons: str = ""
    participation: str = ""
    effective_on: date | None = None
    confidential: bool = False
    publish: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDecision:
    """Replace the words of a decision that is not public yet."""

    title: str
    result: str
    decided_on: date
    version: int
    dossier_id: uuid.UUID | None = None
    planning_item_id: uuid.UUID | None = None
    text: str = ""
    reasons: str = ""
    participation: str = ""
    effective_on: date | None = None
    confidential: bool = False


class _DecisionSchema(CommandSchema):
    title = name_field(_("Wat is er besloten, in één zin?"))
    result = choice_field(RESULT_LABELS, _("Uitkomst"))
    text = prose_field(_("Het besluit"), _("De tekst zoals die is vastgesteld."))
    reasons = prose_field(_("Waarom is dit besloten?"))
    participation = prose_field(
        _("Wat is er gedaan met de inbreng van inwoners?"), _("Schrijf het zo op dat wie meepraatte, het terugvindt."), rows=5
    )
    decided_on = fields.Date(required=True, metadata={"label": _("Besloten op"), "widget": "date"})
    effective_on = fields.Date(load_default=None, allow_none=True, metadata={"label": _("Gaat in op"), "widget": "date"})
    dossier_id = reference_field(_("Dossier"))
    planning_item_id = reference_field(_("Gepland moment"), _("Dat staat daarna als behandeld op de beleidsagenda."))
    confidential = fields.Boolean(
        load_default=False,
        metadata={"label": _("Vertrouwelijk"), "help": _("Alleen wie vertrouwelijke besluiten mag zien, ziet dit."), "widget": "checkbox"},
    )


class RecordDecisionSchema(_DecisionSchema):
    """A new decision, or one that replaces another."""

    command: ClassVar[type[Any]] = RecordDecision

    body_id = reference_field(_("Welk orgaan besloot?"))
    agenda_item_id = reference_field(_("Agendapunt"))
    treatment_id = reference_field(_("Behandeling van een stuk"))
    publish = fields.Boolean(
        load_default=False,
        metadata={
            "label": _("Maak het besluit meteen openbaar"),
            "help": _("Daarna kunt u het alleen nog vervangen."),
            "widget": "checkbox",
        },
    )


class ChangeDecisionSchema(_DecisionSchema):
    """Changes to a decision that is not public yet."""

    command: ClassVar[type[Any]] = ChangeDecision

    version = version_field()

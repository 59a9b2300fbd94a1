"""Commands about dossiers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import (
    LONG,
    CommandSchema,
    PartialDate,
    choice_field,
    date_field,
    line_field,
    name_field,
    prose_field,
    reference_field,
    references_field,
    version_field,
)
from samen_beleidsagenda.labels import LEVEL_HELP, LEVEL_LABELS, PHASE_LABELS
from samen_beleidsagenda.models.dossier import PHASES, SIDE_PHASES
from samen_core.api import _

SUMMARY_LENGTH = 2000
REASON_LENGTH = 2000
MOST_TAGS = 20
TAG_LENGTH = 50
PHASE_OPTIONS = {phase: PHASE_LABELS[phase] for phase in PHASES}
LEVEL_OPTIONS = {level: _("{label}: {help}", label=LEVEL_LABELS[level], help=LEVEL_HELP[level]) for level in LEVEL_LABELS}


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierFacts:
    """What is known of a dossier. ``tags`` are words of its own; no ``area_ids`` is the whole city."""

    title: str
    summary: str = ""
    why: str = ""
    question: str = ""
    holder_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    contact: str = ""
    start_date: PartialDate | None = None
    expected_end: PartialDate | None = None
    theme_ids: tuple[uuid.UUID, ...] = ()
    area_ids: tuple[uuid.UUID, ...] = ()
    project_ids: tuple[uuid.UUID, ...] = ()
    tags: tuple[str, ...] = ()
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateDossier(DossierFacts):
    """Add a dossier, as a draft, in the phase where it is now."""

    phase: str = "exploration"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDossier(DossierFacts):
    """Replace what is known of a dossier; ``version`` is the one that was read."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDossier:
    """Bring the dossier that was at ``version`` to another phase; ``reason`` where one is needed."""

    phase: str
    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseLevel:
    """Choose how much residents have to say, or that they do not (``none``), with the reason."""

    level: str
    version: int
    reason: str = ""


class Tags(fields.List[str]):
    """Words, one per line in a form and a list in JSON."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            fields.String(validate=validate.Length(1, TAG_LENGTH)),
            load_default=list,
            validate=validate.Length(max=MOST_TAGS),
            **kwargs,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str | None]:
        lines: list[Any] = []
        if isinstance(value, str):
            value = [value]
        for item in value if isinstance(value, list | tuple) else ():
            lines += item.splitlines() if isinstance(item, str) else [item]
        if not isinstance(value, list | tuple):
            return super()._deserialize(value, attr, data, **kwargs)
        words = [" ".join(line.split()) if isinstance(line, str) else line for line in lines]
        return super()._deserialize(list(dict.fromkeys(word for word in words if word != "")), attr, data, **kwargs)


class FactsSchema(CommandSchema):
    """What a new dossier and a changed one have."""

    title = name_field(_("Titel"), _("Kort en duidelijk. Bijvoorbeeld: een veilige Dorpsstraat."))
    summary = prose_field(
        _("Samenvatting in gewone taal"),
        _("Wat gaat er gebeuren, en wat merken inwoners ervan? Schrijf het zoals u het aan uw buren vertelt."),
        SUMMARY_LENGTH,
        6,
    )
    why = prose_field(_("Waarom werkt de gemeente hieraan?"), longest=LONG, rows=5)
    question = prose_field(_("Welke vraag moet worden beantwoord?"), _("Waarover neemt de raad of het college een besluit?"), LONG, 4)
    theme_ids = references_field(_("Thema's"))
    area_ids = references_field(_("Gebieden"), _("Kies niets als het over de hele stad gaat."))
    project_ids = references_field(_("Projecten die hierbij horen"))
    holder_id = reference_field(
        _("Portefeuillehouder"), _("De functie, niet de persoon: wie de functie heeft, komt er vanzelf bij te staan.")
    )
    organization_id = reference_field(
        _("Wie doet het werk?"), _("De afdeling of organisatie. Wie daar rechten heeft, kan dit dossier bewerken.")
    )
    contact = line_field(_("Waar kunnen inwoners terecht met vragen?"), _("Een team met een adres of nummer, geen naam van een persoon."))
    start_date = date_field(_("Begonnen"))
    expected_end = date_field(_("Verwacht klaar"))
    tags = Tags(metadata={"label": _("Trefwoorden"), "help": _("Zet op elke regel één woord."), "widget": "textarea", "rows": 3})
    confidential = fields.Boolean(
        load_default=False,
        metadata={
            "label": _("Dit dossier is vertrouwelijk"),
            "help": _("Het staat dan in geen enkele lijst, agenda of zoekresultaat, behalve voor wie vertrouwelijke stukken mag zien."),
        },
    )

    @validates_schema(skip_on_field_errors=False)
    def _check_period(self, data: dict[str, Any], **_kwargs: Any) -> None:
        start, end = data.get("start_date"), data.get("expected_end")
        if start and end and end.last_day < start.first_day:
            raise ValidationError({"expected_end": [_("Het einde ligt voor het begin.")]})


class CreateDossierSchema(FactsSchema):
    """A new dossier, as a form or as JSON."""

    command: ClassVar[type[Any]] = CreateDossier

    phase = choice_field(PHASE_OPTIONS, _("In welke fase is het nu?"), default="exploration", widget="select")


class UpdateDossierSchema(FactsSchema):
    """Changes to a dossier."""

    command: ClassVar[type[Any]] = UpdateDossier

    version = version_field()


class MoveDossierSchema(CommandSchema):
    """Another phase for a dossier."""

    command: ClassVar[type[Any]] = MoveDossier

    phase = choice_field({code: PHASE_LABELS[code] for code in (*PHASES, *SIDE_PHASES)}, _("Naar welke fase gaat het?"))
    reason = prose_field(
        _("Waarom?"), _("Nodig als het dossier teruggaat, stil komt te liggen of stopt. Iedereen kan dit lezen."), REASON_LENGTH, 3
    )
    version = version_field()


class ChooseLevelSchema(CommandSchema):
    """How much residents have to say."""

    command: ClassVar[type[Any]] = ChooseLevel

    level = choice_field(LEVEL_OPTIONS, _("Hoeveel hebben inwoners te zeggen?"))
    reason = prose_field(_("Waarom dit niveau?"), _("Nodig als er geen samenspraak komt. Iedereen kan dit lezen."), REASON_LENGTH, 4)
    version = version_field()

"""What people send about process proposals: the six parts A to F of DOMAIN.md, one schema each, and all of them as one for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import fields, post_load, validate

from citycontent.api import LONG, SECTOR_LABELS, CommandSchema, Prose, prose_field, version_field
from samen_core.api import FormSchema, Text, _
from samen_samenspreker.labels import GOAL_LABELS, SCALE_LABELS
from samen_samenspreker.settings import LEVEL_NAMES

REASON = 2_000
NEEDS_REASON = 10
"""The fewest characters of a reason to give participants less influence."""

NO_REASON = _("Schrijf waarom de deelnemers minder invloed krijgen dan was afgesproken. Iedereen kan dat lezen.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveProposal:
    """Replace what a draft says in some fields (``values`` by name); ``version`` is the one that was read. It may stay unfinished."""

    version: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishProposal:
    """Publish the draft that was read at ``version``; one that lowers the level of influence needs a public ``reason``."""

    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InformCouncil:
    """The council got the memo on this day; ``version`` is that of the question."""

    on: date
    version: int


GOAL_HELP: dict[str, Text] = {
    "transfer_knowledge": _("U wilt dat mensen weten wat er speelt. Of u wilt leren van wat zij weten."),
    "widen_support": _("U wilt een oplossing waar veel mensen achter staan."),
    "raise_quality": _("U wilt een beter plan, omdat mensen het gebied en het gebruik kennen."),
    "collect_ideas": _("U zoekt nieuwe ideeën, of gegevens die u nog niet hebt."),
    "organize_dissent": _("U wilt op tijd horen wat er niet klopt aan het plan."),
    "self_reliance": _("U wilt dat bewoners of ondernemers het zelf kunnen doen, nu of later."),
    "cohesion": _("U wilt dat buren en organisaties elkaar leren kennen en samen iets doen."),
}


class FilledSchema(FormSchema):
    """Texts by code; what is empty is left out."""

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, str]:
        return {name: text for name, text in data.items() if text}


def _texts(labels: Mapping[str, Text], help: Mapping[str, Text], rows: int) -> dict[str, fields.Field[Any]]:
    return {name: prose_field(label, help.get(name, ""), REASON, rows) for name, label in labels.items()}


ProposalGoalsSchema = FilledSchema.from_dict(dict(_texts(GOAL_LABELS, GOAL_HELP, 2)), name="ProposalGoalsSchema")
ProposalParticipantsSchema = FilledSchema.from_dict(dict(_texts(SECTOR_LABELS, {}, 3)), name="ProposalParticipantsSchema")


class PartSchema(CommandSchema):
    """A part of a draft; nothing in it is required before publication."""

    command: ClassVar[type[Any]] = SaveProposal

    version = version_field()

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> SaveProposal:
        version = data.pop("version")
        return SaveProposal(version=version, values=data)


def _choice(labels: Mapping[str, Text], label: Text) -> fields.String:
    """One of the codes, or none yet."""
    metadata = {"label": label, "widget": "radios", "options": tuple(labels.items())}
    return fields.String(load_default="", validate=validate.OneOf(("", *labels)), metadata=metadata)


class SubjectPartSchema(PartSchema):
    """Part A: what it is about, what it is not about, what can still change."""

    subject = prose_field(
        _("Waar gaat het over?"), _("Beschrijf het onderwerp in een paar zinnen. Iemand die er niets van weet, moet het snappen."), LONG, 5
    )
    not_about = prose_field(
        _("Waar gaat het niet over?"), _("Noem wat al vaststaat of waar u nu niet over praat. Zo verwacht niemand te veel."), LONG, 4
    )
    leeway = prose_field(
        _("Wat kan er nog veranderen?"),
        _("Waar hebben deelnemers echt invloed op? En binnen welke grenzen, zoals geld en regels?"),
        LONG,
        4,
    )


class GoalsPartSchema(PartSchema):
    """Part B: one or more goals, each with a reason."""

    goals = fields.Nested(
        ProposalGoalsSchema,
        load_default=dict,
        metadata={
            "label": _("Wat wilt u met samenspraak bereiken?"),
            "help": _("Kies één of meer doelen. Schrijf bij elk doel dat u kiest waarom. Laat de andere leeg."),
        },
    )


class ScalePartSchema(PartSchema):
    """Part C: the scale."""

    scale = _choice(SCALE_LABELS, _("Voor welk gebied is de vraag belangrijk?"))
    scale_note = prose_field(
        _("Wilt u dat uitleggen?"), _("Noem bijvoorbeeld de straten, of waarom ook een andere wijk meedoet."), REASON, 3
    )


class ParticipantsPartSchema(PartSchema):
    """Part D: who is asked and how they are reached, per sector."""

    participants = fields.Nested(
        ProposalParticipantsSchema,
        load_default=dict,
        metadata={
            "label": _("Wie vraagt u, en hoe bereikt u hen?"),
            "help": _("Schrijf per groep wie u uitnodigt en hoe. Denk ook aan mensen die u niet vanzelf hoort."),
        },
    )


class LevelPartSchema(PartSchema):
    """Part E: the level of influence."""

    level = _choice(LEVEL_NAMES, _("Hoeveel invloed krijgen de deelnemers?"))
    level_reason = prose_field(_("Waarom dit niveau?"), "", REASON, 3)


class ApproachPartSchema(PartSchema):
    """Part F: approach and planning."""

    approach = prose_field(_("Hoe pakt u het aan?"), _("Beschrijf in grote lijnen welke stappen u zet, en in hoeveel rondes."), LONG, 4)
    methods_online = prose_field(
        _("Wat doet u online?"), _("Bijvoorbeeld reacties op deze website, een vragenlijst of een kaart."), LONG, 3
    )
    methods_offline = prose_field(
        _("Wat doet u op straat of in een zaal?"), _("Niet iedereen doet online mee. Denk aan een avond, huisbezoek of een kraam."), LONG, 3
    )
    planning = prose_field(_("Wanneer gebeurt wat?"), _("Noem de rondes met hun datums, en wanneer het besluit valt."), LONG, 4)
    communication = prose_field(
        _("Hoe houdt u mensen op de hoogte?"), _("Hoe nodigt u uit, en hoe hoort men wat er met de inbreng gebeurt?"), LONG, 3
    )
    costs = prose_field(
        _("Wat kost het?"), _("Noem het geld en de uren, en wie dat betaalt. Zijn er geen kosten? Schrijf dat op."), LONG, 2
    )


class SaveProposalSchema(ApproachPartSchema, LevelPartSchema, ParticipantsPartSchema, ScalePartSchema, GoalsPartSchema, SubjectPartSchema):
    """The whole of a draft, as JSON: what is left out becomes empty."""


_REASON_LABEL = _("Waarom krijgen de deelnemers minder invloed?")
_REASON_HELP = _("De samenspraak begon met een andere afspraak. Uw reden komt in het openbare logboek.")


class PublishProposalSchema(CommandSchema):
    """Which draft is published."""

    command: ClassVar[type[Any]] = PublishProposal

    reason = prose_field(_REASON_LABEL, _REASON_HELP, REASON, 4)
    version = version_field()


class PublishLessInfluenceSchema(PublishProposalSchema):
    """Publishing a version that lowers the level of influence, as a page asks it: with a reason."""

    reason = Prose(
        required=True,
        validate=validate.Length(NEEDS_REASON, REASON, error=NO_REASON.id),
        metadata={"label": _REASON_LABEL, "help": _REASON_HELP, "widget": "textarea", "rows": 4},
    )


class InformCouncilSchema(CommandSchema):
    """When the council was informed."""

    command: ClassVar[type[Any]] = InformCouncil

    on = fields.Date(
        required=True,
        metadata={"label": _("Wanneer kreeg de raad de memo?"), "help": _("De datum waarop de memo naar de gemeenteraad ging.")},
    )
    version = version_field()

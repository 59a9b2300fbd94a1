"""The forms in which a plan is written, one a step, and all of them as one for JSON. Nothing but the title is needed before publication."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields, post_load, validate

from citycontent.api import (
    LONG,
    SECTOR_LABELS,
    SHORT,
    CommandSchema,
    Line,
    email_field,
    line_field,
    phone_field,
    prose_field,
    reference_field,
    url_field,
    version_field,
)
from samen_core.api import FormSchema, Place, Text, _
from samen_doe_mee.labels import GOAL_LABELS, LEVEL_LABELS, PLAN_FORM_LABELS, SCALE_LABELS
from samen_doe_mee.models.base import NAME_LENGTH, TITLE_LENGTH
from samen_doe_mee.schemas.plans import UpdatePlan

REASON = 2_000

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


PlanGoalsSchema = FilledSchema.from_dict(dict(_texts(GOAL_LABELS, GOAL_HELP, 2)), name="PlanGoalsSchema")
PlanParticipantsSchema = FilledSchema.from_dict(dict(_texts(SECTOR_LABELS, {}, 3)), name="PlanParticipantsSchema")


class StepSchema(CommandSchema):
    """A step of a plan."""

    command: ClassVar[type[Any]] = UpdatePlan

    version = version_field()

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> UpdatePlan:
        version = data.pop("version")
        return UpdatePlan(version=version, values=data)


def _choice(labels: Mapping[str, Text], label: Text, default: str = "", help: Text | str = "") -> fields.String:
    """One of the codes; none yet where there is no default."""
    known = tuple(labels) if default else ("", *labels)
    metadata = {"label": label, "help": help, "widget": "radios", "options": tuple(labels.items())}
    return fields.String(load_default=default, validate=validate.OneOf(known), metadata=metadata)


def plan_title_field() -> Line:
    """The title of a plan."""
    help = _("Kort en duidelijk, bijvoorbeeld: De Dorpsstraat wordt veiliger.")
    return Line(required=True, validate=validate.Length(max=TITLE_LENGTH), metadata={"label": _("Titel"), "help": help})


class SubjectStepSchema(StepSchema):
    """Part A: what it is about, what is fixed, what can still change."""

    title = plan_title_field()
    summary = line_field(_("In één of twee zinnen"), _("Dit staat in lijsten en bij gedeelde links."), SHORT)
    about = prose_field(
        _("Waar gaat het over?"), _("Beschrijf het onderwerp in een paar zinnen. Iemand die er niets van weet, moet het snappen."), LONG, 5
    )
    fixed = prose_field(
        _("Wat staat vast?"), _("Noem wat al besloten is of waar u nu niet over praat. Zo verwacht niemand te veel."), LONG, 4
    )
    open = prose_field(
        _("Wat kan er nog veranderen?"), _("Waar hebben mensen echt invloed op? En binnen welke grenzen, zoals geld en regels?"), LONG, 4
    )
    organization_id = reference_field(_("Van welke organisatie is het plan?"))
    theme_id = reference_field(_("Thema"))


class GoalsStepSchema(StepSchema):
    """Part B: one or more goals, each with a reason."""

    goals = fields.Nested(
        PlanGoalsSchema,
        load_default=dict,
        metadata={
            "label": _("Wat wilt u bereiken?"),
            "help": _("Kies één of meer doelen. Schrijf bij elk doel dat u kiest waarom. Laat de andere leeg."),
        },
    )


class ScaleStepSchema(StepSchema):
    """Part C: the scale and the area."""

    scale = _choice(SCALE_LABELS, _("Voor welk gebied is het plan belangrijk?"))
    place = Place(
        load_default=None,
        allow_none=True,
        metadata={
            "label": _("Op welke plek ligt het?"),
            "help": _("Dan staat het plan op de kaart. Een adres in het midden is genoeg. Laat dit leeg als het om meer plekken gaat."),
        },
    )
    area_id = reference_field(_("Wijk of buurt"))
    scale_note = prose_field(
        _("Wilt u dat uitleggen?"), _("Noem bijvoorbeeld de straten, of waarom ook een andere wijk meedoet."), REASON, 3
    )


class ParticipantsStepSchema(StepSchema):
    """Part D: who is asked and how they are reached, per sector."""

    participants = fields.Nested(
        PlanParticipantsSchema,
        load_default=dict,
        metadata={
            "label": _("Wie vraagt u, en hoe bereikt u hen?"),
            "help": _("Schrijf per groep wie u uitnodigt en hoe. Een groep die niets met het plan te maken heeft, laat u leeg."),
        },
    )


class InfluenceStepSchema(StepSchema):
    """Part E: the level of influence, and participation or formal inspraak."""

    level = _choice(LEVEL_LABELS, _("Hoeveel invloed krijgen mensen?"), "consult")
    level_reason = prose_field(_("Waarom dit niveau?"), "", REASON, 3)
    decided_by = line_field(_("Wie beslist, en wanneer?"), _("Bijvoorbeeld: het college, in maart 2027."), SHORT)
    form = _choice(
        PLAN_FORM_LABELS,
        _("Is dit participatie of formele inspraak?"),
        "participation",
        _("Bij formele inspraak schrijft de wet voor hoe mensen bezwaar maken. Dat moet u dan hieronder uitleggen."),
    )
    objection_text = prose_field(
        _("Waar en tot wanneer kunnen mensen bezwaar maken?"),
        _("Alleen bij formele inspraak. Een reactie op deze website is geen zienswijze of bezwaar: zeg waar dat wel kan."),
        LONG,
        4,
    )
    objection_url = url_field(_("Link naar het formulier voor een zienswijze of bezwaar"))


class ApproachStepSchema(StepSchema):
    """Part F: approach."""

    approach = prose_field(_("Hoe pakt u het aan?"), _("Beschrijf in grote lijnen welke stappen u zet, en in hoeveel rondes."), LONG, 4)
    methods_online = prose_field(
        _("Wat doet u online?"), _("Bijvoorbeeld reacties op deze website, een vragenlijst of een kaart."), LONG, 3
    )
    methods_offline = prose_field(
        _("Wat doet u op straat of in een zaal?"), _("Niet iedereen doet online mee. Denk aan een avond, huisbezoek of een kraam."), LONG, 3
    )
    communication = prose_field(
        _("Hoe houdt u mensen op de hoogte?"), _("Hoe nodigt u uit, en hoe hoort men wat er met de inbreng gebeurt?"), LONG, 3
    )
    costs = prose_field(_("Wat kost het?"), _("Noem het geld en de uren. Zijn er geen kosten? Schrijf dat op."), LONG, 2)


class ContactStepSchema(StepSchema):
    """Whom people can ask."""

    contact_name = line_field(_("Naam van het team"), _("Bijvoorbeeld: team Openbare ruimte."), NAME_LENGTH)
    contact_email = email_field(_("E-mailadres"))
    contact_phone = phone_field()
    contact_hours = line_field(_("Wanneer bent u bereikbaar?"), _("Bijvoorbeeld: op werkdagen van 9 tot 12 uur."), SHORT)


SCHEMAS: dict[str, type[StepSchema]] = {
    "onderwerp": SubjectStepSchema,
    "doelen": GoalsStepSchema,
    "gebied": ScaleStepSchema,
    "deelnemers": ParticipantsStepSchema,
    "invloed": InfluenceStepSchema,
    "aanpak": ApproachStepSchema,
    "contact": ContactStepSchema,
}
"""By the code of the step; rounds have pages of their own."""


class UpdatePlanSchema(
    ContactStepSchema,
    ApproachStepSchema,
    InfluenceStepSchema,
    ParticipantsStepSchema,
    ScaleStepSchema,
    GoalsStepSchema,
    SubjectStepSchema,
):
    """The whole of what a plan says, as JSON: what is left out becomes empty."""

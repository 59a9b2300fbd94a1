"""Commands about rules, and about where a case goes."""

# ruff: noqa: ARG002 the signatures are marshmallow's

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import (
    SHORT,
    CommandSchema,
    Line,
    Prose,
    choice_field,
    line_field,
    prose_field,
    reference_field,
    references_field,
    version_field,
)
from samen_core.api import Text, WholeNumber, _
from samen_oog_oor.labels import PRIORITY_LABELS, TYPE_LABELS, WEEKDAY_LABELS
from samen_oog_oor.models.base import TITLE_LENGTH
from samen_oog_oor.models.signal import TEXT_LENGTH

MOST_WORDS = 100
MOST_QUESTIONS = 10
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRule:
    """Make a rule, or replace one: then ``version`` is the one that was read. See :class:`samen_oog_oor.models.Rule`."""

    name: str
    organization_id: uuid.UUID
    assignee_id: uuid.UUID | None = None
    explanation: str = ""
    categories: tuple[uuid.UUID, ...] = ()
    areas: tuple[uuid.UUID, ...] = ()
    types: tuple[str, ...] = ()
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    start: str = ""
    end: str = ""
    priority: str | None = None
    active: bool = True
    version: int = 0

    @property
    def conditions(self) -> dict[str, Any]:
        """The conditions as they are stored."""
        found: dict[str, Any] = {
            "categories": [str(id) for id in self.categories],
            "areas": [str(id) for id in self.areas],
            "types": list(self.types),
            "answers": {question: list(wanted) for question, wanted in self.answers.items()},
            "words": list(self.words),
            "weekdays": sorted(self.weekdays),
            "from": self.start,
            "until": self.end,
        }
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRules:
    """Put all rules in this order. ``order`` are the ids of every rule."""

    order: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRule:
    """Put a rule one place ``up`` or ``down``."""

    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TryRules:
    """A case that does not exist, or one that does (``number``), to see which rule decides.

    It comes in at ``at``, else on the next ``day`` of the week (1 is Monday) at ``clock`` in city time; what is not given is as now.
    """

    number: str = ""
    category_id: uuid.UUID | None = None
    area_id: uuid.UUID | None = None
    type: str = "problem"
    text: str = ""
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    day: int | None = None
    clock: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBack:
    """This is not ours. ``to`` is ``triage``, or ``next``: whoever would get it if we were not there."""

    reason: str
    version: int
    to: str = "triage"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Give a case to an organisation by hand. ``reason`` is for staff."""

    organization_id: uuid.UUID
    version: int
    reason: str = ""


class Words(fields.Field[tuple[str, ...]]):
    """Words or short phrases: a list in JSON; in a form one to a line, or with commas between."""

    openapi: ClassVar[dict[str, Any]] = {"type": "array", "maxItems": MOST_WORDS, "items": {"type": "string", "maxLength": 80}}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> tuple[str, ...]:
        found = re.split(r"[\n,;]", value) if isinstance(value, str) else value
        if not isinstance(found, list | tuple) or not all(isinstance(word, str) for word in found):
            raise ValidationError([_("Dit moet een lijst met woorden zijn.")])
        words = tuple(dict.fromkeys(" ".join(word.split()) for word in found if word.strip()))
        if len(words) > MOST_WORDS:
            raise ValidationError([_("Geef hoogstens {max} woorden.", max=MOST_WORDS)])
        if long := next((word for word in words if len(word) > 80), None):
            raise ValidationError([_("“{word}” is te lang: gebruik hoogstens 80 tekens.", word=f"{long[:30]}…")])
        if empty := next((word for word in words if not any(map(str.isalnum, word))), None):
            raise ValidationError([_("In “{word}” staat geen letter of cijfer.", word=empty)])
        return words

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return value if isinstance(value, str) else "\n".join(value or ())


class WantedAnswers(fields.Field[dict[str, tuple[str, ...]]]):
    """Wanted answers per question: an object of lists in JSON; in a form a line per question, ``vraag = antwoord | ander antwoord``."""

    openapi: ClassVar[dict[str, Any]] = {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> dict[str, tuple[str, ...]]:
        lines = dict(map(_answer_line, filter(str.strip, value.splitlines()))) if isinstance(value, str) else value
        if not isinstance(lines, Mapping):
            raise ValidationError([_("Dit heeft niet de vorm die nodig is.")])
        if len(lines) > MOST_QUESTIONS:
            raise ValidationError([_("Noem hoogstens {max} vragen.", max=MOST_QUESTIONS)])
        found: dict[str, tuple[str, ...]] = {}
        for question, wanted in lines.items():
            values = (wanted,) if isinstance(wanted, str) else tuple(wanted) if isinstance(wanted, list | tuple) else ()
            if not isinstance(question, str) or not _NAME.fullmatch(question) or not values:
                raise ValidationError([_answer_help()])
            if not all(isinstance(one, str) and one.strip() and len(one) <= 200 for one in values):
                raise ValidationError([_answer_help()])
            found[question] = tuple(one.strip() for one in values)
        return found

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return value if isinstance(value, str) else "\n".join(f"{name} = {' | '.join(wanted)}" for name, wanted in (value or {}).items())


def _answer_line(line: str) -> tuple[str, tuple[str, ...]]:
    question, _sign, wanted = line.partition("=")
    return question.strip(), tuple(one.strip() for one in wanted.split("|") if one.strip())


def _answer_help() -> Text:
    return _("Schrijf per regel de naam van een vraag, dan = en het antwoord, bijvoorbeeld: brandt = nee.")


class Clock(Line):
    """A time of day as ``HH:MM``; ``9.30`` is fine too."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text:
            return ""
        found = _CLOCK.fullmatch(text)
        if found is None:
            raise ValidationError([_("Vul een tijd in, bijvoorbeeld 22:00.")])
        return f"{int(found[1]):02d}:{found[2]}"


def answers_field() -> WantedAnswers:
    """The answers that count."""
    help = _("Per regel de naam van een vraag, dan = en het antwoord. Meer antwoorden scheidt u met |, bijvoorbeeld: soort = lamp | mast.")
    return WantedAnswers(load_default=dict, metadata={"label": _("Antwoorden op vragen"), "help": help, "widget": "textarea", "rows": 3})


class SaveRuleSchema(CommandSchema):
    """A rule, as a form or as JSON."""

    command: ClassVar[type[Any]] = SaveRule

    name = Line(
        required=True,
        validate=validate.Length(max=TITLE_LENGTH),
        metadata={"label": _("Naam van de regel"), "help": _("Alleen medewerkers zien de naam.")},
    )
    organization_id = reference_field(_("Naar welke organisatie?"), required=True)
    assignee_id = reference_field(
        _("Naar welke collega?"), _("Leeg is: niemand in het bijzonder. Vertrouwelijke zaken krijgt niemand vanzelf.")
    )
    priority = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(tuple(PRIORITY_LABELS)),
        metadata={"label": _("Met welke urgentie?"), "widget": "select", "options": tuple(PRIORITY_LABELS.items())},
    )
    categories = references_field(_("Categorieën"), _("Een hoofdcategorie telt voor alles wat eronder valt."))
    areas = references_field(_("Gebieden"), _("Een wijk telt voor alle buurten erin."))
    types = fields.List(
        fields.String(validate=validate.OneOf(tuple(TYPE_LABELS))),
        load_default=list,
        validate=validate.Length(max=len(TYPE_LABELS)),
        metadata={"label": _("Soorten meldingen"), "widget": "checkboxes", "options": tuple(TYPE_LABELS.items())},
    )
    words = Words(
        load_default=tuple,
        metadata={
            "label": _("Woorden in de melding"),
            "help": _("Eén woord per regel. Met * erachter tellen ook langere woorden mee: rat* vindt ook ratten."),
            "widget": "textarea",
            "rows": 3,
        },
    )
    answers = answers_field()
    weekdays = fields.List(
        WholeNumber(validate=validate.Range(1, 7)),
        load_default=list,
        validate=validate.Length(max=7),
        metadata={
            "label": _("Dagen van de week"),
            "widget": "checkboxes",
            "options": tuple((str(number), label) for number, label in WEEKDAY_LABELS.items()),
        },
    )
    start = Clock(load_default="", validate=validate.Length(max=5), metadata={"label": _("Vanaf"), "help": _("Bijvoorbeeld 22:00.")})
    end = Clock(
        load_default="",
        validate=validate.Length(max=5),
        metadata={"label": _("Tot"), "help": _("Een nacht hoort bij de dag waarop hij begint.")},
    )
    explanation = Prose(
        load_default="",
        validate=validate.Length(max=SHORT),
        metadata={
            "label": _("Uitleg voor iedereen"),
            "help": _("Waarom gaat dit daarheen? Dit staat bij elke melding die deze regel volgt."),
            "widget": "textarea",
            "rows": 2,
        },
    )
    active = fields.Boolean(load_default=False, metadata={"label": _("Deze regel doet mee")})
    version = WholeNumber(load_default=0, validate=validate.Range(0, 2**31 - 1), metadata={"skip": True})

    @validates_schema(skip_on_field_errors=False)
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        errors: dict[str, list[Any]] = {}
        if data.get("start") and data.get("start") == data.get("end"):
            errors["end"] = [_("Begin en eind zijn gelijk. Laat ze leeg voor de hele dag.")]
        kinds = ("categories", "areas", "types", "words", "answers", "weekdays", "start", "end")
        if not any(data.get(kind) for kind in kinds):
            text = _("Kies ten minste één voorwaarde. Wat bij geen regel past, gaat naar de organisatie van de categorie.")
            errors["categories"] = [text]
        if errors:
            raise ValidationError(errors)


class OrderRulesSchema(CommandSchema):
    """Another order."""

    command: ClassVar[type[Any]] = OrderRules

    order = fields.List(fields.UUID(), required=True, validate=validate.Length(max=1000))


class MoveRuleSchema(CommandSchema):
    """One place up or down."""

    command: ClassVar[type[Any]] = MoveRule

    direction = fields.String(required=True, validate=validate.OneOf(("up", "down")))


class TryRulesSchema(CommandSchema):
    """The test bench."""

    command: ClassVar[type[Any]] = TryRules

    number = line_field(_("Nummer van een zaak"), _("Dan telt wat er in die zaak staat, en niet wat u hieronder kiest."), 40)
    category_id = reference_field(_("Categorie"))
    area_id = reference_field(_("Buurt"))
    type = choice_field(TYPE_LABELS, _("Soort melding"), default="problem", widget="select")
    text = prose_field(_("Wat iemand schrijft"), longest=TEXT_LENGTH, rows=3)
    answers = answers_field()
    at = fields.AwareDateTime(load_default=None, allow_none=True, metadata={"label": _("Wanneer"), "skip": True})
    day = WholeNumber(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 7),
        metadata={
            "label": _("Dag"),
            "widget": "select",
            "options": tuple((str(number), label) for number, label in WEEKDAY_LABELS.items()),
        },
    )
    clock = Clock(load_default="", validate=validate.Length(max=5), metadata={"label": _("Tijd"), "help": _("Leeg is nu.")})


class SendBackSchema(CommandSchema):
    """Wrong desk."""

    command: ClassVar[type[Any]] = SendBack

    reason = Prose(
        required=True,
        validate=validate.Length(1, SHORT),
        metadata={
            "label": _("Waarom hoort dit niet bij ons?"),
            "help": _("Alleen medewerkers lezen dit."),
            "widget": "textarea",
            "rows": 2,
        },
    )
    to = choice_field(
        {"triage": _("Terug naar wie de meldingen verdeelt"), "next": _("Door naar de volgende die in aanmerking komt")},
        _("Waar moet het heen?"),
        default="triage",
    )
    version = version_field()


class HandOverSchema(CommandSchema):
    """To another organisation, by hand."""

    command: ClassVar[type[Any]] = HandOver

    organization_id = reference_field(_("Naar welke organisatie?"), required=True)
    reason = prose_field(_("Waarom?"), _("Alleen medewerkers lezen dit."), SHORT, 2)
    version = version_field()

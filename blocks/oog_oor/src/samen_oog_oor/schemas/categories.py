"""Commands about categories and their extra questions, and the forms that send them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import (
    CommandSchema,
    DeleteSchema,
    Line,
    choice_field,
    line_field,
    name_field,
    prose_field,
    reference_field,
    url_field,
    version_field,
)
from samen_core.api import Question, QuestionError, Text, WholeNumber, _, fold
from samen_oog_oor.labels import ICON_LABELS, PUBLICATION_LABELS, QUESTION_LABELS, STOP_LABELS
from samen_oog_oor.models.base import TITLE_LENGTH

LONGEST_TEXT = 2_000
LARGEST_TERM = 250
LARGEST_RADIUS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCategory:
    """What a category is from now on.

    ``parent_id`` None makes it a main one. An empty ``code`` is made from the name; it never changes afterwards. An empty ``icon`` is that
    of its main one. ``form`` None leaves the questions as they are. ``version`` is the one that was read; a new one has none.
    """

    name: str
    parent_id: uuid.UUID | None = None
    code: str = ""
    name_en: str = ""
    description: str = ""
    words: str = ""
    promise: str = ""
    icon: str = ""
    form: Mapping[str, Any] | None = None
    term_days: int = 5
    radius: int = 50
    publication: str = "point"
    stop: str = ""
    stop_text: str = ""
    stop_text_en: str = ""
    stop_url: str = ""
    stop_phone: str = ""
    confirm_by_mail: bool = False
    confidential: bool = False
    organization_id: uuid.UUID | None = None
    version: int | None = None


def _code_field() -> Line:
    return Line(
        load_default="",
        validate=validate.Regexp(r"^$|^[a-z0-9][a-z0-9-]{0,59}$", error=_("Gebruik alleen kleine letters, cijfers en streepjes.").id),
        metadata={
            "label": _("Code"),
            "help": _("Hieraan herkennen andere systemen de categorie. Leeg is: gemaakt van de naam. Hierna verandert de code niet meer."),
        },
    )


class CreateMainSchema(CommandSchema):
    """A new main category."""

    command: ClassVar[type[Any]] = SaveCategory

    name = name_field(_("Naam"), _("Kort en in gewone woorden: dit leest iedereen die iets meldt."))
    name_en = line_field(_("Naam in het Engels"), longest=TITLE_LENGTH)
    description = prose_field(_("Wat valt eronder?"), _("Eén zin die helpt bij het kiezen."), LONGEST_TEXT, rows=2)
    icon = choice_field(ICON_LABELS, _("Plaatje"), default="map-pin", widget="select")
    code = _code_field()


class UpdateMainSchema(CreateMainSchema):
    """Changes to a main category."""

    class Meta:
        """The code stays."""

        exclude = ("code",)

    version = version_field()


class CreateSubSchema(CommandSchema):
    """A new category under a main one."""

    command: ClassVar[type[Any]] = SaveCategory

    parent_id = reference_field(_("Onder welke hoofdcategorie?"), required=True)
    name = name_field(_("Naam"), _("Kort en in gewone woorden: dit leest iedereen die iets meldt."))
    name_en = line_field(_("Naam in het Engels"), longest=TITLE_LENGTH)
    description = prose_field(_("Wat valt eronder?"), _("Eén zin die helpt bij het kiezen."), LONGEST_TEXT, rows=2)
    words = prose_field(
        _("Andere woorden"),
        _("Eén woord of een paar woorden per regel, zoals bewoners het zeggen. Hiermee wordt de categorie voorgesteld."),
        LONGEST_TEXT,
        rows=6,
    )
    term_days = WholeNumber(
        load_default=5,
        validate=validate.Range(1, LARGEST_TERM),
        metadata={"label": _("Binnen hoeveel werkdagen?"), "help": _("Weekenden en feestdagen tellen niet mee.")},
    )
    promise = prose_field(
        _("Wat mag een melder verwachten?"),
        _("Eén of twee zinnen. De dag waarop het klaar is, staat er vanzelf bij."),
        LONGEST_TEXT,
        rows=3,
    )
    organization_id = reference_field(
        _("Wie pakt dit meestal op?"), _("Voor als geen regel iets anders zegt. Typ de naam van de organisatie.")
    )
    radius = WholeNumber(
        load_default=50,
        validate=validate.Range(0, LARGEST_RADIUS),
        metadata={
            "label": _("Binnen hoeveel meter is het hetzelfde?"),
            "help": _("Ligt er zo dichtbij al een melding, dan kan iemand daarbij aansluiten. 0 is: nooit vragen."),
        },
    )
    publication = choice_field(PUBLICATION_LABELS, _("Wat ziet iedereen van deze meldingen?"), default="point")
    confidential = fields.Boolean(
        load_default=False, metadata={"label": _("Vertrouwelijk: alleen professionals met dat recht melden en zien dit")}
    )
    confirm_by_mail = fields.Boolean(
        load_default=False, metadata={"label": _("Een melding van buiten telt pas als de melder die per e-mail bevestigt")}
    )
    stop = choice_field(STOP_LABELS, _("Houdt deze categorie een melding tegen?"), default="")
    stop_text = prose_field(_("Wat moet iemand dan doen?"), _("Zeg wie te bellen is of waar het te melden is."), LONGEST_TEXT, rows=3)
    stop_text_en = prose_field(_("Hetzelfde in het Engels"), "", LONGEST_TEXT, rows=3)
    stop_phone = Line(
        load_default="",
        validate=validate.Regexp(r"^$|^\+?[0-9 ()\-]{3,40}$", error=_("Vul een telefoonnummer in, bijvoorbeeld 0900-8844.").id),
        metadata={"label": _("Telefoonnummer"), "widget": "tel"},
    )
    stop_url = url_field(_("Webadres"))
    code = _code_field()


class UpdateSubSchema(CreateSubSchema):
    """Changes to a category under a main one."""

    class Meta:
        """The code stays."""

        exclude = ("code",)

    version = version_field()


class SwitchOffSchema(DeleteSchema):
    """The command to offer a category no longer, with a reason."""

    reason = Line(
        required=True,
        validate=validate.Length(min=1, max=500),
        metadata={"label": _("Waarom?"), "help": _("Dit komt in het logboek, voor wie later wil weten waarom.")},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveQuestion:
    """One extra question; ``options`` are its answers as lines of ``code = label``, or only the label. ``version`` is the category's."""

    label: str
    kind: str
    version: int
    help: str = ""
    required: bool = False
    options: str = ""
    minimum: int | None = None
    maximum: int | None = None

    def made(self, name: str) -> dict[str, Any]:
        """The question as it is stored under this name. Raises QuestionError for what cannot be asked."""
        found = {"name": name, "kind": self.kind, "label": self.label, "help": self.help, "required": self.required}
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        options = option_lines(self.options)
        kind: Any = self.kind
        Question(name, kind, self.label, self.help, self.required, tuple(options), self.minimum, self.maximum)
        shown = {"options": [{"value": value, "label": label} for value, label in options]} if options else {}
        return {**found, **shown, **{name: value for name, value in bounds.items() if value is not None}}


def option_lines(text: str) -> list[tuple[str, str]]:
    """Answers to choose from, a line each: ``code = label``, or only a label, whose code is made of it."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        code, equals, label = (part.strip() for part in line.partition("="))
        if not equals or not label:
            code, label = fold(line.strip()).replace(" ", "_")[:60] or f"antwoord_{len(found) + 1}", line.strip().rstrip("=").strip()
        found.append((code, label))
    return found


class SaveQuestionSchema(CommandSchema):
    """An extra question."""

    command: ClassVar[type[Any]] = SaveQuestion

    label = Line(required=True, validate=validate.Length(max=300), metadata={"label": _("Wat wilt u vragen?")})
    kind = choice_field(QUESTION_LABELS, _("Wat voor antwoord is het?"), widget="select")
    help = line_field(_("Uitleg onder de vraag"), longest=500)
    required = fields.Boolean(load_default=False, metadata={"label": _("Zonder antwoord kan iemand niet melden")})
    options = prose_field(
        _("Antwoorden om uit te kiezen"),
        _("Eén per regel. Wilt u de code zelf kiezen, schrijf dan: code = antwoord. Bij een schaal: het cijfer = de naam ervan."),
        LONGEST_TEXT,
        rows=5,
    )
    minimum = WholeNumber(
        load_default=None,
        allow_none=True,
        metadata={"label": _("Minstens"), "help": _("Bij een getal of schaal de laagste waarde, bij tekst het aantal tekens.")},
    )
    maximum = WholeNumber(load_default=None, allow_none=True, metadata={"label": _("Hoogstens")})
    version = version_field()

    @validates_schema(skip_on_field_errors=True)
    def _check(self, data: dict[str, Any], **_kwargs: Any) -> None:
        command = SaveQuestion(**data)
        try:
            command.made("vraag")
        except QuestionError as error:
            raise ValidationError({_field_of(command, error.problem): [error.problem]}) from None
        if any(len(label) > 200 or len(code) > 60 for code, label in option_lines(command.options)):
            raise ValidationError({"options": [_("Gebruik hoogstens 60 tekens voor een code en 200 voor een antwoord.")]})


def _field_of(command: SaveQuestion, problem: Text) -> str:
    """The field to mend: what can be wrong with a question is about its answers or its bounds."""
    about_bounds = "minimum" in problem.id or "maximum" in problem.id or "schaal loopt" in problem.id
    return (
        "minimum"
        if about_bounds
        else "options"
        if command.kind in ("one_choice", "several_choices", "scale") or command.options
        else "label"
    )

"""What people send about ideas: proposing, changing, taking back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from citycontent.api import CommandSchema, Line, Prose, choice_field, email_field, line_field, prose_field, reference_field, version_field
from samen_core.api import FileReference, FileValue, Place, PlaceValue, WholeNumber, _
from samen_doe_mee.labels import IDEA_KIND_LABELS
from samen_doe_mee.models.base import NAME_LENGTH, TITLE_LENGTH

TEXT_LENGTH = 5_000
SHORT = 2_000
MOST_PICTURES = 3
WHERE_LABELS = {"place": _("Een plek"), "area": _("Een wijk of buurt"), "city": _("De hele stad")}
CHALLENGE_FIELDS = ("task", "motivation", "applicant", "needs", "people")


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """The right to challenge: which task residents take over, why they do it better, who they are, what they need, with how many."""

    task: str = ""
    motivation: str = ""
    applicant: str = ""
    needs: str = ""
    people: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaText:
    """What an idea says. ``where`` is ``place`` (then ``place`` counts), ``area`` (``area_id``) or ``city``."""

    kind: str = "idea"
    title: str
    text: str
    where: str
    place: PlaceValue | None = None
    area_id: uuid.UUID | None = None
    theme_id: uuid.UUID | None = None
    pictures: tuple[FileValue, ...] = ()
    challenge: Challenge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeIdea(IdeaText):
    """Propose an idea. Who is logged in does so under ``name`` (their own when empty) unless ``anonymous``."""

    name: str = ""
    email: str = ""
    wants_mail: bool = True
    anonymous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EditIdea(IdeaText):
    """Replace what an idea says that was read at ``version``; ``code`` is the receipt code of who has no account."""

    version: int
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCode:
    """Find one's idea with the code of its receipt."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawIdea:
    """Take back an idea that was read at ``version``; ``reason`` is for everybody and may be empty, ``code`` as of :class:`EditIdea`."""

    version: int
    reason: str = ""
    code: str = ""


def _title() -> Line:
    return Line(
        required=True,
        validate=[validate.Length(min=5, max=TITLE_LENGTH)],
        metadata={"label": _("Wat is uw idee, in één zin?"), "help": _("Bijvoorbeeld: een bankje bij de vijver in het park.")},
    )


def _text() -> Prose:
    return Prose(
        required=True,
        validate=[validate.Length(min=1, max=TEXT_LENGTH)],
        metadata={
            "label": _("Vertel er meer over"),
            "help": _("Wat moet er komen of veranderen, en waarom? Iedereen kan dit lezen. Zet er geen gegevens van anderen in."),
            "widget": "textarea",
            "rows": 6,
        },
    )


def pictures_field() -> FileReference:
    """The pictures with an idea."""
    return FileReference(
        maximum=MOST_PICTURES,
        pictures=True,
        load_default=list,
        metadata={
            "label": _("Foto’s"),
            "help": _("Wat de camera erbij schreef, zoals plaats en tijd, halen wij eraf."),
        },
    )


def receipt_code_field() -> fields.String:
    """The receipt code of who proposed an idea without account, for programs; pages know it from the visit."""
    return fields.String(load_default="", validate=validate.Length(max=40), metadata={"skip": True})


class ChallengeSchema(CommandSchema):
    """The own fields of the right to challenge."""

    command: ClassVar[type[Any]] = Challenge

    task = prose_field(_("Welke taak van de gemeente wilt u overnemen?"), longest=SHORT, rows=3)
    motivation = prose_field(_("Waarom kunt u dit beter, slimmer of goedkoper?"), longest=SHORT, rows=4)
    applicant = line_field(
        _("Namens welke groep bewoners of organisatie vraagt u dit?"), _("Bijvoorbeeld: bewoners van de Parkbuurt."), longest=TITLE_LENGTH
    )
    needs = prose_field(
        _("Wat hebt u ervoor nodig?"), _("Bijvoorbeeld geld, materiaal of hulp. Noem een bedrag als u dat weet."), longest=SHORT, rows=3
    )
    people = WholeNumber(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 100_000),
        metadata={"label": _("Met hoeveel mensen gaat u dit doen?")},
    )


class WhatSchema(CommandSchema):
    """The first step: what it is."""

    command: ClassVar[type[Any]] = dict

    kind = choice_field(IDEA_KIND_LABELS, _("Wat wilt u indienen?"), default="idea")
    title = _title()
    text = _text()
    theme_id = reference_field(_("Thema"))
    pictures = pictures_field()
    challenge = fields.Nested(ChallengeSchema, load_default=None, allow_none=True, metadata={"label": _("Over uw uitdaging")})

    @validates_schema(skip_on_field_errors=False)
    def _check_challenge(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("kind") == "challenge":
            wrong = challenge_errors(data.get("challenge"))
            if wrong:
                raise ValidationError({"challenge": wrong})


class WhereSchema(CommandSchema):
    """The second step: where it is."""

    command: ClassVar[type[Any]] = dict

    where = choice_field(WHERE_LABELS, _("Waar gaat uw idee over?"))
    place = Place(load_default=None, allow_none=True, metadata={"label": _("Welke plek?")})
    area_id = reference_field(_("Welke wijk of buurt?"))


class IdeaTextSchema(WhatSchema, WhereSchema):
    """What an idea says, as JSON or as one form."""

    command: ClassVar[type[Any]] = IdeaText

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> Any:
        return self.command(**{name: tuple(value) if isinstance(value, list) else value for name, value in data.items()})


class ProposeIdeaSchema(IdeaTextSchema):
    """A new idea."""

    command: ClassVar[type[Any]] = ProposeIdea

    name = line_field(
        _("Uw naam"), _("Uw naam staat bij het idee. Leeg laten mag: dan staat er geen naam bij."), NAME_LENGTH, autocomplete="name"
    )
    email = email_field(_("Uw e-mailadres"))
    wants_mail = fields.Boolean(load_default=True, metadata={"label": _("Mail mij wat er met mijn idee gebeurt"), "widget": "checkbox"})
    anonymous = fields.Boolean(load_default=False, metadata={"label": _("Zet mijn naam er niet bij"), "widget": "checkbox"})


class EditIdeaSchema(IdeaTextSchema):
    """Changes to an idea."""

    command: ClassVar[type[Any]] = EditIdea

    version = version_field()
    code = receipt_code_field()


class UseCodeSchema(CommandSchema):
    """A receipt code as it is typed."""

    command: ClassVar[type[Any]] = UseCode

    code = Line(
        required=True,
        validate=validate.Length(max=40),
        metadata={"label": _("Uw code"), "help": _("Bijvoorbeeld 7F4K-9Q2M-X3TB."), "autocomplete": "off"},
    )


class WithdrawIdeaSchema(CommandSchema):
    """Taking back an idea."""

    command: ClassVar[type[Any]] = WithdrawIdea

    reason = prose_field(_("Waarom trekt u het in?"), _("Iedereen kan dit lezen. Leeg laten mag."), longest=SHORT, rows=3)
    version = version_field()
    code = receipt_code_field()


def challenge_errors(challenge: Challenge | Mapping[str, Any] | None) -> dict[str, list[Any]]:
    """What is still missing of a challenge, by field."""
    asked = {
        "task": _("Schrijf welke taak u wilt overnemen."),
        "motivation": _("Schrijf waarom u dit wilt en kunt."),
        "applicant": _("Schrijf namens wie u dit vraagt."),
    }
    return {name: [text] for name, text in asked.items() if not getattr(challenge, name, "")}

"""What a reporter does on the page of their own signal: finding it, saying whether they are content, adding something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from citycontent.api import CommandSchema, Line, Prose, choice_field, prose_field
from samen_core.api import FileReference, FileValue, Text, _
from samen_oog_oor.models.signal import TEXT_LENGTH

LONGEST = 2_000
MOST_PICTURES = 3
CONTENT = {"yes": _("Ja, ik ben tevreden"), "no": _("Nee, ik ben niet tevreden")}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindSignal:
    """Find a signal back by the code of its receipt and the e-mail address that was left with it, if any."""

    code: str
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LostCode:
    """Have the links to one's signals mailed again."""

    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAddress:
    """Get messages about one's signal at this address."""

    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Whether a reporter is content with how a case was closed; ``reason`` says why, which a no needs."""

    content: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddToSignal:
    """More words or pictures of a reporter, for who works at the case."""

    text: str = ""
    files: tuple[FileValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RewriteSignal:
    """What one wrote, in other words."""

    text: str


def _own_email(help: Text) -> fields.Email:
    """The e-mail address of who fills it in, which must be there."""
    metadata = {"label": _("Uw e-mailadres"), "help": help, "widget": "email", "autocomplete": "email"}
    return fields.Email(required=True, validate=validate.Length(max=254), metadata=metadata)


class FindSignalSchema(CommandSchema):
    """The code and the address."""

    command: ClassVar[type[Any]] = FindSignal

    code = Line(
        required=True,
        validate=validate.Length(max=40),
        metadata={"label": _("De code van uw melding"), "help": _("Bijvoorbeeld 7F4K-9Q2M-X3TB. Hij staat in de bevestiging.")},
    )
    email = Line(
        load_default="",
        validate=validate.Length(max=254),
        metadata={
            "label": _("Uw e-mailadres"),
            "help": _("Alleen als u dat bij de melding gaf."),
            "widget": "email",
            "autocomplete": "email",
        },
    )


class LostCodeSchema(CommandSchema):
    """The address that was left with the signals."""

    command: ClassVar[type[Any]] = LostCode

    email = _own_email(_("Het adres dat u bij uw melding gaf, of dat van uw account."))


class NewAddressSchema(CommandSchema):
    """The address."""

    command: ClassVar[type[Any]] = NewAddress

    email = _own_email(_("U krijgt een mail met een link. Pas als u daarop klikt, gebruiken wij het adres."))


class JudgeSchema(CommandSchema):
    """Content or not, and why."""

    command: ClassVar[type[Any]] = Judge

    content = choice_field(CONTENT, _("Bent u tevreden over hoe het is afgehandeld?"))
    reason = prose_field(_("Waarom?"), _("Vul dit in als u niet tevreden bent. Alleen medewerkers lezen dit."), LONGEST, 4)

    @validates_schema(skip_on_field_errors=False)
    def _check_reason(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if data.get("content") == "no" and not data.get("reason"):
            raise ValidationError({"reason": [_("Schrijf waarom u niet tevreden bent. Daar leren wij van.")]})


class RewriteSignalSchema(CommandSchema):
    """Other words."""

    command: ClassVar[type[Any]] = RewriteSignal

    text = Prose(
        required=True,
        validate=[validate.Length(1), validate.Length(max=TEXT_LENGTH)],
        metadata={
            "label": _("Wat wilt u vertellen?"),
            "help": _("Wat er nu staat, bewaren wij niet. Namen, telefoonnummers en kentekens zijn niet nodig."),
            "widget": "textarea",
            "rows": 6,
        },
    )


class AddToSignalSchema(CommandSchema):
    """Words and pictures."""

    command: ClassVar[type[Any]] = AddToSignal

    text = prose_field(_("Wat wilt u toevoegen?"), _("Alleen medewerkers lezen dit."), LONGEST, 5)
    files = FileReference(
        maximum=MOST_PICTURES,
        pictures=True,
        load_default=list,
        metadata={"label": _("Foto’s"), "help": _("Liefst zonder gezichten en kentekens.")},
    )

    @validates_schema(skip_on_field_errors=True)
    def _check_something(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not data.get("text") and not data.get("files"):
            raise ValidationError({"text": [_("Schrijf iets, of kies een foto.")]})

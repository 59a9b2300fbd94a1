"""The steps of a case: moving it, taking a signal back, asking to look at it again, and deciding about that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import CommandSchema, Prose, choice_field, prose_field, version_field
from samen_core.api import Text, _
from samen_oog_oor.labels import RESOLUTION_LABELS, STATE_LABELS

TEXT_LENGTH = 4_000
BY_HAND: dict[str, Text] = {code: label for code, label in RESOLUTION_LABELS.items() if code != "merged"}
"""The resolutions that staff choose from; that of merging follows from merging."""
WHY_WITHDRAWN: dict[str, Text] = {
    "already_resolved": _("Het is al opgelost"),
    "not_found": _("Ik heb mij vergist, of het is niet meer nodig"),
}
"""Why a reporter takes a signal back, as the resolution that the case gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCase:
    """Bring a case to another state.

    ``text`` goes to every reporter; to close, to reopen and to decide about a request it is required, as is ``resolution`` to close.
    ``planned_on`` is the day of the work when it is planned. ``drop_tasks`` closes a case of which tasks are open, which are then dropped
    with the text as reason. With ``public`` everybody may read the text where the case is public. ``mistake`` opens a case that should
    not have been closed: then it is as it was, with the day that was promised. Without ``version`` nobody looked at the case before:
    something that follows from another act.
    """

    state: str
    text: str = ""
    resolution: str | None = None
    version: int | None = None
    planned_on: date | None = None
    drop_tasks: bool = False
    public: bool = True
    mistake: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Take one's signal back. ``resolution`` is one of WHY_WITHDRAWN; ``text`` is for staff, who alone read it."""

    resolution: str = "already_resolved"
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReopening:
    """Ask to look at a closed case again; ``text`` says why, for staff."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideReopening:
    """Reopen a case as a reporter asked, or not; ``text`` is the motivation, which the reporter gets."""

    reopen: bool
    text: str
    version: int | None = None
    public: bool = True


def answer_field(label: Text, help: Text, *, required: bool = True) -> Prose:
    """A text to reporters."""
    check = [validate.Length(max=TEXT_LENGTH)]
    metadata = {"label": label, "help": help, "widget": "textarea", "rows": 6}
    return Prose(required=True, validate=check, metadata=metadata) if required else prose_field(label, help, TEXT_LENGTH, 6)


def _public_field() -> fields.Boolean:
    return fields.Boolean(load_default=False, metadata={"label": _("Iedereen mag dit op de pagina van de zaak lezen")})


class MoveCaseSchema(CommandSchema):
    """A step of a case."""

    command: ClassVar[type[Any]] = MoveCase

    state = choice_field(STATE_LABELS, _("Hoe staat het er nu voor?"))
    resolution = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(tuple(BY_HAND)),
        metadata={
            "label": _("Hoe is het afgelopen?"),
            "help": _("Alleen als u de zaak afsluit."),
            "widget": "radios",
            "options": tuple(BY_HAND.items()),
        },
    )
    planned_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"label": _("Op welke dag gebeurt het werk?"), "help": _("Alleen als u de zaak inplant."), "widget": "date"},
    )
    text = answer_field(
        _("Bericht aan de melders"),
        _("Elke melder krijgt dit. Sluit u de zaak af? Schrijf dan wat er is gedaan, of waarom niet."),
        required=False,
    )
    public = _public_field()
    mistake = fields.Boolean(
        load_default=False,
        metadata={
            "label": _("Het afsluiten was een vergissing"),
            "help": _("De beloofde dag blijft dan zoals die was. Taken en vragen die door het afsluiten vervielen, staan weer open."),
        },
    )
    drop_tasks = fields.Boolean(load_default=False, metadata={"label": _("Laat taken die nog open staan vervallen")})
    version = version_field()


class WithdrawSchema(CommandSchema):
    """Taking a signal back."""

    command: ClassVar[type[Any]] = Withdraw

    resolution = choice_field(WHY_WITHDRAWN, _("Waarom trekt u de melding in?"))
    text = prose_field(_("Wilt u er iets bij zeggen?"), _("Alleen medewerkers lezen dit."), TEXT_LENGTH, 4)


class AskReopeningSchema(CommandSchema):
    """A request to look at a case again."""

    command: ClassVar[type[Any]] = AskReopening

    text = answer_field(_("Waarom moeten wij er weer naar kijken?"), _("Alleen medewerkers lezen dit."))


class DecideReopeningSchema(CommandSchema):
    """A decision about a request to reopen."""

    command: ClassVar[type[Any]] = DecideReopening

    reopen = fields.Boolean(
        required=True,
        metadata={
            "label": _("Gaat de zaak weer open?"),
            "widget": "radios",
            "options": (("true", _("Ja, wij kijken er weer naar")), ("false", _("Nee, het blijft zoals het is"))),
        },
    )
    text = answer_field(_("Waarom?"), _("Wie erom vroeg, krijgt dit."))
    public = _public_field()
    version = version_field()

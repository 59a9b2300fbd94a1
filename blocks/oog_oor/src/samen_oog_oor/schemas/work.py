"""What staff do at a case themselves: who has it, how urgent it is, notes; views of the list; acts on several cases at once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import CommandSchema, Line, Prose, choice_field, line_field, reference_field, version_field
from samen_core.api import WholeNumber, _
from samen_oog_oor.labels import CONTACT_REASONS, PRIORITY_LABELS, STATE_LABELS
from samen_oog_oor.models.base import TITLE_LENGTH

MOST_AT_ONCE = 100
"""How many cases one act on several takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignCase:
    """Give a case to a colleague; None is nobody."""

    assignee_id: uuid.UUID | None
    version: int


class AssignCaseSchema(CommandSchema):
    """The command to give a case to somebody."""

    command: ClassVar[type[Any]] = AssignCase

    assignee_id = reference_field(_("Wie behandelt dit?"), _("Leeg is: nog niemand."))
    version = version_field()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPriority:
    """Say how urgent a case is."""

    priority: str
    version: int
    reason: str = ""


class SetPrioritySchema(CommandSchema):
    """The command to say how urgent a case is."""

    command: ClassVar[type[Any]] = SetPriority

    priority = choice_field(PRIORITY_LABELS, _("Hoe dringend is dit?"))
    reason = line_field(_("Waarom?"), _("Dit staat in de geschiedenis voor medewerkers."))
    version = version_field()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenContact:
    """See how to reach a reporter; ``reason`` is kept with who looked."""

    reason: str


class OpenContactSchema(CommandSchema):
    """The command to see how to reach a reporter."""

    command: ClassVar[type[Any]] = OpenContact

    reason = choice_field(CONTACT_REASONS, _("Waarvoor hebt u de gegevens nodig?"), _("Dit wordt bewaard, met uw naam en de tijd."))


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNote:
    """Write a note for colleagues."""

    text: str


class WriteNoteSchema(CommandSchema):
    """The command to write a note."""

    command: ClassVar[type[Any]] = WriteNote

    text = Prose(
        required=True,
        validate=validate.Length(1, 4_000),
        metadata={
            "label": _("Notitie"),
            "help": _("Alleen medewerkers lezen dit. Zet er geen gegevens van de melder in."),
            "widget": "textarea",
            "rows": 4,
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteUpdate:
    """Tell the reporters something without moving the case; ``public`` shows it to everybody.

    ``version`` is that of the case when it was written, so that nobody tells what a colleague's step made untrue; None does not look.
    """

    text: str
    public: bool = True
    version: int | None = None


class WriteUpdateSchema(CommandSchema):
    """The command to tell reporters something."""

    command: ClassVar[type[Any]] = WriteUpdate

    text = Prose(
        required=True,
        validate=validate.Length(1, 4_000),
        metadata={"label": _("Bericht"), "help": _("Elke melder krijgt dit."), "widget": "textarea", "rows": 6},
    )
    public = fields.Boolean(load_default=False, metadata={"label": _("Iedereen mag dit op de pagina van de zaak lezen")})
    version = WholeNumber(load_default=None, allow_none=True, metadata={"skip": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveView:
    """Keep a choice of filters; ``query`` is that of the address."""

    name: str
    query: str
    shared: bool = False


class SaveViewSchema(CommandSchema):
    """The command to keep a choice of filters."""

    command: ClassVar[type[Any]] = SaveView

    name = Line(
        required=True, validate=validate.Length(1, TITLE_LENGTH), metadata={"label": _("Naam"), "help": _("Zoals: te laat in mijn wijk.")}
    )
    shared = fields.Boolean(load_default=False, metadata={"label": _("Collega's mogen deze weergave ook gebruiken")})
    query = fields.String(load_default="", validate=validate.Length(max=1_000), metadata={"widget": "hidden", "label": _("Filters")})


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveReadyText:
    """A text to start from. ``version`` is None for a new one."""

    state: str
    name: str
    text: str
    category_id: uuid.UUID | None = None
    position: int = 0
    active: bool = True
    version: int | None = None


class SaveReadyTextSchema(CommandSchema):
    """The command to make or change a text to start from."""

    command: ClassVar[type[Any]] = SaveReadyText

    name = Line(
        required=True,
        validate=validate.Length(1, TITLE_LENGTH),
        metadata={"label": _("Naam"), "help": _("Zo staat de tekst in de lijst, zoals: lamp vervangen.")},
    )
    state = choice_field(STATE_LABELS, _("Als de zaak gaat naar"), widget="select")
    category_id = reference_field(_("Categorie"), _("Leeg is: voor elke categorie."))
    text = Prose(required=True, validate=validate.Length(1, 4_000), metadata={"label": _("Tekst"), "widget": "textarea", "rows": 8})
    position = WholeNumber(
        load_default=0,
        validate=validate.Range(0, 9_999),
        metadata={"label": _("Volgorde"), "help": _("Een lager getal staat hoger in de lijst."), "widget": "number"},
    )
    active = fields.Boolean(load_default=False, metadata={"label": _("Medewerkers kunnen deze tekst kiezen")})
    version = WholeNumber(load_default=None, allow_none=True, metadata={"skip": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyCases:
    """An act on several cases: ``act`` is one of the keys of ``services.bulk.ACTS``, ``value`` what it needs beside the text."""

    act: str
    cases: tuple[tuple[uuid.UUID, int], ...]
    assignee_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    priority: str | None = None
    state: str | None = None
    resolution: str | None = None
    text: str = ""

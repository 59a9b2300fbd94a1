"""Samenspraak on a dossier, and following: what is sent, and the commands that it becomes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import validate

from citycontent.api import SHORT, CommandSchema, DeleteSchema, Line, prose_field, reference_field, version_field
from samen_core.api import _

TEXT_LENGTH = 4_000
_ASKED = _("Wat wordt daar gevraagd?")
_DONE = _("Wat deed de gemeente ermee?")
_DONE_HELP = _("Schrijf op wat de gemeente deed met wat inwoners zeiden, en waarom. Dit kan ook later.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkParticipation:
    """Tie ``thing`` to a dossier: its id, its lasting address or the address of its page."""

    thing: str
    asked: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeParticipation:
    """What is asked at a linked thing, and what the municipality did with it."""

    version: int
    asked: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlink:
    """Untie a thing from a dossier; everybody can read the reason."""

    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowSubject:
    """Follow a dossier, theme, area or body, or stop."""

    subject_id: uuid.UUID


class LinkParticipationSchema(CommandSchema):
    """The command to tie something to a dossier."""

    command: ClassVar[type[Any]] = LinkParticipation

    thing = Line(
        required=True,
        validate=validate.Length(max=SHORT),
        metadata={
            "label": _("Waar praten inwoners mee?"),
            "help": _("Plak het webadres van de pagina, bijvoorbeeld van een vraag aan de stad, een bijeenkomst of een vragenlijst."),
        },
    )
    asked = prose_field(_ASKED, _("In gewone woorden: waarover kunnen inwoners daar meepraten?"), TEXT_LENGTH, rows=3)
    done = prose_field(_DONE, _DONE_HELP, TEXT_LENGTH, rows=5)


class ChangeParticipationSchema(CommandSchema):
    """The command to say what was asked and what was done with it."""

    command: ClassVar[type[Any]] = ChangeParticipation

    asked = prose_field(_ASKED, "", TEXT_LENGTH, rows=3)
    done = prose_field(_DONE, _DONE_HELP, TEXT_LENGTH, rows=5)
    version = version_field()


class UnlinkSchema(DeleteSchema):
    """The command to untie something from a dossier."""

    command: ClassVar[type[Any]] = Unlink

    reason = Line(
        load_default="",
        validate=validate.Length(max=SHORT),
        metadata={"label": _("Waarom hoort het hier niet (meer) bij?"), "help": _("Iedereen kan dit lezen.")},
    )


class FollowSubjectSchema(CommandSchema):
    """The command to follow something or to stop."""

    command: ClassVar[type[Any]] = FollowSubject

    subject_id = reference_field(_("Wat wilt u volgen?"), required=True)

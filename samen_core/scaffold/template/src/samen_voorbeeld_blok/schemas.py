"""What people send, and the command that a service gets. One schema checks the form and the JSON body."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from citycontent.api import CommandSchema, Line, Prose, choice_field, phone_field, reference_field, version_field
from marshmallow import validate
from samen_core.api import HIDING_LABELS, _

from samen_voorbeeld_blok.models import TITLE


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeProposal:
    """Make a proposal."""

    title: str
    text: str
    project_id: uuid.UUID | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HideProposal:
    """Hide the proposal that was read at ``version``; ``code`` is one of ``HIDING_LABELS``."""

    code: str
    reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowProposal:
    """Show the hidden proposal that was read at ``version`` again."""

    reason: str
    version: int


class MakeProposalSchema(CommandSchema):
    """A new proposal."""

    command: ClassVar[type[Any]] = MakeProposal

    title = Line(
        required=True,
        validate=validate.Length(1, TITLE),
        metadata={"label": _("Uw voorstel in één zin"), "help": _("Bijvoorbeeld: een bankje bij de vijver.")},
    )
    text = Prose(
        required=True,
        validate=validate.Length(1, 5000),
        metadata={
            "label": _("Leg uw voorstel uit"),
            "help": _("Wat wilt u, waar, en waarom? Noem geen namen van andere mensen."),
            "widget": "textarea",
            "rows": 8,
        },
    )
    project_id = reference_field(_("Hoort het bij een project?"))
    phone = phone_field()


def _reason() -> Prose:
    help = _("Wie het voorstel deed, krijgt deze uitleg per mail.")
    return Prose(
        required=True,
        validate=validate.Length(1, 2000),
        metadata={"label": _("Leg uit waarom"), "help": help, "widget": "textarea", "rows": 4},
    )


class HideProposalSchema(CommandSchema):
    """Why a proposal is hidden."""

    command: ClassVar[type[Any]] = HideProposal

    code = choice_field(HIDING_LABELS, _("Wat is er mee aan de hand?"))
    reason = _reason()
    version = version_field()


class ShowProposalSchema(CommandSchema):
    """Why a hidden proposal is shown again."""

    command: ClassVar[type[Any]] = ShowProposal

    reason = _reason()
    version = version_field()

"""Commands about what came out: the result text of an activity, closing a round, opening it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import validate

from citycontent.api import CommandSchema, Prose, prose_field, version_field
from samen_core.api import _

LONGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishResult:
    """Tell everybody what came out of an activity, or correct what was told; read at ``version``."""

    result: str
    version: int


class PublishResultSchema(CommandSchema):
    """The result text, as a form or as JSON."""

    command: ClassVar[type[Any]] = PublishResult

    result = Prose(
        required=True,
        validate=validate.Length(min=1, max=LONGEST),
        metadata={
            "label": _("Wat kwam eruit?"),
            "help": _("Vertel kort wat mensen zeiden of kozen, en wat u daarmee gaat doen. Iedereen kan dit lezen."),
            "widget": "textarea",
            "rows": 10,
        },
    )
    version = version_field()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingTexts:
    """What was heard in a round and what is done with it; read at ``version``."""

    heard: str = ""
    done: str = ""
    agreed: str = ""
    disagreed: str = ""
    minority: str = ""
    version: int


class ClosingTextsSchema(CommandSchema):
    """The texts of a round at its end, as a form or as JSON."""

    command: ClassVar[type[Any]] = ClosingTexts

    heard = prose_field(
        _("Wat hebben wij gehoord?"), _("Het belangrijkste in een paar zinnen, ook wat u liever niet hoorde."), LONGEST, rows=8
    )
    done = prose_field(_("Wat doen wij ermee?"), _("Wat verandert er, wat niet, en waarom niet? Zeg ook wie nu wat doet."), LONGEST, rows=8)
    agreed = prose_field(_("Waar waren mensen het over eens?"), "", LONGEST, rows=4)
    disagreed = prose_field(_("Waarover liepen de meningen uiteen?"), "", LONGEST, rows=4)
    minority = prose_field(_("Wat vond een kleinere groep?"), _("Ook wat weinig mensen zeggen, kan belangrijk zijn."), LONGEST, rows=4)
    version = version_field()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenRound:
    """Take back that a round is closed; everybody reads why."""

    reason: str
    version: int


class ReopenRoundSchema(CommandSchema):
    """Opening a closed round again, as a form or as JSON."""

    command: ClassVar[type[Any]] = ReopenRound

    reason = Prose(
        required=True,
        validate=validate.Length(min=1, max=1_000),
        metadata={
            "label": _("Waarom wordt de ronde heropend?"),
            "help": _("Iedereen leest dit bij de ronde."),
            "widget": "textarea",
            "rows": 3,
        },
    )
    version = version_field()

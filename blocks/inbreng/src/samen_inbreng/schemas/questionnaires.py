"""Commands about questionnaires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from marshmallow import fields

from citycontent.api import SECTOR_LABELS, CommandSchema, choice_field
from samen_core.api import Text, _
from samen_inbreng.labels import CHANNEL_LABELS

OFFLINE: dict[str, Text] = {code: label for code, label in CHANNEL_LABELS.items() if code != "online"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveResponse:
    """Fill in a questionnaire; ``answers`` are JSON values by question."""

    answers: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class HowItCame:
    """How a questionnaire on paper came in, from which sector, and when (today when not said)."""

    channel: str
    sector: str
    on: date | None = None


class HowItCameSchema(CommandSchema):
    """How a questionnaire on paper came in. The names have a hyphen, so that no question has the same one."""

    command: ClassVar[type[Any]] = HowItCame

    channel = choice_field(OFFLINE, _("Hoe kwam deze lijst binnen?"), default="letter", widget="select")
    channel.data_key = "hoe-binnen"
    sector = choice_field(SECTOR_LABELS, _("Van wie is deze lijst?"), default="citizens", widget="select")
    sector.data_key = "van-wie"
    on = fields.Date(load_default=None, allow_none=True, data_key="op-datum", metadata={"label": _("Op welke dag kwam hij binnen?")})


class EnterResponseSchema(CommandSchema):
    """A questionnaire on paper, as JSON."""

    command: ClassVar[type[Any]] = dict

    answers = fields.Dict(keys=fields.String(), required=True)
    channel = choice_field(OFFLINE, _("Hoe kwam deze lijst binnen?"), default="letter")
    sector = choice_field(SECTOR_LABELS, _("Van wie is deze lijst?"), default="citizens")
    received_on = fields.Date(load_default=None, allow_none=True)


class GiveResponseSchema(CommandSchema):
    """The answers to a questionnaire, as JSON: question names with their answers."""

    command: ClassVar[type[Any]] = GiveResponse

    answers = fields.Dict(keys=fields.String(), required=True)

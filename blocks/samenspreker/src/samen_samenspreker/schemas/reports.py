"""What people send about final reports: the texts of part A, and publishing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields, validate

from citycontent.api import CommandSchema, prose_field, version_field
from samen_core.api import FormSchema, WholeNumber, _
from samen_samenspreker.proposal_parts import PARTS

LONG = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveReport:
    """Write the texts of part A; they may be unfinished. ``version`` is that of the draft that was read, None for the first."""

    deviations: Mapping[str, Mapping[str, str]]
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """Freeze the report whose draft was read at ``version``."""

    version: int


class PartTextSchema(FormSchema):
    """How one part of the proposal went."""

    went = prose_field(_("Hoe ging het?"), "", LONG, 3)
    deviation = prose_field(
        _("Wat ging anders dan gepland, en waarom?"), _("Laat dit leeg als het ging zoals vooraf is afgesproken."), LONG, 2
    )


def _parts() -> dict[str, Any]:
    empty = {"went": "", "deviation": ""}
    return {part.letter: fields.Nested(PartTextSchema, load_default=lambda: dict(empty), metadata={"label": part.title}) for part in PARTS}


ReportPartsSchema = FormSchema.from_dict(_parts(), name="ReportPartsSchema")


class SaveReportSchema(CommandSchema):
    """The texts of part A, as a form or as JSON."""

    command: ClassVar[type[Any]] = SaveReport

    deviations = fields.Nested(ReportPartsSchema, load_default=dict, metadata={"label": _("Hoe ging het?")})
    version = WholeNumber(load_default=None, allow_none=True, validate=validate.Range(1, 2**31 - 1), metadata={"skip": True})


class PublishReportSchema(CommandSchema):
    """Which draft is frozen."""

    command: ClassVar[type[Any]] = PublishReport

    version = version_field()

"""A process proposal as people read it: parts A to F with their names, on pages, in the memo and in the final report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from citycontent.api import SECTOR_LABELS
from samen_core.api import Text, UnitOfWork, _
from samen_samenspreker.labels import GOAL_LABELS, SCALE_LABELS
from samen_samenspreker.models import Proposal
from samen_samenspreker.proposal_parts import FIELD_LABELS, FIELDS, LEVEL_DEMANDS, PARTS, Part
from samen_samenspreker.settings import LEVEL_MEANINGS, level_name


@dataclass(frozen=True, slots=True)
class Item:
    """A name with its text. ``text`` is Markdown of the city when it is a str."""

    label: Text | str
    text: Text | str
    sector: str = ""


@dataclass(frozen=True, slots=True)
class PartText:
    """A part with what is filled in; no items when nothing is."""

    part: Part
    items: tuple[Item, ...]


def stored_values(proposal: Proposal) -> dict[str, Any]:
    """The fields of a proposal as they are stored."""
    return {name: getattr(proposal, name) for name in FIELDS}


def proposal_text(uow: UnitOfWork, values: Mapping[str, Any]) -> list[PartText]:
    """Parts A to F of a proposal with these values. No SQL."""
    return [PartText(part, tuple(item for name in part.fields for item in _items(uow, name, values[name]))) for part in PARTS]


def _items(uow: UnitOfWork, name: str, value: Any) -> list[Item]:
    if not value:
        return []
    match name:
        case "goals":
            return [Item(label, value[code]) for code, label in GOAL_LABELS.items() if value.get(code)]
        case "participants":
            return [Item(label, value[code], code) for code, label in SECTOR_LABELS.items() if value.get(code)]
        case "scale":
            return [Item(FIELD_LABELS[name], SCALE_LABELS[value])]
        case "level":
            return [
                Item(level_name(uow, value), LEVEL_MEANINGS[value]),
                Item(_("Wat dit vraagt van het besluit"), LEVEL_DEMANDS[value]),
            ]
        case _:
            return [Item(FIELD_LABELS[name], value)]

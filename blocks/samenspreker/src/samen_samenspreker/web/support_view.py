"""Support as pages show it: for each sector a bar of equal length with the shares, and a table with the numbers (DESIGN.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from citycontent.api import SECTOR_LABELS
from samen_core.api import Text, _, n_
from samen_samenspreker.labels import POSITION_LABELS
from samen_samenspreker.queries.support import Support

LENGTH = 400
"""Of a bar, in units of its drawing."""

SEATS, OTHERS = _("Stoelen aan tafel"), _("Mensen zonder stoel")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: where it begins and how long it is, in units of :data:`LENGTH`."""

    position: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class SectorBar:
    """A sector with its bar and its numbers, in the order of POSITION_LABELS."""

    code: str
    label: Text
    segments: tuple[Segment, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SupportView:
    """The support of one group, seats or others."""

    title: Text
    bars: tuple[SectorBar, ...]
    older: Text | None
    is_empty: bool


def views_of(support: Support) -> tuple[SupportView, SupportView]:
    """The seats, and apart from them everybody else."""
    return (
        _view(SEATS, support.seats, _older_seats(support.older_seats)),
        _view(OTHERS, support.others, _older_others(support.older_others)),
    )


def _view(title: Text, numbers: Mapping[tuple[str, str], int], older: Text | None) -> SupportView:
    bars = tuple(
        _bar(code, label, tuple(numbers.get((code, position), 0) for position in POSITION_LABELS)) for code, label in SECTOR_LABELS.items()
    )
    return SupportView(title, bars, older, not any(numbers.values()))


def _bar(code: str, label: Text, numbers: tuple[int, ...]) -> SectorBar:
    total, x = sum(numbers), 0.0
    segments = []
    for position, number in zip(POSITION_LABELS, numbers, strict=True):
        width = LENGTH * number / total if total else 0.0
        if number:
            segments.append(Segment(position, round(x, 1), round(width, 1)))
        x += width
    return SectorBar(code, label, tuple(segments), numbers)


def _older_seats(number: int) -> Text | None:
    return _older(n_("{n} stoel sprak zich uit over een eerdere versie.", "{n} stoelen spraken zich uit over een eerdere versie.", number))


def _older_others(number: int) -> Text | None:
    return _older(n_("{n} persoon sprak zich uit over een eerdere versie.", "{n} mensen spraken zich uit over een eerdere versie.", number))


def _older(text: Text) -> Text | None:
    return text if text.n else None

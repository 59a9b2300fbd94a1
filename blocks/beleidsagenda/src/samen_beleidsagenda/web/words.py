"""Dates and lights in words and badges, as several pages show them."""

from __future__ import annotations

from typing import Any

from citycontent.api import PartialDate
from samen_beleidsagenda.labels import LIGHT_BADGES, LIGHT_LABELS, PHASE_LABELS
from samen_core.api import Text, _, format_date, format_month

Badge = tuple[Text | str, str]


def partial(value: PartialDate | None) -> str:
    """``31 december 2026``, ``december 2026`` or ``2026``; empty for None."""
    if value is None:
        return ""
    if len(value) == 4:
        return str(value)
    return format_month(value.first_day) if len(value) == 7 else format_date(value.first_day)


def years(start: PartialDate | None, end: PartialDate | None) -> Text | str:
    """A period between two partial dates; empty when both are open."""
    if start and end:
        return _("van {start} tot en met {end}", start=partial(start), end=partial(end))
    if start:
        return _("vanaf {start}", start=partial(start))
    return _("tot en met {end}", end=partial(end)) if end else ""


def light_badge(light: str) -> Badge:
    """A traffic light: always in words."""
    return LIGHT_LABELS[light], LIGHT_BADGES[light]


def state_badges(thing: Any) -> tuple[Badge, ...]:
    """What tells that not everybody sees a thing; nothing for a public one."""
    found: list[Badge] = []
    if thing.state == "draft":
        found.append((_("Concept"), "warning"))
    elif thing.state == "submitted":
        found.append((_("Wacht op akkoord"), "warning"))
    if thing.confidential:
        found.append((_("Vertrouwelijk"), "danger"))
    return tuple(found)


def phase_badge(phase: str) -> Badge:
    """The phase of a dossier."""
    kind = {"on_hold": "warning", "withdrawn": "neutral", "completed": "success"}.get(phase, "info")
    return PHASE_LABELS[phase], kind

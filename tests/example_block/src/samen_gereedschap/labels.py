"""The words for stored codes."""

from __future__ import annotations

from samen_core.api import Text, _

KIND_LABELS: dict[str, Text] = {
    "hand": _("Handgereedschap"),
    "power": _("Elektrisch gereedschap"),
    "ladder": _("Ladders en trappen"),
    "garden": _("Tuin en straat"),
    "party": _("Feest en bijeenkomst"),
    "transport": _("Vervoer"),
    "other": _("Iets anders"),
}

STATE_LABELS: dict[str, Text] = {
    "requested": _("Aangevraagd"),
    "agreed": _("Toegezegd"),
    "lent": _("Uitgeleend"),
    "returned": _("Teruggebracht"),
    "refused": _("Afgewezen"),
    "cancelled": _("Afgezegd"),
    "lapsed": _("Verlopen"),
}

STATE_KINDS = {
    "requested": "info",
    "agreed": "warm",
    "lent": "warning",
    "returned": "success",
    "refused": "danger",
    "cancelled": "neutral",
    "lapsed": "neutral",
}
"""The kinds of the badges."""

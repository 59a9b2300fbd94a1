"""What the pages share."""

from __future__ import annotations

from datetime import date

from samen_core.api import Text, _, format_day
from samen_core.web.api import BlockBlueprint
from samen_gereedschap.labels import STATE_KINDS, STATE_LABELS

pages = BlockBlueprint("gereedschap", __name__)
"""Every page of the block."""

LABEL = _("Gereedschap")
MINE = _("Mijn leningen")
DESK = _("Uitleenbalie")


def badge(state: str) -> tuple[Text, str]:
    """The state of a loan as a badge: text and kind."""
    return STATE_LABELS[state], STATE_KINDS[state]


def days(first: date, last: date) -> Text | str:
    """The days of a loan in words."""
    if first == last:
        return format_day(first)
    return _("{first} tot en met {last}", first=format_day(first), last=format_day(last))

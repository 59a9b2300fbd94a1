"""What may be said of a seat: whose it is and who sits there, with names of persons only once they said yes, or for staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from citycontent.api import SECTOR_LABELS
from samen_core.api import Text, _
from samen_samenspreker.queries.seats import LIVE

SOMEBODY = _("Iemand uit deze sector")


def seat_name(row: Any, *, staff: bool = False) -> Text | str:
    """Whose seat a row of ``seats_of`` is: the organisation, the title of a free seat, the person, else only somebody of the sector."""
    shown = row.state == "accepted" or staff
    return row.organization_name or row.title or (row.person_name if shown else "") or (row.holder_name if shown else "") or SOMEBODY


def holder_name(row: Any) -> str:
    """Who sits on a taken seat, as far as that may be shown; empty for nobody."""
    if row.state != "accepted":
        return ""
    return str(row.holder_name or row.person_name or "")


def may_name_person(row: Any, *, staff: bool = False) -> bool:
    """Whether it may be told which person of the city a seat is of."""
    return row.person_slug is not None and (row.state == "accepted" or staff)


def at_table(rows: Sequence[Any]) -> list[Any]:
    """The seats that are there, taken or not."""
    return [row for row in rows if row.state in LIVE]


def by_sector(rows: Sequence[Any]) -> dict[str, list[Any]]:
    """The rows of each sector, in the order of the sectors; a sector without seats has none."""
    return {sector: [row for row in rows if row.sector == sector] for sector in SECTOR_LABELS}

"""Seats as pages show them, and the balance between the sectors in words."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from citycontent.api import SECTOR_LABELS
from citycontent.web.api import Link, thing_link
from samen_core.api import Text, _, n_
from samen_core.web.api import page_url
from samen_samenspreker.labels import ROLE_LABELS, SEAT_STATE_LABELS
from samen_samenspreker.models import Question
from samen_samenspreker.paths import table
from samen_samenspreker.seat_words import at_table, by_sector, holder_name, may_name_person, seat_name

Label = Text | str
STATE_KINDS = {"open": "neutral", "offered": "info", "accepted": "success", "declined": "warning", "ended": "neutral"}


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat, ready to render. ``holder`` and ``alternate`` are names that may be shown; ``state`` is empty for a taken seat."""

    id: uuid.UUID
    name: Label
    link: Link | None
    sector: tuple[str, Text]
    role: Text
    state: tuple[Text, str] | None
    is_taken: bool
    responsibility: str
    holder: str
    alternate: Label
    url: str


def seat_view(row: Any, question: Question, *, staff: bool = False) -> SeatView:
    """A row of :func:`samen_samenspreker.queries.seats.seats_of`; names of persons only once they said yes, or for ``staff``."""
    taken = row.state == "accepted"
    name, holder = seat_name(row, staff=staff), holder_name(row)
    link = thing_link("organization", row.organization_name, row.organization_slug)
    if link is None and may_name_person(row, staff=staff):
        link = thing_link("person", row.person_name, row.person_slug)
    return SeatView(
        id=row.id,
        name=name,
        link=link if link is not None and link.label == name else None,
        sector=(row.sector, SECTOR_LABELS[row.sector]),
        role=ROLE_LABELS[row.role],
        state=None if taken else (SEAT_STATE_LABELS[row.state], STATE_KINDS[row.state]),
        is_taken=taken,
        responsibility=row.responsibility,
        holder="" if holder == name else holder,
        alternate=_alternate(row) if taken else "",
        url=page_url(seat_path(question.slug, row.id)),
    )


def seat_path(slug: str, id: uuid.UUID, act: str = "") -> str:
    """The page of a seat, or of something to do with it."""
    return table(slug, f"tafel/stoel/{id}/{act}" if act else f"tafel/stoel/{id}")


def balance(rows: Sequence[Any]) -> list[tuple[str, Text, Text]]:
    """How the seats are divided: of each sector its code, its name, and its share in a sentence; nothing without seats."""
    seats = at_table(rows)
    if not seats:
        return []
    return [(sector, SECTOR_LABELS[sector], _share(sector, len(there), len(seats))) for sector, there in by_sector(seats).items()]


def taken_words(rows: Sequence[Any]) -> Text:
    """How many of the seats are taken."""
    seats = at_table(rows)
    taken = sum(row.state == "accepted" for row in seats)
    if len(seats) == 1:
        return _("De enige stoel is bezet.") if taken else _("De enige stoel is nog vrij.")
    return n_("{n} van de {total} stoelen is bezet.", "{n} van de {total} stoelen zijn bezet.", taken, total=len(seats))


def _share(sector: str, n: int, total: int) -> Text:
    if not n:
        return _("Nog geen stoel.")
    if total == 1:
        return _("De enige stoel.")
    if sector == "government":
        return n_("{n} van de {total} stoelen is van de overheid.", "{n} van de {total} stoelen zijn van de overheid.", n, total=total)
    if sector == "business":
        return n_("{n} van de {total} stoelen is van ondernemers.", "{n} van de {total} stoelen zijn van ondernemers.", n, total=total)
    if sector == "civil_society":
        return n_(
            "{n} van de {total} stoelen is van maatschappelijke organisaties.",
            "{n} van de {total} stoelen zijn van maatschappelijke organisaties.",
            n,
            total=total,
        )
    return n_("{n} van de {total} stoelen is van inwoners.", "{n} van de {total} stoelen zijn van inwoners.", n, total=total)


def warnings(question: Question, rows: Sequence[Any]) -> list[Text]:
    """What who facilitates should look at: sectors that the question concerns and that have no seat, or none that is taken."""
    found = []
    for sector, seats in by_sector(at_table(rows)).items():
        if sector not in question.sectors:
            continue
        if not seats:
            found.append(_("Sector “{sector}” hoort bij deze vraag, maar heeft nog geen stoel.", sector=SECTOR_LABELS[sector]))
        elif not any(row.state == "accepted" for row in seats):
            found.append(_("Sector “{sector}” heeft een stoel, maar niemand zei nog ja.", sector=SECTOR_LABELS[sector]))
    return found


def _alternate(row: Any) -> Label:
    if row.alternate_id is None:
        return ""
    return row.alternate_name or _("Er is een vervanger.")

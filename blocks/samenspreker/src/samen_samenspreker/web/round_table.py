"""The round table with four sides (DESIGN.md): a picture of the seats, made on the server, with its legend in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from samen_core.api import Text, UnitOfWork, n_
from samen_core.web.api import page_url, render_part
from samen_samenspreker.models import Question
from samen_samenspreker.paths import table
from samen_samenspreker.queries.seats import seats_of
from samen_samenspreker.seat_words import at_table, by_sector, seat_name
from samen_samenspreker.web.seat_views import balance, taken_words

CENTRE = 220.0
SMALLEST = 100.0
"""How far the picture reaches from its centre when there are no seats."""

ROWS = (118, 156, 194)
"""The radius of each row of seats, in the units of the picture."""

SPACE, WIDEST = 38, 56
"""The distance between two seats in a row: at least, and at most."""

DIRECTIONS = {"government": -90, "business": 0, "civil_society": 90, "citizens": 180}
"""The side of the table of each sector, as in the mark: top, right, bottom, left (degrees, clockwise from the right)."""

ARC_RADIUS, ARC_WIDTH, ICON_RADIUS = 84, 68, 52
SMALL_WORDS = frozenset({"van", "de", "het", "een", "der", "den", "voor", "en", "in", "aan", "op", "te", "'t"})


@dataclass(frozen=True, slots=True)
class Dot:
    """A seat in the picture: its place, sector, whether somebody sits on it, and at most two letters."""

    x: float
    y: float
    sector: str
    is_taken: bool
    text: str


@dataclass(frozen=True, slots=True)
class Side:
    """A side of the table: the path of its arc and the place of its icon."""

    sector: str
    path: str
    x: float
    y: float


def table_figure(uow: UnitOfWork, question: Question, rows: Sequence[Any] | None = None, *, link: bool = True) -> Markup:
    """The round table of a question with its legend; ``rows`` are its seats when they are known, else one statement finds them.

    With ``link`` it leads to the page of the table. Uses the styles of ``samenspreker/seats.css``.
    """
    seats = at_table(seats_of(uow, question.id) if rows is None else rows)
    placed = dots(seats)
    reach = max([SMALLEST, *(math.hypot(dot.x - CENTRE, dot.y - CENTRE) for dot in placed)]) + SPACE / 2
    return render_part(
        "samenspreker/round_table.html",
        view_box=f"{CENTRE - reach:.0f} {CENTRE - reach:.0f} {2 * reach:.0f} {2 * reach:.0f}",
        centre=CENTRE,
        radius=ARC_RADIUS,
        sides=SIDES,
        dots=placed,
        title=title(seats),
        legend=balance(seats),
        taken=taken_words(seats),
        url=page_url(table(question.slug, "tafel")) if link else "",
    )


def title(seats: Sequence[Any]) -> Text:
    """What the picture shows, in one sentence."""
    taken = sum(row.state == "accepted" for row in seats)
    return n_(
        "Ronde tafel met {n} stoel, waarvan {taken} bezet.", "Ronde tafel met {n} stoelen, waarvan {taken} bezet.", len(seats), taken=taken
    )


def dots(seats: Sequence[Any]) -> list[Dot]:
    """The seats on their side of the table, taken ones nearest. What does not fit is one dot with its number."""
    found = []
    for sector, there in by_sector(seats).items():
        ordered = sorted(there, key=lambda row: row.state != "accepted")
        places = _places(DIRECTIONS[sector], len(ordered))
        for position, (x, y) in enumerate(places):
            row, left = ordered[position], len(ordered) - position
            if position == len(places) - 1 and left > 1:
                found.append(Dot(x, y, sector, True, f"+{left}"))
            else:
                taken = row.state == "accepted"
                found.append(Dot(x, y, sector, taken, initials(str(seat_name(row))) if taken else ""))
    return found


def initials(name: str) -> str:
    """Two letters that stand for a name: of its first two words that say something, or its first two."""
    words = [word.strip("“”\"'().,-") for word in name.split()]
    telling = [word for word in words if word and word.lower() not in SMALL_WORDS] or [word for word in words if word]
    letters = "".join(word[0] for word in telling[:2]) if len(telling) > 1 else "".join(telling)[:2]
    return letters.upper()


def _places(direction: float, number: int) -> list[tuple[float, float]]:
    """Where up to ``number`` seats stand on a side: rows behind each other, each centred."""
    found: list[tuple[float, float]] = []
    for radius in ROWS:
        here = min(number - len(found), _room(radius))
        if here < 1:
            break
        step = min(WIDEST / radius, (math.pi / 2 - SPACE / radius) / (here - 1)) if here > 1 else 0.0
        middle = math.radians(direction)
        found += [_point(radius, middle + (index - (here - 1) / 2) * step) for index in range(here)]
    return found


def _room(radius: float) -> int:
    """How many seats fit in the quarter of a circle, with half a space at both ends."""
    return 1 + int((radius * math.pi / 2 - SPACE) / SPACE)


def _point(radius: float, angle: float) -> tuple[float, float]:
    return round(CENTRE + radius * math.cos(angle), 1), round(CENTRE + radius * math.sin(angle), 1)


def _side(sector: str, direction: float) -> Side:
    start = _point(ARC_RADIUS, math.radians(direction - ARC_WIDTH / 2))
    end = _point(ARC_RADIUS, math.radians(direction + ARC_WIDTH / 2))
    x, y = _point(ICON_RADIUS, math.radians(direction))
    return Side(sector, f"M{start[0]} {start[1]}A{ARC_RADIUS} {ARC_RADIUS} 0 0 1 {end[0]} {end[1]}", x - 12, y - 12)


SIDES = tuple(_side(sector, direction) for sector, direction in DIRECTIONS.items())

"""The picture of the round table: every seat on its side, none over another."""

from __future__ import annotations

import math
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import pytest

from citycontent.api import SECTORS
from samen_samenspreker.web.round_table import CENTRE, DIRECTIONS, ROWS, dots, initials, title

MOST = 18
"""How many seats a side has room for."""


def seats(**numbers: int) -> list[Any]:
    """So many seats of each sector; every third is free."""
    return [
        SimpleNamespace(
            sector=sector,
            state="open" if index % 3 == 2 else "accepted",
            organization_name=f"Vereniging {index}",
            title="",
            person_name=None,
            holder_name="",
        )
        for sector, number in numbers.items()
        for index in range(number)
    ]


@pytest.mark.parametrize("number", [0, 1, 2, 4, 5, 11, 18, 19, 60])
def test_seats_stand_on_their_side_and_not_over_each_other(number: int) -> None:
    placed = dots(seats(**dict.fromkeys(SECTORS, number)))
    assert len(placed) == 4 * min(number, MOST)
    for one, other in combinations(placed, 2):
        assert math.hypot(one.x - other.x, one.y - other.y) >= 32, "dots have a radius of 16"
    for dot in placed:
        angle = math.degrees(math.atan2(dot.y - CENTRE, dot.x - CENTRE))
        assert abs((angle - DIRECTIONS[dot.sector] + 180) % 360 - 180) <= 45
        assert math.hypot(dot.x - CENTRE, dot.y - CENTRE) <= ROWS[-1] + 0.2


def test_what_does_not_fit_is_a_number() -> None:
    placed = dots(seats(business=30))
    assert (len(placed), placed[-1].text) == (MOST, "+13")
    assert sum(1 for dot in placed[:-1]) + 13 == 30


def test_free_seats_are_empty_and_stand_behind() -> None:
    placed = dots(seats(citizens=6))
    assert [dot.is_taken for dot in placed] == [True, True, True, True, False, False]
    assert [dot.text for dot in placed] == ["V0", "V1", "V3", "V4", "", ""]
    assert str(title(seats(citizens=6))) == "Ronde tafel met 6 stoelen, waarvan 4 bezet."


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Winkeliersvereniging Dorpsstraat", "WD"),
        ("Bewoner van de Markt", "BM"),
        ("Politie", "PO"),
        ("“De Ster”", "ST"),
        ("van de", "VD"),
        ("é", "É"),
        ("", ""),
        ("...", ""),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters

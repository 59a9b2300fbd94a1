"""What people say in the demonstration, at an activity of inbreng, spread over the days that it was open."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from samen_core.api import PlaceValue
from samen_doe_mee.seed.world import CHANNELS, SECTORS, World
from samen_inbreng.api import Contribution, EnterContribution, import_contributions

NAMES = ("", "", "Noor", "Jan", "Samira", "Els", "Mehmet", "Fleur", "Kees", "Aisha", "Tom", "Ria", "Daan", "Ineke", "Yusuf", "Olga")


@dataclass(frozen=True, slots=True)
class Talk:
    """``number`` contributions about something, between ``first`` and ``last`` days ago; with places when ``points_in`` is an area."""

    number: int
    about: str
    first: float
    last: float
    points_in: str = ""


def say(world: World, talk_id: uuid.UUID, talk: Talk) -> list[Contribution]:
    """Let people say it, some on each of six days."""
    step = max(1, talk.number // 6)
    made: list[Contribution] = []
    for start in range(0, talk.number, step):
        with world.uow.at(world.moment(max(talk.first - (talk.first - talk.last) * start / talk.number, 0))):
            part = [_one(world, talk) for _nth in range(min(step, talk.number - start))]
            found = import_contributions(world.uow, talk_id, part)
        if wrong := [item.errors for item in found if item.errors]:
            raise ValueError(wrong[0])
        made += [item.contribution for item in found if item.contribution is not None]
    return made


def _one(world: World, talk: Talk) -> EnterContribution:
    pick = world.chance.choice
    place: dict[str, Any] = {}
    if talk.points_in:
        lat, lon = world.place(talk.points_in)
        place["place"] = PlaceValue(lat=lat, lon=lon)
    elif world.chance.random() < 0.5:
        place["area_id"] = pick(world.neighbourhoods)
    return EnterContribution(
        text=world.said(talk.about),
        name=pick(NAMES),
        channel=pick(CHANNELS),
        sector=pick(SECTORS),
        received_on=world.uow.now.date(),
        **place,
    )

"""The demonstration: ideas of invented residents and plans of an invented city, with what people said of them (``data/demo``)."""

from __future__ import annotations

from samen_core.api import UnitOfWork
from samen_doe_mee.seed.ideas import make_ideas
from samen_doe_mee.seed.plans import make_plan
from samen_doe_mee.seed.world import World


def seed(uow: UnitOfWork) -> None:
    """Sixty ideas in every status and six plans at every stage. Nothing where the demonstration of the city is not there."""
    world = World(uow)
    if not world.knows_the_city():
        return
    make_ideas(world)
    for data in world.plans:
        make_plan(world, data)

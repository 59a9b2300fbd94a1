"""The demonstration: questions of an invented city with everything that was said and decided at their tables (``data/demo``)."""

from __future__ import annotations

from samen_core.api import UnitOfWork
from samen_samenspreker.seed.story import Story, stories
from samen_samenspreker.seed.world import World


def seed(uow: UnitOfWork) -> None:
    """Let every question of ``data/demo`` happen, act by act, each on its own day."""
    world = World(uow)
    if not world.knows_the_city():
        return
    for data, said in stories():
        Story(world, data, said).happen()

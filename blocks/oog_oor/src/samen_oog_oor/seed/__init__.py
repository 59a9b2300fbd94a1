"""The demonstration: what people in an invented city saw in the last year, and what became of it (``data/demo``)."""

from __future__ import annotations

from samen_core.api import UnitOfWork
from samen_oog_oor.seed.desk import make_desk
from samen_oog_oor.seed.merged import merge_twins
from samen_oog_oor.seed.pictures import add_pictures
from samen_oog_oor.seed.plans import make_plans
from samen_oog_oor.seed.rows import Rows
from samen_oog_oor.seed.world import World
from samen_oog_oor.services.categories import seed_categories


def seed(uow: UnitOfWork) -> None:
    """Fill a year: the desk that handles them, then 400 signals in 250 cases. Nothing where the city has no neighbourhoods."""
    seed_categories(uow)
    uow.session.flush()
    world = World(uow)
    if not world.areas:
        return
    make_desk(world)
    rows = Rows(world)
    plans = make_plans(world)
    for plan in plans:
        rows.add(plan)
    rows.write()
    rows.tie_patterns(plans)
    merge_twins(world, plans)
    add_pictures(world, plans)

"""The demonstration: what an invented city works on, with everything that was planned, decided and promised (``data/demo``)."""

from __future__ import annotations

from samen_beleidsagenda.seed.dossiers import Dossiers
from samen_beleidsagenda.seed.meetings import Meetings
from samen_beleidsagenda.seed.promises import Promises
from samen_beleidsagenda.seed.structure import make_structure
from samen_beleidsagenda.seed.world import World
from samen_core.api import UnitOfWork


def seed(uow: UnitOfWork) -> None:
    """Fill the agenda: bodies and themes, then dossiers with their moments, then what was on the agendas of meetings, then promises."""
    world = World(uow)
    if not world.knows_the_city():
        return
    make_structure(world)
    dossiers = Dossiers(world)
    dossiers.make()
    meetings = Meetings(world, dossiers.moments)
    meetings.make()
    dossiers.withdraw()
    Promises(world, meetings).make()
    dossiers.tie()

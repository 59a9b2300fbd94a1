"""What the agenda puts on the home page: the next moments, and cards of those at which one can have a say."""

from __future__ import annotations

from datetime import timedelta

from samen_beleidsagenda import paths
from samen_beleidsagenda.queries.entries import EntryFilter, first_entries
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.web.moments import entry_row, say_card
from samen_core.api import UnitOfWork
from samen_core.web.api import SlotFill, render_part

MOST_ROWS = 4
MOST_CARDS = 3
AHEAD = timedelta(days=92)


def next_moments(uow: UnitOfWork) -> str | None:
    """The first decisions and other planned moments of the coming three months; meetings stand in the agenda of the city already."""
    now = today(uow)
    found = first_entries(uow, EntryFilter(ends_from=now, ends_by=now + AHEAD, going_on=True, planned=True), MOST_ROWS)
    return render_part("citycontent/rows.html", rows=[entry_row(row) for row in found]) if found else None


def join(uow: UnitOfWork) -> str | None:
    """The first moments at which one can have a say."""
    now = today(uow)
    found = first_entries(uow, EntryFilter(ends_from=now, ends_by=now + AHEAD, going_on=True, has_say=True), MOST_CARDS)
    return render_part("citycontent/cards.html", cards=[say_card(row) for row in found]) if found else None


MOMENT_SLOTS = (
    SlotFill("home.join", join, order=45, more=f"{paths.PLANNING}?meepraten=true"),
    SlotFill("home.agenda", next_moments, order=20, more=paths.HOME),
)

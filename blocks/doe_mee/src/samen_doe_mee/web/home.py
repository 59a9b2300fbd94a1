"""The front of Doe Mee: what one can do now, ideas of others, what comes, and what was done with what people said."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from citycontent.api import FindNeighbourhoodSchema
from citycontent.web.api import atlas
from samen_core.api import LOGGED_IN
from samen_core.web.api import BoundForm, crumbs, current_uow, go, page_url, render
from samen_doe_mee import paths
from samen_doe_mee.queries import overview
from samen_doe_mee.web import overview_parts as parts
from samen_doe_mee.web.common import LABEL, first_desk, pages, tabs

MOST_OPEN = 6
MOST_IDEAS = 4
MOST_MEETINGS = 4
MOST_DONE = 3


@pages.route(paths.HOME, public=True)
def home() -> ResponseReturnValue:
    """The front page."""
    uow = current_uow()
    book = atlas(uow)
    opened = overview.open_activities(uow, MOST_OPEN + 1, without=parts.ENTERED)
    new = overview.new_ideas(uow, MOST_IDEAS)
    shown = {row.id for row in new}
    supported = [row for row in overview.most_supported(uow, 2 * MOST_IDEAS) if row.id not in shown][:MOST_IDEAS]
    return render(
        "doe_mee/home.html",
        tabs=tabs(uow.actor, paths.HOME),
        opened=[parts.activity_card(uow, row) for row in opened[:MOST_OPEN]],
        all_open_url=page_url(f"{paths.NEAR_ME}?soort=activiteit") if len(opened) > MOST_OPEN else None,
        new=[parts.idea_row(uow, book, row) for row in new],
        supported=[parts.idea_row(uow, book, row) for row in supported],
        meetings=[parts.meeting_row(book, row) for row in overview.coming_meetings(uow, MOST_MEETINGS)],
        done=[parts.done_row(book, row) for row in overview.latest_done(uow, MOST_DONE)],
        urls={
            name: page_url(path)
            for name, path in (
                ("idea", paths.NEW_IDEA),
                ("ideas", paths.IDEAS),
                ("plans", paths.PLANS),
                ("done", paths.DONE),
                ("near", paths.NEAR_ME),
                ("map", paths.MAP),
                ("meetings", f"{paths.NEAR_ME}?soort=bijeenkomst&staat=straks"),
                ("own", paths.OWN),
                ("feeds", paths.FEEDS),
            )
        },
        near=BoundForm(FindNeighbourhoodSchema),
        breadcrumbs=crumbs((LABEL, None)),
    )


@pages.route(paths.DESK, permission=LOGGED_IN)
def desk() -> ResponseReturnValue:
    """To the first part of the desk that one may use; who has none goes to what is their own."""
    return go(first_desk(current_uow().actor) or paths.OWN)

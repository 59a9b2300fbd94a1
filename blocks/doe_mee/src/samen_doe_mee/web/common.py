"""The blueprint of all pages, and what they share."""

from __future__ import annotations

from flask import Response, request

from samen_core.api import STAFF, Actor, Permission, Text, _
from samen_core.web.api import BlockBlueprint, page_url
from samen_doe_mee import paths
from samen_doe_mee.permissions import ANSWER, DEFINE, HANDLE_IDEAS, PLAN

pages = BlockBlueprint("doe_mee", __name__)
LABEL = _("Doe Mee")
DESK = _("Werkplek")

TABS: tuple[tuple[Text, str], ...] = (
    (_("Nu meedoen"), paths.HOME),
    (_("Ideeën"), paths.IDEAS),
    (_("Plannen"), paths.PLANS),
    (_("Kaart"), paths.MAP),
    (_("Wat is ermee gedaan"), paths.DONE),
)
DESK_TABS: tuple[tuple[Text, str, tuple[Permission, ...]], ...] = (
    (_("Ideeën"), paths.DESK_IDEAS, (HANDLE_IDEAS,)),
    (_("Plannen"), paths.DESK_PLANS, (PLAN, ANSWER, STAFF)),
    (_("Antwoorden"), paths.DESK_ANSWERS, (ANSWER, STAFF)),
    (_("Teksten"), paths.DESK_TEXTS, (ANSWER, HANDLE_IDEAS)),
    (_("Blauwdrukken"), paths.BLUEPRINTS, (DEFINE, PLAN)),
)
"""Plans and answers stand there for all staff: whoever has no role in the city may have one at a plan."""
OF_COLLEAGUES = (paths.DESK_PLANS, paths.DESK_ANSWERS)
"""The parts where everybody finds what they work at themselves."""


@pages.after_request
def keep_out_of_search(response: Response) -> Response:
    """What stands at the key of somebody is for nobody else, also when they put the link somewhere."""
    if {"key", "code", "token"} & set(request.view_args or {}):
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def tabs(actor: Actor, path: str) -> list[tuple[Text, str, bool]]:
    """The parts of the block, for ``layout.subnav``; who works here has a desk too."""
    found = [(label, page_url(there), there == path) for label, there in TABS]
    if desk := first_desk(actor):
        found.append((DESK, page_url(desk), path.startswith(paths.DESK)))
    return found


def desk_tabs(actor: Actor, path: str) -> list[tuple[Text, str, bool]]:
    """The parts of the desk that the actor, who is at one of them, may use; a page below one of them counts as that one."""
    return [
        (label, page_url(there), path == there or path.startswith(f"{there}/"))
        for label, there, rights in DESK_TABS
        if there in OF_COLLEAGUES or any(right.somewhere(actor) for right in rights)
    ]


def first_desk(actor: Actor) -> str | None:
    """The first part of the desk that the actor may use, as a path; None for who has none."""
    return next((there for _label, there, rights in DESK_TABS if any(right.somewhere(actor) for right in rights)), None)

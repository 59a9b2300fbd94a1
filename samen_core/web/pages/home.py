"""The home page: what waits for me, what happens near me, what can I do now, what was done."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from samen_core.permissions import STAFF
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_actor, current_platform, current_uow
from samen_core.web.layout import page_url, render
from samen_core.web.navigation import tasks
from samen_core.web.slots import more_path, render_slot

pages = BlockBlueprint("home", __name__)
SECTIONS = ("near", "join", "propose", "done", "map", "agenda")


@pages.route("/", public=True)
def index() -> ResponseReturnValue:
    """The home page."""
    actor = current_actor()
    found = [] if actor.is_anonymous else tasks(current_uow())
    waiting = [(task.title, page_url(task.path), task.count, task.icon) for task in found]
    paths = {section: more_path(f"home.{section}") for section in SECTIONS}
    pauses = current_platform().block_states.paused().values()
    return render(
        "core/home.html",
        pauses=list(dict.fromkeys(pause.reason for pause in pauses)),
        tasks=waiting if waiting or STAFF.somewhere(actor) else None,
        links={section: page_url(path) if path else None for section, path in paths.items()},
        **{section: render_slot(f"home.{section}") for section in SECTIONS},
    )

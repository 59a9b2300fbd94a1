"""Posters and short addresses of a plan, for who works at it."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from samen_core.api import LOGGED_IN, Text, _, system
from samen_core.web.api import current_platform, current_uow, page_url, render
from samen_doe_mee import paths
from samen_doe_mee.services.activities import activities_of_rounds
from samen_doe_mee.services.posters import PAPERS
from samen_doe_mee.services.sharing import CHANNEL_LABELS, CHANNELS, Shared, of_activity, of_plan
from samen_doe_mee.services.short_links import ensure_links, links_of_all, reach_by_channel
from samen_doe_mee.web.common import pages
from samen_doe_mee.web.desk_plan_frame import desk_frame, plan_at_desk

TITLE = _("Posters en korte adressen")


@pages.route(paths.desk_plan("<slug>", "posters"), permission=LOGGED_IN, cache=False)
def posters_of_plan(slug: str) -> ResponseReturnValue:
    """Short addresses and posters of a plan and its activities, and how many came by each way."""
    uow, platform = current_uow(), current_platform()
    plan = plan_at_desk(uow, slug)
    things = [of_plan(uow, plan), *(of_activity(uow, activity) for activity in activities_of_rounds(uow, plan.id))]
    links = links_of_all(uow, [thing.id for thing in things])
    if lacking := [id for id, codes in links.items() if len(codes) < len(CHANNELS)]:
        with platform.unit_of_work(system("web")) as writing:
            links |= {id: ensure_links(writing, id) for id in lacking}
    reached = reach_by_channel(uow, plan.id)
    base = platform.config.web.base_url.rstrip("/")
    papers: dict[str, Text] = {name: paper.label for name, paper in PAPERS.items()}

    def addresses(thing: Shared) -> list[tuple[Text, str]]:
        return [(CHANNEL_LABELS[channel], f"{base}{paths.SHORT}/{links[thing.id][channel]}") for channel in CHANNELS]

    return render(
        "doe_mee/desk_posters.html",
        **desk_frame(uow, plan, "posters", TITLE),
        things=[
            (thing, addresses(thing), [(label, page_url(f"{thing.path}/{name}.pdf")) for name, label in papers.items()]) for thing in things
        ],
        is_draft=plan.state == "draft",
        reached=[(CHANNEL_LABELS[channel], reached.get(channel, 0)) for channel in CHANNELS],
    )

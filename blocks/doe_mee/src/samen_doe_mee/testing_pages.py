"""Addresses of pages that no link leads to, or only in some states, for whoever looks at every page."""

from __future__ import annotations

from samen_core.api import Platform, system, uuid7
from samen_doe_mee import paths
from samen_doe_mee.models import Idea, Registration
from samen_doe_mee.services.registration_keys import key_hash, registration_key


def pages(platform: Platform) -> list[tuple[str, str]]:
    """Pages that no link leads to, or only in some states: the kind of visitor ("" for nobody) and the address."""
    from samen_doe_mee.testing import make_activities, make_ideas, make_meeting, make_plan, make_round

    with platform.unit_of_work(system("test")) as uow:
        idea, hidden = (uow.session.get_one(Idea, id) for id in make_ideas(uow, 2))
        hidden.state = "hidden"
        double = uow.session.get_one(Idea, make_ideas(uow, 1)[0])
        double.state, double.merged_into_id = "merged", idea.id
        plan = make_plan(uow, "Een plein om te bekijken")
        draft = make_plan(uow, "Een plan om te bekijken", state="draft", published_at=None)
        round_ = make_round(uow, plan)
        closed = make_round(uow, plan, title="Ronde 0", closed_at=uow.now, heard="Meer groen.", done="Dat komt er.")
        activity = make_activities(uow, plan, round_)[0]
        meeting = make_meeting(uow, plan)
        coming = Registration(id=uuid7(), meeting_id=meeting.id, who="te bekijken", state="registered", at=uow.now, confirmed_at=uow.now)
        key = registration_key(platform, coming.id)
        coming.code_hash = key_hash(platform, key)
        uow.session.add(coming)
        of_everybody = (
            *(f"{paths.FEEDS}/ideeen.{kind}" for kind in ("atom", "json")),
            *(paths.idea(idea.slug, part) for part in ("deel", "deel.png")),
            *(paths.plan(plan.slug, part) for part in ("deel", "procesvoorstel")),
            *(paths.activity(activity.slug, part) for part in ("deel", "bedankt")),
            *(paths.activity(activity.slug, f"open-data.{kind}") for kind in ("csv", "json")),
            *(f"{address}/verlopen" for address in (paths.CONFIRM, paths.NO_MAIL, paths.NO_IDEA_MAIL, paths.CARRY)),
            f"{paths.REGISTRATION}/{key}",
        )
        of_staff = (
            paths.desk_idea(hidden.slug, "tonen"),
            paths.desk_idea(double.slug, "losmaken"),
            paths.desk_idea(idea.slug, "project"),
            paths.desk_plan(draft.slug, "voorbeeld"),
            paths.desk_plan(plan.slug, "posters"),
            paths.desk_plan(plan.slug, f"rondes/{closed.slug}/bewerken"),
            paths.desk_activity(activity.slug, "weghalen"),
            paths.desk_meeting(meeting.id, "aanwezigen"),
        )
    return [*(("", path) for path in of_everybody), *(("manager", path) for path in of_staff)]

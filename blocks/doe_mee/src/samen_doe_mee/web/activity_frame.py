"""What stands around the form of an activity, whatever its type: facts, until when, what happens with it, ways to tell others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from samen_core.api import CITY_TIME_ZONE, Text, UnitOfWork, _, format_date, format_day, format_moment, n_
from samen_core.web.api import crumbs, page_url
from samen_doe_mee import paths
from samen_doe_mee.services.activities import Placed, activity_state
from samen_doe_mee.services.activity_types import type_of
from samen_doe_mee.services.plans import may_work
from samen_doe_mee.services.sharing import of_activity
from samen_doe_mee.web.common import LABEL
from samen_doe_mee.web.share import share_tags
from samen_inbreng.api import last_moment

STATE_LABELS: dict[str, Text] = {"open": _("Open"), "coming": _("Komt nog"), "closed": _("Gesloten")}
STATE_BADGES = {"open": "success", "coming": "info", "closed": "neutral"}


@dataclass(frozen=True, slots=True)
class Share:
    """A way to tell others: the name of its icon, what it is called, and its address."""

    icon: str
    label: Text
    url: str


def frame(uow: UnitOfWork, placed: Placed) -> dict[str, Any]:
    """What stands around the form of every type."""
    activity, round_, plan = placed.activity, placed.round, placed.plan
    kind = type_of(activity.type)
    state = activity_state(activity, uow.now)
    works = not uow.actor.is_anonymous and may_work(uow, plan)
    return {
        "activity": activity,
        "kind": kind,
        "plan": plan,
        "round": round_,
        "state": state,
        "badge": (STATE_LABELS[state], STATE_BADGES[state]),
        "is_draft": not placed.public,
        "deadline": deadline(activity, uow.now),
        "minutes": n_("Duurt {n} minuut", "Duurt {n} minuten", activity.minutes),
        "after": what_happens(uow, placed),
        "must_log_in": not activity.anonymous and uow.actor.is_anonymous,
        "log_in_url": f"{page_url('/inloggen')}?volgende={quote(page_url(paths.activity(activity.slug)))}",
        "self_url": page_url(paths.activity(activity.slug)),
        "plan_url": page_url(paths.plan(plan.slug)),
        "desk_url": page_url(paths.desk_activity(activity.slug)) if works else None,
        "shares": _shares(uow, placed),
        "share": share_tags(of_activity(uow, activity)) if placed.public else None,
        "data_urls": [(ending, page_url(paths.activity(activity.slug, f"open-data.{ending}"))) for ending in ("csv", "json")],
    }


def deadline(activity: Any, now: datetime) -> Text:
    """Until when, with what is left of it."""
    state = activity_state(activity, now)
    if state == "coming":
        return _("Begint op {when}", when=format_moment(activity.opens_at))
    last = last_moment(activity.closes_at)
    if state == "closed":
        return _("Gesloten op {date}", date=format_date(last))
    days = (last.astimezone(CITY_TIME_ZONE).date() - now.astimezone(CITY_TIME_ZONE).date()).days
    if days == 0:
        return _("Vandaag de laatste dag")
    return n_("Nog {n} dag, tot en met {day}", "Nog {n} dagen, tot en met {day}", days, day=format_day(last))


def what_happens(uow: UnitOfWork, placed: Placed) -> list[Text]:
    """What is done with what people say, and by when."""
    plan, round_ = placed.plan, placed.round
    found: list[Text] = []
    if type_of(placed.activity.type).collects_contributions:
        found.append(_("Iedere reactie krijgt een antwoord. U leest het bij uw reactie."))
    if round_.closed_at is not None:
        found.append(_("Wat wij hoorden en wat wij ermee doen, staat bij het plan."))
    elif round_.result_by >= uow.now.astimezone(CITY_TIME_ZONE).date():
        found.append(_("Uiterlijk {day} staat er wat wij hoorden en wat wij ermee doen.", day=format_date(round_.result_by)))
    else:
        found.append(_("Wat wij ermee doen had er op {day} moeten staan. Wij zijn te laat.", day=format_date(round_.result_by)))
    if plan.decided_by:
        found.append(_("Wie besluit: {who}.", who=plan.decided_by.rstrip(". ")))
    return found


def trail(placed: Placed, last: Text | None = None) -> list[Any]:
    """The breadcrumbs of a page of an activity; the page itself without ``last``."""
    activity, plan = placed.activity, placed.plan
    here: tuple[Any, str | None] = (activity.title, None if last is None else paths.activity(activity.slug))
    return crumbs((LABEL, paths.HOME), (plan.title, paths.plan(plan.slug)), here, *(() if last is None else ((last, None),)))


def _shares(uow: UnitOfWork, placed: Placed) -> list[Share]:
    """Ways to tell others; nothing is asked of another site before somebody presses one."""
    address = uow.platform.config.web.base_url.rstrip("/") + page_url(paths.activity(placed.activity.slug))
    words = quote(f"{placed.activity.title} {address}")
    title = quote(placed.activity.title)
    return [
        Share("mail", _("Mail"), f"mailto:?subject={title}&body={words}"),
        Share("message-circle", _("WhatsApp"), f"https://wa.me/?text={words}"),
    ]

"""The page on which people take part in an activity, whatever its type: what is asked, the form, what others did, what happens with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask.typing import ResponseReturnValue

from samen_core.api import CITY_TIME_ZONE, Conflict, Gone, Invalid, Text, UnitOfWork, _, format_date, format_day, format_moment, n_
from samen_core.web.api import crumbs, current_uow, limit_visitor, page_url, render, render_status
from samen_doe_mee import paths
from samen_doe_mee.services.activities import Placed, activity_state, visible_activity
from samen_doe_mee.services.activity_types import type_of
from samen_doe_mee.services.plans import may_work
from samen_doe_mee.services.sharing import of_activity
from samen_doe_mee.services.talks import talk_of
from samen_doe_mee.web.activity_types import Refused, page_of
from samen_doe_mee.web.common import LABEL, pages
from samen_doe_mee.web.share import share_tags
from samen_inbreng.api import FOLLOW_PATH, contribution_path, last_moment
from samen_inbreng.web.api import limit_mail, take_sent

ADDRESS = f"{paths.ACTIVITIES}/<slug>"
STATE_LABELS: dict[str, Text] = {"open": _("Open"), "coming": _("Komt nog"), "closed": _("Gesloten")}
STATE_BADGES = {"open": "success", "coming": "info", "closed": "neutral"}
MOST, HOUR = 60, 60 * 60
"""How often one address may take part in an hour: a library or a school has one address for many people."""


@dataclass(frozen=True, slots=True)
class Share:
    """A way to tell others: the name of its icon, what it is called, and its address."""

    icon: str
    label: Text
    url: str


@pages.route(ADDRESS, public=True, cache=False)
def activity_page(slug: str) -> ResponseReturnValue:
    """What is asked, and what was said."""
    uow = current_uow()
    return _show(uow, visible_activity(uow, slug), None)


@pages.route(ADDRESS, public=True, cache=False, methods=["POST"])
def take_part(slug: str) -> ResponseReturnValue:
    """Take part, or see the form as it was typed with everything that is wrong."""
    limit_visitor("doe_mee.take_part", MOST, HOUR)
    limit_mail()
    uow = current_uow()
    placed = visible_activity(uow, slug)
    page = page_of(placed.activity.type)
    received = page.receive(uow, placed)
    try:
        return page.send(uow, placed, received)
    except (Invalid, Gone, Conflict) as error:
        uow.rollback()
        errors = error.errors if isinstance(error, Invalid) else {}
        refused = Refused(received, errors, error.status, None if isinstance(error, Invalid) else error.message)
        return _show(uow, visible_activity(uow, slug), refused)


@pages.route(f"{ADDRESS}/bedankt", public=True, cache=False)
def thanks_page(slug: str) -> ResponseReturnValue:
    """What happens next, with the code of the receipt: shown once."""
    uow = current_uow()
    placed = visible_activity(uow, slug)
    talk_slug = talk_slug_of(uow, placed)
    sent = take_sent(talk_slug) if talk_slug else None
    number = sent.number if sent else None
    return render(
        "doe_mee/activity_thanks.html",
        **frame(uow, placed),
        number=number,
        code=sent.code if sent else "",
        confirms=bool(sent and sent.confirms),
        url=page_url(contribution_path(talk_slug, number)) if number else None,
        follow_url=page_url(FOLLOW_PATH),
        mail_url=page_url(f"{FOLLOW_PATH}/mail"),
        anonymous=uow.actor.is_anonymous,
        breadcrumbs=_trail(placed, _("Bedankt")),
    )


def talk_slug_of(uow: UnitOfWork, placed: Placed) -> str:
    """The address at inbreng of what is behind an activity; "" for a type without."""
    talk = talk_of(uow, placed.activity)
    return talk.slug if talk is not None else ""


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
        found.append(_("Wie besluit: {who}.", who=plan.decided_by))
    return found


def _show(uow: UnitOfWork, placed: Placed, refused: Refused | None) -> ResponseReturnValue:
    activity = placed.activity
    page = page_of(activity.type)
    return render_status(
        refused.status if refused else 200,
        page.template,
        **{
            **frame(uow, placed),
            "outcome": type_of(activity.type).outcome(uow, activity),
            "problem": refused.message if refused else None,
            "breadcrumbs": _trail(placed),
            **page.show(uow, placed, refused),
        },
    )


def _trail(placed: Placed, last: Text | None = None) -> list[Any]:
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

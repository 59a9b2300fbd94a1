"""What is one's own: ideas, support, where one took part, meetings. For accounts, and without one by the codes that the browser keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import Atlas, atlas, when
from samen_core.api import Text, UnitOfWork, _, format_date, n_
from samen_core.web.api import Row, crumbs, current_uow, page_url, render
from samen_doe_mee import paths
from samen_doe_mee.labels import PLAN_ROLE_LABELS, PLAN_STATE_LABELS
from samen_doe_mee.queries import own as queries
from samen_doe_mee.services.idea_common import code_hash
from samen_doe_mee.services.lateness import city_day
from samen_doe_mee.services.voice_keys import known_as
from samen_doe_mee.web import overview_parts as parts
from samen_doe_mee.web.common import LABEL, pages, tabs
from samen_doe_mee.web.device import device_code
from samen_doe_mee.web.idea_codes import known_codes
from samen_inbreng.api import FOLLOW_PATH

TITLE = _("Waar ik aan meedoe")
IDEA_STATES: dict[str, tuple[Text, str]] = {
    "unconfirmed": (_("Wacht op uw bevestiging"), "warm"),
    "withdrawn": (_("Ingetrokken"), "neutral"),
    "hidden": (_("Verborgen"), "warning"),
    "merged": (_("Hoort bij een ander idee"), "neutral"),
}
"""What stands at an idea that is not there for everybody; else its status."""
REGISTRATION_STATES: dict[str, tuple[Text, str]] = {
    "unconfirmed": (_("Wacht op uw bevestiging"), "warm"),
    "registered": (_("Aangemeld"), "success"),
    "waiting": (_("Op de wachtlijst"), "info"),
    "cancelled": (_("Afgemeld"), "neutral"),
    "attended": (_("U was er"), "success"),
    "absent": (_("U was er niet"), "neutral"),
}
Make = Callable[[UnitOfWork, Atlas, Any], Row]


@pages.route(paths.OWN, public=True, cache=False)
def own_page() -> ResponseReturnValue:
    """The page. At most six statements besides those of the frame."""
    uow = current_uow()
    book, account = atlas(uow), uow.actor.account_id
    hashes = [code_hash(uow, code) for code in known_codes()]
    known = known_as(uow, device_code())
    ideas = queries.own_ideas(uow, account, hashes)
    registrations = queries.own_registrations(uow, account) if account else []
    waits = [row for row in ideas if row.state == "unconfirmed"] + [row for row in registrations if row.registration_state == "unconfirmed"]
    return render(
        "doe_mee/own.html",
        tabs=tabs(uow.actor, paths.OWN),
        waits=len(waits),
        ideas=_rows(uow, book, ideas, _idea),
        supports=_rows(uow, book, queries.own_supports(uow, known), parts.idea_row),
        activities=_rows(uow, book, queries.own_activities(uow, account), _activity) if account else [],
        registrations=_rows(uow, book, registrations, _registration),
        plans=_rows(uow, book, queries.own_plans(uow, account), _plan) if account else [],
        has_account=account is not None,
        idea_url=page_url(paths.NEW_IDEA),
        ideas_url=page_url(paths.IDEAS),
        home_url=page_url(paths.HOME),
        code_url=page_url(f"{paths.IDEAS}/mijn-code"),
        follow_url=page_url(FOLLOW_PATH),
        log_in_url=f"{page_url('/inloggen')}?volgende={page_url(paths.OWN)}",
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
    )


def _rows(uow: UnitOfWork, book: Atlas, found: Sequence[Any], make: Make) -> list[Row]:
    return [make(uow, book, row) for row in found]


def _idea(uow: UnitOfWork, book: Atlas, row: Any) -> Row:
    shown = parts.idea_row(uow, book, row)
    if row.state in IDEA_STATES:
        return replace(shown, badges=(IDEA_STATES[row.state],), meta=())
    return shown


def _activity(uow: UnitOfWork, _book: Atlas, row: Any) -> Row:
    facts: parts.Facts = [("calendar-days", _("u deed mee op {day}", day=format_date(city_day(row.taken_at))))]
    if row.result_at is not None:
        badge = (_("Er is een resultaat"), "success")
    elif row.closes_at > uow.now and row.plan_state == "published":
        badge = (_("Loopt nu"), "info")
        facts.append(("calendar-clock", parts.days_left(row.closes_at, uow.now)))
    else:
        badge = (_("Gesloten"), "neutral")
    return Row(row.title, page_url(paths.activity(row.slug)), _("Bij het plan {plan}", plan=row.plan_title), (badge,), meta=tuple(facts))


def _registration(_uow: UnitOfWork, _book: Atlas, row: Any) -> Row:
    facts: parts.Facts = [("calendar-days", when(row.start_date, row.end_date, all_day=row.all_day))]
    if row.location:
        facts.append(("map-pin", row.location))
    if row.people > 1:
        facts.append(("users-round", n_("{n} mens", "{n} mensen", row.people)))
    badges = [REGISTRATION_STATES[row.registration_state]]
    if row.status in ("cancelled", "postponed"):
        badges.append((_("Gaat niet door"), "danger") if row.status == "cancelled" else (_("Uitgesteld"), "warning"))
    text = _("Bij het plan {plan}", plan=row.plan_title)
    return Row(row.name, page_url(paths.meeting(row.id)), text, tuple(badges), meta=tuple(facts))


def _plan(_uow: UnitOfWork, _book: Atlas, row: Any) -> Row:
    badges = ((PLAN_STATE_LABELS[row.state], "neutral"),)
    return Row(
        row.title, page_url(paths.desk_plan(row.slug)), parts.short(row.summary), badges, meta=(("user-check", PLAN_ROLE_LABELS[row.role]),)
    )

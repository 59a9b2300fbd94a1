"""The page of an activity: what is asked, the form to answer it with, and what others said."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import request, session
from flask.typing import ResponseReturnValue

from citycontent.api import SECTOR_LABELS, SECTORS
from citycontent.web.api import Atlas, ListPage, area_filter, atlas, chips, counted, filters_part, in_words, list_page, one_of, select_field
from samen_core.api import Count, Gone, Invalid, Text, UnitOfWork, _, cards
from samen_core.web.api import Received, crumbs, current_uow, go, page_url, receive_files, render, render_status
from samen_inbreng import paths
from samen_inbreng.labels import CHANNEL_LABELS, OUTCOME_LABELS
from samen_inbreng.models import CHANNELS, OUTCOMES, Activity
from samen_inbreng.permissions import ANSWER, ENTER, MANAGE_ACTIVITY
from samen_inbreng.queries.activities import tallies
from samen_inbreng.queries.contributions import ContributionFilter, list_contributions
from samen_inbreng.queries.themes import themes_of
from samen_inbreng.services.activities import activity_state
from samen_inbreng.services.common import allows, find_activity, find_activity_to_join, page_elsewhere
from samen_inbreng.web.common import pages
from samen_inbreng.web.give_form import GiveForm, give, give_form, give_schema, limit_mail, too_late
from samen_inbreng.web.sent import take_sent, thank_for
from samen_inbreng.web.views import contribution_views
from samen_inbreng.web.words import STATE_BADGES, STATE_LABELS, deadline

LABEL = _("Inbreng")
ORDERS = {"": "newest", "gesteund": "supported", "wacht": "oldest"}
FILTERS = ("sector", "kanaal", "gebied", "thema", "uitkomst", "volgorde")


@pages.route(f"{paths.HOME}/<slug>", public=True, cache=False)
def activity_page(slug: str) -> ResponseReturnValue:
    """What is asked, and what was said."""
    uow = current_uow()
    activity = find_activity(uow, slug)
    if page := page_elsewhere(uow, activity):
        return go(page)
    return show_activity(uow, activity)


@pages.route(f"{paths.HOME}/<slug>", public=True, cache=False, methods=["POST"])
def contribute_page(slug: str) -> ResponseReturnValue:
    """Contribute, or see the form as it was typed with everything that is wrong."""
    limit_mail()
    uow = current_uow()
    activity = find_activity_to_join(uow, slug)
    if page := page_elsewhere(uow, activity):
        return go(page)
    schema = give_schema(uow, activity)
    received = receive_files(uow, schema)
    try:
        given = give(uow, activity, received, schema)
    except (Invalid, Gone) as error:
        uow.rollback()
        activity = find_activity(uow, slug)
        if isinstance(error, Gone):
            return too_late(uow, activity, received, error.message)
        return show_activity(uow, activity, received, error.errors)
    return thank_for(slug, given)


def show_activity(
    uow: UnitOfWork, activity: Activity, received: Received | None = None, errors: Mapping[str, list[Text]] | None = None
) -> ResponseReturnValue:
    """The page, with the form as it was typed when something is wrong with it."""
    state = activity_state(activity, uow.now)
    about = cards(uow, [activity.subject_id]).get(activity.subject_id)
    must_log_in = activity.access == "logged_in" and uow.actor.is_anonymous
    is_list = activity.kind == "questionnaire"
    form: GiveForm | None = None
    if state == "open" and not must_log_in and not is_list:
        form = give_form(uow, activity, paths.activity(activity.slug), received=received, errors=errors, acts_for=acts_for())
    return render_status(
        400 if errors else 200,
        "inbreng/activity.html",
        activity=activity,
        state=(STATE_LABELS[state], STATE_BADGES[state]),
        is_open=state == "open",
        deadline=deadline(activity, uow.now),
        about=about,
        give=form,
        form=form.form if form else None,
        log_in_url=f"{page_url('/inloggen')}?volgende={page_url(paths.activity(activity.slug))}"
        if must_log_in and state == "open"
        else None,
        fill_url=page_url(paths.activity(activity.slug, "invullen")) if is_list and state == "open" and not must_log_in else None,
        result_url=page_url(paths.activity(activity.slug, "uitslag")) if is_list else None,
        report_url=page_url(paths.subject(activity.subject_id, "verslag")),
        staff=_staff_links(uow, activity),
        breadcrumbs=crumbs((LABEL, paths.HOME), (activity.title, None)),
        **({"total": 0} if is_list else _list(uow, activity)),
    )


def acts_for() -> str:
    """The name of the organisation that the visitor speaks for; empty for oneself."""
    return str(session.get("acts_for_title", "")) if current_uow().actor.on_behalf_of else ""


def _list(uow: UnitOfWork, activity: Activity) -> dict[str, Any]:
    """What was said: a page of it with its filters."""
    book = atlas(uow)
    where = list_page(paths.activity(activity.slug), *FILTERS) if request.method == "GET" else ListPage(paths.activity(activity.slug), {})
    numbers = tallies(uow, activity.id)
    themes = themes_of(uow, activity.subject_id)
    area = area_filter(book, where)
    theme = where.values.get("thema", "")
    one_of(theme, (str(row.id) for row in themes))
    order = where.values.get("volgorde", "")
    one_of(order, ORDERS)
    chosen = ContributionFilter(
        activity_id=activity.id,
        sector=one_of(where.values.get("sector", ""), SECTORS),
        channel=one_of(where.values.get("kanaal", ""), CHANNELS),
        area_ids=book.tree.within(area.id) if area else None,
        theme_id=next((row.id for row in themes if str(row.id) == theme), None),
        outcome=one_of(where.values.get("uitkomst", ""), OUTCOMES),
        waiting=order == "wacht",
    )
    found = list_contributions(uow, chosen, where.request(), order=ORDERS[order], with_count=chosen.is_narrow)
    total = numbers.get("total", {}).get("", 0)
    picked = chips(
        where,
        [
            ("sector", SECTOR_LABELS.get(chosen.sector or "")),
            ("kanaal", CHANNEL_LABELS.get(chosen.channel or "")),
            ("gebied", area.name if area else None),
            ("thema", next((row.title for row in themes if row.id == chosen.theme_id), None)),
            ("uitkomst", OUTCOME_LABELS.get(chosen.outcome or "")),
        ],
    )
    return {
        "contributions": contribution_views(uow, activity, found.items),
        "count": in_words(found.count or Count(total), _("bijdrage"), _("bijdragen")),
        "total": total,
        "filters": _filters(where, book, numbers, themes, len(picked)) if total else "",
        "chips": picked,
        "sorts": where.sorts("volgorde", (("", _("Nieuwste eerst")), ("gesteund", _("Meeste steun")), ("wacht", _("Wacht op antwoord")))),
        "list_url": page_url(where.path),
        **where.pager(found),
    }


def _filters(where: ListPage, book: Atlas, numbers: Mapping[str, Mapping[str, int]], themes: Any, chosen: int) -> Any:
    def options(labels: Mapping[str, Text], dimension: str) -> list[tuple[str, str]]:
        known = numbers.get(dimension, {})
        return [(code, counted(label, known[code])) for code, label in labels.items() if known.get(code)]

    def areas() -> list[tuple[str, str]]:
        known = ((book.tree.get(_uuid(value)), number) for value, number in numbers.get("area", {}).items() if value and number)
        return sorted((area.slug, counted(area.name, number)) for area, number in known if area is not None)

    def fields() -> list[Any]:
        made = [
            select_field(where, "sector", _("Wie zegt het?"), options(SECTOR_LABELS, "sector"), _("Iedereen")),
            select_field(where, "kanaal", _("Hoe kwam het binnen?"), options(CHANNEL_LABELS, "channel"), _("Alles")),
            select_field(where, "gebied", _("Wijk of buurt"), areas(), _("Hele stad")),
        ]
        if themes:
            choices = [(str(row.id), counted(row.title, row.contributions)) for row in themes]
            made.append(select_field(where, "thema", _("Thema"), choices, _("Alle thema's")))
        made.append(select_field(where, "uitkomst", _("Wat is ermee gedaan?"), list(OUTCOME_LABELS.items()), _("Alles")))
        return made

    return filters_part(where, fields, chosen, ("volgorde",))


def _staff_links(uow: UnitOfWork, activity: Activity) -> list[tuple[str, Text, str]]:
    """What staff may do here: icon, text and address."""
    found: list[tuple[str, Text, str]] = []
    state = activity_state(activity, uow.now)
    is_list = activity.kind == "questionnaire"
    if allows(uow, ENTER, activity):
        text, part = (_("Voer een lijst van papier in"), "lijst-invoeren") if is_list else (_("Voer een bijdrage in"), "invoeren")
        found.append(("clipboard-list", text, page_url(paths.activity(activity.slug, part))))
    if allows(uow, ANSWER, activity) and is_list:
        found.append(("list", _("Open antwoorden"), page_url(paths.activity(activity.slug, "open-antwoorden"))))
    elif allows(uow, ANSWER, activity):
        found.append(("reply", _("Beantwoorden"), page_url(paths.subject(activity.subject_id, "beantwoorden"))))
    if allows(uow, MANAGE_ACTIVITY, activity):
        found.append(("pencil", _("Bewerken"), page_url(paths.activity(activity.slug, "bewerken"))))
        if state != "closed":
            found.append(("lock", _("Nu sluiten"), page_url(paths.activity(activity.slug, "sluiten"))))
    return found


def _uuid(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


@pages.route(f"{paths.HOME}/<slug>/bedankt", public=True, cache=False)
def thanks_page(slug: str) -> ResponseReturnValue:
    """What happens next, with the code of the receipt: shown once."""
    uow = current_uow()
    activity = find_activity(uow, slug)
    sent = take_sent(slug)
    url = page_url(paths.contribution(slug, sent.number)) if sent.number else None
    return render(
        "inbreng/thanks.html",
        activity=activity,
        activity_url=page_url(paths.activity(slug)),
        url=url,
        number=sent.number,
        code=sent.code,
        confirms=sent.confirms,
        anonymous=uow.actor.is_anonymous,
        follow_url=page_url(paths.FOLLOW),
        mail_url=page_url(f"{paths.FOLLOW}/mail"),
        mine_url=page_url(paths.MINE),
        breadcrumbs=crumbs((LABEL, paths.HOME), (activity.title, paths.activity(slug)), (_("Bedankt"), None)),
    )

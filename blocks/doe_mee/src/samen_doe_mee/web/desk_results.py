"""Writing the result text of an activity, and the page that ends mail about a plan."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_core.api import LOGGED_IN, Text, _, format_date
from samen_core.web.api import crumbs, current_uow, page_url, render
from samen_doe_mee import paths
from samen_doe_mee.models import Plan
from samen_doe_mee.permissions import ANSWER
from samen_doe_mee.queries.answering import ANSWERERS
from samen_doe_mee.schemas.results import PublishResult, PublishResultSchema
from samen_doe_mee.services.activities import activity_state, visible_activity
from samen_doe_mee.services.lateness import activity_days_late, late_words, result_day
from samen_doe_mee.services.plans import require_work
from samen_doe_mee.services.result_mails import read_stop_link, stop_result_mail
from samen_doe_mee.services.results import publish_result, result_values
from samen_doe_mee.web.common import DESK, LABEL, pages
from samen_inbreng.api import last_moment

PAGE = paths.desk_activity("<slug>", "uitslag")
STOP = f"{paths.NO_MAIL}/<token>"


@pages.route(PAGE, permission=LOGGED_IN, methods=["GET", "POST"])
def result_page(slug: str) -> ResponseReturnValue:
    """Write what came out of an activity, or correct it."""
    uow = current_uow()
    placed = visible_activity(uow, slug)
    activity = placed.activity
    require_work(uow, placed.plan, *ANSWERERS, permission=ANSWER)
    title = _("De uitslag van “{title}”", title=activity.title)
    late = activity_days_late(uow, activity)
    lead: Text = _("Uiterlijk {day} hoort hier te staan wat eruit kwam.", day=format_date(result_day(uow, activity)))
    if activity.result_at is not None:
        lead = _("De uitslag staat er. Past u hem aan, dan zegt het logboek van het plan dat.")
    elif activity_state(activity, uow.now) != "closed":
        lead = _("Mensen kunnen nog meedoen tot en met {day}. Schrijf de uitslag daarna.", day=format_date(last_moment(activity.closes_at)))
    elif late:
        lead = _("Dit is {late}. Iedereen ziet dat.", late=late_words(late))
    page = FormPage(
        title=title,
        submit=_("Maak de uitslag openbaar") if activity.result_at is None else _("Pas de uitslag aan"),
        done=_("De uitslag staat op de pagina van de activiteit."),
        path=paths.desk_activity(slug, "uitslag"),
        back=paths.desk_activity(slug),
        trail=(
            (LABEL, paths.HOME),
            (DESK, paths.DESK_PLANS),
            (placed.plan.title, paths.desk_plan(placed.plan.slug)),
            (title, None),
        ),
        lead=lead,
    )

    def write(command: PublishResult) -> str:
        publish_result(uow, activity.id, command)
        return paths.activity(slug)

    return form_page(uow, page, FormSpec(PublishResultSchema), (Section(title, ("result",)),), write, values=result_values(activity))


@pages.route(STOP, public=True, cache=False)
def stop_page(token: str) -> ResponseReturnValue:
    """Ask to end mail about a plan; opening the page changes nothing."""
    uow = current_uow()
    plan = uow.session.get_one(Plan, read_stop_link(uow, token).plan_id)
    text = _("U krijgt dan geen mail meer over “{title}”. Wat ermee is gedaan, leest u op deze website.", title=plan.title)
    return _mail_page(text, plan, f"{paths.NO_MAIL}/{token}")


@pages.route(STOP, public=True, cache=False, methods=["POST"])
def stopped_page(token: str) -> ResponseReturnValue:
    """Mail has ended."""
    plan = stop_result_mail(current_uow(), token)
    return _mail_page(_("U krijgt geen mail meer over “{title}”.", title=plan.title), plan)


def _mail_page(text: Text, plan: Plan, action: str = "") -> ResponseReturnValue:
    title = _("Geen mail meer")
    return render(
        "doe_mee/no_mail.html",
        title=title,
        text=text,
        action=page_url(action) if action else None,
        back=(_("Ga naar het plan"), page_url(paths.plan(plan.slug))),
        breadcrumbs=crumbs((LABEL, paths.HOME), (title, None)),
    )

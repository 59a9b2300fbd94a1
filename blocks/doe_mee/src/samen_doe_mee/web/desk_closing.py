"""Closing a round: what still lacks, what was heard and what is done with it; correcting that, and opening a round again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from citycontent.web.api import FormPage, FormSpec, Section, form_page, send, show
from samen_core.api import LOGGED_IN, NotFound, Text, UnitOfWork, _, format_date
from samen_core.web.api import Crumb, crumbs, current_uow, go, page_url, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.models import Plan, Round
from samen_doe_mee.schemas.results import ClosingTextsSchema, ReopenRound, ReopenRoundSchema
from samen_doe_mee.services.closing import (
    NEEDED,
    Todo,
    activities_of,
    close_round,
    closing_values,
    correct_closing,
    reopen_round,
    save_closing,
    todo_of,
    todo_words,
)
from samen_doe_mee.services.lateness import late_words, round_days_late
from samen_doe_mee.services.plans import EDITORS, require_work, visible_plan
from samen_doe_mee.web.common import DESK, LABEL, desk_tabs, pages, tabs
from samen_inbreng.api import last_moment

PAGE = paths.desk_plan("<slug>", "rondes/<round_slug>/afsluiten")
REOPEN = paths.desk_plan("<slug>", "rondes/<round_slug>/heropenen")
_SPEC = FormSpec(ClosingTextsSchema)


def closing_path(plan: Any, found: Any) -> str:
    """The page on which a round is closed."""
    return paths.desk_plan(plan.slug, f"rondes/{found.slug}/afsluiten")


def reopening_path(plan: Any, found: Any) -> str:
    """The page on which a closed round is opened again."""
    return paths.desk_plan(plan.slug, f"rondes/{found.slug}/heropenen")


@pages.route(PAGE, permission=LOGGED_IN, methods=["GET", "POST"])
def closing_page(slug: str, round_slug: str) -> ResponseReturnValue:
    """Write what was heard and what is done with it; keep it for later, look at it, or close the round."""
    uow = current_uow()
    plan, found = _round(uow, slug, round_slug)
    if request.method == "GET":
        return _page(uow, plan, found, show(uow, _SPEC, closing_values(found)))
    asked = request.form.get("doe", "sluit")
    closed = found.closed_at is not None
    if asked == "bekijk":
        shown = show(uow, _SPEC, request.form.to_dict())
        shown.form.version = request.form.get("version", type=int)
        return _page(uow, plan, found, shown, looks=True)

    def write(command: Any) -> str:
        if closed:
            correct_closing(uow, found.id, command)
        elif asked == "bewaar":
            save_closing(uow, found.id, command)
        else:
            close_round(uow, found.id, command)
        return closing_path(plan, found) if asked == "bewaar" else paths.plan(plan.slug)

    answer = send(uow, _SPEC, write, stored=closing_values(found))
    if not isinstance(answer, str):
        return _page(uow, *_round(uow, slug, round_slug), answer)
    if closed:
        say(_("De tekst is aangepast. Dat staat ook in het logboek van het plan."))
    elif asked == "bewaar":
        say(_("De tekst is bewaard. Niemand anders ziet hem nog."))
    else:
        say(_("De ronde is afgesloten. Wie meedeed en dat wilde, krijgt bericht."))
    return go(answer)


@pages.route(REOPEN, permission=LOGGED_IN, methods=["GET", "POST"])
def reopening_page(slug: str, round_slug: str) -> ResponseReturnValue:
    """Ask why a round is opened again, and do it."""
    uow = current_uow()
    plan, found = _round(uow, slug, round_slug)
    title = _("De ronde heropenen")
    lead = _("Iedereen leest dat de ronde is heropend, en waarom. Sluit u haar daarna weer, dan krijgt wie meedeed opnieuw bericht.")
    page = FormPage(
        title=title,
        submit=_("Heropen de ronde"),
        done=_("De ronde is heropend."),
        path=reopening_path(plan, found),
        back=closing_path(plan, found),
        trail=(*_trail(plan, found), (title, None)),
        lead=lead,
    )

    def write(command: ReopenRound) -> str:
        reopen_round(uow, found.id, command)
        return closing_path(plan, found)

    return form_page(uow, page, FormSpec(ReopenRoundSchema), (Section(title, ("reason",)),), write, values={"version": found.version})


def _page(uow: UnitOfWork, plan: Plan, found: Round, shown: Any, *, looks: bool = False) -> ResponseReturnValue:
    late = round_days_late(found, uow.now)
    return render_status(
        shown.status,
        "doe_mee/desk_closing.html",
        tabs=tabs(uow.actor, paths.DESK_PLANS),
        desk_tabs=desk_tabs(uow.actor, paths.DESK_PLANS),
        plan=plan,
        round=found,
        form=shown.form,
        # Only marked as needed: for later the same form may be kept without them.
        fields=[replace(item, required=item.name in NEEDED) for item in shown.form.fields],
        todos=[_todo(todo) for todo in todo_of(uow, activities_of(uow, found.id))],
        running=found.closes_at > uow.now,
        ends=format_date(last_moment(found.closes_at)),
        due=format_date(found.result_by),
        late=late_words(late) if late else None,
        looks=looks,
        action=page_url(closing_path(plan, found)),
        reopen_url=page_url(reopening_path(plan, found)),
        plan_url=page_url(paths.plan(plan.slug)),
        back_url=page_url(paths.desk_plan(plan.slug)),
        breadcrumbs=crumbs(*_trail(plan, found)[:-1], (found.title, None)),
    )


def _todo(todo: Todo) -> tuple[str, bool, list[tuple[Text, str, Text]]]:
    """An activity with what it lacks, and where that is done."""
    activity = todo.activity
    lines: list[tuple[Text, str, Text]] = []
    for words in todo_words(todo):
        lines.append((words, "", _("Doe dit")))
    urls = []
    if todo.result:
        urls.append(page_url(paths.desk_activity(activity.slug, "uitslag")))
    if todo.unanswered:
        urls.append(f"{page_url(paths.DESK_ANSWERS)}?activiteit={activity.slug}")
    if todo.unsent:
        urls.append(f"{page_url(paths.DESK_ANSWERS)}?activiteit={activity.slug}&stand=geschreven")
    labels = [_("Schrijf de uitslag"), _("Beantwoord ze"), _("Bekijk ze")]
    flags = [todo.result, bool(todo.unanswered), bool(todo.unsent)]
    names = [label for label, flag in zip(labels, flags, strict=True) if flag]
    return activity.title, todo.done, [(words, url, label) for (words, _u, _l), url, label in zip(lines, urls, names, strict=True)]


def _round(uow: UnitOfWork, slug: str, round_slug: str) -> tuple[Plan, Round]:
    plan = visible_plan(uow, slug)
    require_work(uow, plan, *EDITORS)
    mine = select(Round).where(Round.plan_id == plan.id, Round.slug == round_slug, Round.removed_at.is_(None))
    found = uow.session.execute(mine).scalar_one_or_none()
    if found is None:
        raise NotFound
    return plan, found


def _trail(plan: Plan, found: Round) -> tuple[Crumb, ...]:
    return (
        (LABEL, paths.HOME),
        (DESK, paths.DESK_PLANS),
        (plan.title, paths.desk_plan(plan.slug)),
        (found.title, closing_path(plan, found)),
    )

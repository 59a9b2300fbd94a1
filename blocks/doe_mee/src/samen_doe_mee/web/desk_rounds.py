"""The rounds of a plan at the desk, with their activities: adding, changing, moving and taking away. Also the last step of the wizard."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_core.api import LOGGED_IN, Conflict, Gone, Invalid, NotFound, Text, UnitOfWork, _, parse
from samen_core.web.api import current_uow, go, page_url, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.models import Plan, Round
from samen_doe_mee.plan_steps import BY_CODE, ROUNDS
from samen_doe_mee.schemas.plan_parts import PlanVersionSchema
from samen_doe_mee.schemas.rounds import CreateRound, RoundDays, RoundDaysSchema, UpdateRound
from samen_doe_mee.services.activity_types import BY_CODE as TYPES
from samen_doe_mee.services.lateness import city_day
from samen_doe_mee.services.plan_copies import day_start
from samen_doe_mee.services.plans import EDITORS
from samen_doe_mee.services.rounds import create_round, move_round, remove_round, rounds_of, rounds_with_activities, update_round
from samen_doe_mee.web.common import DESK, LABEL, pages
from samen_doe_mee.web.desk_closing import closing_path
from samen_doe_mee.web.desk_plan_frame import desk_frame, plan_at_desk
from samen_doe_mee.web.plan_parts import last_day, round_views
from samen_doe_mee.web.wizard import steps_view

HERE = f"{paths.DESK_PLANS}/<slug>/{ROUNDS}"
NEW_ACTIVITY = f"{paths.DESK}/activiteiten/nieuw"
DAY = timedelta(days=1)
SPEC = FormSpec(RoundDaysSchema)
TITLE = _("Rondes en activiteiten")


@pages.route(HERE, permission=LOGGED_IN)
def desk_rounds(slug: str) -> ResponseReturnValue:
    """The rounds in order, each with its activities and what can be done with them."""
    return _page(current_uow(), slug)


def _page(uow: UnitOfWork, slug: str, problem: Text | None = None, status: int = 200) -> ResponseReturnValue:
    plan = plan_at_desk(uow, slug)
    rounds, activities = rounds_with_activities(uow, plan.id)
    mine: dict[Any, list[Any]] = {found.id: [] for found in rounds}
    for activity in activities:
        kind = TYPES.get(activity.type)
        mine[activity.round_id].append((activity, kind, page_url(paths.desk_activity(activity.slug))))
    views = round_views(uow, rounds, activities)
    return render_status(
        status,
        "doe_mee/desk_rounds.html",
        **desk_frame(uow, plan, ROUNDS, TITLE),
        **steps_view(uow, plan, BY_CODE[ROUNDS]),
        problem=problem,
        rounds=[(view, mine[view.round.id], _urls(plan, view.round)) for view in views],
        begun={found.id for found in rounds if plan.published_at is not None and found.opens_at <= uow.now},
        new_url=page_url(paths.desk_plan(slug, f"{ROUNDS}/nieuw")),
    )


def _urls(plan: Plan, found: Round) -> dict[str, str]:
    base = page_url(paths.desk_plan(plan.slug, f"{ROUNDS}/{found.slug}"))
    return {
        "edit": f"{base}/bewerken",
        "move": f"{base}/verplaatsen",
        "remove": f"{base}/weghalen",
        "close": page_url(closing_path(plan, found)),
        "activity": f"{page_url(NEW_ACTIVITY)}?ronde={found.id}",
    }


@pages.route(f"{HERE}/nieuw", permission=LOGGED_IN, methods=["GET", "POST"])
def desk_round_new(slug: str) -> ResponseReturnValue:
    """Plan a round. It begins, unless one says otherwise, on the day after the last one."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug, *EDITORS)
    rounds = rounds_of(uow, plan.id)
    first = last_day(rounds[-1].closes_at) + DAY if rounds else city_day(uow.now) + 14 * DAY
    plan_id = plan.id

    def write(command: RoundDays) -> str:
        made = CreateRound(title=command.title, text=command.text, **_period(command))
        with_days(lambda: create_round(uow, plan_id, made))
        return paths.desk_plan(slug, ROUNDS)

    page = _form(plan, _("Nieuwe ronde"), _("Voeg de ronde toe"), f"{ROUNDS}/nieuw")
    return form_page(uow, page, SPEC, SECTIONS, write, values={"first": first, "last": first + 20 * DAY})


@pages.route(f"{HERE}/<round_slug>/bewerken", permission=LOGGED_IN, methods=["GET", "POST"])
def desk_round_edit(slug: str, round_slug: str) -> ResponseReturnValue:
    """Change a round; its activities stay within it."""
    uow = current_uow()
    plan, found = round_at_desk(uow, slug, round_slug, *EDITORS)
    id, now = found.id, {"opens_at": found.opens_at, "closes_at": found.closes_at}
    days = {"first": city_day(found.opens_at), "last": last_day(found.closes_at)}

    def write(command: RoundDays) -> str:
        period = _period(command)
        # A moment that was set otherwise than by day stays as it is, until its day changes.
        for name, day in (("opens_at", "first"), ("closes_at", "last")):
            if getattr(command, day) == days[day]:
                period[name] = now[name]
        made = UpdateRound(title=command.title, text=command.text, version=command.version, **period)
        with_days(lambda: update_round(uow, id, made))
        return paths.desk_plan(slug, ROUNDS)

    page = _form(plan, found.title, _("Bewaar de ronde"), f"{ROUNDS}/{round_slug}/bewerken")
    values = {"title": found.title, "text": found.text, **days, "version": found.version}
    return form_page(uow, page, SPEC, SECTIONS, write, values=values)


@pages.route(f"{HERE}/<round_slug>/<any(verplaatsen, weghalen):act>", permission=LOGGED_IN, methods=["POST"])
def desk_round_act(slug: str, round_slug: str, act: str) -> ResponseReturnValue:
    """Move a round, or take it out of the plan."""
    uow = current_uow()
    _plan, found = round_at_desk(uow, slug, round_slug, *EDITORS)
    version = parse(PlanVersionSchema, MultiDict({"version": request.form.get("version", "")})).version
    try:
        if act == "weghalen":
            remove_round(uow, found.id, version)
        else:
            move_round(uow, found.id, earlier=request.form.get("naar") == "eerder", version=version)
    except (Invalid, Conflict, Gone) as error:
        uow.rollback()
        message = error.message
        if isinstance(error, Invalid):
            message = next(text for texts in error.errors.values() for text in texts)
        return _page(uow, slug, message, error.status)
    say(_("De ronde is weggehaald.") if act == "weghalen" else _("De rondes zijn van plaats gewisseld."))
    return go(paths.desk_plan(slug, ROUNDS))


SECTIONS = (Section(_("De ronde"), ("title", "text", "first", "last")),)


def round_at_desk(uow: UnitOfWork, slug: str, round_slug: str, *roles: str) -> tuple[Plan, Round]:
    """A round of a plan that the actor works at. Raises NotFound, NotAllowed."""
    plan = plan_at_desk(uow, slug, *roles)
    mine = select(Round).where(Round.slug == round_slug, Round.plan_id == plan.id, Round.removed_at.is_(None))
    found = uow.session.execute(mine).scalar_one_or_none()
    if found is None:
        raise NotFound
    return plan, found


def with_days(act: Any) -> None:
    """Do this; what is wrong with a moment is told at its day, and what somebody else stored is shown by its days."""
    try:
        act()
    except Invalid as error:
        names = {"opens_at": "first", "closes_at": "last"}
        raise Invalid({names.get(name, name): texts for name, texts in error.errors.items()}) from None
    except Conflict as error:
        now = error.current
        days = {"first": city_day(now["opens_at"]), "last": last_day(now["closes_at"])} if "opens_at" in now else {}
        raise Conflict(current={**now, **days}, version=error.version) from None


def _period(command: RoundDays) -> dict[str, datetime]:
    return {"opens_at": day_start(command.first), "closes_at": day_start(command.last + DAY)}


def _form(plan: Plan, title: Text | str, submit: Text, part: str) -> FormPage:
    return FormPage(
        title=title if isinstance(title, Text) else _("Ronde: {title}", title=title),
        submit=submit,
        done=_("De ronde is bewaard."),
        path=paths.desk_plan(plan.slug, part),
        back=paths.desk_plan(plan.slug, ROUNDS),
        trail=((LABEL, paths.HOME), (DESK, paths.DESK_PLANS), (plan.title, paths.desk_plan(plan.slug)), (TITLE, None)),
    )

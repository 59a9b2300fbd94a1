"""Where staff work at an activity: how it stands, its settings, opening and closing it, and its place in the round."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from samen_core.api import LOGGED_IN, Conflict, Invalid, NotFound, Text, UnitOfWork, _
from samen_core.web.api import crumbs, current_uow, go, page_url, render, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.models import Plan, Round
from samen_doe_mee.schemas.activities import ActOnActivity, MoveActivity
from samen_doe_mee.services import activities
from samen_doe_mee.services.activities import WORKERS, Placed, activity_state
from samen_doe_mee.services.activity_types import ACTIVITY_TYPES, BY_CODE, type_of
from samen_doe_mee.services.plans import may_work, require_work
from samen_doe_mee.web.activity_forms import ActivityForm, activity_form, changed_questions, form_of, pressed, read_change, read_new
from samen_doe_mee.web.activity_frame import STATE_BADGES, STATE_LABELS, deadline
from samen_doe_mee.web.activity_types import page_of
from samen_doe_mee.web.common import DESK, LABEL, pages
from samen_doe_mee.web.desk_links import result_link

HERE = f"{paths.DESK}/activiteiten/<slug>"
NEW = f"{paths.DESK}/activiteiten/nieuw"
ACTS: dict[str, tuple[Callable[[UnitOfWork, uuid.UUID, ActOnActivity], Any], Text]] = {
    "openen": (activities.open_now, _("De activiteit is open.")),
    "sluiten": (activities.close_now, _("De activiteit is gesloten.")),
}


@pages.route(HERE, permission=LOGGED_IN)
def desk_activity(slug: str) -> ResponseReturnValue:
    """How an activity stands, and what one can do with it."""
    uow = current_uow()
    placed = _at_work(uow, slug)
    activity = placed.activity
    kind, state = type_of(activity.type), activity_state(activity, uow.now)
    edits = may_work(uow, placed.plan, *WORKERS)
    return render(
        "doe_mee/desk_activity.html",
        activity=activity,
        kind=kind,
        plan=placed.plan,
        round=placed.round,
        state=state,
        badge=(STATE_LABELS[state], STATE_BADGES[state]),
        deadline=deadline(activity, uow.now),
        is_draft=not placed.public,
        edits=edits and placed.round.closed_at is None,
        outcome=kind.outcome(uow, activity),
        lacking=kind.lacking(uow, activity),
        links=[*page_of(activity.type).desk_links(uow, placed), *([result_link(placed)] if placed.public and state == "closed" else [])],
        public_url=page_url(paths.activity(slug)),
        plan_url=page_url(paths.desk_plan(placed.plan.slug)),
        here=page_url(paths.desk_activity(slug)),
        data_url=page_url(paths.activity(slug, "open-data.csv")),
        dense=True,
        breadcrumbs=_trail(placed),
    )


@pages.route(f"{HERE}/bewerken", permission=LOGGED_IN, methods=["GET", "POST"])
def desk_activity_edit(slug: str) -> ResponseReturnValue:
    """Change what is asked and how."""
    uow = current_uow()
    placed = _at_work(uow, slug, *WORKERS)
    activity, kind = placed.activity, type_of(placed.activity.type)
    id, typed = activity.id, request.form
    if request.method == "GET":
        return _edit(placed, form_of(uow, activity))
    version = typed.get("version", type=int)
    if pressed(typed) is not None:
        return _edit(placed, changed_questions(uow, kind, typed, version=version))
    try:
        activities.update_activity(uow, id, read_change(kind, typed))
    except Invalid as error:
        uow.rollback()
        made = activity_form(uow, kind, typed=typed, errors=error.errors, version=version)
        return _edit(_at_work(uow, slug, *WORKERS), made, 400)
    except Conflict as error:
        uow.rollback()
        made = activity_form(uow, kind, typed=typed, conflict=error.current, version=error.version)
        return _edit(_at_work(uow, slug, *WORKERS), made, 409)
    say(_("Uw wijzigingen zijn bewaard."))
    return go(paths.desk_activity(slug))


@pages.route(NEW, permission=LOGGED_IN, methods=["GET", "POST"])
def desk_activity_new() -> ResponseReturnValue:
    """Add an activity to a round: first choose what kind, then fill in the form of that kind."""
    uow = current_uow()
    round_, plan = _round(uow, request.args.get("ronde", ""))
    require_work(uow, plan, *WORKERS)
    code, typed = request.args.get("soort", ""), request.form
    trail = crumbs((LABEL, paths.HOME), (DESK, paths.DESK_PLANS), (plan.title, paths.desk_plan(plan.slug)), (_("Nieuwe activiteit"), None))
    shown = {"plan": plan, "round": round_, "breadcrumbs": trail, "plan_url": page_url(paths.desk_plan(plan.slug)), "dense": True}
    here = f"{page_url(NEW)}?ronde={round_.id}"
    if code not in BY_CODE:
        kinds = [(kind, f"{here}&soort={kind.code}") for kind in ACTIVITY_TYPES]
        return render("doe_mee/desk_activity_kinds.html", kinds=kinds, **shown)
    kind, round_id = type_of(code), round_.id

    def answer(made: ActivityForm, status: int = 200) -> ResponseReturnValue:
        title = _("Nieuwe activiteit: {kind}", kind=kind.label)
        action = f"{here}&soort={code}"
        return render_status(status, "doe_mee/desk_activity_form.html", made=made, title=title, action=action, back_url=here, **shown)

    if request.method == "GET":
        return answer(activity_form(uow, kind))
    if pressed(typed) is not None:
        return answer(changed_questions(uow, kind, typed))
    try:
        slug = activities.create_activity(uow, round_id, read_new(kind, typed)).slug
    except Invalid as error:
        uow.rollback()
        shown["round"], shown["plan"] = _round(uow, str(round_id))
        return answer(activity_form(uow, kind, typed=typed, errors=error.errors), 400)
    say(_("De activiteit staat erbij."))
    return go(paths.desk_activity(slug))


@pages.route(f"{HERE}/<any(openen, sluiten):act>", permission=LOGGED_IN, methods=["POST"])
def desk_activity_act(slug: str, act: str) -> ResponseReturnValue:
    """Open or close it now."""
    uow = current_uow()
    placed = _at_work(uow, slug, *WORKERS)
    do, done = ACTS[act]
    try:
        do(uow, placed.activity.id, _command())
        say(done)
    except Invalid as error:
        uow.rollback()
        say(next(text for texts in error.errors.values() for text in texts), "warning")
    except Conflict as error:
        uow.rollback()
        say(error.message, "warning")
    return go(paths.desk_activity(slug))


@pages.route(f"{HERE}/verplaatsen", permission=LOGGED_IN, methods=["POST"])
def desk_activity_move(slug: str) -> ResponseReturnValue:
    """Show it earlier or later in its round."""
    uow = current_uow()
    placed = _at_work(uow, slug, *WORKERS)
    activities.move_activity(uow, placed.activity.id, MoveActivity(to="up" if request.form.get("naar") == "omhoog" else "down"))
    say(_("De volgorde is bewaard."))
    return go(paths.desk_plan(placed.plan.slug) if request.form.get("terug") == "plan" else paths.desk_activity(slug))


@pages.route(f"{HERE}/weghalen", permission=LOGGED_IN, methods=["GET", "POST"])
def desk_activity_remove(slug: str) -> ResponseReturnValue:
    """Take it away after asking; when somebody took part it is closed instead."""
    uow = current_uow()
    placed = _at_work(uow, slug, *WORKERS)
    problem: Text | None = None
    if request.method == "POST":
        try:
            gone = activities.remove_activity(uow, placed.activity.id, _command())
        except Conflict as error:
            uow.rollback()
            placed, problem = _at_work(uow, slug, *WORKERS), error.message
        else:
            if gone:
                say(_("De activiteit is weggehaald."))
                return go(paths.desk_plan(placed.plan.slug))
            say(_("Er deden al mensen mee. Daarom is de activiteit gesloten en niet weggehaald."), "info")
            return go(paths.desk_activity(slug))
    return render_status(
        409 if problem else 200,
        "doe_mee/desk_activity_remove.html",
        activity=placed.activity,
        problem=problem,
        action=page_url(paths.desk_activity(slug, "weghalen")),
        back_url=page_url(paths.desk_activity(slug)),
        breadcrumbs=_trail(placed, _("Weghalen")),
    )


def _at_work(uow: UnitOfWork, slug: str, *roles: str) -> Placed:
    placed = activities.visible_activity(uow, slug)
    require_work(uow, placed.plan, *roles)
    return placed


def _command() -> ActOnActivity:
    return ActOnActivity(version=request.form.get("version", 0, type=int))


def _round(uow: UnitOfWork, text: str) -> tuple[Round, Plan]:
    try:
        id = uuid.UUID(text)
    except ValueError:
        raise NotFound from None
    row = uow.session.execute(select(Round, Plan).join(Plan, Plan.id == Round.plan_id).where(Round.id == id)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _edit(placed: Placed, made: ActivityForm, status: int = 200) -> ResponseReturnValue:
    slug = placed.activity.slug
    return render_status(
        status,
        "doe_mee/desk_activity_form.html",
        made=made,
        title=_("{title} bewerken", title=placed.activity.title),
        action=page_url(paths.desk_activity(slug, "bewerken")),
        back_url=page_url(paths.desk_activity(slug)),
        plan=placed.plan,
        round=placed.round,
        dense=True,
        breadcrumbs=_trail(placed, _("Bewerken")),
    )


def _trail(placed: Placed, last: Text | None = None) -> list[Any]:
    activity, plan = placed.activity, placed.plan
    own = (activity.title, None if last is None else paths.desk_activity(activity.slug))
    start = ((LABEL, paths.HOME), (DESK, paths.DESK_PLANS), (plan.title, paths.desk_plan(plan.slug)))
    return crumbs(*start, own, *(() if last is None else ((last, None),)))

"""Rounds of plans: planning and changing them, in order in time. Closing one with what was heard is in ``closing``."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, select

from samen_core.api import (
    CITY_TIME_ZONE,
    Conflict,
    Gone,
    Invalid,
    NotFound,
    SubjectData,
    SubjectRef,
    UnitOfWork,
    _,
    free_slug,
    register,
    update_card,
    uuid7,
)
from samen_doe_mee.models import Activity, Meeting, Plan, Round
from samen_doe_mee.schemas.rounds import CreateRound, UpdateRound
from samen_doe_mee.services.activities import follow_round
from samen_doe_mee.services.activity_types import type_of
from samen_doe_mee.services.kinds import ROUND, round_card
from samen_doe_mee.services.plans import EDITORS, keep_plan, plan_to_work_at, visible_plan_by_id
from samen_doe_mee.settings import RESULT_DAYS, number

MOST_ROUNDS = 20
_OF_PLAN = select(Round).where(Round.plan_id == bindparam("plan_id"), Round.removed_at.is_(None)).order_by(Round.position, Round.id)
_WITH_ACTIVITIES = (
    _OF_PLAN.add_columns(Activity)
    .outerjoin(Activity, and_(Activity.round_id == Round.id, Activity.removed_at.is_(None)))
    .order_by(Activity.position, Activity.id)
)


def rounds_of(uow: UnitOfWork, plan_id: uuid.UUID) -> list[Round]:
    """The rounds of a plan in order, without those that were taken out."""
    return list(uow.session.execute(_OF_PLAN, {"plan_id": plan_id}).scalars())


def rounds_with_activities(uow: UnitOfWork, plan_id: uuid.UUID) -> tuple[list[Round], list[Activity]]:
    """The rounds of a plan and the activities in them, each in order, without those that were taken out. One statement."""
    found = uow.session.execute(_WITH_ACTIVITIES, {"plan_id": plan_id}).all()
    rounds = list(dict.fromkeys(round_ for round_, _activity in found))
    return rounds, [activity for _round, activity in found if activity is not None]


def round_state(found: Any, now: datetime) -> str:
    """``planned``, ``open``, ``waiting`` (it is over, and nobody wrote yet what is done with it) or ``closed``; computed when read."""
    if found.closed_at is not None:
        return "closed"
    if found.opens_at > now:
        return "planned"
    return "open" if found.closes_at > now else "waiting"


def is_late(found: Any, now: datetime) -> bool:
    """Whether what was heard should have been there already."""
    return found.closed_at is None and found.result_by < now.astimezone(CITY_TIME_ZONE).date()


def get_round(uow: UnitOfWork, id: uuid.UUID) -> tuple[Plan, Round]:
    """A round with its plan. Raises NotFound, also for one of a plan that the actor may not see."""
    found = uow.session.get(Round, id)
    if found is None or found.removed_at is not None:
        raise NotFound
    return visible_plan_by_id(uow, found.plan_id), found


def locked_round(uow: UnitOfWork, id: uuid.UUID, *roles: str, version: int | None = None) -> tuple[Plan, Round]:
    """A round with its plan, locked, for who may work at it in one of these roles. Raises NotFound, NotAllowed, Gone, Conflict."""
    plan_id = uow.session.execute(select(Round.plan_id).where(Round.id == id)).scalar_one_or_none()
    if plan_id is None:
        raise NotFound
    plan = plan_to_work_at(uow, plan_id, *roles)
    found = uow.session.get_one(Round, id, populate_existing=True)
    if found.removed_at is not None:
        raise Gone
    if version is not None and found.version != version:
        raise Conflict(current=round_values(found), version=found.version)
    return plan, found


def create_round(uow: UnitOfWork, plan_id: uuid.UUID, command: CreateRound) -> Round:
    """Plan a round. Raises NotFound, NotAllowed, Gone for a plan that ended, Invalid when it crosses another round."""
    plan = plan_to_work_at(uow, plan_id, *EDITORS)
    require_running(plan)
    rounds = rounds_of(uow, plan.id)
    if len(rounds) >= MOST_ROUNDS:
        raise Invalid(_("Een plan heeft hoogstens {max} rondes.", max=MOST_ROUNDS))
    _check_period(command, rounds)
    made = Round(id=uuid7(), plan_id=plan.id, title=command.title, text=command.text)
    made.slug = free_slug(uow, Round.slug, f"{plan.slug[:40]} {command.title}", "ronde")
    made.heard = made.done = made.agreed = made.disagreed = made.minority = ""
    _set_period(uow, made, command.opens_at, command.closes_at)
    register(uow, SubjectRef(ROUND, made.id), round_card(made, plan))
    uow.session.add(made)
    _order(plan, [*rounds, made])
    keep_plan(uow, plan, "round_added", _("De ronde “{title}” is toegevoegd.", title=made.title), after=_period(made))
    return made


def update_round(uow: UnitOfWork, id: uuid.UUID, command: UpdateRound) -> Round:
    """Change a round. Its activities stay within it, and what begins or ends with it goes on doing so.

    Raises NotFound, NotAllowed, Gone for a closed one, Conflict with the values of now, and Invalid when it crosses another or begins
    at another moment though it has begun already.
    """
    plan, found = locked_round(uow, id, *EDITORS, version=command.version)
    require_running(plan)
    if found.closed_at is not None:
        raise Gone(_("Deze ronde is afgesloten. Wat er staat, verandert niet meer."))
    rounds = rounds_of(uow, plan.id)
    if plan.published_at is not None and found.opens_at <= uow.now and command.opens_at != found.opens_at:
        raise Invalid({"opens_at": [_("Deze ronde is al begonnen. Het begin kan niet meer veranderen.")]})
    _check_period(command, [other for other in rounds if other.id != id])
    was = (found.opens_at, found.closes_at)
    found.title, found.text = command.title, command.text
    _set_period(uow, found, command.opens_at, command.closes_at)
    if uow.record_change("doe_mee.round.updated", found, found.id):
        _order(plan, rounds)
        uow.session.flush()
        update_card(uow, SubjectRef(ROUND, id), round_card(found, plan))
        follow_round(uow, found, *was)
        keep_plan(uow, plan, "round_updated", _("De ronde “{title}” is gewijzigd.", title=found.title), after=_period(found))
    return found


def remove_round(uow: UnitOfWork, id: uuid.UUID, version: int) -> None:
    """Take a round out of its plan.

    Raises NotFound, NotAllowed, Gone, Conflict, and Invalid while it has activities or meetings, or when a published plan has no other.
    """
    plan, found = locked_round(uow, id, *EDITORS, version=version)
    require_running(plan)
    if found.closed_at is not None:
        raise Gone(_("Deze ronde is afgesloten. Wat er staat, verandert niet meer."))
    if _activities(uow, id):
        raise Invalid(_("Bij deze ronde horen nog activiteiten. Haal die eerst weg."))
    if uow.session.execute(select(Meeting.id).where(Meeting.round_id == id).limit(1)).first():
        raise Invalid(_("Bij deze ronde hoort nog een bijeenkomst. Haal die eerst weg, of kies daar een andere ronde."))
    rest = [other for other in rounds_of(uow, plan.id) if other.id != id]
    if plan.published_at is not None and not rest:
        raise Invalid(_("Een openbaar plan heeft minstens één ronde."))
    found.removed_at = uow.now
    _order(plan, rest)
    uow.session.flush()
    gone = SubjectData(found.title, "", area_ref=plan.area_id, state="deleted", public=False)
    update_card(uow, SubjectRef(ROUND, id), gone)
    keep_plan(uow, plan, "round_removed", _("De ronde “{title}” gaat niet door.", title=found.title))


def move_round(uow: UnitOfWork, id: uuid.UUID, *, earlier: bool, version: int) -> Round:
    """Let a round change places with the one before or after it: each keeps its length, and its activities go along.

    Raises NotFound, NotAllowed, Gone, Conflict, and Invalid when there is none or one of them has begun.
    """
    plan, found = locked_round(uow, id, *EDITORS, version=version)
    require_running(plan)
    rounds = rounds_of(uow, plan.id)
    place = next(index for index, other in enumerate(rounds) if other.id == id)
    first = place - 1 if earlier else place
    if not 0 <= first < len(rounds) - 1:
        raise Invalid(_("Deze ronde staat al vooraan.") if earlier else _("Deze ronde staat al achteraan."))
    one, two = rounds[first], rounds[first + 1]
    if plan.published_at is not None and any(part.opens_at <= uow.now for part in (one, two)):
        raise Invalid(_("Een ronde die al begonnen is, kan niet van plaats wisselen."))
    start, gap = one.opens_at, two.opens_at - one.closes_at
    middle = start + (two.closes_at - two.opens_at)
    for part, opens_at, closes_at in (
        (two, start, middle),
        (one, middle + gap, middle + gap + (one.closes_at - one.opens_at)),
    ):
        _shift_activities(uow, part, opens_at - part.opens_at)
        _set_period(uow, part, opens_at, closes_at)
    _order(plan, rounds)
    keep_plan(uow, plan, "round_moved", _("De ronde “{title}” is verplaatst.", title=found.title), after=_period(found))
    return found


def require_running(plan: Plan) -> None:
    """Raise Gone for a plan that is finished or was withdrawn."""
    if plan.state in ("finished", "withdrawn"):
        raise Gone(_("Dit plan is afgerond of ingetrokken. Wat er staat, verandert niet meer."))


def round_values(found: Round) -> dict[str, Any]:
    """What the forms of a round show."""
    return {name: getattr(found, name) for name in ("title", "text", "opens_at", "closes_at", "version")}


def _check_period(command: CreateRound, others: list[Round]) -> None:
    if command.closes_at <= command.opens_at:
        raise Invalid({"closes_at": [_("Het einde ligt voor het begin.")]})
    crossed = [other.title for other in others if other.opens_at < command.closes_at and command.opens_at < other.closes_at]
    if crossed:
        raise Invalid({"opens_at": [_("In deze tijd loopt ook de ronde “{title}”. Rondes komen na elkaar.", title=crossed[0])]})


def _set_period(uow: UnitOfWork, found: Round, opens_at: datetime, closes_at: datetime) -> None:
    found.opens_at, found.closes_at = opens_at, closes_at
    found.result_by = (closes_at.astimezone(CITY_TIME_ZONE) + timedelta(days=number(uow, RESULT_DAYS))).date()


def _order(plan: Plan, rounds: list[Round]) -> None:
    """Number the rounds as they follow each other in time, and keep at the plan when it begins and ends."""
    in_time = sorted(rounds, key=lambda found: (found.opens_at, found.closes_at))
    for position, found in enumerate(in_time):
        if found.position != position:
            found.position = position
    plan.opens_at = in_time[0].opens_at if in_time else None
    plan.closes_at = max(found.closes_at for found in in_time) if in_time else None


def _activities(uow: UnitOfWork, round_id: uuid.UUID) -> list[Activity]:
    mine = select(Activity).where(Activity.round_id == round_id, Activity.removed_at.is_(None)).order_by(Activity.position, Activity.id)
    return list(uow.session.execute(mine).scalars())


def _shift_activities(uow: UnitOfWork, found: Round, by: timedelta) -> None:
    for activity in _activities(uow, found.id):
        _set_activity(uow, activity, activity.opens_at + by, activity.closes_at + by)


def _set_activity(uow: UnitOfWork, activity: Activity, opens_at: datetime, closes_at: datetime) -> None:
    if (activity.opens_at, activity.closes_at) == (opens_at, closes_at):
        return
    activity.opens_at, activity.closes_at = opens_at, closes_at
    uow.session.flush()
    type_of(activity.type).prepare(uow, activity, False)


def _period(found: Round) -> dict[str, Any]:
    return {"title": found.title, "opens_at": found.opens_at.isoformat(), "closes_at": found.closes_at.isoformat()}

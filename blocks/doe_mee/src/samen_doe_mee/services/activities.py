"""Activities of a round: making, changing, ordering, opening and closing them. Which are open follows from their dates."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import bindparam, func, select

from samen_core.api import (
    Conflict,
    Gone,
    Invalid,
    NotFound,
    SubjectRef,
    Text,
    UnitOfWork,
    _,
    free_slug,
    load,
    register,
    update_card,
    uuid7,
)
from samen_doe_mee.events.activities import ActivityAdded, ActivityChanged, ActivityEvent, ActivityRemoved
from samen_doe_mee.models import Activity, Plan, Round
from samen_doe_mee.schemas.activities import ActivityFields, ActOnActivity, CreateActivity, MoveActivity, UpdateActivity
from samen_doe_mee.services.activity_types import BY_CODE, ActivityType, type_of
from samen_doe_mee.services.kinds import ACTIVITY, PLAN, activity_card
from samen_doe_mee.services.plans import is_public as is_public_plan
from samen_doe_mee.services.plans import may_work, require_work
from samen_inbreng.api import Activity as Talk
from samen_inbreng.api import read_to_join

State = Literal["coming", "open", "closed"]
WORKERS = ("lead", "editor")
"""The roles of colleagues who may change activities."""

FIELDS = ("title", "intro", "minutes", "opens_at", "closes_at", "anonymous")
Errors = dict[str, list[Text]]
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Placed:
    """An activity with the round and the plan that it is part of."""

    activity: Activity
    round: Round
    plan: Plan

    @property
    def public(self) -> bool:
        """Whether everybody may see it."""
        return is_public(self.activity, self.plan)


def activity_state(activity: Any, now: datetime) -> State:
    """Whether an activity (or a row with its dates) is still to come, open or closed at this moment."""
    if activity.closes_at <= now:
        return "closed"
    return "coming" if activity.opens_at > now else "open"


def is_public(activity: Activity, plan: Plan) -> bool:
    """Whether everybody may see an activity."""
    return is_public_plan(plan) and activity.removed_at is None


def visible_activity(uow: UnitOfWork, slug: str) -> Placed:
    """The activity at an address, as far as the actor may see it. One statement. Raises NotFound, and Gone for one that was removed."""
    return _visible(uow, Activity.slug == slug)


def activity_to_join(uow: UnitOfWork, slug: str) -> Placed:
    """As :func:`visible_activity`, for who is about to say something: what is behind it at inbreng comes along and stays as it is.

    One statement; two for a type without anything at inbreng.
    """
    row: Any = read_to_join(uow, _WITH_TALK_AT, {"slug": slug})
    if row is None:
        return visible_activity(uow, slug)
    activity, its_round, plan, talk = row
    # Kept with the session, which itself holds what it read only as long as somebody else does.
    uow.session.info[_TALK_READ] = talk
    return _seen(uow, _there(Placed(activity, its_round, plan)))


def visible_activity_by_id(uow: UnitOfWork, id: uuid.UUID) -> Placed:
    """The activity with this id, as far as the actor may see it. Raises NotFound and Gone."""
    return _visible(uow, Activity.id == id)


def locked_activity(uow: UnitOfWork, id: uuid.UUID) -> Placed:
    """The activity, locked until this transaction ends. Raises NotFound and Gone."""
    statement = _PLACED.where(Activity.id == id).with_for_update(of=Activity).execution_options(populate_existing=True)
    return _placed(uow, statement)


def activities_of_rounds(uow: UnitOfWork, plan_id: uuid.UUID) -> list[Activity]:
    """The activities of a plan that are there, in the order of their rounds. One statement."""
    return list(uow.session.execute(_OF_ROUNDS, {"plan_id": plan_id}).scalars())


def create_activity(uow: UnitOfWork, round_id: uuid.UUID, command: CreateActivity) -> Activity:
    """Add an activity to a round, at its end. Raises NotFound, NotAllowed, Gone (the round is closed) and Invalid."""
    round_, plan = _round(uow, round_id)
    require_work(uow, plan, *WORKERS)
    require_running(round_, plan)
    if command.type not in BY_CODE:
        raise Invalid({"type": [_("Deze soort activiteit bestaat niet.")]})
    kind = type_of(command.type)
    opens_at, closes_at, errors = _period(command, round_)
    options = _options(kind, command.options, errors)
    last = uow.session.execute(select(func.max(Activity.position)).where(Activity.round_id == round_id)).scalar()
    activity = Activity(
        id=uuid7(),
        plan_id=plan.id,
        round_id=round_.id,
        position=0 if last is None else last + 1,
        type=kind.code,
        slug=free_slug(uow, Activity.slug, command.title, "meedoen", ("nieuw",)),
        title=command.title,
        intro=command.intro,
        minutes=command.minutes or kind.minutes,
        opens_at=opens_at,
        closes_at=closes_at,
        anonymous=command.anonymous,
        options=options,
        taken_part=0,
        created_at=uow.now,
    )
    register(uow, SubjectRef(ACTIVITY, activity.id), activity_card(activity, plan))
    uow.session.add(activity)
    uow.session.flush()
    kind.prepare(uow, activity, True)
    uow.session.flush()
    uow.record("doe_mee.activity.added", plan.id, after={"activity": activity.id, "title": activity.title, "type": activity.type})
    if is_public(activity, plan):
        tell_activity(uow, ActivityAdded, activity)
    return activity


def update_activity(uow: UnitOfWork, id: uuid.UUID, command: UpdateActivity) -> Activity:
    """Change an activity. Raises NotFound, NotAllowed, Gone, Conflict (with what it is now) and Invalid."""
    placed = _to_change(uow, id, command.version)
    activity, kind = placed.activity, type_of(placed.activity.type)
    opens_at, closes_at, errors = _period(command, placed.round)
    options = _options(kind, command.options, errors)
    if kind.guard is not None:
        kind.guard(uow, activity, {"options": options, "opens_at": opens_at, "closes_at": closes_at})
    before = {name: getattr(activity, name) for name in FIELDS}
    new = {"title": command.title, "intro": command.intro, "minutes": command.minutes or kind.minutes, "anonymous": command.anonymous}
    for name, value in {**new, "opens_at": opens_at, "closes_at": closes_at, "options": options}.items():
        if getattr(activity, name) != value:
            setattr(activity, name, value)
    if not uow.session.is_modified(activity):
        return activity
    uow.session.flush()
    kind.prepare(uow, activity, False)
    uow.session.flush()
    update_card(uow, SubjectRef(ACTIVITY, id), activity_card(activity, placed.plan))
    after = {"activity": activity.id, **{name: getattr(activity, name) for name in FIELDS}}
    uow.record("doe_mee.activity.changed", placed.plan.id, before=before, after=after)
    if placed.public:
        tell_activity(uow, ActivityChanged, activity)
    return activity


def remove_activity(uow: UnitOfWork, id: uuid.UUID, command: ActOnActivity) -> bool:
    """Take an activity away when nobody took part in it; otherwise it is closed now, so that nothing that was said gets lost.

    Whether it is away. Raises NotFound, NotAllowed, Gone and Conflict.
    """
    placed = _to_change(uow, id, command.version)
    activity = placed.activity
    if activity.taken_part:
        _close(uow, placed)
        return False
    type_of(activity.type).closing(uow, activity)
    activity.removed_at = uow.now
    uow.session.flush()
    update_card(uow, SubjectRef(ACTIVITY, id), activity_card(activity, placed.plan))
    uow.record("doe_mee.activity.removed", placed.plan.id, after={"activity": id, "title": activity.title})
    if is_public_plan(placed.plan):
        tell_activity(uow, ActivityRemoved, activity)
    return True


def close_now(uow: UnitOfWork, id: uuid.UUID, command: ActOnActivity) -> Activity:
    """Close an activity before its time; one that is closed stays as it is. Raises NotFound, NotAllowed, Gone and Conflict."""
    placed = _to_change(uow, id, command.version)
    if activity_state(placed.activity, uow.now) != "closed":
        _close(uow, placed)
    return placed.activity


def open_now(uow: UnitOfWork, id: uuid.UUID, command: ActOnActivity) -> Activity:
    """Open an activity now: until the end of its round when its own term is over.

    Raises NotFound, NotAllowed, Gone, Conflict, and Invalid when the round is not open.
    """
    placed = _to_change(uow, id, command.version)
    activity, round_ = placed.activity, placed.round
    if activity_state(round_, uow.now) != "open":
        raise Invalid(_("De ronde is nu niet open. Verander eerst de data van de ronde."))
    if activity_state(activity, uow.now) == "open":
        return activity
    closes_at = round_.closes_at if activity.closes_at <= uow.now else activity.closes_at
    if (guard := type_of(activity.type).guard) is not None:
        guard(uow, activity, {"opens_at": min(activity.opens_at, uow.now), "closes_at": closes_at})
    activity.opens_at, activity.closes_at = min(activity.opens_at, uow.now), closes_at
    _store_period(uow, placed)
    return activity


def move_activity(uow: UnitOfWork, id: uuid.UUID, command: MoveActivity) -> None:
    """Move an activity one place in its round; at the edge nothing happens. Raises NotFound, NotAllowed and Gone."""
    placed = locked_activity(uow, id)
    require_work(uow, placed.plan, *WORKERS)
    siblings = select(Activity).where(Activity.round_id == placed.round.id, Activity.removed_at.is_(None))
    rows = list(uow.session.execute(siblings.order_by(Activity.position, Activity.id).with_for_update()).scalars())
    at = rows.index(placed.activity)
    to = at + (-1 if command.to == "up" else 1)
    if not 0 <= to < len(rows):
        return
    rows.insert(to, rows.pop(at))
    for position, row in enumerate(rows):
        if row.position != position:
            row.position = position
    uow.session.flush()
    uow.record("doe_mee.activity.moved", placed.plan.id, after={"activity": id, "position": to})


def plan_became_public(uow: UnitOfWork, plan: Plan) -> None:
    """Let everybody see the activities of a plan that was just published: their cards, and what collects what people say."""
    for activity in activities_of_rounds(uow, plan.id):
        update_card(uow, SubjectRef(ACTIVITY, activity.id), activity_card(activity, plan))
        type_of(activity.type).prepare(uow, activity, False)
        tell_activity(uow, ActivityAdded, activity)
    uow.session.flush()


def plan_was_withdrawn(uow: UnitOfWork, plan: Plan) -> None:
    """Close the activities of a plan that was taken back, and let only its colleagues see them."""
    for activity in activities_of_rounds(uow, plan.id):
        type_of(activity.type).closing(uow, activity)
        update_card(uow, SubjectRef(ACTIVITY, activity.id), activity_card(activity, plan))
    uow.session.flush()


def follow_round(uow: UnitOfWork, round_: Round, opened_at: datetime, closed_at: datetime) -> None:
    """Move the periods of the activities with their round, whose dates were these: they stay within it."""
    mine = select(Activity).where(Activity.round_id == round_.id, Activity.removed_at.is_(None)).with_for_update()
    for activity in uow.session.execute(mine).scalars():
        opens = round_.opens_at if activity.opens_at == opened_at else min(max(activity.opens_at, round_.opens_at), round_.closes_at)
        closes = round_.closes_at if activity.closes_at == closed_at else max(min(activity.closes_at, round_.closes_at), round_.opens_at)
        period = (opens, closes) if opens < closes else (round_.opens_at, round_.closes_at)
        if period != (activity.opens_at, activity.closes_at) and _may_move(uow, activity, *period):
            activity.opens_at, activity.closes_at = period
            uow.session.flush()
            type_of(activity.type).prepare(uow, activity, False)


def lacking(uow: UnitOfWork, plan: Plan) -> list[Text]:
    """What must still be filled in at the activities before the plan may be published."""
    return [text for activity in activities_of_rounds(uow, plan.id) for text in type_of(activity.type).lacking(uow, activity)]


def activity_values(uow: UnitOfWork, activity: Activity) -> dict[str, Any]:
    """What the form that changes an activity shows, with the settings of its type among them."""
    shown = {name: getattr(activity, name) for name in FIELDS}
    return {**shown, **type_of(activity.type).values(uow, activity), "version": activity.version}


def tell_activity(uow: UnitOfWork, event: type[ActivityEvent], activity: Activity) -> None:
    """Publish an event of an activity."""
    about = (SubjectRef(ACTIVITY, activity.id), SubjectRef(PLAN, activity.plan_id))
    uow.publish(event(plan_id=activity.plan_id, activity_id=activity.id, kind=activity.type, about=about))


def require_running(round_: Round, plan: Plan) -> None:
    """Raise Gone when nothing changes any more at a round: it was closed with its result, or the plan ended."""
    if round_.closed_at is not None:
        raise Gone(_("Deze ronde is afgesloten met een resultaat. Activiteiten veranderen dan niet meer."))
    if plan.state in ("finished", "withdrawn"):
        raise Gone(_("Dit plan is afgerond of ingetrokken. Activiteiten veranderen dan niet meer."))


_OF_ROUNDS = (
    select(Activity)
    .join(Round, Round.id == Activity.round_id)
    .where(Activity.plan_id == bindparam("plan_id"), Activity.removed_at.is_(None))
    .order_by(Round.position, Round.id, Activity.position, Activity.id)
)
_PLACED = select(Activity, Round, Plan).join(Round, Round.id == Activity.round_id).join(Plan, Plan.id == Activity.plan_id)
_WITH_TALK = _PLACED.join(Talk, Talk.id == Activity.talk_id).add_columns(Talk)
_AT = Activity.slug == bindparam("slug")
_WITH_TALK_AT = _WITH_TALK.where(_AT)
_TALK_READ = "doe_mee.talk_to_join"


def _placed(uow: UnitOfWork, statement: Any) -> Placed:
    row = uow.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return _there(Placed(*row))


def _there(placed: Placed) -> Placed:
    if placed.activity.removed_at is not None:
        raise Gone(_("Deze activiteit is weggehaald."))
    return placed


def _visible(uow: UnitOfWork, condition: Any) -> Placed:
    return _seen(uow, _placed(uow, _PLACED.where(condition)))


def _seen(uow: UnitOfWork, placed: Placed) -> Placed:
    if not placed.public and not may_work(uow, placed.plan):
        if placed.plan.published_at is not None:
            raise Gone(_("Dit plan is ingetrokken."))
        raise NotFound
    return placed


def _to_change(uow: UnitOfWork, id: uuid.UUID, version: int) -> Placed:
    placed = locked_activity(uow, id)
    require_work(uow, placed.plan, *WORKERS)
    require_running(placed.round, placed.plan)
    if placed.activity.version != version:
        raise Conflict(current=activity_values(uow, placed.activity), version=placed.activity.version)
    return placed


def _round(uow: UnitOfWork, round_id: uuid.UUID) -> tuple[Round, Plan]:
    """A round, locked so that two new activities do not get one place, with its plan."""
    statement = select(Round, Plan).join(Plan, Plan.id == Round.plan_id).where(Round.id == round_id).with_for_update(of=Round)
    row = uow.session.execute(statement.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _period(command: ActivityFields, round_: Round) -> tuple[datetime, datetime, Errors]:
    opens_at, closes_at = _at(command.opens_at, round_.opens_at), _at(command.closes_at, round_.closes_at)
    errors: Errors = {}
    if opens_at < round_.opens_at or opens_at > round_.closes_at:
        errors["opens_at"] = [_("De activiteit begint buiten de periode van de ronde.")]
    if closes_at > round_.closes_at or closes_at < round_.opens_at:
        errors["closes_at"] = [_("De activiteit eindigt buiten de periode van de ronde.")]
    elif closes_at <= opens_at:
        errors["closes_at"] = [_("De einddatum ligt voor de begindatum.")]
    return opens_at, closes_at, errors


def _at(asked: datetime | None, edge: datetime) -> datetime:
    """The moment that was asked; the edge of the round without one, and within the same minute: forms know no seconds."""
    return edge if asked is None or abs(asked - edge) < _MINUTE else asked


def _options(kind: ActivityType, given: Mapping[str, Any], errors: Errors) -> dict[str, Any]:
    """The settings of the type as they are stored. Raises Invalid with these errors and those of the settings together."""
    schema = kind.options()
    try:
        loaded = load(schema, dict(given))
    except Invalid as error:
        raise Invalid({**errors, **error.errors}) from None
    if errors:
        raise Invalid(errors)
    stored: dict[str, Any] = schema.dump(loaded)
    return stored


def _may_move(uow: UnitOfWork, activity: Activity, opens_at: datetime, closes_at: datetime) -> bool:
    """Whether its type lets it have this period; one that does not stays where it is while its round moves."""
    if (guard := type_of(activity.type).guard) is not None:
        try:
            guard(uow, activity, {"opens_at": opens_at, "closes_at": closes_at})
        except Invalid:
            return False
    return True


def _close(uow: UnitOfWork, placed: Placed) -> None:
    activity = placed.activity
    activity.closes_at = min(activity.closes_at, uow.now)
    activity.opens_at = min(activity.opens_at, activity.closes_at)
    _store_period(uow, placed)


def _store_period(uow: UnitOfWork, placed: Placed) -> None:
    activity = placed.activity
    uow.session.flush()
    type_of(activity.type).prepare(uow, activity, False)
    uow.session.flush()
    period = {"opens_at": activity.opens_at, "closes_at": activity.closes_at}
    uow.record("doe_mee.activity.changed", placed.plan.id, after={"activity": activity.id, **period})
    if placed.public:
        tell_activity(uow, ActivityChanged, activity)

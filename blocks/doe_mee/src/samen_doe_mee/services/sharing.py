"""What is shared of an idea, a plan or an activity: its name, how it stands, and who may print posters of it. Nothing of persons."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, union_all

from samen_core.api import CITY_TIME_ZONE, NotFound, Subject, Text, UnitOfWork, _, format_date, n_
from samen_doe_mee import paths
from samen_doe_mee.labels import IDEA_STATUS_LABELS
from samen_doe_mee.models import Activity, Idea, Plan
from samen_doe_mee.services.activities import activity_state, visible_activity, visible_activity_by_id
from samen_doe_mee.services.idea_common import is_author, may_handle, visible_idea
from samen_doe_mee.services.kinds import ACTIVITY, IDEA, PLAN
from samen_doe_mee.services.plans import is_public, may_work, visible_plan, visible_plan_by_id
from samen_inbreng.api import last_moment

CHANNELS = ("poster", "flyer", "mail", "social")
"""The ways by which people come, each with a short address of its own."""
CHANNEL_LABELS: dict[str, Text] = {"poster": _("Poster"), "flyer": _("Flyer"), "mail": _("Mail"), "social": _("Sociale media")}


@dataclass(frozen=True, slots=True)
class Shared:
    """Something that people may tell others about. ``about`` is what it is in a word, ``ask`` what one can do there."""

    id: uuid.UUID
    type: str
    slug: str
    path: str
    about: Text
    title: str
    text: str
    status: Text | str
    ask: Text
    minutes: int | None
    prints: bool
    """Whether the actor may print posters of it."""


def shared_idea(uow: UnitOfWork, slug: str, code: str = "") -> Shared:
    """A published idea. Raises NotFound, also for one that is not there for everybody."""
    idea = visible_idea(uow, slug, code)
    if idea.state != "published":
        raise NotFound
    return of_idea(uow, idea, prints=is_author(uow, idea, code) or may_handle(uow, idea))


def of_idea(_uow: UnitOfWork, idea: Idea, *, prints: bool = False) -> Shared:
    """What is shared of an idea."""
    status: Text | str = IDEA_STATUS_LABELS[idea.status]
    if idea.status == "received" and idea.all_supports:
        status = n_("{n} mens steunt dit idee", "{n} mensen steunen dit idee", idea.all_supports)
    return Shared(
        idea.id,
        IDEA,
        idea.slug,
        paths.idea(idea.slug),
        _("Idee van een inwoner"),
        idea.title,
        idea.text,
        status,
        _("Steun dit idee"),
        1,
        prints,
    )


def shared_plan(uow: UnitOfWork, slug: str) -> Shared:
    """A plan that was published. Raises NotFound."""
    plan = visible_plan(uow, slug)
    if not is_public(plan):
        raise NotFound
    return of_plan(uow, plan, prints=may_work(uow, plan))


def of_plan(uow: UnitOfWork, plan: Plan, *, prints: bool = False) -> Shared:
    """What is shared of a plan."""
    over = plan.state == "finished" or (plan.closes_at is not None and plan.closes_at <= uow.now)
    status = _("Afgerond") if over else _until(plan.opens_at, plan.closes_at, uow.now)
    ask = _("Lees wat ermee is gedaan") if over else _("Denk mee")
    return Shared(plan.id, PLAN, plan.slug, paths.plan(plan.slug), _("Plan"), plan.title, plan.summary, status, ask, None, prints)


def shared_activity(uow: UnitOfWork, slug: str) -> Shared:
    """An activity of a plan that was published. Raises NotFound and Gone."""
    placed = visible_activity(uow, slug)
    if not placed.public:
        raise NotFound
    return of_activity(uow, placed.activity, prints=may_work(uow, placed.plan))


def of_activity(uow: UnitOfWork, activity: Activity, *, prints: bool = False) -> Shared:
    """What is shared of an activity."""
    over = activity_state(activity, uow.now) == "closed"
    status = _("Gesloten") if over else _until(activity.opens_at, activity.closes_at, uow.now)
    ask = _("Lees wat ermee is gedaan") if over else _("Doe mee")
    path = paths.activity(activity.slug)
    minutes = None if over else activity.minutes
    return Shared(activity.id, ACTIVITY, activity.slug, path, _("Meedoen"), activity.title, activity.intro, status, ask, minutes, prints)


def _until(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> Text | str:
    if opens_at is not None and opens_at > now:
        return _("Vanaf {day}", day=format_date(opens_at.astimezone(CITY_TIME_ZONE).date()))
    if closes_at is None:
        return _("Loopt nu")
    return _("Tot en met {day}", day=format_date(last_moment(closes_at).astimezone(CITY_TIME_ZONE).date()))


FINDERS: dict[str, Callable[[UnitOfWork, str], Shared]] = {
    paths.IDEAS: shared_idea,
    paths.PLANS: shared_plan,
    paths.ACTIVITIES: shared_activity,
}
"""How the thing behind an address is found, by what its address begins with."""


def plan_behind(uow: UnitOfWork, id: uuid.UUID) -> uuid.UUID | None:
    """The plan that coming to this thing counts for: of a plan or an activity; an idea has none. One statement."""
    found: Any = union_all(select(Plan.id).where(Plan.id == id), select(Activity.plan_id).where(Activity.id == id))
    return uow.session.execute(found).scalars().first()


def shared_by_id(uow: UnitOfWork, id: uuid.UUID) -> Shared:
    """The idea, plan or activity with this id, that is there for everybody. Raises NotFound and Gone."""
    kind = uow.session.execute(select(Subject.type).where(Subject.id == id)).scalar_one_or_none()
    if kind not in _BY_ID:
        raise NotFound
    return _BY_ID[kind](uow, id)


def _idea_by_id(uow: UnitOfWork, id: uuid.UUID) -> Shared:
    return shared_idea(uow, visible_idea(uow, id).slug)


def _plan_by_id(uow: UnitOfWork, id: uuid.UUID) -> Shared:
    return shared_plan(uow, visible_plan_by_id(uow, id).slug)


def _activity_by_id(uow: UnitOfWork, id: uuid.UUID) -> Shared:
    return shared_activity(uow, visible_activity_by_id(uow, id).activity.slug)


_BY_ID: dict[str, Callable[[UnitOfWork, uuid.UUID], Shared]] = {IDEA: _idea_by_id, PLAN: _plan_by_id, ACTIVITY: _activity_by_id}

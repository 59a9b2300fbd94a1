"""The activity of inbreng behind an activity of a plan: made when the plan is public, kept the same as ours, closed with it.

Contributions, receipts, moderation and answers are inbreng's; this block only says what they are about and where their page is.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from samen_core.api import Form, UnitOfWork, _, form_from_json, system
from samen_doe_mee import paths
from samen_doe_mee.models import Activity, Plan
from samen_doe_mee.services.plans import is_public
from samen_inbreng.api import Activity as Talk
from samen_inbreng.api import (
    CloseActivity,
    CreateActivity,
    Tally,
    UpdateActivity,
    activity_state,
    activity_to_join,
    close_activity,
    create_activity,
    update_activity,
)

NOT_PUBLIC = _("Dit plan is nog niet openbaar. Zolang kan niemand meedoen.")
_READ = "doe_mee.talk"
_TOTAL = select(Tally.number).where(Tally.activity_id == bindparam("talk_id"), Tally.dimension == "total", Tally.value == "")


def keep_talk(uow: UnitOfWork, activity: Activity, *, kind: str = "reactions", form: Form | None = None, **settings: Any) -> None:
    """Make the activity of inbreng behind ours, or change it so that it is the same again.

    Nothing as long as the plan is a draft: nobody may read then what would be in it. ``settings`` are inbreng's ``asks_text``,
    ``allows_replies`` and ``allows_support``. Raises Invalid with the names of inbreng: ``form``, ``asks_text``.
    """
    plan = uow.session.get_one(Plan, activity.plan_id)
    if not is_public(plan):
        return
    fields: dict[str, Any] = {
        "title": activity.title,
        "intro": activity.intro,
        "opens_at": activity.opens_at,
        "closes_at": activity.closes_at,
        "access": "everyone" if activity.anonymous else "logged_in",
        "form": form or Form(()),
        "area_id": plan.area_id,
        **settings,
    }
    with uow.acting(system(uow.actor.origin)):
        talk = talk_of(uow, activity)
        if talk is not None:
            update_activity(uow, talk.id, UpdateActivity(version=talk.version, **fields))
            return
        command = CreateActivity(subject_id=activity.id, kind=kind, page=paths.activity(activity.slug), **fields)
        activity.talk_id = create_activity(uow, command).id
    uow.session.flush()


def close_talk(uow: UnitOfWork, activity: Activity) -> None:
    """Close the activity of inbreng behind ours, when there is one."""
    talk = talk_of(uow, activity)
    if talk is not None:
        with uow.acting(system(uow.actor.origin)):
            close_activity(uow, talk.id, CloseActivity(version=talk.version))


def talk_of(uow: UnitOfWork, activity: Activity) -> Talk | None:
    """The activity of inbreng behind ours; None as long as the plan is a draft."""
    if activity.talk_id is None:
        return None
    # Kept with the session, which itself holds what it read only as long as somebody else does.
    talk = uow.session.get(Talk, activity.talk_id)
    uow.session.info[_READ] = talk
    return talk


def talk_to_join(uow: UnitOfWork, activity: Activity) -> Talk | None:
    """As :func:`talk_of`, for who is about to say something: it stays as it is until this transaction ends."""
    if activity.talk_id is None:
        return None
    talk = activity_to_join(uow, activity.talk_id)
    uow.session.info[_READ] = talk
    return talk


def is_open(uow: UnitOfWork, talk: Talk | None) -> bool:
    """Whether people can say something now."""
    return talk is not None and activity_state(talk, uow.now) == "open"


def questions(activity: Activity, name: str = "form") -> Form:
    """The questions that are kept in the settings of an activity."""
    stored = activity.options.get(name)
    return form_from_json(stored) if stored else Form(())


def total_of(uow: UnitOfWork, talk: Talk) -> int:
    """How many published contributions there are. One statement."""
    return uow.session.execute(_TOTAL, {"talk_id": talk.id}).scalar_one_or_none() or 0

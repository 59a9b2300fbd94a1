"""That somebody took part: once per activity and person, so that they hear what was done with it and everybody counts once."""

from __future__ import annotations

import uuid
from typing import Any, cast

from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from samen_core.api import SubjectRef, UnitOfWork, current_language, keyed_hash, seal, unseal, uuid7
from samen_doe_mee.events.activities import TakenPart
from samen_doe_mee.models import Activity, TookPart
from samen_doe_mee.services.kinds import ACTIVITY, PLAN

CONTACT_PURPOSE = "doe_mee.contact"
"""What addresses of participants are sealed for."""

_ACTIVITY = cast("Table", Activity.__table__)
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def took_part(
    uow: UnitOfWork,
    activity: Activity,
    *,
    who: str,
    account_id: uuid.UUID | None = None,
    email: str = "",
    wants_result: bool = False,
) -> bool:
    """Keep that somebody took part in an activity; whether they had not before.

    ``who`` tells persons apart: :func:`person` makes it. Counted exactly once, also when the same person comes twice at one moment.
    Who took part before and now wants to hear the result gets that wish. ``email`` is kept sealed, and only with that wish.
    """
    hashed = who_took_part(uow, activity.id, who)
    sealed = seal(uow.platform.config.secret_key, CONTACT_PURPOSE, email, uow.now) if email and wants_result else ""
    values = {
        "id": uuid7(),
        "plan_id": activity.plan_id,
        "activity_id": activity.id,
        "who": hashed,
        "account_id": account_id,
        "email": sealed,
        "email_hash": email_hash(uow, email) if sealed else "",
        "wants_result": wants_result,
        "language": current_language(),
        "at": uow.now,
    }
    connection = uow.session.connection()
    insert = _INSERT[connection.dialect.name](TookPart).values(values).on_conflict_do_nothing(index_elements=["activity_id", "who"])
    if connection.execute(insert.returning(TookPart.id)).first() is None:
        if wants_result:
            _wish(uow, activity.id, hashed, sealed, email)
        return False
    # The version stays: whoever is changing the activity need not look again because of a number.
    connection.execute(update(_ACTIVITY).where(_ACTIVITY.c.id == activity.id).values(taken_part=_ACTIVITY.c.taken_part + 1))
    about = (SubjectRef(ACTIVITY, activity.id), SubjectRef(PLAN, activity.plan_id))
    uow.publish(TakenPart(plan_id=activity.plan_id, activity_id=activity.id, kind=activity.type, about=about))
    return True


def no_longer_takes_part(uow: UnitOfWork, activity: Activity, *, who: str) -> bool:
    """Somebody took back what they gave: they do not count (any more), and hear nothing. Whether they did count."""
    connection = uow.session.connection()
    mine = delete(TookPart).where(TookPart.activity_id == activity.id, TookPart.who == who_took_part(uow, activity.id, who))
    if connection.execute(mine.returning(TookPart.id)).first() is None:
        return False
    connection.execute(update(_ACTIVITY).where(_ACTIVITY.c.id == activity.id).values(taken_part=_ACTIVITY.c.taken_part - 1))
    return True


def has_taken_part(uow: UnitOfWork, activity_id: uuid.UUID, *who: str) -> bool:
    """Whether one of these took part; empty ones are nobody. One statement, none for nobody."""
    hashes = [who_took_part(uow, activity_id, name) for name in who if name]
    if not hashes:
        return False
    mine = select(TookPart.id).where(TookPart.activity_id == activity_id, TookPart.who.in_(hashes)).limit(1)
    return uow.session.execute(mine).first() is not None


def person(uow: UnitOfWork, *, device: str = "", paper: str = "") -> str:
    """How an actor is known in :func:`took_part`: by account, else by a random text of the device or of the form that was sent.

    ``paper`` is the id of what staff entered for somebody: then the account of who enters it does not count. "" for nobody.
    """
    if paper:
        return f"paper {paper}"
    if uow.actor.account_id is not None:
        return f"account {uow.actor.account_id}"
    return f"device {device}" if device else ""


def who_took_part(uow: UnitOfWork, activity_id: uuid.UUID, who: str) -> str:
    """The keyed hash under which somebody is kept at one activity; at another activity it is a different one."""
    return keyed_hash(uow.platform, "doe_mee.took_part", f"{activity_id}:{who}")


def email_hash(uow: UnitOfWork, email: str) -> str:
    """By what an address is found that is kept sealed, when its owner leaves."""
    return keyed_hash(uow.platform, "doe_mee.took_part_mail", email.strip().lower())


def unsealed_email(uow: UnitOfWork, sealed: str) -> str:
    """The address that somebody left; "" when there is none or it can no longer be opened."""
    try:
        return unseal(uow.platform.config.secret_key, CONTACT_PURPOSE, sealed) if sealed else ""
    except ValueError:
        return ""


def _wish(uow: UnitOfWork, activity_id: uuid.UUID, hashed: str, sealed: str, email: str) -> None:
    mine = update(TookPart).where(TookPart.activity_id == activity_id, TookPart.who == hashed)
    values: dict[str, Any] = {"wants_result": True, **({"email": sealed, "email_hash": email_hash(uow, email)} if sealed else {})}
    uow.session.execute(mine.values(values).execution_options(synchronize_session=False))

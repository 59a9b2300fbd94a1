"""The counters of an idea: kept in the transaction that gives or takes a voice, by one statement that adds, so that none is ever lost.

Its version stays: nobody who is writing an answer has to look again because of a number.
"""

from __future__ import annotations

import uuid
from typing import Any, cast

from sqlalchemy import Table, and_, func, or_, select, update

from samen_core.api import UnitOfWork
from samen_doe_mee.models import ENDED_STATUSES, Idea, Voice
from samen_doe_mee.services.idea_common import today

COUNTERS = ("supports", "open_supports", "all_supports", "reached_at", "answer_by")
_IDEA = cast("Table", Idea.__table__)
_I = _IDEA.c


def add_voices(uow: UnitOfWork, idea_id: uuid.UUID, accounts: int, others: int, *, if_open: bool = False) -> bool:
    """Add to the number of supporters with and without an account (fewer than none takes away); whether the idea was there for it.

    With ``if_open`` only of an idea that may be supported at this very moment, whoever ended or withdrew it just before.
    """
    values = {
        "supports": _I.supports + accounts,
        "open_supports": _I.open_supports + others,
        "all_supports": _I.all_supports + accounts + others,
    }
    statement = update(_IDEA).where(_I.id == idea_id).values(values).returning(_I.id)
    if if_open:
        statement = statement.where(_open_on(today(uow)))
    found = uow.session.execute(statement).first() is not None
    forget(uow, idea_id)
    return found


def recount(uow: UnitOfWork, idea_id: uuid.UUID) -> None:
    """Count the voices of an idea again: after doubles became one, or are two again. The caller holds the lock of the idea."""
    uow.session.flush()
    mine = and_(Voice.idea_id == idea_id, Voice.confirmed_at.is_not(None))
    with_account = Voice.way == "account"
    number = select(func.count()).select_from(Voice).where(mine)
    values: dict[str, Any] = {
        "supports": number.where(with_account).scalar_subquery(),
        "open_supports": number.where(~with_account).scalar_subquery(),
        "all_supports": number.scalar_subquery(),
    }
    uow.session.execute(update(_IDEA).where(_I.id == idea_id).values(values))
    forget(uow, idea_id)


def forget(uow: UnitOfWork, idea_id: uuid.UUID) -> None:
    """Let the idea that is in memory read its numbers again when asked."""
    idea = uow.session.identity_map.get(uow.session.identity_key(Idea, idea_id))
    if idea is not None:
        uow.session.expire(idea, COUNTERS)


def _open_on(day: Any) -> Any:
    """As :func:`samen_doe_mee.services.idea_common.is_open`, for the database."""
    in_time = or_(_I.reached_at.is_not(None), _I.needed.is_(None), _I.ends_on.is_(None), _I.ends_on >= day, _I.status != "received")
    return and_(_I.state == "published", _I.status.not_in(ENDED_STATUSES), in_time)

"""Going on later with a questionnaire: what was typed is kept sealed, for an account or for who has the code, and for two weeks."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from samen_core.api import Invalid, UnitOfWork, _, keyed_hash, seal, unseal, uuid7
from samen_doe_mee.models import Activity, HalfFilled
from samen_doe_mee.services.retention import HALF_FILLED

PURPOSE = "doe_mee.half_filled"
LONGEST = 100_000
Typed = Mapping[str, list[str]]
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def keep_half(uow: UnitOfWork, activity: Activity, typed: Typed, code: str) -> None:
    """Keep what was typed, in place of what was kept before; for an account without code.

    Raises Invalid when it is too much or too late.
    """
    if not activity.opens_at <= uow.now < activity.closes_at:
        raise Invalid(_("Deze vragenlijst is niet open. Bewaren heeft nu geen zin."))
    words = json.dumps({name: list(values) for name, values in typed.items()})
    if len(words) > LONGEST:
        raise Invalid(_("Dit is te veel om te bewaren. Verstuur de vragenlijst, of maak uw antwoorden korter."))
    sealed = seal(uow.platform.config.secret_key, PURPOSE, words, uow.now)
    row = {"id": uuid7(), "activity_id": activity.id, "who": _who(uow, activity, code), "answers": sealed, "saved_at": uow.now}
    connection = uow.session.connection()
    insert = _INSERT[connection.dialect.name](HalfFilled).values(row)
    newer = {"answers": insert.excluded.answers, "saved_at": insert.excluded.saved_at}
    connection.execute(insert.on_conflict_do_update(index_elements=["activity_id", "who"], set_=newer))


def half_of(uow: UnitOfWork, activity: Activity, code: str) -> dict[str, list[str]] | None:
    """What the account, or who has this code, typed before; None without. One statement, none for who can have nothing."""
    if not code and uow.actor.account_id is None:
        return None
    mine = select(HalfFilled.answers, HalfFilled.saved_at).where(
        HalfFilled.activity_id == activity.id, HalfFilled.who == _who(uow, activity, code)
    )
    row = uow.session.execute(mine).one_or_none()
    if row is None or row.saved_at < uow.now - HALF_FILLED:
        return None
    try:
        found: dict[str, list[str]] = json.loads(unseal(uow.platform.config.secret_key, PURPOSE, row.answers))
    except ValueError:
        return None
    return found


def forget_half(uow: UnitOfWork, activity: Activity, code: str = "") -> None:
    """It was sent, or is no longer wanted."""
    if code or uow.actor.account_id is not None:
        mine = delete(HalfFilled).where(HalfFilled.activity_id == activity.id, HalfFilled.who == _who(uow, activity, code))
        uow.session.execute(mine)


def forget_all_halves(uow: UnitOfWork, activity: Activity) -> None:
    """The questionnaire closed: nobody can go on."""
    uow.session.execute(delete(HalfFilled).where(HalfFilled.activity_id == activity.id))


def forget_halves_of(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """The account goes, and with it all that it began: only they could have gone on. Two statements, one when nothing is kept."""
    kept = select(HalfFilled.activity_id).distinct()
    mine = [_hash(uow, activity_id, f"account {account_id}") for activity_id in uow.session.execute(kept).scalars()]
    if mine:
        uow.session.execute(delete(HalfFilled).where(HalfFilled.who.in_(mine)))


def _who(uow: UnitOfWork, activity: Activity, code: str) -> str:
    """An account is known by itself, others by their code; by account first, since a code on a shared device may be of somebody else."""
    return _hash(uow, activity.id, f"account {uow.actor.account_id}" if uow.actor.account_id is not None else f"code {code}")


def _hash(uow: UnitOfWork, activity_id: uuid.UUID, who: str) -> str:
    return keyed_hash(uow.platform, PURPOSE, f"{activity_id}:{who}")

"""Following dossiers, themes, areas and bodies, and the secret address of a calendar with just those."""

from __future__ import annotations

import uuid
from typing import Any, cast

from sqlalchemy import CursorResult, Table, delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from samen_beleidsagenda.models import FeedKey, Follow
from samen_beleidsagenda.permissions import FOLLOW
from samen_beleidsagenda.queries.following import MOST_FOLLOWED, is_body
from samen_beleidsagenda.schemas.participation import FollowSubject
from samen_core.api import Invalid, NotAllowed, NotFound, SubjectCard, UnitOfWork, _, cards, keyed_hash, new_token, uuid7

FOLLOWABLE = ("dossier", "theme", "area", "organization")
"""Types of the register; of organisations only those that are a body."""
PURPOSE = "beleidsagenda.own_feed"
CHANGED = "beleidsagenda.following.changed"
KEY_CHANGED = "beleidsagenda.following.key_changed"
_FOLLOW, _KEY = cast("Table", Follow.__table__), cast("Table", FeedKey.__table__)


def follow(uow: UnitOfWork, command: FollowSubject) -> SubjectCard:
    """Follow a thing; doing it twice changes nothing. Raises NotAllowed, NotFound and Invalid."""
    account_id = _account(uow)
    card = _followable(uow, command.subject_id)
    number = select(func.count()).select_from(Follow).where(Follow.account_id == account_id)
    if uow.session.execute(number).scalar_one() >= MOST_FOLLOWED:
        raise Invalid(_("U volgt al {most} onderwerpen. Stop eerst met een ander.", most=MOST_FOLLOWED))
    row = {"id": uuid7(), "account_id": account_id, "subject_id": card.id, "at": uow.now}
    statement = _insert(uow, _FOLLOW).values(row).on_conflict_do_nothing(index_elements=["account_id", "subject_id"])
    if _number(uow.session.execute(statement)):
        # What somebody follows is theirs alone: the log only says that it changed.
        uow.record(CHANGED)
    return card


def unfollow(uow: UnitOfWork, command: FollowSubject) -> None:
    """Stop following a thing, also one that is gone; nothing happens to who did not follow it. Raises NotAllowed."""
    mine = delete(Follow).where(Follow.account_id == _account(uow), Follow.subject_id == command.subject_id)
    if _number(uow.session.execute(mine)):
        uow.record(CHANGED)


def new_feed_key(uow: UnitOfWork) -> str:
    """A new secret for the address of the actor's own calendar, to be read only now; the one before stops to work. Raises NotAllowed."""
    account_id, key = _account(uow), new_token()
    now = {"key_hash": keyed_hash(uow.platform, PURPOSE, key), "at": uow.now}
    statement = _insert(uow, _KEY).values(account_id=account_id, **now)
    uow.session.execute(statement.on_conflict_do_update(index_elements=["account_id"], set_=now))
    uow.record(KEY_CHANGED)
    return key


def drop_feed_key(uow: UnitOfWork) -> None:
    """Let the address of the actor's own calendar stop to work. Raises NotAllowed."""
    if _number(uow.session.execute(delete(FeedKey).where(FeedKey.account_id == _account(uow)))):
        uow.record(KEY_CHANGED)


def account_of_key(uow: UnitOfWork, key: str) -> uuid.UUID:
    """Whose calendar a secret address is of. Raises NotFound for one that does not work (any more)."""
    known = select(FeedKey.account_id).where(FeedKey.key_hash == keyed_hash(uow.platform, PURPOSE, key))
    found = uow.session.execute(known).scalar_one_or_none()
    if found is None:
        raise NotFound(_("Dit adres werkt niet (meer). Maak een nieuw adres op de pagina met wat u volgt."))
    return found


def _insert(uow: UnitOfWork, table: Table) -> Any:
    """An insert that can say what to do when the row is there already: two clicks at once are no mistake."""
    return postgresql_insert(table) if uow.session.connection().dialect.name == "postgresql" else sqlite_insert(table)


def _followable(uow: UnitOfWork, subject_id: uuid.UUID) -> SubjectCard:
    card = cards(uow, [subject_id]).get(subject_id)
    if card is None or not card.is_live:
        raise NotFound
    if card.type not in FOLLOWABLE or (card.type == "organization" and not is_body(uow, subject_id)):
        raise Invalid({"subject_id": [_("Dit kunt u niet volgen op de beleidsagenda.")]})
    return card


def _account(uow: UnitOfWork) -> uuid.UUID:
    FOLLOW.require(uow.actor)
    if uow.actor.account_id is None:
        raise NotAllowed(_("Log in om dit te volgen."), log_in=True)
    return uow.actor.account_id


def _number(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount

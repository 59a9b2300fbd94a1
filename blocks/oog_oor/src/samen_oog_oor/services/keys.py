"""Keys to write over Open311: an account makes them for itself, sees each once, and ends them; a manager says which may send messages."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update

from samen_core.api import (
    ACCOUNT_NAMES,
    Actor,
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    UnitOfWork,
    _,
    account_actor,
    keyed_hash,
    new_token,
    uuid7,
)
from samen_oog_oor.models import ApiKey
from samen_oog_oor.permissions import CONNECT, DEFINE
from samen_oog_oor.schemas.open311 import MakeKey

PURPOSE = "oog_oor.api_key"
PREFIX = "oog_"
SHOWN = len(PREFIX) + 6
MOST_KEYS = 10
LONGEST = 200
USED_AFTER = timedelta(minutes=1)
"""How exact "last used" is."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made. ``secret`` is shown once and stored nowhere."""

    id: uuid.UUID
    secret: str


@dataclass(frozen=True, slots=True)
class KeyUse:
    """Who calls with a key: the account, and what the key may."""

    id: uuid.UUID
    name: str
    start: str
    may_update: bool
    owner: Actor

    @property
    def source(self) -> str:
        """What messages that came with it are known by."""
        return f"{self.name[:70]} ({self.start})"[:80]


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key in the list of a manager."""

    key: ApiKey
    account: str


def make_key(uow: UnitOfWork, command: MakeKey) -> NewKey:
    """Make a key of one's own. Raises NotAllowed without an account, and Invalid for one too many."""
    CONNECT.require(uow.actor)
    account_id = _account(uow)
    running = select(func.count()).select_from(ApiKey).where(ApiKey.account_id == account_id, ApiKey.revoked_at.is_(None))
    if uow.session.execute(running).scalar_one() >= MOST_KEYS:
        raise Invalid({"": [_("U hebt al {n} sleutels. Trek er eerst een in.", n=MOST_KEYS)]})
    secret = PREFIX + new_token()
    key = ApiKey(
        id=uuid7(),
        account_id=account_id,
        name=command.name,
        start=secret[:SHOWN],
        key_hash=keyed_hash(uow.platform, PURPOSE, secret),
        made_at=uow.now,
    )
    uow.session.add(key)
    uow.session.flush()
    uow.record("oog_oor.key.made", account_id, after={"key": str(key.id)})
    return NewKey(key.id, secret)


def own_keys(uow: UnitOfWork) -> list[ApiKey]:
    """The keys of the actor, newest first, also those that were revoked."""
    statement = select(ApiKey).where(ApiKey.account_id == _account(uow)).order_by(ApiKey.made_at.desc(), ApiKey.id.desc()).limit(100)
    return list(uow.session.execute(statement).scalars())


def revoke_key(uow: UnitOfWork, id: uuid.UUID) -> None:
    """End a key at once: one's own, or any for who sets up connections. Raises NotFound for another's, or one that was revoked before."""
    key = uow.session.get(ApiKey, id)
    may = key is not None and (key.account_id == uow.actor.account_id or DEFINE.allows(uow.actor))
    if key is None or not may or key.revoked_at is not None:
        raise NotFound(_("Deze sleutel is al ingetrokken."))
    key.revoked_at = uow.now
    uow.record("oog_oor.key.revoked", key.account_id, after={"key": str(key.id)})


def all_keys(uow: UnitOfWork) -> list[KeyLine]:
    """The keys that work now, newest first, for who sets up connections; at most 200."""
    DEFINE.require(uow.actor)
    statement = (
        select(ApiKey, ACCOUNT_NAMES.c.name)
        .join(ACCOUNT_NAMES, ACCOUNT_NAMES.c.id == ApiKey.account_id)
        .where(ApiKey.revoked_at.is_(None))
        .order_by(ApiKey.made_at.desc(), ApiKey.id.desc())
        .limit(200)
    )
    return [KeyLine(key, name or "") for key, name in uow.session.execute(statement)]


def let_update(uow: UnitOfWork, id: uuid.UUID, may: bool) -> None:
    """Say whether a key may send messages about cases. What it then does to a case still takes the rights of its account.

    Raises NotAllowed, NotFound, and Conflict for a key that was revoked.
    """
    DEFINE.require(uow.actor)
    key = uow.session.get(ApiKey, id)
    if key is None:
        raise NotFound
    if key.revoked_at is not None:
        raise Conflict(_("Deze sleutel is al ingetrokken."))
    if key.may_update != may:
        key.may_update = may
        uow.record("oog_oor.key.may_update", key.account_id, after={"key": str(key.id), "may_update": may})


def find_key(uow: UnitOfWork, secret: str) -> KeyUse | None:
    """Whose key this is; None for one that is unknown or revoked, or whose account is blocked. Two statements."""
    if not secret or len(secret) > LONGEST:
        return None
    hashed = keyed_hash(uow.platform, PURPOSE, secret)
    key = uow.session.execute(select(ApiKey).where(ApiKey.key_hash == hashed, ApiKey.revoked_at.is_(None))).scalar_one_or_none()
    owner = account_actor(uow, key.account_id) if key is not None else None
    if key is None or owner is None:
        return None
    return KeyUse(key.id, key.name, key.start, key.may_update, owner)


def note_use(uow: UnitOfWork, id: uuid.UUID) -> None:
    """Keep that a key was used now, at most once a minute."""
    before = uow.now - USED_AFTER
    stale = update(ApiKey).where(ApiKey.id == id, (ApiKey.used_at.is_(None)) | (ApiKey.used_at <= before))
    uow.session.execute(stale.values(used_at=uow.now), execution_options={"synchronize_session": False})


def _account(uow: UnitOfWork) -> uuid.UUID:
    if uow.actor.account_id is None or uow.actor.kind != "account":
        raise NotAllowed(_("Log in om een sleutel te maken."), log_in=uow.actor.is_anonymous)
    return uow.actor.account_id

"""API tokens: made, shown once, and revoked by their owner."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update

from samen_core.accounts import queries
from samen_core.accounts.keys import new_token, token_hash
from samen_core.accounts.models import ApiToken
from samen_core.accounts.schemas import TOKEN_DAYS, CreateToken
from samen_core.accounts.services.accounts import own_account
from samen_core.db.base import uuid7
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Invalid, NotAllowed, NotFound
from samen_core.i18n import Text, _
from samen_core.permissions import MANAGE, Permission

PREFIX = "samen_"
SHOWN = len(PREFIX) + 6
MAX_TOKENS = 25


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made. ``secret`` is shown once and stored nowhere."""

    id: uuid.UUID
    secret: str


def possible_scopes(uow: UnitOfWork) -> list[Permission]:
    """The permissions that a token of the actor can be limited to: those the actor has somewhere and an anonymous visitor has not."""
    actor = uow.actor
    return [item for item in uow.platform.permissions.values() if item.audience != "everyone" and item.somewhere(actor)]


def create_token(uow: UnitOfWork, command: CreateToken) -> NewToken:
    """Make a token. Raises Invalid for a scope that the actor has not, and NotAllowed for a token that wants to make another."""
    if uow.actor.kind == "token":
        raise NotAllowed(_("Een token kan geen ander token maken."))
    account = own_account(uow)
    errors: dict[str, list[Text]] = {}
    allowed = {item.name for item in possible_scopes(uow)}
    if not set(command.scopes) <= allowed:
        errors["scopes"] = [_("Kies alleen uit de mogelijkheden.")]
    if command.days not in TOKEN_DAYS:
        errors["days"] = [_("Kies een van de mogelijkheden.")]
    if live_tokens(uow, account.id) >= MAX_TOKENS:
        errors[""] = [_("U hebt al {n} tokens. Trek er eerst een in.", n=MAX_TOKENS)]
    if errors:
        raise Invalid(errors)
    secret = PREFIX + new_token()
    token = ApiToken(
        id=uuid7(),
        user_id=account.id,
        name=command.name,
        hash=token_hash(secret),
        prefix=secret[:SHOWN],
        scopes=sorted(set(command.scopes)),
        created_at=uow.now,
        expires_at=uow.now + timedelta(days=command.days),
    )
    uow.session.add(token)
    uow.session.flush()
    uow.record("core.token.created", account.id, after={"token": token.id, "scopes": token.scopes, "days": command.days})
    return NewToken(token.id, secret)


def revoke_token(uow: UnitOfWork, token_id: uuid.UUID) -> None:
    """End a token at once. Raises NotFound for a token that is another's, or that was revoked before."""
    account = own_account(uow)
    token = uow.session.get(ApiToken, token_id)
    if token is None or token.user_id != account.id or token.revoked_at is not None:
        raise NotFound(_("Dit token is al ingetrokken."))
    token.revoked_at = uow.now
    uow.record("core.token.revoked", account.id, after={"token": token.id})


def token_of_anybody(uow: UnitOfWork, token_id: uuid.UUID) -> ApiToken:
    """A token that was not revoked, whosesoever it is. Raises NotAllowed and NotFound."""
    MANAGE.require(uow.actor)
    token = uow.session.get(ApiToken, token_id)
    if token is None or token.revoked_at is not None:
        raise NotFound(_("Dit token is al ingetrokken."))
    return token


def revoke_as_manager(uow: UnitOfWork, token_id: uuid.UUID, reason: str) -> None:
    """End a token of somebody at once. Raises NotAllowed, and NotFound for one that was revoked before."""
    token = token_of_anybody(uow, token_id)
    token.revoked_at = uow.now
    uow.record("core.token.revoked", token.user_id, after={"token": token.id}, reason=reason)


def live_tokens(uow: UnitOfWork, account_id: uuid.UUID) -> int:
    """How many tokens of an account work now."""
    return sum(row.revoked_at is None and row.expires_at > uow.now for row in queries.own_tokens(uow, account_id))


def revoke_all(uow: UnitOfWork, account_id: uuid.UUID) -> int:
    """End every token of an account that still works; the caller checked the right to do so. The number ended."""
    statement = update(ApiToken).where(ApiToken.user_id == account_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > uow.now)
    ended = int(uow.session.connection().execute(statement.values(revoked_at=uow.now)).rowcount)
    if ended:
        uow.record("core.token.revoked", account_id, after={"tokens": ended})
    return ended

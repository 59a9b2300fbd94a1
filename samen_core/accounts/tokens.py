"""Who a bearer token of the API belongs to."""

from __future__ import annotations

import hmac
from datetime import timedelta

from sqlalchemy import update

from samen_core.accounts import queries
from samen_core.accounts.keys import token_hash
from samen_core.accounts.models import ApiToken
from samen_core.actor import Actor, Grant
from samen_core.db.unit_of_work import UnitOfWork

USED_AFTER = timedelta(minutes=1)
"""How exact "last used" is."""
MAX_LENGTH = 200


def authenticate_token(uow: UnitOfWork, bearer: str) -> Actor | None:
    """The actor of a token, limited to its scopes; None for one that is unknown, expired or revoked, or whose owner is blocked.

    A token may always do what an anonymous visitor may. One statement; the last use is written at most once a minute, in a
    transaction of its own, so give a ``uow`` that only reads.
    """
    if not bearer or len(bearer) > MAX_LENGTH:
        return None
    hashed = token_hash(bearer)
    rows = uow.session.connection().execute(queries.TOKEN_AND_ACCOUNT, {"hash": hashed, "now": uow.now}).all()
    row = rows[0] if rows else None
    if row is None or not hmac.compare_digest(row.hash, hashed):
        return None
    grants = tuple(Grant(found.role, found.scope_id) for found in rows if found.role is not None)
    if row.last_used_at is None or uow.now - row.last_used_at >= USED_AFTER:
        with uow.platform.write_engine.begin() as connection:
            connection.execute(update(ApiToken).where(ApiToken.id == row.id).values(last_used_at=uow.now))
    public = {item.name for item in uow.platform.permissions.values() if item.audience == "everyone"}
    return Actor(
        kind="token",
        account_id=row.user_id,
        label=row.display_name,
        grants=grants,
        scopes=frozenset(row.scopes) | public,
        origin="rest",
        language=row.language,
    )

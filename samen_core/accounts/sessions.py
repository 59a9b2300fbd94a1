"""Sessions on the server: the browser holds a random token, the database its hash, the account and the data.

Nothing is read for a request without the cookie, and a visitor who only reads never gets one. Session and account are read in one
statement, the grants in a second; what changed is written after the answer is made, in a transaction of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, Request, Response
from flask import session as flask_session
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import OperationalError

from samen_core.accounts import queries
from samen_core.accounts.devices import device_name
from samen_core.accounts.keys import keyed_hash, new_token
from samen_core.accounts.models import UserSession
from samen_core.actor import Actor, anonymous
from samen_core.db.base import uuid7
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.permissions import STAFF
from samen_core.web.context import READING, abandon, current_actor, current_platform, is_api


@dataclass(frozen=True, slots=True)
class Term:
    """How long a session lasts without use, and at most."""

    idle: timedelta
    absolute: timedelta


ORDINARY = Term(timedelta(hours=4), timedelta(hours=12))
"""One day's use; always so for staff."""
KEPT = Term(timedelta(days=14), timedelta(days=30))
"""For who asked to stay logged in on this device."""
TOUCH_AFTER = timedelta(minutes=5)
"""How exact "last used" is."""


class ServerSession(SessionMixin):
    """The session of one request; read when it is first used."""

    def __init__(self, token: str = "") -> None:
        self.token = token
        self.row: Any = None
        self.modified = False
        self.accessed = False
        self._data: dict[str, Any] | None = None if token else {}
        self._begins_for: tuple[uuid.UUID, bool] | None = None
        self._ended = False
        self._acts_for: tuple[uuid.UUID | None] | None = None

    def __getitem__(self, key: str) -> Any:
        return self._read()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._read()[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self._read()[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    @property
    def hash(self) -> str:
        """The key of this session in the database; empty when there is none."""
        return self.row.id if self.row is not None else ""

    @property
    def is_kept(self) -> bool:
        """Whether the owner asked to stay logged in on this device."""
        return self._begins_for[1] if self._begins_for else bool(self.row is not None and self.row.keep)

    def attach(self, row: Any) -> None:
        """Take what was read from the database: a row of ``SESSION_AND_ACCOUNT``, or None when the token is worth nothing."""
        self.row = row
        self._data = dict(row.data) if row is not None else {}

    def begin(self, account_id: uuid.UUID, *, keep: bool) -> None:
        """Start a new session, with a new token, for an account that just logged in; the old one ends."""
        self._data, self.modified = {}, True
        self._begins_for, self._ended = (account_id, keep), False

    def end(self) -> None:
        """Log out: the session ends on the server."""
        self._data, self.modified = {}, False
        self._begins_for, self._ended = None, True

    def act_for(self, subject_id: uuid.UUID | None) -> None:
        """Go on on behalf of a subject, or of oneself (None), with a new token."""
        self._acts_for = (subject_id,)

    def write(self, request: Request, now: datetime) -> str | None:
        """Write what changed. Gives the token for the cookie: None leaves the cookie as it is, "" takes it away.

        Raises OperationalError only where the answer would promise what was not written: logging in or out, and acting for another.
        """
        if self._begins_for is not None:
            account_id, keep = self._begins_for
            return self._insert(request, now, account_id, keep)
        if self._ended:
            self._execute(delete(UserSession).where(UserSession.id == self.hash))
            return ""
        if self.row is not None:
            return self._update(now)
        if self.modified and self._data and request.method not in READING:
            return self._insert(request, now, None, keep=False)
        return None

    def lasts(self) -> timedelta | None:
        """How long the browser keeps the cookie; None: until it is closed."""
        return KEPT.absolute if self.is_kept else None

    def _insert(self, request: Request, now: datetime, account_id: uuid.UUID | None, keep: bool) -> str:
        token = new_token()
        term = KEPT if keep else ORDINARY
        values = {
            "id": session_key(token),
            "public_id": uuid7(),
            "user_id": account_id,
            "data": self._data,
            "device": device_name(request.user_agent.string),
            "keep": keep,
            "created_at": now,
            "last_seen_at": now,
            "idle_until": now + term.idle,
            "expires_at": now + term.absolute,
        }
        ended = [delete(UserSession).where(UserSession.id == self.hash)] if self.row is not None else []
        self._execute(*ended, insert(UserSession).values(values))
        return token

    def _update(self, now: datetime) -> str | None:
        values: dict[str, Any] = {}
        token = None
        if self.modified:
            values["data"] = self._data
        if now - self.row.last_seen_at >= TOUCH_AFTER:
            term = KEPT if self.row.keep else ORDINARY
            values |= {"last_seen_at": now, "idle_until": min(now + term.idle, self.row.expires_at)}
        if self._acts_for is not None:
            values["on_behalf_of_id"] = self._acts_for[0]
        renewed: dict[str, Any] = {}
        if self._acts_for is not None or self.row.renew:
            token = new_token()
            renewed = {"id": session_key(token), "renew": False}
        if not values and not renewed:
            return None
        try:
            if self._execute(update(UserSession).where(UserSession.id == self.row.id).values(values | renewed)):
                return token
            # A request beside this one renewed the token, and its cookie is the one that counts.
            if values:
                self._execute(update(UserSession).where(UserSession.public_id == self.row.public_id).values(values))
        except OperationalError as error:
            # The answer is made and what it did is committed: that is not undone for a moment of use or a message that is shown twice.
            if self._acts_for is not None:
                raise
            current_platform().log.warning("session_not_written", exc_info=error)
        return None

    def _execute(self, *statements: Any) -> int:
        # What the request had to write is committed by now; SQLite lets only one transaction write at a time.
        abandon()
        with current_platform().write_engine.begin() as connection:
            return [connection.execute(statement).rowcount for statement in statements][-1]

    def _read(self) -> dict[str, Any]:
        self.accessed = True
        if self._data is None:
            current_actor()
        if self._data is None:
            self.attach(None)
        return cast("dict[str, Any]", self._data)


class ServerSessions(SessionInterface):
    """Flask's sessions, kept in ``core__session``. The API has none: its calls carry a token of their own."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """The session that the cookie names, not read yet."""
        return ServerSession("" if is_api(request) else request.cookies.get(cookie_name(app), ""))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the session after the answer was made, and set or take away the cookie where needed."""
        from flask import request

        token = cast("ServerSession", session).write(request, current_platform().clock())
        if token is None:
            return
        options: dict[str, Any] = {"path": "/", "secure": app.config["SESSION_COOKIE_SECURE"], "httponly": True, "samesite": "Lax"}
        if token:
            response.set_cookie(cookie_name(app), token, max_age=cast("ServerSession", session).lasts(), **options)
        else:
            response.delete_cookie(cookie_name(app), **options)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers.pop("ETag", None)


def cookie_name(app: Flask) -> str:
    """The name of the cookie. With https its prefix makes browsers refuse it from another host or path."""
    return "__Host-samen" if app.config["SESSION_COOKIE_SECURE"] else "samen"


def session_key(token: str) -> str:
    """The key in the database of the session with this token. It depends on the secret key, so that another one ends every session."""
    return keyed_hash(current_platform(), "session", token)


def current_session() -> ServerSession:
    """The session of this request."""
    return cast("ServerSession", flask_session._get_current_object())  # type: ignore[attr-defined]


def load_actor(uow: UnitOfWork, request: Request) -> Actor:  # noqa: ARG001 the same call finds the actor of the API
    """Who makes this request, from the session that its cookie names: two statements, none without a cookie."""
    session = current_session()
    if not session.token:
        return anonymous()
    row = uow.session.connection().execute(queries.SESSION_AND_ACCOUNT, {"id": session_key(session.token), "now": uow.now}).one_or_none()
    if row is None or row.user_id is None or not row.active:
        session.attach(row if row is not None and row.user_id is None else None)
        return anonymous()
    grants = queries.grants_of(uow.session, row.user_id)
    if row.keep and any(grant.role in STAFF.roles for grant in grants) and _too_long_for_staff(row, uow.now):
        session.attach(None)
        return anonymous()
    session.attach(row)
    return Actor(
        kind="account",
        account_id=row.user_id,
        label=row.display_name,
        grants=grants,
        on_behalf_of=row.on_behalf_of_id,
        origin="web",
        language=row.language,
    )


def _too_long_for_staff(row: Any, now: datetime) -> bool:
    return bool(now - row.created_at > ORDINARY.absolute or now - row.last_seen_at > ORDINARY.idle + TOUCH_AFTER)

"""Rate limits: how often somebody did something in a window of time, counted in the database so that all processes share it.

Who it was is kept as a keyed hash only, and no longer than its window.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, String, delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.db.base import Base
from samen_core.errors import TooMany
from samen_core.i18n import Text, n_
from samen_core.privacy import not_personal

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.platform import Platform


class RateWindow(Base):
    """How often one key was seen in the window that starts at ``window_start``."""

    __tablename__ = "core__rate_window"
    __table_args__ = (Index("ix_core__rate_window_expires_at", "expires_at"),)

    key_hash: Mapped[str] = mapped_column(
        String(64),
        primary_key=True,
        info=not_personal("a keyed hash of an address or account that nobody can turn back, gone after the window"),
    )
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]
    count: Mapped[int]


def who_hash(platform: Platform, who: str) -> str:
    """A keyed hash of who does something (an IP address, account id, e-mail address): 64 hex digits.

    The key is the installation's secret, so that a copy of the database does not tell who it was.
    """
    return hmac.new(platform.config.secret_key.encode(), b"rate limit:" + who.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def hit(platform: Platform, bucket: str, who: str, limit: int, window: int) -> int:
    """Count one more of ``bucket`` (what is done) by ``who`` (from :func:`who_hash`); the count in this window.

    ``window`` is in seconds; windows start at fixed moments. Written at once in a transaction of its own, so that a refused or failed
    request counts too; call it before the unit of work writes, since SQLite knows one writer.
    Raises TooMany, with the seconds until the next window, when the count passes ``limit``.
    """
    now = platform.clock()
    start = datetime.fromtimestamp(now.timestamp() // window * window, UTC)
    end = start + timedelta(seconds=window)
    key = hashlib.sha256(f"{bucket}:{window}:{who}".encode()).hexdigest()
    with platform.write_engine.begin() as connection:
        statement = _COUNT[connection.dialect.name]
        count: int = connection.execute(statement, {"key_hash": key, "window_start": start, "expires_at": end}).scalar_one()
    if count > limit:
        wait = max(1, round((end - now).total_seconds()))
        raise TooMany(_message(wait), retry_after=wait)
    return count


def _message(seconds: int) -> Text:
    if seconds < 60:
        return n_(
            "U doet dit te vaak achter elkaar. Probeer het over {n} seconde opnieuw.",
            "U doet dit te vaak achter elkaar. Probeer het over {n} seconden opnieuw.",
            seconds,
        )
    return n_(
        "U doet dit te vaak achter elkaar. Probeer het over {n} minuut opnieuw.",
        "U doet dit te vaak achter elkaar. Probeer het over {n} minuten opnieuw.",
        -(-seconds // 60),
    )


def _count(insert: Any) -> Any:
    statement = insert(RateWindow).values(count=1)
    keys = [RateWindow.key_hash, RateWindow.window_start]
    return statement.on_conflict_do_update(index_elements=keys, set_={"count": RateWindow.count + 1}).returning(RateWindow.count)


_COUNT: dict[str, Any] = {"sqlite": _count(sqlite_insert), "postgresql": _count(postgresql_insert)}


def clean_windows(uow: UnitOfWork) -> None:
    """Remove the windows that are over."""
    uow.session.execute(delete(RateWindow).where(RateWindow.expires_at < uow.now))

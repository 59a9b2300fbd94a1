"""The one change log: append-only, hash-chained, with the six facts of BIO2 8.15.01 (who, what, on what, from where, result, when).

Fields that are declared personal are logged by name, never by value. Rows marked public form the logbook of their subject.
"""

from __future__ import annotations

import hashlib
import json
import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Connection, Index, String, bindparam, inspect, select, update
from sqlalchemy.orm import InstanceState, Mapped, Session, mapped_column

from samen_core.actor import Actor
from samen_core.db.base import Base, Code, index_where, uuid7
from samen_core.db.prepared import Prepared, PreparedInsert
from samen_core.privacy import declaration

GENESIS = "0" * 64
HIDDEN = "•"
"""Stands in the log for the value of a personal field."""


class Change(Base):
    """One row of the log. ``hash`` covers every other column and the hash of the row before it."""

    __tablename__ = "core__change"
    __table_args__ = (
        Index("ix_core__change_subject_id_seq", "subject_id", "seq"),
        # Of whoever is known alone: most of what a city gets comes from visitors without an account.
        index_where("ix_core__change_actor_id_seq", "actor_id", "seq", where="actor_id IS NOT NULL"),
        # The history of settings is read from the log: an index of their few rows alone.
        index_where("ix_core__change_settings", "seq", where="action = 'core.setting.changed'"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID] = mapped_column(unique=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(12))
    actor_id: Mapped[uuid.UUID | None]
    on_behalf_of: Mapped[uuid.UUID | None]
    action: Mapped[str] = mapped_column(String(80))
    subject_id: Mapped[uuid.UUID | None]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    reason: Mapped[str] = mapped_column(default="")
    origin: Mapped[str] = mapped_column(Code)
    result: Mapped[str] = mapped_column(String(12))
    public: Mapped[bool]
    sentence: Mapped[str]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class LogHead(Base):
    """The end of the chain: locked last, just before commit, so that writers queue only for a moment."""

    __tablename__ = "core__log_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    handled: Mapped[int] = mapped_column(BigInteger, server_default="0")
    """Rises with every delivery whose handler wrote: what it wrote need not be in the log, but may stand on a page."""


_HEAD: Any = LogHead.__table__
_LOCK_HEAD = Prepared(select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.id == 1).with_for_update())
_MOVE_HEAD = Prepared(update(_HEAD).where(_HEAD.c.id == 1).values(seq=bindparam("new_seq"), hash=bindparam("new_hash")))
_INSERT = PreparedInsert(Change.__table__)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a service records, and who acted then; the rest of the row is filled in at commit."""

    actor: Actor
    action: str
    subject_id: uuid.UUID | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str
    result: str
    public: bool
    sentence: str
    at: datetime


_AS_IT_IS = frozenset({str, int, bool, type(None)})


def plain(value: Any) -> Any:
    """A value as it is stored in the log and in event payloads: JSON types only.

    A whole number is stored as an integer: databases write 1e20 and -0.0 in their own way, and the hash must stay. Raises TypeError for
    what is no data, ValueError for what is no number.
    """
    if type(value) in _AS_IT_IS or isinstance(value, int | str):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} cannot be logged")
        return int(value) if value.is_integer() else value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} cannot be logged")


class LoggedSession(Session):
    """A session that remembers what loaded objects were, which SQLAlchemy forgets at a flush (and nearly every statement flushes)."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known: dict[InstanceState[Any], dict[str, Any]] = {}
        """By object and column: the value when it was loaded, or when a difference was last taken."""
        self._at_hand: Connection | None = None

    def connection(self, bind_arguments: dict[str, Any] | None = None, execution_options: Mapping[str, Any] | None = None) -> Connection:
        """The connection of the transaction at hand: what writes asks for it with every statement, and looking it up costs half of one."""
        found = self._at_hand
        if found is None or bind_arguments or execution_options or not (found.in_transaction() and self.is_active):
            self._at_hand = found = super().connection(bind_arguments, execution_options)
        return found

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Remember what loaded objects were, then write."""
        for entity in self.dirty:
            state = inspect(entity)
            known = self.known.setdefault(state, {})
            for key in state.mapper.column_attrs.keys():
                history = state.attrs[key].history
                if history.has_changes():
                    known.setdefault(key, _first(history.deleted))
        super().flush(objects)


def difference(entity: Base) -> tuple[dict[str, Any], dict[str, Any]]:
    """What changed on a mapped object since it was loaded: (before, after) by column name; personal values hidden.

    Taken again in the same transaction, it gives only what changed since. A new object has its values against None, until it is flushed.
    """
    state: InstanceState[Any] = inspect(entity)
    known = state.session.known.setdefault(state, {}) if isinstance(state.session, LoggedSession) else {}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        key = attribute.key
        history = state.attrs[key].history
        if key not in known and not history.has_changes():
            continue
        old = known.get(key, _first(history.deleted))
        new = _first(history.added) if history.has_changes() else getattr(entity, key)
        if old == new:
            continue
        known[key] = new
        hidden = declaration(attribute.columns[0]) is not None
        before[key] = _shown(old, hidden=hidden)
        after[key] = _shown(new, hidden=hidden)
    return before, after


def _first(values: Sequence[Any]) -> Any:
    return values[0] if values else None


def _shown(value: Any, *, hidden: bool) -> Any:
    if not hidden:
        return plain(value)
    return None if value in (None, "") else HIDDEN


def append(session: Session, entries: Sequence[Entry]) -> None:
    """Chain these entries to the log. Takes the lock on the head, so call it last before commit."""
    connection = session.connection()
    seq, previous = _LOCK_HEAD.row(connection, {})
    rows = []
    for entry in entries:
        seq += 1
        actor = entry.actor
        row: dict[str, Any] = {
            "seq": seq,
            "id": uuid7(),
            "at": entry.at,
            "actor_kind": actor.kind,
            "actor_id": actor.account_id,
            "on_behalf_of": actor.on_behalf_of,
            "action": entry.action,
            "subject_id": entry.subject_id,
            "before": entry.before,
            "after": entry.after,
            "reason": entry.reason,
            "origin": actor.origin,
            "result": entry.result,
            "public": entry.public,
            "sentence": entry.sentence,
            "previous_hash": previous,
        }
        previous = row["hash"] = row_hash(row)
        rows.append(row)
    _INSERT.write(connection, *rows)
    _MOVE_HEAD.execute(connection, {"new_seq": seq, "new_hash": previous})


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def row_hash(row: dict[str, Any]) -> str:
    """The hash of a log row: SHA-256 over its canonical JSON without the hash itself."""
    content = {key: plain(value) for key, value in row.items() if key != "hash"}
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class LogProblem:
    """The first place where the chain does not hold."""

    seq: int
    what: str


def verify(session: Session, *, batch: int = 1000) -> tuple[int, LogProblem | None]:
    """Recompute the chain from its start: (rows checked, first problem or None). The session must be fresh: it reads one snapshot."""
    if session.in_transaction():
        raise RuntimeError("the log is verified in a session of its own")
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    previous, expected = GENESIS, 1
    columns = Change.__table__.columns
    while True:
        rows = session.execute(select(*columns).where(Change.seq >= expected).order_by(Change.seq).limit(batch)).mappings().all()
        if not rows:
            break
        for row in rows:
            if row["seq"] != expected:
                return expected - 1, LogProblem(expected, "a row is missing")
            if row["previous_hash"] != previous or row_hash(dict(row)) != row["hash"]:
                return expected - 1, LogProblem(expected, "the row was changed")
            previous, expected = row["hash"], expected + 1
    head = session.execute(select(LogHead.seq, LogHead.hash).where(LogHead.id == 1)).one()
    if (head.seq, head.hash) != (expected - 1, previous):
        return expected - 1, LogProblem(
            expected, "rows are missing at the end" if head.seq >= expected else "the head does not fit the last row"
        )
    return expected - 1, None

"""The unit of work: one transaction, one actor, one moment, and everything that must be written with it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from samen_core.actor import Actor
from samen_core.db import changes
from samen_core.db.base import Base
from samen_core.events import outbox
from samen_core.events.types import Event, SubjectChanged
from samen_core.i18n import Text
from samen_core.pagination import SEALING_KEY
from samen_core.subjects import SubjectRef

if TYPE_CHECKING:
    from samen_core.platform import Platform


class UnitOfWork:
    """A transaction with its actor. Leaving the ``with`` block commits; an exception rolls everything back.

    ``now`` is one moment for the whole transaction. A unit of work made with ``write=False`` refuses to record or publish.
    """

    def __init__(self, platform: Platform, actor: Actor, *, write: bool = True) -> None:
        self.platform = platform
        self.actor = actor
        self.write = write
        self.now: datetime = platform.clock()
        self.session = changes.LoggedSession(
            platform.write_engine if write else platform.engine,
            expire_on_commit=False,
            autoflush=True,
            info={SEALING_KEY: platform.config.secret_key},
        )
        self._entries: list[changes.Entry] = []
        self._events: list[Event] = []
        self._changed: dict[uuid.UUID, SubjectRef] = {}

    def __enter__(self) -> UnitOfWork:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self.commit()
            else:
                self.rollback()
        finally:
            self.close()

    def publish(self, event: Event) -> None:
        """Tell this event, through the outbox, once this transaction is committed."""
        self._require_write()
        self._events.append(event)

    def send(self, signal: str, **values: Any) -> None:
        """Call the receivers of a signal now, inside this transaction."""
        self.platform.signals.send(signal, self, **values)

    def record(
        self,
        action: str,
        subject_id: uuid.UUID | None = None,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        reason: str = "",
        result: str = "ok",
        public: bool = False,
        sentence: Text | str = "",
    ) -> None:
        """Write a row in the change log with this transaction.

        ``action`` is ``<block>.<thing>.<what>``; ``sentence`` is the plain fallback for the public logbook, stored in Dutch.
        """
        self._require_write()
        if isinstance(sentence, Text):
            with self.platform.translations.use("nl"):
                sentence = str(sentence)
        plain = changes.plain
        self._entries.append(
            changes.Entry(self.actor, action, subject_id, plain(before), plain(after), reason, result, public, sentence, self.now)
        )

    def record_change(
        self, action: str, entity: Base, subject_id: uuid.UUID, *, reason: str = "", public: bool = False, sentence: Text | str = ""
    ) -> bool:
        """Record what changed on ``entity`` since it was loaded; False (and no row) when nothing did."""
        before, after = changes.difference(entity)
        before.pop("version", None), after.pop("version", None)
        if not after:
            return False
        self.record(action, subject_id, before=before, after=after, reason=reason, public=public, sentence=sentence)
        return True

    def subject_changed(self, ref: SubjectRef) -> None:
        """Note that a register row changed; told as one event per subject."""
        self._require_write()
        self._changed[ref.id] = ref

    def commit(self) -> None:
        """Write log and outbox and commit. A reading unit of work just ends."""
        if not self.write:
            return
        self.session.flush()
        for ref in self._changed.values():
            self._events.append(SubjectChanged(subject_type=ref.type, subject_id=ref.id, about=(ref,)))
        if self._events:
            outbox.store(self.session, self._events, self.platform.handlers_of, self.now)
        if self._entries:
            changes.append(self.session, self._entries)
        self.session.commit()
        told = bool(self._events)
        self._forget()
        if told:
            self.platform.wake_worker()

    def rollback(self) -> None:
        """Take back everything of this transaction."""
        self.session.rollback()
        self._forget()

    def close(self) -> None:
        """Give the connection back."""
        self.session.close()

    @contextmanager
    def acting(self, actor: Actor) -> Iterator[None]:
        """Act as another actor inside the block (a token's owner, the system for a rule of the platform)."""
        before, self.actor = self.actor, actor
        try:
            yield
        finally:
            self.actor = before

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Inside the block it is another moment: for the history of a demonstration city, or of one that is taken over."""
        before, self.now = self.now, moment
        try:
            yield
        finally:
            self.now = before

    def _forget(self) -> None:
        self._entries, self._events, self._changed = [], [], {}
        self.session.known.clear()

    def _require_write(self) -> None:
        if not self.write:
            raise RuntimeError("this unit of work only reads: open one with platform.unit_of_work(actor)")

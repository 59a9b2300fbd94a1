"""What core keeps for a block, table by table: what goes into a dump, what a purge leaves, what a restore brings back.

Every table of core is either in :data:`PARTS` or in :data:`KEPT`; a test holds the two against the models.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Table, delete, exists, not_, select, update

from samen_core.accounts.models import RoleGrant
from samen_core.blocks.dumps.rows import BATCH
from samen_core.blocks.state import BlockState
from samen_core.db.migrate import Migration
from samen_core.events.outbox import OutboxDelivery, OutboxEvent
from samen_core.files.models import File
from samen_core.jobs import Lease
from samen_core.moderation import Hiding
from samen_core.privacy import PersonalField
from samen_core.privacy.holdings import holdings
from samen_core.settings import SettingValue
from samen_core.subjects import REMOVED_TITLE, Subject
from samen_core.texts.models import TextVersion

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

GONE = "gone"
_PLAIN = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Part:
    """A table of core in which rows belong to blocks: ``rows(block)`` is the condition for those of one.

    ``restore`` is False for what the block's own migrations and models write anew.
    """

    model: Any
    rows: Callable[[str], ColumnElement[bool]]
    restore: bool = True

    @property
    def table(self) -> Table:
        """The table itself."""
        return cast(Table, self.model.__table__)


def subjects_of(block: str) -> Select[uuid.UUID]:
    """The ids of everything that a block has in the register."""
    return select(Subject.id).where(Subject.owner == block)


def _named(column: Any) -> Callable[[str], ColumnElement[bool]]:
    """Rows whose name starts with that of the block: a setting, a job, a handler."""
    return lambda block: column.startswith(f"{block}.", autoescape=True)


def _on_subjects(column: Any) -> Callable[[str], ColumnElement[bool]]:
    return lambda block: column.in_(subjects_of(block))


def _events(block: str) -> ColumnElement[bool]:
    """The events that the block told, and those of others that it was or is to be told of."""
    told = select(OutboxDelivery.event_id).where(_named(OutboxDelivery.handler)(block))
    return _named(OutboxEvent.type)(block) | OutboxEvent.id.in_(told)


def _deliveries(block: str) -> ColumnElement[bool]:
    own = select(OutboxEvent.id).where(_named(OutboxEvent.type)(block))
    return _named(OutboxDelivery.handler)(block) | OutboxDelivery.event_id.in_(own)


PARTS: tuple[Part, ...] = (
    Part(Subject, lambda block: Subject.owner == block),
    Part(File, _on_subjects(File.owner_id)),
    Part(SettingValue, _named(SettingValue.key)),
    Part(TextVersion, _named(TextVersion.key)),
    Part(BlockState, lambda block: BlockState.name == block),
    Part(Lease, _named(Lease.name)),
    Part(RoleGrant, _on_subjects(RoleGrant.scope_id)),
    Part(Hiding, _on_subjects(Hiding.subject_id)),
    Part(OutboxEvent, _events),
    Part(OutboxDelivery, _deliveries),
    Part(PersonalField, lambda block: PersonalField.owner == block, restore=False),
    Part(Migration, lambda block: Migration.owner == block, restore=False),
)
"""In the order in which a restore writes them: what is referred to comes first."""

KEPT: dict[str, str] = {
    "core__user": "accounts are the city's; what a block knows of them is in its own tables",
    "core__session": "log-ins; acting on behalf of something ends when that is gone",
    "core__api_token": "a scope of a block that is gone allows nothing, and counts again when the block is back",
    "core__login_failure": "belongs to nobody's block and is gone within a day",
    "core__rate_window": "counts by a hash of the name and is gone after its window",
    "core__webhook": "who asked to hear of a block's events hears again when it is back",
    "core__mail": "mail that waits was promised and is sent; what was sent is only counted",
    "core__change": "the one log is the city's memory and is never shortened; it holds no personal values",
    "core__log_head": "the end of that log",
    "core__retention_run": "the proof that terms were kept, without personal data",
    "core__search_document": "copied from the block's own rows: taken out by a purge, made again by a restore",
}
"""The tables of core that a purge leaves alone (the index is emptied through its own interface), each with the reason."""


def leave_only_titles(uow: UnitOfWork, block: str) -> None:
    """The cards of a purged block: the titles of what anybody could see, so that references go on saying what they were about.

    What is somebody's own keeps no words: its declarations go with the block, so that a later erasure would not find it.
    """
    session, mine = uow.session, update(Subject).where(Subject.owner == block)
    session.execute(mine.values(state=GONE, summary="", updated_at=uow.now), execution_options=_PLAIN)
    session.execute(mine.where(not_(Subject.public)).values(title="", url=""), execution_options=_PLAIN)
    for holding in holdings(session, block):
        if holding.of_things:
            own = select(*holding.key).where(holding.somebodys())
            somebodys = mine.where(Subject.public, Subject.id.in_(own)).values(title=REMOVED_TITLE, url="")
            session.execute(somebodys, execution_options=_PLAIN)


def changed_since(gone: RowMapping, dumped: dict[str, Any]) -> bool:
    """Whether the title that a purge left of a card was changed afterwards."""
    return bool(gone["public"]) and gone["title"] not in (REMOVED_TITLE, dumped["title"])


def clean(uow: UnitOfWork, block: str) -> None:
    """Take away what core keeps for a block; cards stay (:func:`leave_only_titles`), files as the mark that there was one.

    The tables of the block are still there, and tell whose the cards are.
    """
    leave_only_titles(uow, block)
    connection = uow.session.connection()
    on_files = update(File).where(File.owner_id.in_(subjects_of(block)))
    connection.execute(on_files.values(state=GONE, name="", alt="", uploaded_by_id=None, changed_at=uow.now))
    connection.execute(delete(OutboxDelivery).where(_named(OutboxDelivery.handler)(block)))
    # Others are still to be told of some events; foreign keys are off here on SQLite, so deliveries go by hand.
    waiting = exists().where(OutboxDelivery.event_id == OutboxEvent.id, OutboxDelivery.state != "done")
    done = select(OutboxEvent.id).where(_named(OutboxEvent.type)(block), ~waiting)
    connection.execute(delete(OutboxDelivery).where(OutboxDelivery.event_id.in_(done)))
    own = _named(OutboxEvent.type)(block)
    left = exists().where(OutboxDelivery.event_id == OutboxEvent.id)
    connection.execute(delete(OutboxEvent).where(own, ~left))
    for part in PARTS:
        if part.model not in (Subject, File, OutboxEvent, OutboxDelivery):
            connection.execute(delete(part.table).where(part.rows(block)))


def subject_batches(connection: Connection, block: str) -> Iterator[Sequence[uuid.UUID]]:
    """The ids of a block's subjects, :data:`BATCH` at a time."""
    after = uuid.UUID(int=0)
    while ids := connection.execute(subjects_of(block).where(Subject.id > after).order_by(Subject.id).limit(BATCH)).scalars().all():
        yield ids
        after = ids[-1]

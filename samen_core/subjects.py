"""The subject register: one row for every citable thing of every block (ARCHITECTURE §5).

References, following, search, notices and permalinks are one join on it instead of a resolver per block. It outlives its block:
a purge sets ``state`` to ``gone``, an erasure blanks the title.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from sqlalchemy import ForeignKey, Index, String, bindparam, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from samen_core.db.base import Base, Code
from samen_core.db.prepared import PreparedInsert
from samen_core.errors import NotFound
from samen_core.i18n import Text

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

State = Literal["active", "merged", "deleted", "gone"]


class Subject(Base):
    """The register row of a thing; its owner writes it in the transaction that writes the thing."""

    __tablename__ = "core__subject"
    __table_args__ = (Index("ix_core__subject_type_state", "type", "state"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(Code)
    owner: Mapped[str] = mapped_column(Code)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    area_ref: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"), index=True)
    successor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("core__subject.id"))
    state: Mapped[str] = mapped_column(String(12), default="active")
    public: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """A reference to a thing of any block: its type and id."""

    type: str
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class SubjectType:
    """A kind of thing that a block owns.

    ``permission`` is the name of the permission that shows a non-public one; empty: nobody. ``sees``, asked for one thing at a time, tells
    whether the actor may see one by a right on something else that it belongs to: for its files and its lasting address. ``api_path`` is
    the REST path of one thing with ``{id}``, ``linked_data`` gives its JSON-LD document: both serve ``/id/{type}/{uuid}``, may be absent.
    """

    name: str
    label: Text
    plural: Text
    icon: str = "file-text"
    permission: str = ""
    api_path: str = ""
    linked_data: Callable[[UnitOfWork, uuid.UUID], dict[str, Any]] | None = None
    sees: Callable[[UnitOfWork, uuid.UUID], bool] | None = None


@dataclass(frozen=True, slots=True)
class SubjectCard:
    """What anybody may know of a public thing, whether its block is there or not. ``url`` is the path where it can be seen now."""

    id: uuid.UUID
    type: str
    title: str
    summary: str
    url: str
    state: State
    owner: str

    @property
    def is_live(self) -> bool:
        """Whether the thing can be opened."""
        return self.state == "active" and bool(self.url)


@dataclass(frozen=True, slots=True)
class SubjectData:
    """What the owner registers of a thing. ``url`` is a path without language prefix."""

    title: str
    url: str
    summary: str = ""
    area_ref: uuid.UUID | None = None
    state: State = "active"
    public: bool = True
    successor_id: uuid.UUID | None = None


REMOVED_TITLE = "(weggehaald)"
"""What a purge leaves as the title of what was somebody's own; in Dutch, as titles are."""
_STATE = cast("InstrumentedAttribute[State]", Subject.state)  # the services write nothing else
_CARD = select(Subject.id, Subject.type, Subject.title, Subject.summary, Subject.url, _STATE, Subject.owner, Subject.public)


_CARDS = _CARD.where(Subject.id.in_(bindparam("ids", expanding=True)))


_INSERT = PreparedInsert(Subject.__table__)
_UPDATE = (
    update(Subject.__table__)  # type: ignore[arg-type]  # a mapped class has a Table
    .where(Subject.id == bindparam("of_id"), Subject.type == bindparam("of_type"))
    .values({name: bindparam(name) for name in ("updated_at", "title", "summary", "url", "area_ref", "state", "public", "successor_id")})
)


def register(uow: UnitOfWork, ref: SubjectRef, data: SubjectData) -> None:
    """Enter a new thing in the register; call it before the thing's own row is flushed."""
    register_all(uow, {ref: data})


def register_all(uow: UnitOfWork, things: Mapping[SubjectRef, SubjectData]) -> None:
    """Enter several new things, as :func:`register` does with one, in one statement."""
    rows = []
    for ref, data in things.items():
        owner = uow.platform.subject_types.owner_of(ref.type)
        rows.append({"id": ref.id, "type": ref.type, "owner": owner, "updated_at": uow.now, **_values(data)})
        uow.subject_changed(ref)
    _INSERT.write(uow.session.connection(), *rows)


def update_card(uow: UnitOfWork, ref: SubjectRef, data: SubjectData) -> None:
    """Bring the register row of a thing up to date. Raises NotFound when there is no such thing of this type."""
    row = {"of_id": ref.id, "of_type": ref.type, "updated_at": uow.now, **_values(data)}
    if not uow.session.connection().execute(_UPDATE, row).rowcount:
        raise NotFound
    uow.subject_changed(ref)


def _values(data: SubjectData) -> dict[str, object]:
    return {
        "title": data.title,
        "summary": data.summary,
        "url": data.url,
        "area_ref": data.area_ref,
        "state": data.state,
        "public": data.public,
        "successor_id": data.successor_id,
    }


def cards(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, SubjectCard]:
    """The cards of these things that the actor may see, in one statement. An id that is missing in the answer may not be shown."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    uow.session.flush()
    rows = uow.session.connection().execute(_CARDS, {"ids": wanted}).all()
    types = uow.platform.subject_types
    return {
        row.id: SubjectCard(*row[:4], url_now(uow, row), *row[5:7])
        for row in rows
        if row.public or types.may_see(uow.actor, row.type, row.id)
    }


def url_now(uow: UnitOfWork, row: Any) -> str:
    """Where the thing of a register row (``id url owner``) can be seen now: its page, or its card while its block is away."""
    return str(row.url) if uow.platform.block_states.is_active(row.owner) else card_path(row.id)


def card_path(id: uuid.UUID) -> str:
    """The path of the page with the card of a thing."""
    return f"/onderwerp/{id}"

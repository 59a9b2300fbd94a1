"""What every service does around its own rules: lock, compare versions, log, tell."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from citycontent.events import CityEvent
from citycontent.logbook import sentence
from citycontent.models import Address, Entity
from samen_core.api import Conflict, Gone, NotFound, SubjectData, SubjectRef, UnitOfWork, difference, register, update_card

Model = TypeVar("Model", bound=Entity)
Values = dict[str, Any]

HIDDEN = "•"
"""Stands in the log for a personal value."""

UNLOGGED = frozenset({"id", "version", "created_at", "updated_at", "state", "sort_name"})
"""Columns that say nothing that the log row itself does not say."""


def locked(uow: UnitOfWork, model: type[Model], id: uuid.UUID) -> Model:
    """The thing, locked until this transaction ends. Raises NotFound or, when it was taken away, Gone."""
    entity = uow.session.execute(select(model).where(model.id == id).with_for_update()).scalar_one_or_none()
    if entity is None:
        raise NotFound
    if entity.state != "active":
        raise Gone
    return entity


def locked_with_address(uow: UnitOfWork, model: Any, id: uuid.UUID) -> tuple[Any, Address | None]:
    """Like :func:`locked`, with the address of the thing; one statement."""
    statement = select(model, Address).outerjoin(Address, Address.id == model.address_id).where(model.id == id).with_for_update(of=model)
    row = uow.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    if row[0].state != "active":
        raise Gone
    return row[0], row[1]


def check_version(entity: Entity, version: int, values: Callable[[], Mapping[str, Any]]) -> None:
    """Raise Conflict with the values of now when somebody else changed the thing since ``version`` was read."""
    if entity.version != version:
        raise Conflict(current=values(), version=entity.version)


def assign(entity: Any, command: Any, names: Iterable[str]) -> None:
    """Copy these fields of a command; tuples become the lists that JSON columns hold."""
    for name in names:
        value = getattr(command, name)
        setattr(entity, name, list(value) if isinstance(value, tuple) else value)


def refs(*things: tuple[str, Iterable[uuid.UUID | None] | uuid.UUID | None]) -> tuple[SubjectRef, ...]:
    """References to the things that are there: ``("area", id)`` or ``("theme", ids)``."""
    found: list[SubjectRef] = []
    for kind, ids in things:
        each = [ids] if isinstance(ids, uuid.UUID) or ids is None else ids
        found += [SubjectRef(kind, each_id) for each_id in each if each_id is not None]
    return tuple(dict.fromkeys(found))


def add(
    uow: UnitOfWork,
    entity: Any,
    type: str,
    card: SubjectData,
    event: type[CityEvent],
    *,
    about: tuple[SubjectRef, ...] = (),
    links: Values | None = None,
    public: bool = True,
) -> None:
    """Register, store, log and tell a new thing; ``links`` is what is stored in other tables and belongs in the log."""
    ref = SubjectRef(type, entity.id)
    register(uow, ref, card)
    _before, after = difference(entity)
    after = {name: value for name, value in {**after, **(links or {})}.items() if name not in UNLOGGED and value not in (None, "", [], ())}
    uow.session.add(entity)
    uow.session.flush()
    _record(uow, event, ref, {}, after, public=public)
    uow.publish(event(id=entity.id, entity_version=entity.version, about=(ref, *about)))


def change(
    uow: UnitOfWork,
    entity: Any,
    type: str,
    cards: tuple[SubjectData, SubjectData],
    event: type[CityEvent],
    *,
    about: tuple[SubjectRef, ...] = (),
    links: tuple[Values, Values] = ({}, {}),
    hide_links: bool = False,
    reason: str = "",
    public: bool = True,
) -> bool:
    """Log and tell what was changed on a thing since it was loaded, and its card; False when nothing was.

    ``cards`` and ``links`` are (before, after); ``hide_links`` keeps personal values of the latter out of the log. Call it before
    anything that flushes, because then the changes are no longer known.
    """
    ref = SubjectRef(type, entity.id)
    before, after = difference(entity)
    for name, value in links[1].items():
        if set(value) != set(links[0][name]):
            before[name], after[name] = (HIDDEN, HIDDEN) if hide_links else (links[0][name], value)
    for name in UNLOGGED - {"state"}:
        before.pop(name, None), after.pop(name, None)
    if not after:
        return False
    entity.updated_at = uow.now
    # What changed may stand in another table; also then, and at the same moment, this is another version.
    flag_modified(entity, "updated_at")
    uow.session.flush()
    if cards[0] != cards[1]:
        update_card(uow, ref, cards[1])
    else:
        uow.subject_changed(ref)
    _record(uow, event, ref, before, after, reason=reason, public=public)
    uow.publish(event(id=entity.id, entity_version=entity.version, about=(ref, *about)))
    return True


def _record(
    uow: UnitOfWork, event: type[CityEvent], ref: SubjectRef, before: Values, after: Values, *, reason: str = "", public: bool
) -> None:
    text = sentence(event.type, after) if public else None
    uow.record(event.type, ref.id, before=before, after=after, reason=reason, public=public, sentence=text or "")

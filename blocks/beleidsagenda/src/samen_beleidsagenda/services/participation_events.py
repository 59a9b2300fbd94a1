"""What happens at linked things: kept as their blocks tell it, so that dossiers show it whatever becomes of those blocks."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from samen_beleidsagenda.labels import EVENT_LABELS
from samen_beleidsagenda.models import ParticipationEvent, ParticipationLink
from samen_beleidsagenda.queries.say import ACTIVITY
from samen_beleidsagenda.services.entries import keep_last_says
from samen_core.api import Change, Delivered, Subject, UnitOfWork

OWN = ("core.", "beleidsagenda.")
"""The platform tells that cards changed, and what the agenda does stands on the dossier already."""


def tell_event(uow: UnitOfWork, event: Delivered) -> None:
    """Handler of every event of other blocks: keep what happened at linked things. One statement where it is about none of them."""
    if not event.about:
        return
    ids = [ref.id for ref in event.about]
    linked = uow.session.execute(select(ParticipationLink.subject_id).where(ParticipationLink.subject_id.in_(ids)).distinct())
    for subject_id in linked.scalars().all():
        lines = _lines(uow, subject_id, event.type)
        if lines and _keep(uow, subject_id, lines) and f".{ACTIVITY}" in event.type:
            of = select(ParticipationLink.dossier_id).where(ParticipationLink.subject_id == subject_id)
            keep_last_says(uow, uow.session.execute(of).scalars().all())
        if not lines and ".".join(event.type.split(".")[-2:]) in EVENT_LABELS:
            _keep_event(uow, subject_id, event)


def tell_past(uow: UnitOfWork, subject_id: uuid.UUID) -> None:
    """Keep what its public log tells of a thing that was linked just now: it may be on its way already."""
    _keep(uow, subject_id, [line for line in _lines(uow, subject_id) if not line.action.startswith(OWN)])


def _lines(uow: UnitOfWork, subject_id: uuid.UUID, action: str = "") -> list[Any]:
    """The lines of its public log, of one kind where that is asked."""
    statement = select(Change.id, Change.action, Change.at, Change.after).where(Change.subject_id == subject_id, Change.public)
    if action:
        statement = statement.where(Change.action == action)
    return list(uow.session.execute(statement.order_by(Change.seq)).all())


def _keep(uow: UnitOfWork, subject_id: uuid.UUID, lines: Iterable[Any]) -> bool:
    """Keep these lines of its log; whether some were new."""
    told = select(ParticipationEvent.told_id).where(ParticipationEvent.subject_id == subject_id)
    known = set(uow.session.execute(told).scalars())
    new = [line for line in lines if line.id not in known]
    things = _in_register(uow, [id for line in new for id in _ids(line.after)])
    for line in new:
        facts = line.after or {}
        uow.session.add(
            ParticipationEvent(
                subject_id=subject_id,
                told_id=line.id,
                thing_id=next((id for id in _ids(facts) if id in things and id != subject_id), None),
                type=line.action,
                at=line.at,
                open_from=_moment(facts.get("opens_at")),
                open_until=_moment(facts.get("closes_at")),
            )
        )
    uow.session.flush()
    return bool(new)


def _keep_event(uow: UnitOfWork, subject_id: uuid.UUID, event: Delivered) -> None:
    if uow.session.get(ParticipationEvent, (subject_id, event.id)) is not None:
        return
    things = _in_register(uow, _ids(event.payload))
    thing_id = next((id for id in _ids(event.payload) if id in things and id != subject_id), None)
    made = ParticipationEvent(subject_id=subject_id, told_id=event.id, thing_id=thing_id, type=event.type, at=event.at)
    uow.session.add(made)
    uow.session.flush()


def _ids(facts: Mapping[str, Any] | None) -> list[uuid.UUID]:
    """The ids among the facts of a line or an event, in their order."""
    found = []
    for value in (facts or {}).values():
        if isinstance(value, str) and len(value) == 36:
            try:
                found.append(uuid.UUID(value))
            except ValueError:
                continue
    return found


def _in_register(uow: UnitOfWork, ids: list[uuid.UUID]) -> set[uuid.UUID]:
    if not ids:
        return set()
    return set(uow.session.execute(select(Subject.id).where(Subject.id.in_(ids), Subject.type.not_in(("area", "theme")))).scalars())


def _moment(value: Any) -> datetime | None:
    """A moment as a log keeps it (ISO 8601); None for anything else."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo is not None else None

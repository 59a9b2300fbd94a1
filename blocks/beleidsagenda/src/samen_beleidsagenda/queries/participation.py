"""Samenspraak on dossiers: what is linked, how far it is, and what happened there."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from samen_beleidsagenda.labels import EVENT_LABELS, STAGES
from samen_beleidsagenda.models import Dossier, ParticipationEvent, ParticipationLink
from samen_core.api import Change, SubjectCard, SubjectRef, Text, UnitOfWork, cards

MOST_EVENTS = 500
"""Of the dossiers of one page; who wants all of it reads the logbook of the thing itself."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened at a linked thing, in words. ``card`` is what it happened to, when everybody may know of it."""

    subject_id: uuid.UUID
    type: str
    at: datetime
    words: Text | str
    card: SubjectCard | None


@dataclass(frozen=True, slots=True)
class Linked:
    """A thing at which people have their say on a dossier: what was asked, what was done with it, and how far it is.

    ``reached`` gives per stage of STAGES the newest that happened; ``happened`` is everything, newest first.
    """

    id: uuid.UUID
    version: int
    dossier_id: uuid.UUID
    card: SubjectCard
    asked: str
    done: str
    happened: list[Happened] = field(default_factory=list)
    reached: dict[str, Happened] = field(default_factory=dict)


_LINKS = select(
    ParticipationLink.id,
    ParticipationLink.version,
    ParticipationLink.dossier_id,
    ParticipationLink.subject_id,
    ParticipationLink.asked,
    ParticipationLink.done,
).order_by(ParticipationLink.at, ParticipationLink.id)
_HAPPENED = (
    select(ParticipationEvent.subject_id, ParticipationEvent.thing_id, ParticipationEvent.type, ParticipationEvent.at, Change)
    .outerjoin(Change, Change.id == ParticipationEvent.told_id)
    .order_by(ParticipationEvent.at.desc(), Change.seq.desc(), ParticipationEvent.told_id.desc())
    .limit(MOST_EVENTS)
)


def links_of(uow: UnitOfWork, dossier_ids: Iterable[uuid.UUID], *, with_events: bool = True) -> dict[uuid.UUID, list[Linked]]:
    """By dossier what is linked to it and may be shown to the actor, oldest link first. Three statements, whatever the number.

    ``with_events=False`` leaves out what happened there: two statements.
    """
    wanted = list(dict.fromkeys(dossier_ids))
    rows = uow.session.execute(_LINKS.where(ParticipationLink.dossier_id.in_(wanted))).all() if wanted else []
    happened = _happened(uow, [row.subject_id for row in rows]) if rows and with_events else {}
    things = {row.thing_id for found in happened.values() for row in found if row.thing_id}
    shown = cards(uow, [*(row.subject_id for row in rows), *things])
    found: dict[uuid.UUID, list[Linked]] = defaultdict(list)
    for row in rows:
        card = shown.get(row.subject_id)
        if card is not None:
            linked = Linked(row.id, row.version, row.dossier_id, card, row.asked, row.done)
            _tell(uow, linked, happened.get(row.subject_id, ()), shown)
            found[row.dossier_id].append(linked)
    return found


def linked_refs(uow: UnitOfWork, dossier_id: uuid.UUID | None) -> tuple[SubjectRef, ...]:
    """Every thing that people have their say at about a dossier, for the event of a decision. Two statements; none without a dossier."""
    if dossier_id is None:
        return ()
    ids = uow.session.execute(select(ParticipationLink.subject_id).where(ParticipationLink.dossier_id == dossier_id)).scalars().all()
    return tuple(SubjectRef(card.type, card.id) for card in cards(uow, ids).values())


def links_by_subject(uow: UnitOfWork, subject_id: uuid.UUID) -> Sequence[Row[Any]]:
    """The public dossiers that a thing is linked to, with what was done with it there. One statement."""
    statement = (
        select(
            Dossier.id,
            Dossier.slug,
            Dossier.title,
            Dossier.phase,
            ParticipationLink.done,
        )
        .join(ParticipationLink, ParticipationLink.dossier_id == Dossier.id)
        .where(ParticipationLink.subject_id == subject_id, Dossier.state == "published", Dossier.confidential.is_(False))
        .order_by(ParticipationLink.at, ParticipationLink.id)
    )
    return uow.session.execute(statement).all()


def number_linked(uow: UnitOfWork, dossier_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """By dossier how many things are linked to it; none is left out. One statement."""
    statement = select(ParticipationLink.dossier_id, func.count()).where(ParticipationLink.dossier_id.in_(list(dossier_ids)))
    return dict(uow.session.execute(statement.group_by(ParticipationLink.dossier_id)).tuples())


def known(type: str) -> str:
    """The last two parts of the type of an event, by which its words are known: "decision.published"."""
    return ".".join(type.split(".")[-2:])


def _happened(uow: UnitOfWork, subject_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Any]]:
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in uow.session.execute(_HAPPENED.where(ParticipationEvent.subject_id.in_(subject_ids))):
        found[row.subject_id].append(row)
    return found


def _tell(uow: UnitOfWork, linked: Linked, rows: Iterable[Any], shown: dict[uuid.UUID, SubjectCard]) -> None:
    for row in rows:
        words = _words(uow, row)
        if not words:
            continue
        happened = Happened(row.subject_id, row.type, row.at, words, shown.get(row.thing_id))
        linked.happened.append(happened)
        for stage, types in STAGES.items():
            if known(row.type) in types:
                linked.reached.setdefault(stage, happened)


def _words(uow: UnitOfWork, row: Any) -> Text | str:
    """What happened: our own words where they are known, else the line of the log in the reader's language."""
    label = EVENT_LABELS.get(known(row.type))
    if label is not None:
        return label
    if row.Change is None:
        return ""
    said: str | None = uow.platform.registry.first("samen_render_log", str, change=row.Change)
    return said or row.Change.sentence

"""Samenspraak on dossiers: what is linked, how far it is, and what happened there."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, literal, select, union_all
from sqlalchemy.orm import aliased

from citycontent.api import Organization
from samen_beleidsagenda.labels import EVENT_LABELS, STAGES
from samen_beleidsagenda.models import COMING_STATUSES, Decision, Dossier, ParticipationEvent, ParticipationLink, PlanningItem
from samen_beleidsagenda.queries.lights import city_day
from samen_core.api import Change, SubjectCard, Text, UnitOfWork, cards

MOST_EVENTS = 500
"""Of the dossiers of one page; who wants all of it reads the logbook of the thing itself."""

MOST_COMING, MOST_DECIDED = 2, 3


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


_LINKS = (
    select(
        ParticipationLink.id,
        ParticipationLink.version,
        ParticipationLink.dossier_id,
        ParticipationLink.subject_id,
        ParticipationLink.asked,
        ParticipationLink.done,
    )
    .where(ParticipationLink.dossier_id.in_(bindparam("ids", expanding=True)))
    .order_by(ParticipationLink.at, ParticipationLink.id)
)
_HAPPENED = (
    select(ParticipationEvent.subject_id, ParticipationEvent.thing_id, ParticipationEvent.type, ParticipationEvent.at, Change)
    .outerjoin(Change, Change.id == ParticipationEvent.told_id)
    .order_by(ParticipationEvent.at.desc(), Change.seq.desc(), ParticipationEvent.told_id.desc())
    .limit(MOST_EVENTS)
)
_MOMENTS = (
    select(
        literal("moment").label("what"),
        PlanningItem.id,
        PlanningItem.dossier_id,
        PlanningItem.title,
        PlanningItem.start_date,
        PlanningItem.end_date,
        PlanningItem.precision,
        PlanningItem.kind.label("code"),
        Organization.name.label("body"),
    )
    .outerjoin(Organization, Organization.id == PlanningItem.body_id)
    .where(PlanningItem.state == "published", PlanningItem.confidential.is_(False), PlanningItem.status.in_(COMING_STATUSES))
)
_NEWER = aliased(Decision)
_DECISIONS = (
    select(
        literal("decision"),
        Decision.id,
        Decision.dossier_id,
        Decision.title,
        Decision.decided_on,
        Decision.decided_on,
        literal("day"),
        Decision.result,
        Organization.name,
    )
    .join(Organization, Organization.id == Decision.body_id)
    .where(
        Decision.state == "published",
        Decision.confidential.is_(False),
        ~select(_NEWER.id).where(_NEWER.replaces_id == Decision.id, _NEWER.state == "published").exists(),
    )
)


def links_of(uow: UnitOfWork, dossier_ids: Iterable[uuid.UUID], *, with_events: bool = True) -> dict[uuid.UUID, list[Linked]]:
    """By dossier what is linked to it and may be shown to the actor, oldest link first. Three statements, whatever the number.

    ``with_events=False`` leaves out what happened there: two statements.
    """
    wanted = list(dict.fromkeys(dossier_ids))
    uow.session.flush()
    rows = uow.session.connection().execute(_LINKS, {"ids": wanted}).all() if wanted else []
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


def links_by_subject(uow: UnitOfWork, subject_id: uuid.UUID) -> Sequence[Row[*tuple[Any, ...]]]:
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


def outcome_of_dossiers(uow: UnitOfWork, dossier_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[list[Any], list[Any]]]:
    """By dossier its next public moments and its newest public decisions that hold, a few of each. One statement.

    Rows ``what id dossier_id title start_date end_date precision code body``; ``code`` is the kind of a moment, the result of a decision.
    """
    wanted = list(dict.fromkeys(dossier_ids))
    found: dict[uuid.UUID, tuple[list[Any], list[Any]]] = {id: ([], []) for id in wanted}
    moments = _MOMENTS.where(PlanningItem.dossier_id.in_(wanted), PlanningItem.end_date >= city_day(uow))
    decisions = _DECISIONS.where(Decision.dossier_id.in_(wanted))
    together: Any = union_all(moments, decisions)
    for row in uow.session.execute(together):
        found[row.dossier_id][row.what == "decision"].append(row)
    return {
        id: (
            sorted(coming, key=lambda row: (row.start_date, row.end_date))[:MOST_COMING],
            sorted(decided, key=lambda row: row.start_date, reverse=True)[:MOST_DECIDED],
        )
        for id, (coming, decided) in found.items()
    }


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

"""What a row of an import did, kept so that it can be taken back: what stood here before, and what stands here now."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from sqlalchemy import Row, inspect, select, update

from citycontent.api import Event, Membership, Organization, Person
from samen_beleidsagenda.models import AgendaItem, Document, Dossier, ImportList, ImportRow, Meeting, PlanningItem, Source, Treatment
from samen_beleidsagenda.schemas.import_plan import Planned
from samen_beleidsagenda.services.documents import document_values, versions_of
from samen_beleidsagenda.services.dossiers import dossier_values
from samen_beleidsagenda.services.imports.check import portions, scheme_of, sources_of
from samen_beleidsagenda.services.imports.compare import digest
from samen_beleidsagenda.services.imports.work import Now, Work
from samen_core.api import UnitOfWork

MODELS: dict[str, type[Any]] = {
    "organization": Organization,
    "person": Person,
    "membership": Membership,
    "dossier": Dossier,
    "moment": PlanningItem,
    "meeting": Meeting,
    "agenda_item": AgendaItem,
    "document": Document,
    "treatment": Treatment,
    "minutes": Meeting,
}
TOUCHED = ("version", "changed_at", "updated_at", "minutes_id")
"""What changes when something else does; that a paper is the minutes of a meeting is a row of its own."""
TIE = ("document_id", "agenda_item_id", "role", "authoritative", "outcome")


class Effect(TypedDict, total=False):
    """What a row did to the thing with this ``id``: ``made`` it, ``changed`` or ``removed`` it, or only came to know it.

    ``before`` is what stood in the fields that it changed, ``source`` what was imported before, None when nothing was. ``stamp`` is a
    digest of what stands here after the run.
    """

    act: str
    id: str
    before: dict[str, Any]
    source: dict[str, Any] | None
    stamp: str


def source_values(source: Source | None) -> dict[str, Any] | None:
    """What was imported last, as JSON."""
    if source is None:
        return None
    fields = dict(source.fields or {})
    return {"parent_key": source.parent_key, "subject_id": str(source.subject_id), "digest": source.digest, "fields": fields}


def what_stood(work: Work, thing: Planned, now: Now | None, names: Iterable[str] = ()) -> dict[str, Any]:
    """What taking back needs to know of how it was: the fields with these names, and what a kind has besides."""
    found = {name: now.values[name] for name in names if name in now.values} if now else {}
    if thing.kind == "minutes" and now is None:
        minutes_id = work.uow.session.get_one(Meeting, work.id(thing.values["meeting"])).minutes_id
        return {"document": str(minutes_id) if minutes_id else ""}
    if now is None:
        return found
    if thing.kind == "moment":
        item: PlanningItem = now.thing
        point = str(item.agenda_item_id) if item.agenda_item_id else None
        return {**found, "was": {"status": item.status, "slips": item.slips, "point": point}}
    if thing.kind == "meeting" and "start" in found:
        found["end"] = now.values["end"]
    if thing.kind == "agenda_item" or (thing.kind == "meeting" and (thing.gone or {"start", "cancelled"} & set(names))):
        found["moments"] = _moments_on(work, now)
    if thing.kind == "treatment":
        found |= {name: str(value) if isinstance(value, uuid.UUID) else value for name in TIE for value in (getattr(now.thing, name),)}
    return {**found, "versioned": True} if thing.kind == "document" and {"url", "edition"} & set(names) else found


def _moments_on(work: Work, now: Now) -> list[dict[str, Any]]:
    """The planned moments that stand at a point, or at the points of a meeting, and go along with it. One statement."""
    points = select(AgendaItem.id).where(AgendaItem.id == now.id if isinstance(now.thing, AgendaItem) else AgendaItem.meeting_id == now.id)
    statement = select(PlanningItem.id, PlanningItem.agenda_item_id, PlanningItem.slips)
    rows = work.uow.session.execute(statement.where(PlanningItem.agenda_item_id.in_(points), PlanningItem.status == "scheduled"))
    return [{"id": str(row.id), "point": str(row.agenda_item_id), "slips": row.slips} for row in rows]


def keep_stamps(uow: UnitOfWork, of: ImportList, run_id: uuid.UUID) -> None:
    """Keep what stands here now that a run is over, so that it shows what is changed after it."""
    rows = open_rows(uow, run_id)
    stamps = stamps_of(uow, of, rows)
    for row in rows:
        values = {"effect": {**row.effect, "stamp": stamps[row.number]}}
        uow.session.execute(update(ImportRow).where(ImportRow.run_id == run_id, ImportRow.number == row.number).values(**values))


def open_rows(uow: UnitOfWork, run_id: uuid.UUID, limit: int | None = None) -> Sequence[Row[Any]]:
    """The rows of a run that did something that was not taken back, the last first: what is part of something before that."""
    columns = (ImportRow.number, ImportRow.kind, ImportRow.key, ImportRow.title, ImportRow.values, ImportRow.effect)
    statement = select(*columns).where(ImportRow.run_id == run_id, ImportRow.undo == "open").order_by(ImportRow.number.desc())
    return uow.session.execute(statement.limit(limit)).all()


def stamps_of(uow: UnitOfWork, of: ImportList, rows: Sequence[Row[Any]]) -> dict[int, str]:
    """By number of the row a digest of what it was about, as that stands here now, and of what was imported of it last."""
    sources = sources_of(uow, scheme_of(of), [row.key for row in rows])
    for model in set(MODELS.values()):
        ids = [uuid.UUID(row.effect["id"]) for row in rows if MODELS[row.kind] is model]
        for portion in portions(ids):
            # Loaded together, as they are now: each is found in the session after this.
            statement = select(model).where(inspect(model).primary_key[0].in_(portion))
            uow.session.execute(statement.execution_options(populate_existing=True)).scalars().all()
    return {row.number: digest([_facts(uow, row), source_values(sources.get(row.key))]) for row in rows}


def _facts(uow: UnitOfWork, row: Row[Any]) -> dict[str, Any] | None:
    if row.effect["act"] == "known":
        return None
    thing = uow.session.get(MODELS[row.kind], uuid.UUID(row.effect["id"]))
    if thing is None:
        return None
    if row.kind == "minutes":
        return {"document": str(thing.minutes_id)}
    if row.kind == "treatment":
        return {"role": thing.role, "outcome": thing.outcome}
    found = _columns(thing)
    if isinstance(thing, Dossier):
        found |= _plain(dossier_values(uow, thing))
    elif isinstance(thing, Document):
        found |= _plain(document_values(uow, thing))
        found["versions"] = [str(version.id) for version in versions_of(uow, [thing.id]).get(thing.id, ())]
    elif isinstance(thing, Meeting):
        found["event"] = _columns(uow.session.get_one(Event, thing.event_id, populate_existing=True))
    return found


def _columns(thing: Any) -> dict[str, Any]:
    names = [attribute.key for attribute in inspect(type(thing)).column_attrs]
    return {name: str(getattr(thing, name)) for name in names if name not in TOUCHED}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    lists = {name: sorted(map(str, value)) if isinstance(value, tuple) else str(value) for name, value in values.items()}
    return {name: value for name, value in lists.items() if name not in TOUCHED}

"""Taking an import back: everything that it did and that nobody changed since, the last first; the rest stays and is named with the reason.

Small ones at once, long ones in portions by the worker. Every portion is one transaction and looks again at what is here. A row that a rule
refuses takes its portion back, stays, and the portion is done again without it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, inspect, select, update

from citycontent.api import AccountPerson, Event, Membership, Organization, Post
from samen_beleidsagenda.models import (
    COMING_STATUSES,
    AgendaItem,
    Commitment,
    CouncilQuestion,
    Decision,
    DocumentDossier,
    Dossier,
    FollowUpStep,
    Goal,
    GroupVote,
    ImportList,
    ImportRow,
    ImportRun,
    Meeting,
    Motion,
    ParticipationLink,
    PlanningItem,
    Source,
    Submitter,
    Treatment,
    Vote,
)
from samen_beleidsagenda.permissions import APPROVE
from samen_beleidsagenda.schemas.import_mapping import mapping_from
from samen_beleidsagenda.schemas.import_plan import Planned
from samen_beleidsagenda.services.common import check_version
from samen_beleidsagenda.services.imports.adapters import ADAPTERS
from samen_beleidsagenda.services.imports.apply import AT_ONCE, PORTION, get_run, reason_of
from samen_beleidsagenda.services.imports.check import fill, portions, scheme_of, sources_of
from samen_beleidsagenda.services.imports.effects import open_rows, stamps_of
from samen_beleidsagenda.services.imports.undoing import CHANGED_SINCE, take_back, was_seen
from samen_beleidsagenda.services.imports.work import Now, Work, plain_params
from samen_core.api import Invalid, SamenError, Text, UnitOfWork, _

NOTHING_LEFT = _("Van dit bestand valt niets terug te draaien.")
IN_USE = _("Hier hangt iets aan dat blijft. Daarom blijft dit ook staan.")
SEEN = _("Dit moment was openbaar en is geweest. Het blijft leesbaar.")

REFERRERS: Mapping[str, tuple[Any, ...]] = {
    "organization": (
        Organization.parent_id,
        Membership.organization_id,
        Post.organization_id,
        Event.organization_id,
        Dossier.organization_id,
        Submitter.organization_id,
        Vote.group_id,
        GroupVote.group_id,
    ),
    "person": (Membership.person_id, Submitter.person_id, Vote.person_id, AccountPerson.person_id),
    "dossier": (
        PlanningItem.dossier_id,
        AgendaItem.dossier_id,
        DocumentDossier.dossier_id,
        Motion.dossier_id,
        Commitment.dossier_id,
        CouncilQuestion.dossier_id,
        Decision.dossier_id,
        ParticipationLink.dossier_id,
    ),
    "moment": (PlanningItem.previous_id, Decision.planning_item_id),
    "meeting": (AgendaItem.meeting_id, Commitment.meeting_id),
    "agenda_item": (
        AgendaItem.parent_id,
        PlanningItem.agenda_item_id,
        Treatment.agenda_item_id,
        Decision.agenda_item_id,
        Motion.agenda_item_id,
        Commitment.agenda_item_id,
        CouncilQuestion.agenda_item_id,
        FollowUpStep.agenda_item_id,
    ),
    "document": (
        Treatment.document_id,
        Meeting.minutes_id,
        Goal.document_id,
        Motion.answer_document_id,
        Motion.amends_id,
        Commitment.answer_document_id,
        CouncilQuestion.answer_document_id,
        FollowUpStep.document_id,
    ),
    "treatment": (Decision.treatment_id,),
}
"""What hangs on a thing of each kind; as long as it is there, the thing stays."""


def can_undo(run: ImportRun) -> bool:
    """Whether a run is in a state to be taken back."""
    return run.state in ("applied", "failed")


def look_back(uow: UnitOfWork, run: ImportRun) -> tuple[int, list[tuple[str, str, Text]]]:
    """How many rows of a run would be taken back, and of those that would stay kind, title and reason. Nothing is written."""
    rows = open_rows(uow, run.id)
    kept = _judge(uow, uow.session.get_one(ImportList, run.list_id), rows)
    return len(rows) - len(kept), [(row.kind, row.title, kept[row.number]) for row in reversed(rows) if row.number in kept]


def undone_counts(uow: UnitOfWork, id: uuid.UUID) -> dict[str, int]:
    """How many rows of a run are ``open``, ``undone`` and ``kept``."""
    tally = select(ImportRow.undo, func.count().label("number")).where(ImportRow.run_id == id, ImportRow.undo != "")
    return {row.undo: row.number for row in uow.session.execute(tally.group_by(ImportRow.undo))}


def undo_run(uow: UnitOfWork, id: uuid.UUID, version: int) -> ImportRun:
    """Take a run back: at once when it is small, else the worker does it.

    Raises NotFound, NotAllowed, Conflict, and Invalid when there is nothing (left) to take back.
    """
    run = get_run(uow, id)
    check_version(run, version)
    of = uow.session.get_one(ImportList, run.list_id)
    number = undone_counts(uow, id).get("open", 0)
    if not can_undo(run) or not number:
        raise Invalid(NOTHING_LEFT)
    if mapping_from(of.mapping or {}).publish:
        APPROVE.require(uow.actor, scopes=(of.body_id,) if of.body_id else ())
    uow.record("beleidsagenda.import.undo", None, after={"list": of.id, "run": id, "rows": number})
    run.state = "undoing"
    uow.session.flush()
    if number <= AT_ONCE:
        # A refused row takes its portion back, and that this began should stay.
        uow.commit()
        carry_back(uow, id)
    return uow.session.get_one(ImportRun, id, populate_existing=True)


def continue_undoing(uow: UnitOfWork) -> None:
    """Go on with every run that the worker takes back; part of the job of imports."""
    waiting = select(ImportRun.id).where(ImportRun.state == "undoing").order_by(ImportRun.at)
    for id in uow.session.execute(waiting).scalars().all():
        carry_back(uow, id)


def carry_back(uow: UnitOfWork, id: uuid.UUID) -> None:
    """Go on with taking a run back to its end, a portion per transaction; who does so at the same time waits its turn."""
    locked = select(ImportRun.state).where(ImportRun.id == id).with_for_update()
    while uow.session.execute(locked).scalar_one_or_none() == "undoing":
        rows = open_rows(uow, id, PORTION)
        if rows:
            _undo_rows(uow, id, rows)
        else:
            _end(uow, id)
        uow.commit()


def _undo_rows(uow: UnitOfWork, id: uuid.UUID, rows: Sequence[Row[Any]]) -> None:
    refused: dict[int, Text] = {}
    while True:
        run = uow.session.get_one(ImportRun, id, populate_existing=True, with_for_update=True)
        of = uow.session.get_one(ImportList, run.list_id)
        kept = {**_judge(uow, of, rows), **refused}
        number = 0
        try:
            work = Work(uow, of.name, undoing=True)
            for row in rows:
                number = row.number
                if number not in kept:
                    _undo_row(work, scheme_of(of), row)
            break
        except SamenError as error:
            uow.rollback()
            if number in refused:
                raise
            refused[number] = reason_of(error)
    for row in rows:
        values: dict[str, Any] = {"undo": "undone", "effect": {}}
        if message := kept.get(row.number):
            values = {"undo": "kept", "message": message.id, "params": plain_params(message)}
        uow.session.execute(update(ImportRow).where(ImportRow.run_id == id, ImportRow.number == row.number).values(**values))


def _judge(uow: UnitOfWork, of: ImportList, rows: Sequence[Row[Any]]) -> dict[int, Text]:
    """Why rows stay, by number; ``rows`` have the last first, so that what hangs on a thing is known before it."""
    stamps, hanging = stamps_of(uow, of, rows), _hanging(uow, rows)
    going: set[uuid.UUID] = set()
    kept: dict[int, Text] = {}
    for row in rows:
        id = uuid.UUID(row.effect["id"])
        made = row.effect["act"] == "made"
        if row.effect.get("stamp") != stamps[row.number]:
            kept[row.number] = CHANGED_SINCE
        elif made and not hanging[id] <= going:
            kept[row.number] = IN_USE
        elif made and row.kind == "moment" and _over(uow, of, id):
            kept[row.number] = SEEN
        elif made or row.kind == "minutes" or "item_parent" in row.effect["before"]:
            going.add(id)
    return kept


def _over(uow: UnitOfWork, of: ImportList, id: uuid.UUID) -> bool:
    item = uow.session.get_one(PlanningItem, id)
    return item.status not in COMING_STATUSES and was_seen(Work(uow, of.name), item)


def _hanging(uow: UnitOfWork, rows: Sequence[Row[Any]]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """By id of what was made what hangs on it and is there. A statement per kind of what can hang there and per 500 things."""
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for kind, columns in REFERRERS.items():
        ids = [uuid.UUID(row.effect["id"]) for row in rows if row.kind == kind and row.effect["act"] == "made"]
        for portion in portions(ids):
            for column in columns:
                model = column.class_
                statement = select(column, inspect(model).primary_key[0]).where(column.in_(portion))
                if hasattr(model, "state"):
                    statement = statement.where(model.state != "deleted")
                for id, other in uow.session.execute(statement):
                    found[id].add(other)
    return found


def _undo_row(work: Work, scheme: str, row: Row[Any]) -> None:
    """Take back what a row did, and what it remembered."""
    effect = row.effect
    id: uuid.UUID | None = None
    known = sources_of(work.uow, scheme, [row.key, *effect["before"].get("order", ())])
    fill(work, known)
    if effect["act"] != "known":
        id = take_back(work, Planned(kind=row.kind, key=row.key, title=row.title), effect, _now(work, row))
        work.uow.session.flush()
    source, was = known.get(row.key), effect["source"]
    if was is None:
        if source is not None:
            work.uow.session.delete(source)
    else:
        values = {**was, "subject_id": uuid.UUID(was["subject_id"]), "at": work.uow.now}
        if row.kind == "treatment" and id is not None:
            values["fields"] = {**was["fields"], "_id": str(id)}
        elif row.kind == "moment" and id is not None:
            values["subject_id"] = id
        if source is None:
            work.uow.session.add(Source(scheme=scheme, key=row.key, **values))
        else:
            for name, value in values.items():
                setattr(source, name, value)
    work.uow.session.flush()


def _now(work: Work, row: Row[Any]) -> Now | None:
    id = uuid.UUID(row.effect["id"])
    if row.effect["act"] == "removed":
        return None
    return ADAPTERS[row.kind].now(work, [id]).get(id)


def _end(uow: UnitOfWork, id: uuid.UUID) -> None:
    run = uow.session.get_one(ImportRun, id, populate_existing=True)
    told = undone_counts(uow, id)
    run.state, run.undone_at = "undone", uow.now
    uow.record("beleidsagenda.import.undone", None, after={"list": run.list_id, "run": id, **told})
    uow.session.flush()

"""Papers, the points where they lie and the minutes of meetings, as an import makes and changes them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import select

from samen_beleidsagenda.models import Document, Meeting, Treatment
from samen_beleidsagenda.permissions import RECORD, WRITE
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.documents import AddVersion, ChangeDocument, EnterDocument, TreatDocument
from samen_beleidsagenda.schemas.import_plan import Planned
from samen_beleidsagenda.schemas.meetings import ChangeMeeting
from samen_beleidsagenda.services import approval
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.services.documents import (
    add_version,
    change_document,
    document_values,
    enter_document,
    publish_document,
    versions_of,
)
from samen_beleidsagenda.services.imports.meetings import own_values
from samen_beleidsagenda.services.imports.work import Adapter, Now, Work
from samen_beleidsagenda.services.meetings import change_meeting, find_meeting
from samen_beleidsagenda.services.treatments import treat_document, untreat_document
from samen_beleidsagenda.woo import COUNCIL_PAPERS, WOO_CATEGORIES
from samen_core.api import UnitOfWork


def papers_now(work: Work, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Now]:
    """Papers with the address of their newest version. Two statements."""
    statement = select(Document).where(Document.id.in_(ids), Document.state != "deleted")
    documents = work.uow.session.execute(statement).scalars().all()
    versions = versions_of(work.uow, [document.id for document in documents])
    found = {}
    for document in documents:
        newest = next(iter(versions.get(document.id, ())), None)
        names = ("title", "type", "reference", "summary", "language", "page_url", "woo_category", "confidential")
        values = {name: getattr(document, name) for name in names}
        values |= {"date": document.date.isoformat(), "url": newest.url if newest else ""}
        found[document.id] = Now(document.id, values, document)
    return found


def add_paper(work: Work, thing: Planned) -> uuid.UUID:
    """Enter a paper with the address where it is, public at once where the list says so."""
    values = thing.values
    command = EnterDocument(**_paper(work.uow, thing), url=values.get("url") or "", confidential=values["confidential"])
    document = enter_document(work.uow, command)
    if work.publish and not document.confidential:
        work.uow.session.flush()
        publish_document(work.uow, document.id, Approve(version=document.version))
    return document.id


def _paper(uow: UnitOfWork, thing: Planned) -> dict[str, Any]:
    values = thing.values
    category = values.get("woo_category") or ""
    return {
        "type": values["type"],
        "title": values["title"],
        "date": date.fromisoformat(values["date"]) if values.get("date") else today(uow),
        "reference": values.get("reference") or "",
        "summary": values.get("summary") or "",
        "woo_category": category if category in WOO_CATEGORIES else COUNCIL_PAPERS,
        "language": values.get("language") or "nl",
        "page_url": values.get("page_url") or "",
    }


def change_paper(work: Work, now: Now, thing: Planned, names: frozenset[str]) -> uuid.UUID:
    """Change these fields of a paper; another address, or a newer edition at the same one, is a version."""
    versioned = names & {"url", "edition"}
    if facts := names - versioned:
        told = {**_paper(work.uow, thing), "confidential": thing.values["confidential"]}
        current = document_values(work.uow, now.thing)
        known = {item.name for item in fields(ChangeDocument)}
        command = ChangeDocument(**{name: value for name, value in current.items() if name in known} | {name: told[name] for name in facts})
        change_document(work.uow, now.id, command)
        work.uow.session.flush()
    if versioned and thing.values.get("url"):
        version = now.thing.version
        add_version(work.uow, now.id, AddVersion(version=version, url=thing.values["url"], note=work.reason))
    return now.id


def remove_paper(work: Work, now: Now) -> None:
    """Take a paper away."""
    approval.remove(work.uow, Document, now.id, Approve(version=now.thing.version, reason=work.gone_reason))


# --- papers at points, minutes of meetings ---------------------------------------------------------------------------------------


def ties_now(work: Work, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Now]:
    """Papers that lie at a point, by the id of the treatment. One statement."""
    statement = select(Treatment).where(Treatment.id.in_(ids))
    return {tie.id: Now(tie.id, {}, tie) for tie in work.uow.session.execute(statement).scalars()}


def find_ties(work: Work, things: Sequence[Planned]) -> dict[str, uuid.UUID]:
    """The papers of a file that lie at their point already, by key. One statement."""
    wanted = {}
    for thing in things:
        point, paper = work.ids.get(thing.values["agenda_item"]), work.ids.get(thing.values["document"])
        if point and paper:
            wanted[point, paper] = thing.key
    if not wanted:
        return {}
    statement = select(Treatment.id, Treatment.agenda_item_id, Treatment.document_id)
    rows = work.uow.session.execute(statement.where(Treatment.agenda_item_id.in_([point for point, _paper in wanted]))).all()
    return {wanted[row.agenda_item_id, row.document_id]: row.id for row in rows if (row.agenda_item_id, row.document_id) in wanted}


def add_tie(work: Work, thing: Planned) -> uuid.UUID:
    """Put a paper at a point."""
    command = TreatDocument(document_id=work.id(thing.values["document"]))
    return treat_document(work.uow, work.id(thing.values["agenda_item"]), command).id


def remove_tie(work: Work, now: Now) -> None:
    """Take a paper away from a point."""
    untreat_document(work.uow, now.id)


def minutes_now(work: Work, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Now]:
    """The minutes of meetings. One statement."""
    statement = select(Meeting).where(Meeting.event_id.in_(ids))
    rows = work.uow.session.execute(statement).scalars()
    return {row.event_id: Now(row.event_id, {"document": str(row.minutes_id) if row.minutes_id else ""}, row) for row in rows}


def set_minutes(work: Work, thing: Planned) -> uuid.UUID:
    """Say which paper holds the minutes of a meeting."""
    id = work.id(thing.values["meeting"])
    meeting, event = find_meeting(work.uow, id)
    values = own_values(work, meeting, event)
    change_meeting(work.uow, id, ChangeMeeting(**{**values, "minutes_id": work.id(thing.values["document"])}))
    return id


def change_minutes(work: Work, now: Now, thing: Planned, names: frozenset[str]) -> uuid.UUID:  # noqa: ARG001 as every adapter
    """Say that it is another paper."""
    return set_minutes(work, thing)


_PAPER_FIELDS = ("title", "type", "date", "reference", "summary", "url", "page_url", "woo_category", "language", "edition", "confidential")
ADAPTERS = (
    Adapter(
        kind="document", compared=_PAPER_FIELDS, now=papers_now, add=add_paper, change=change_paper, remove=remove_paper, permission=WRITE
    ),
    Adapter(
        kind="treatment", compared=(), now=ties_now, add=add_tie, remove=remove_tie, find=find_ties, permission=RECORD, subject="document"
    ),
    Adapter(
        kind="minutes",
        compared=("document",),
        now=minutes_now,
        add=set_minutes,
        change=change_minutes,
        refs=("document",),
        permission=RECORD,
    ),
)

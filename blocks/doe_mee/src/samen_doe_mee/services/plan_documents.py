"""Documents of plans: files or links in an order; a file that is replaced stays as the history of the document."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from samen_core.api import (
    Conflict,
    FileValue,
    Gone,
    Invalid,
    NotFound,
    StoredFile,
    SubjectRef,
    UnitOfWork,
    _,
    attach_files,
    register,
    stored_files,
    update_card,
    uuid7,
)
from samen_doe_mee.events.plans import PlanUpdated
from samen_doe_mee.models import Plan, PlanDocument
from samen_doe_mee.schemas.plan_parts import AddDocument, UpdateDocument
from samen_doe_mee.services.kinds import PLAN_DOCUMENT
from samen_doe_mee.services.plan_cards import document_card
from samen_doe_mee.services.plans import EDITORS, is_public, plan_to_work_at, tell_plan

MOST_DOCUMENTS = 100


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with its file, and the files that this one replaced, newest first."""

    document: PlanDocument
    file: StoredFile | None
    earlier: tuple[StoredFile, ...]


_OF_PLAN = (
    select(PlanDocument)
    .where(PlanDocument.plan_id == bindparam("plan_id"), PlanDocument.removed_at.is_(None))
    .order_by(PlanDocument.position, PlanDocument.id)
)


def documents_of(uow: UnitOfWork, plan: Plan) -> list[DocumentView]:
    """The documents of a plan in order. Two statements."""
    documents = _documents(uow, plan)
    files = stored_files(uow, [document.id for document in documents])
    found = []
    for document in documents:
        mine = files[document.id]
        now = next((file for file in mine if file.id == document.file_id), None)
        found.append(DocumentView(document, now, tuple(file for file in reversed(mine) if file.id != document.file_id)))
    return found


def add_document(uow: UnitOfWork, plan_id: uuid.UUID, command: AddDocument) -> PlanDocument:
    """Add a document, at the end. Raises NotFound, NotAllowed, Gone for a withdrawn plan, Invalid."""
    plan = _plan(uow, plan_id)
    _check(command)
    rows = _documents(uow, plan)
    if len(rows) >= MOST_DOCUMENTS:
        raise Invalid(_("Een plan heeft hoogstens {max} documenten.", max=MOST_DOCUMENTS))
    position = rows[-1].position + 1 if rows else 0
    document = PlanDocument(id=uuid7(), plan_id=plan.id, position=position, title=command.title, url=command.url, at=uow.now)
    register(uow, SubjectRef(PLAN_DOCUMENT, document.id), document_card(document, plan))
    document.file_id = _attach(uow, document, command.file)
    uow.session.add(document)
    uow.session.flush()
    _tell(uow, plan, document, "document_added")
    return document


def update_document(uow: UnitOfWork, id: uuid.UUID, command: UpdateDocument) -> PlanDocument:
    """Change a document. Raises NotFound, NotAllowed, Gone, Conflict with the values of now, Invalid."""
    plan, document = _locked(uow, id, command.version)
    _check(command)
    document.title, document.url = command.title, command.url
    file_id = _attach(uow, document, command.file)
    if document.file_id != file_id:
        document.file_id, document.at = file_id, uow.now
    if uow.record_change("doe_mee.plan.document_changed", document, plan.id):
        uow.session.flush()
        update_card(uow, SubjectRef(PLAN_DOCUMENT, id), document_card(document, plan))
        tell_plan(uow, PlanUpdated, plan, SubjectRef(PLAN_DOCUMENT, id))
    return document


def remove_document(uow: UnitOfWork, id: uuid.UUID, version: int) -> None:
    """Take a document away; its files can then be opened by nobody outside. Raises NotFound, NotAllowed, Gone, Conflict."""
    plan, document = _locked(uow, id, version)
    document.removed_at = uow.now
    uow.session.flush()
    update_card(uow, SubjectRef(PLAN_DOCUMENT, id), document_card(document, plan))
    uow.record("doe_mee.plan.document_removed", plan.id, after={"document": id, "title": document.title})
    tell_plan(uow, PlanUpdated, plan)


def move_document(uow: UnitOfWork, id: uuid.UUID, *, up: bool) -> None:
    """Move a document one place; at the edge nothing happens. Raises NotFound, NotAllowed, Gone."""
    plan, document = _locked(uow, id, None)
    rows = _documents(uow, plan)
    at = next(index for index, row in enumerate(rows) if row.id == document.id)
    to = at + (-1 if up else 1)
    if not 0 <= to < len(rows):
        return
    rows.insert(to, rows.pop(at))
    for position, row in enumerate(rows):
        if row.position != position:
            row.position = position
    uow.session.flush()
    uow.record("doe_mee.plan.document_moved", plan.id, after={"document": id, "position": to})


def get_document(uow: UnitOfWork, id: uuid.UUID) -> PlanDocument:
    """A document by its id. Raises NotFound."""
    document = uow.session.get(PlanDocument, id)
    if document is None or document.removed_at is not None:
        raise NotFound
    return document


def document_values(document: PlanDocument) -> dict[str, object]:
    """What its form shows."""
    file = FileValue(document.file_id) if document.file_id else None
    return {"title": document.title, "url": document.url, "file": file, "version": document.version}


def _documents(uow: UnitOfWork, plan: Plan) -> list[PlanDocument]:
    return list(uow.session.execute(_OF_PLAN, {"plan_id": plan.id}).scalars())


def _plan(uow: UnitOfWork, plan_id: uuid.UUID) -> Plan:
    plan = plan_to_work_at(uow, plan_id, *EDITORS)
    if plan.state == "withdrawn":
        raise Gone(_("Dit plan is ingetrokken."))
    return plan


def _locked(uow: UnitOfWork, id: uuid.UUID, version: int | None) -> tuple[Plan, PlanDocument]:
    document = get_document(uow, id)
    plan = _plan(uow, document.plan_id)
    uow.session.refresh(document)
    if document.removed_at is not None:
        raise Gone
    if version is not None and document.version != version:
        raise Conflict(current=document_values(document), version=document.version)
    return plan, document


def _check(command: AddDocument) -> None:
    if command.file is None and not command.url:
        raise Invalid({"file": [_("Kies een bestand, of vul een link in.")]})
    if command.file is not None and command.url:
        raise Invalid({"url": [_("Kies een bestand of een link, niet allebei.")]})


def _attach(uow: UnitOfWork, document: PlanDocument, file: FileValue | None) -> uuid.UUID | None:
    if file is None:
        return None
    return attach_files(uow, [file], document.id, "file")[0].id


def _tell(uow: UnitOfWork, plan: Plan, document: PlanDocument, what: str) -> None:
    sentence = _("Document: {title}", title=document.title)
    uow.record(f"doe_mee.plan.{what}", plan.id, after={"document": document.id}, public=is_public(plan), sentence=sentence)
    tell_plan(uow, PlanUpdated, plan, SubjectRef(PLAN_DOCUMENT, document.id))

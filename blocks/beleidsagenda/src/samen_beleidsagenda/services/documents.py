"""Papers: what they are, their versions, and the dossiers that they belong to. Their files are as public as they are."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from samen_beleidsagenda.events import DocumentPublished
from samen_beleidsagenda.models import Document, DocumentDossier, DocumentVersion, Dossier
from samen_beleidsagenda.permissions import APPROVE
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.documents import AddVersion, ChangeDocument, EnterDocument
from samen_beleidsagenda.services import approval
from samen_beleidsagenda.services.common import check_version as check_thing_version
from samen_beleidsagenda.services.common import (
    enter,
    keep_card,
    locked_thing,
    log,
    may_see,
    require_reason,
    require_write,
    scopes_of,
    set_confidential,
    tell,
)
from samen_beleidsagenda.services.references import Reference, check_references, linked, many, set_links
from samen_core.api import File, NotFound, UnitOfWork, _, attach_files, check_files, delete_file, uuid7

FACTS = ("type", "title", "reference", "date", "summary", "woo_category", "language", "licence", "page_url")
FIRST = 1

ENTERED = _("Dit stuk is ingevoerd.")
CHANGED = _("De gegevens van dit stuk zijn veranderd.")
WITHDRAWN = _("Een versie van dit stuk is weggehaald.")


def enter_document(uow: UnitOfWork, command: EnterDocument) -> Document:
    """Enter a paper as a draft, with its first version when it is given. Raises NotAllowed and Invalid.

    Who may write on one of its dossiers may enter it.
    """
    check_references(uow, _dossiers(command.dossier_ids))
    if command.file is not None:
        check_files(uow, [command.file], "file")
    document = Document(confidential=command.confidential, **{name: getattr(command, name) for name in FACTS})
    dossiers = [uow.session.get_one(Dossier, id) for id in command.dossier_ids]
    enter(uow, document, scopes=tuple(place for dossier in dossiers for place in (dossier.id, *scopes_of(uow, dossier))))
    uow.session.flush()
    set_links(uow, DocumentDossier.dossier_id, DocumentDossier.document_id, document.id, command.dossier_ids)
    if command.file is not None or command.url:
        _add(uow, document, FIRST, AddVersion(version=0, file=command.file, url=command.url, sha256=command.sha256))
    log(uow, "beleidsagenda.document.entered", document, ENTERED, after={"title": document.title})
    return document


def change_document(uow: UnitOfWork, id: uuid.UUID, command: ChangeDocument) -> Document:
    """Replace what is known of a paper. Raises NotFound, NotAllowed, Invalid, and Conflict with the values of now."""
    document = _to_change(uow, id, command.version)
    tied = dossiers_of(uow, id)
    check_references(uow, _dossiers(command.dossier_ids), tied)
    set_confidential(uow, document, command.confidential)
    for name in FACTS:
        setattr(document, name, getattr(command, name))
    # No form shows the dossiers that the actor may not see: those stay.
    unseen = set(tied) - set(_seen_of(uow, tied))
    set_links(uow, DocumentDossier.dossier_id, DocumentDossier.document_id, id, {*command.dossier_ids, *unseen})
    keep_card(uow, document)
    log(uow, "beleidsagenda.document.changed", document, CHANGED, after={"title": document.title})
    return document


def add_version(uow: UnitOfWork, id: uuid.UUID, command: AddVersion) -> DocumentVersion:
    """Add a newer version; of a public paper it is public at once, for who may make things public. Raises as :func:`change_document`."""
    document = _to_change(uow, id, command.version)
    if document.state == "published":
        require_write(uow, document, APPROVE)
    last = select(func.max(DocumentVersion.number)).where(DocumentVersion.document_id == id)
    added = _add(uow, document, (uow.session.execute(last).scalar_one_or_none() or 0) + 1, command)
    keep_card(uow, document)
    sentence = _("Versie {number} van dit stuk is toegevoegd.", number=added.number)
    log(uow, "beleidsagenda.document.version_added", document, sentence, after={"number": added.number}, reason=added.note)
    tell(uow, DocumentPublished, document)
    return added


def withdraw_version(uow: UnitOfWork, id: uuid.UUID, number: int, command: Approve) -> None:
    """Take a version away that should not be there, with its file and the reason. Raises as :func:`change_document`."""
    document = _to_change(uow, id, command.version)
    if document.state == "published":
        require_write(uow, document, APPROVE)
    reason = require_reason(command.reason)
    found = next((version for version in versions_of(uow, [id]).get(id, ()) if version.number == number), None)
    if found is None:
        raise NotFound
    uow.session.delete(found)
    uow.session.flush()
    if found.file_id is not None:
        delete_file(uow, found.file_id)
    keep_card(uow, document)
    log(uow, "beleidsagenda.document.version_withdrawn", document, WITHDRAWN, before={"number": number}, reason=reason)


def publish_document(uow: UnitOfWork, id: uuid.UUID, command: Approve) -> Document:
    """Make a paper public, with its files. Raises as :func:`samen_beleidsagenda.services.approval.publish`."""
    return approval.publish(uow, Document, id, command, DocumentPublished)


def dossiers_of(uow: UnitOfWork, id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """The dossiers of a paper, also those that the actor may not see."""
    return linked(uow, DocumentDossier.dossier_id, DocumentDossier.document_id, id)


def versions_of(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[DocumentVersion]]:
    """The versions of these papers, newest first. One statement; the caller has checked that the actor may see the papers."""
    found: dict[uuid.UUID, list[DocumentVersion]] = {}
    if ids:
        statement = select(DocumentVersion).where(DocumentVersion.document_id.in_(ids))
        for version in uow.session.execute(statement.order_by(DocumentVersion.number.desc())).scalars():
            found.setdefault(version.document_id, []).append(version)
    return found


def document_values(uow: UnitOfWork, document: Document) -> dict[str, Any]:
    """What the edit form shows."""
    values = {name: getattr(document, name) for name in (*FACTS, "confidential", "version")}
    return {**values, "dossier_ids": _seen_of(uow, dossiers_of(uow, document.id))}


def _seen_of(uow: UnitOfWork, dossier_ids: Sequence[uuid.UUID]) -> tuple[uuid.UUID, ...]:
    """Of these dossiers those that the actor may see, in their order."""
    found = uow.session.execute(select(Dossier).where(Dossier.id.in_(dossier_ids))).scalars() if dossier_ids else ()
    seen = {dossier.id for dossier in found if may_see(uow, dossier)}
    return tuple(id for id in dossier_ids if id in seen)


def _to_change(uow: UnitOfWork, id: uuid.UUID, version: int) -> Document:
    document = locked_thing(uow, Document, id)
    require_write(uow, document)
    check_thing_version(document, version, document_values(uow, document))
    return document


def _dossiers(ids: Iterable[uuid.UUID]) -> list[Reference]:
    return many("dossier_ids", "dossier", ids)


def _add(uow: UnitOfWork, document: Document, number: int, command: AddVersion) -> DocumentVersion:
    version = DocumentVersion(
        id=uuid7(), document_id=document.id, number=number, url=command.url, sha256=command.sha256.lower(), note=command.note, at=uow.now
    )
    if command.file is not None:
        stored = attach_files(uow, [command.file], document.id, "file")[0]
        version.file_id, version.name, version.media_type, version.size = stored.id, stored.name, stored.media_type, stored.size
        version.sha256 = uow.session.get_one(File, stored.id).sha256
    uow.session.add(version)
    uow.session.flush()
    return version

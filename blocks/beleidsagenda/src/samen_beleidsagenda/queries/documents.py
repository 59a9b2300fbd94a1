"""Papers: lists, and the facts of one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select, true

from samen_beleidsagenda.models import Document, DocumentDossier, Dossier
from samen_beleidsagenda.permissions import SEE_CONFIDENTIAL, WRITE
from samen_beleidsagenda.queries.visibility import granted, shown_dossiers
from samen_core.api import Count, Order, Page, PageRequest, Permission, SortKey, Subject, UnitOfWork, count_up_to, fetch_page, parse_query

AnyRow = Row[*tuple[Any, ...]]
MOST_FOUND = 500
MOST_CHOICES = 200
ORDERS = {
    "newest": Order("document.newest", SortKey(Document.date, descending=True), SortKey(Document.id, descending=True)),
    "oldest": Order("document.oldest", SortKey(Document.date), SortKey(Document.id)),
}
CARD: tuple[Any, ...] = (
    Document.id,
    Document.version,
    Document.type,
    Document.title,
    Document.reference,
    Document.date,
    Document.summary,
    Document.woo_category,
    Document.language,
    Document.licence,
    Document.page_url,
    Document.state,
    Document.confidential,
    Document.published_at,
    Document.changed_at,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """Which papers. ``state`` other than published only shows what one may write."""

    text: str = ""
    type: str | None = None
    woo_category: str | None = None
    dossier_id: uuid.UUID | None = None
    state: str = "published"


def shown_documents(uow: UnitOfWork, *, drafts: bool = False) -> ColumnElement[bool]:
    """Papers that the actor may see, by grants on themselves or on one of their dossiers; with ``drafts`` also what one may write."""
    if uow.actor.is_anonymous:
        return and_(Document.state == "published", Document.confidential.is_(False))
    allowed = or_(Document.confidential.is_(False), _granted(uow, SEE_CONFIDENTIAL))
    if not drafts:
        return and_(Document.state == "published", allowed)
    return and_(or_(Document.state == "published", and_(Document.state.in_(("draft", "submitted")), _granted(uow, WRITE))), allowed)


def _granted(uow: UnitOfWork, permission: Permission) -> ColumnElement[bool]:
    if permission.allows(uow.actor):
        return true()
    if not permission.somewhere(uow.actor):
        return false()
    tied = select(DocumentDossier.document_id).join(Dossier, Dossier.id == DocumentDossier.dossier_id)
    tied = tied.where(granted(uow.actor, permission, Dossier.id, Dossier.organization_id))
    return or_(granted(uow.actor, permission, Document.id), Document.id.in_(tied))


def list_documents(
    uow: UnitOfWork, chosen: DocumentFilter, request: PageRequest, *, order: str = "newest", with_count: bool = True
) -> Page[Row[Any]]:
    """A page of papers that the actor may see. At most three statements. Raises Invalid for a wrong cursor."""
    statement: Select[Any] = select(*CARD).where(shown_documents(uow, drafts=chosen.state != "published"), Document.state == chosen.state)
    if chosen.type is not None:
        statement = statement.where(Document.type == chosen.type)
    if chosen.woo_category is not None:
        statement = statement.where(Document.woo_category == chosen.woo_category)
    if chosen.dossier_id is not None:
        statement = statement.where(
            Document.id.in_(select(DocumentDossier.document_id).where(DocumentDossier.dossier_id == chosen.dossier_id))
        )
    if chosen.text:
        statement = statement.where(matching(uow, Document, "document", chosen.text))
    page = fetch_page(uow.session, statement, ORDERS[order], request)
    if not with_count:
        return page
    complete = not request.cursor and page.next is None
    return replace(page, count=Count(len(page.items)) if complete else count_up_to(uow.session, statement))


def matching(uow: UnitOfWork, model: Any, type: str, text: str) -> ColumnElement[bool]:
    """Rows whose title holds every word as it is typed, or whose text in the search index matches. One statement; none without words."""
    titled = and_(*(func.lower(model.title).contains(word.lower(), autoescape=True) for word in text.split()))
    query = parse_query(text)
    if query.is_empty:
        return titled
    allowed = and_(Subject.type == type, Subject.state == "active")
    ids = [row.subject_id for row in uow.platform.search.find(uow.session, query, allowed, MOST_FOUND)]
    return or_(titled, model.id.in_(ids)) if ids else titled


def dossiers_of_document(uow: UnitOfWork, id: uuid.UUID) -> Sequence[AnyRow]:
    """Title and slug of the dossiers of a paper that the actor may see, by title. One statement."""
    statement = (
        select(Dossier.id, Dossier.title, Dossier.slug)
        .join(DocumentDossier, DocumentDossier.dossier_id == Dossier.id)
        .where(DocumentDossier.document_id == id, shown_dossiers(uow, "published", "draft", "submitted"))
        .order_by(Dossier.sort_title, Dossier.id)
    )
    return uow.session.execute(statement).all()


def dossier_choices(uow: UnitOfWork, already: Sequence[uuid.UUID] = ()) -> list[tuple[uuid.UUID, str]]:
    """Dossiers that something can be tied to: those that run, and those that it is tied to ``already``. One statement."""
    running = Dossier.phase.not_in(("completed", "withdrawn"))
    statement = select(Dossier.id, Dossier.title).where(shown_dossiers(uow, "published", "draft", "submitted"))
    statement = statement.where(or_(running, Dossier.id.in_(already)) if already else running)
    rows = uow.session.execute(statement.order_by(Dossier.sort_title, Dossier.id).limit(MOST_CHOICES))
    return [(id, title) for id, title in rows]


def document_choices(uow: UnitOfWork, *types: str, already: uuid.UUID | None = None) -> list[tuple[uuid.UUID, str]]:
    """The newest papers of these types (all without one) to choose from, with the one that was chosen ``already``. One statement."""
    statement = select(Document.id, Document.title, Document.reference).where(shown_documents(uow, drafts=True))
    if types:
        statement = statement.where(or_(Document.type.in_(types), Document.id == already))
    rows = uow.session.execute(statement.order_by(Document.date.desc(), Document.id.desc()).limit(MOST_CHOICES))
    return [(id, f"{title} ({reference})" if reference else title) for id, title, reference in rows]

"""The text of the agenda for the search index. Only what every visitor may see: the index knows no readers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from citycontent.api import Area, Organization, Theme
from samen_beleidsagenda.models import (
    Body,
    Commitment,
    CouncilQuestion,
    Decision,
    Document,
    DocumentDossier,
    Dossier,
    DossierArea,
    DossierTheme,
    Motion,
    PlanningItem,
    Submitter,
)
from samen_core.api import SearchDocument, UnitOfWork, markdown_text

Loader = Callable[[UnitOfWork, Sequence[UUID]], list[SearchDocument]]


def dossier_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Public dossiers, also found by their themes, areas and tags. Three statements."""
    values = {"ids": list(ids)}
    names: dict[UUID, list[str]] = {}
    for row in (*uow.session.execute(_themes(), values), *uow.session.execute(_areas(), values)):
        names.setdefault(row.dossier_id, []).append(row.name)
    return [
        SearchDocument(row.id, row.title, " ".join((*names.get(row.id, ()), *(row.tags or ()))), _text(row.summary, row.why, row.question))
        for row in uow.session.execute(_things(Dossier, Dossier.summary, Dossier.why, Dossier.question, Dossier.tags), values)
    ]


def moment_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Public planned moments of public dossiers that were not put off, also found by their dossier and body. One statement."""
    rows = uow.session.execute(_moments(), {"ids": list(ids)})
    return [SearchDocument(row.id, row.title, _words(row.dossier, row.body), _text(row.text, row.say_how)) for row in rows]


def document_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Public papers, also found by their reference and public dossiers. Two statements."""
    values = {"ids": list(ids)}
    names: dict[UUID, list[str]] = {}
    for row in uow.session.execute(_dossiers_of_documents(), values):
        names.setdefault(row.document_id, []).append(row.title)
    return [
        SearchDocument(row.id, row.title, _words(row.reference, *names.get(row.id, ())), _text(row.summary))
        for row in uow.session.execute(_things(Document, Document.reference, Document.summary), values)
    ]


def decision_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Public decisions, also found by their body. One statement."""
    columns = (Decision.text, Decision.reasons, Decision.participation)
    rows = uow.session.execute(_of_body(Decision, *columns), {"ids": list(ids)})
    return [SearchDocument(row.id, row.title, row.body, _text(row.text, row.reasons, row.participation)) for row in rows]


def motion_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Public motions and amendments, also found by their number, body and the groups that put them. Two statements."""
    groups = _groups(uow, ids)
    rows = uow.session.execute(_of_body(Motion, Motion.number, Motion.text), {"ids": list(ids)})
    return [SearchDocument(row.id, row.title, _words(row.number, row.body, *groups.get(row.id, ())), _text(row.text)) for row in rows]


def commitment_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Public commitments, also found by their number, body and to whom they were made. One statement."""
    columns = (Commitment.number, Commitment.text, Commitment.made_to)
    rows = uow.session.execute(_of_body(Commitment, *columns), {"ids": list(ids)})
    return [SearchDocument(row.id, row.title, _words(row.number, row.body, row.made_to), _text(row.text)) for row in rows]


def question_documents(uow: UnitOfWork, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Public questions of council members with their answer, also found by their number and groups. Two statements."""
    groups = _groups(uow, ids)
    statement = _things(CouncilQuestion, CouncilQuestion.number, CouncilQuestion.text, CouncilQuestion.answer)
    rows = uow.session.execute(statement, {"ids": list(ids)})
    return [SearchDocument(row.id, row.title, _words(row.number, *groups.get(row.id, ())), _text(row.text, row.answer)) for row in rows]


SOURCES: dict[str, Loader] = {
    "dossier": dossier_documents,
    "planning_item": moment_documents,
    "document": document_documents,
    "body_decision": decision_documents,
    "motion": motion_documents,
    "commitment": commitment_documents,
    "council_question": question_documents,
}
"""The loader of each kind in the register."""


@cache
def _things(model: Any, *columns: Any) -> Select[Any]:
    """The public things of a model among ``ids``."""
    among = model.id.in_(bindparam("ids", expanding=True))
    return select(model.id, model.title, *columns).where(among, model.state == "published", model.confidential.is_(False))


@cache
def _of_body(model: Any, *columns: Any) -> Select[Any]:
    """The same, with the name of their body."""
    return _things(model, *columns).add_columns(Organization.name.label("body")).join(Organization, Organization.id == model.body_id)


@cache
def _moments() -> Select[Any]:
    shown = (Dossier.state == "published", Dossier.confidential.is_(False), PlanningItem.status != "postponed")
    return (
        _things(PlanningItem, PlanningItem.text, PlanningItem.say_how)
        .add_columns(Dossier.title.label("dossier"), Organization.name.label("body"))
        .join(Dossier, Dossier.id == PlanningItem.dossier_id)
        .outerjoin(Body, Body.organization_id == PlanningItem.body_id)
        .outerjoin(Organization, Organization.id == Body.organization_id)
        .where(*shown)
    )


@cache
def _themes() -> Select[UUID, str]:
    among = DossierTheme.dossier_id.in_(bindparam("ids", expanding=True))
    return select(DossierTheme.dossier_id, Theme.name).join(Theme, Theme.id == DossierTheme.theme_id).where(among)


@cache
def _areas() -> Select[UUID, str]:
    among = DossierArea.dossier_id.in_(bindparam("ids", expanding=True))
    return select(DossierArea.dossier_id, Area.name).join(Area, Area.id == DossierArea.area_id).where(among)


@cache
def _dossiers_of_documents() -> Select[UUID, str]:
    among = DocumentDossier.document_id.in_(bindparam("ids", expanding=True))
    return (
        select(DocumentDossier.document_id, Dossier.title)
        .join(Dossier, Dossier.id == DocumentDossier.dossier_id)
        .where(among, Dossier.state == "published", Dossier.confidential.is_(False))
    )


@cache
def _submitters() -> Select[UUID, str]:
    among = Submitter.subject_id.in_(bindparam("ids", expanding=True))
    return select(Submitter.subject_id, Organization.name).join(Organization, Organization.id == Submitter.organization_id).where(among)


def _groups(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for row in uow.session.execute(_submitters(), {"ids": list(ids)}):
        found.setdefault(row.subject_id, []).append(row.name)
    return found


def _words(*names: str | None) -> str:
    return " ".join(name for name in names if name)


def _text(*parts: str) -> str:
    return "\n".join(markdown_text(part) for part in parts if part)

"""What is read. Statements are built once, and a page costs the same number of them however long the list is."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from samen_core.api import Order, SearchDocument, SortKey, UnitOfWork
from sqlalchemy import Row, bindparam, select

from samen_voorbeeld_blok.models import Proposal

COLUMNS: tuple[Any, ...] = (Proposal.id, Proposal.version, Proposal.project_id, Proposal.title, Proposal.text, Proposal.at)
VISIBLE = select(*COLUMNS).where(Proposal.hidden.is_(False))
NEWEST = Order("voorbeeld_blok.newest", SortKey(Proposal.at, descending=True), SortKey(Proposal.id, descending=True))

_OF_PROJECT = VISIBLE.where(Proposal.project_id == bindparam("project_id")).order_by(Proposal.at.desc(), Proposal.id.desc()).limit(3)
_TEXTS = select(Proposal.id, Proposal.title, Proposal.text)


def latest(uow: UnitOfWork, project_id: uuid.UUID) -> Sequence[Row[Any]]:
    """The three newest proposals of a project."""
    return uow.session.execute(_OF_PROJECT, {"project_id": project_id}).all()


def documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> Iterable[SearchDocument]:
    """The words by which proposals are found. The register says who may find them: not what is hidden."""
    rows = uow.session.execute(_TEXTS.where(Proposal.id.in_(ids)))
    return [SearchDocument(row.id, row.title, body=row.text) for row in rows]

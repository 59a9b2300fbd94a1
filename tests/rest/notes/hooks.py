"""The hooks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from samen_core.api import Permission, SearchDocument, SearchSource, SubjectType, UnitOfWork, _, hookimpl
from samen_core.rest.resource import RestBlueprint
from tests.rest.notes.models import Note
from tests.rest.notes.rest import rest
from tests.rest.notes.services import WRITE


@hookimpl
def samen_resources() -> list[RestBlueprint]:
    return [rest]


def _documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[SearchDocument]:
    rows = uow.session.execute(select(Note.id, Note.title).where(Note.id.in_(ids)))
    return [SearchDocument(row.id, row.title) for row in rows]


@hookimpl
def samen_search_sources() -> list[SearchSource]:
    return [SearchSource("note", _documents)]


@hookimpl
def samen_permissions() -> list[Permission]:
    return [WRITE]


@hookimpl
def samen_subject_types() -> list[SubjectType]:
    return [SubjectType("note", _("Notitie"), _("Notities"), permission="notes.write")]

"""Rendering a document, making a PDF of it and keeping that as a file."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from samen_core.actor import system
from samen_core.documents.pdf import PdfUnavailable, make_pdf_of_parts
from samen_core.files.services import StoredFile, store_file

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.platform import Platform


def render_document(platform: Platform, language: str, template: str, **context: Any) -> str:
    """A template that extends ``core/document.html`` as HTML, in this language; no request is needed.

    It may use ``_``, ``n_``, ``icon``, the filters of pages, ``city``, ``made_at``, ``page_url`` (a whole address) and
    ``picture(svg, alt)``. With ``continued=True`` it is a later part of a document: the heading of the first is left out.
    """
    return platform.documents.document(language, template, context)


def make_document(uow: UnitOfWork, owner: uuid.UUID, name: str, parts: Iterable[str], *, public: bool = True) -> StoredFile | None:
    """Make a PDF of these HTML documents and keep it as the file ``name`` of a subject, instead of an earlier one of that name.

    For handlers of events with ``outside_effect=True``: ``uow`` only reads, and nothing is locked while the PDF is made. None where no
    PDF can be made (which is logged): trying again would not help.
    """
    try:
        content = make_pdf_of_parts(uow.platform, parts)
    except PdfUnavailable:
        return None
    uow.rollback()
    with uow.platform.unit_of_work(system()) as writing:
        return store_file(writing, content, name, "application/pdf", owner, public=public)

"""What every list shares: search words, pages and counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_

from citycontent.models import fold
from samen_core.api import Count, Order, Page, PageRequest, Subject, UnitOfWork, count_up_to, fetch_page, parse_query

AnyRow = Row[*tuple[Any, ...]]
"""A row whose columns the docstring names."""

MOST_FOUND = 500
"""A search within a list looks at most at this many things whose text matches; names are always looked at."""


def list_page(uow: UnitOfWork, statement: Select[Any], order: Order, request: PageRequest, *, with_count: bool) -> Page[Row[Any]]:
    """A page of a list in one statement, or two when its count is asked for and does not follow from the page."""
    page = fetch_page(uow.session, statement, order, request)
    if not with_count:
        return page
    complete = not request.cursor and page.next is None
    return replace(page, count=Count(len(page.items)) if complete else count_up_to(uow.session, statement))


def matching(uow: UnitOfWork, model: Any, type: str, text: str) -> ColumnElement[bool]:
    """Rows whose name holds every word of ``text``, or whose text in the search index matches. One statement; none for empty text."""
    words = fold(text).split()
    named = and_(*(model.sort_name.contains(word, autoescape=True) for word in words)) if words else model.id.is_(None)
    query = parse_query(text)
    if query.is_empty:
        return named
    allowed = and_(Subject.type == type, Subject.state == "active")
    found = [row.subject_id for row in uow.platform.search.find(uow.session, query, allowed, MOST_FOUND)]
    return or_(named, model.id.in_(found)) if found else named

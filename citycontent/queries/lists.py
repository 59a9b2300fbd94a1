"""What every list shares: search words, pages and counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_

from samen_core.api import Count, Order, Page, PageRequest, Subject, UnitOfWork, count_up_to, fetch_page, fold, parse_query, table_column

AnyRow = Row[*tuple[Any, ...]]
"""A row whose columns the docstring names."""

MOST_FOUND = 500
"""A search within a list looks at most at this many things whose text matches; names are always looked at."""


class KeptList:
    """The statements of a list, each built once for a choice of columns and filters.

    ``make`` gives the statement without filters for columns of tables; ``conditions`` is per filter the condition, with a parameter of
    the filter's name.
    """

    def __init__(self, make: Callable[[Sequence[Any]], Select[Any]], conditions: Mapping[str, ColumnElement[bool]]) -> None:
        self._make = make
        self._conditions = conditions
        self._kept: dict[tuple[Any, ...], Select[Any]] = {}

    def statement(self, columns: Sequence[Any], filters: Iterable[str]) -> Select[Any]:
        """The statement with these filters, the same object each time."""
        names = tuple(filters)
        key = (tuple(columns), names)
        if key not in self._kept:
            self._kept[key] = self._make([table_column(column) for column in columns]).where(*(self._conditions[name] for name in names))
        return self._kept[key]


def chosen(filter: Any, *names: str) -> dict[str, Any]:
    """The filters that are set, by name."""
    return {name: value for name in names if (value := getattr(filter, name)) is not None}


def list_page(
    uow: UnitOfWork,
    statement: Select[Any],
    order: Order,
    request: PageRequest,
    *,
    with_count: bool,
    values: Mapping[str, Any] | None = None,
    keep: bool = False,
) -> Page[Row[Any]]:
    """A page of a list in one statement, or two when its count is asked for and does not follow from the page.

    ``values`` are those of the statement's parameters; ``keep`` as in :func:`samen_core.pagination.fetch_page`.
    """
    page = fetch_page(uow.session, statement, order, request, values, keep=keep)
    if not with_count:
        return page
    complete = not request.cursor and page.next is None
    return replace(page, count=Count(len(page.items)) if complete else count_up_to(uow.session, statement, values=values))


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

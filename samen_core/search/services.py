"""Searching, and keeping the index."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, func, or_, select

from samen_core.actor import system
from samen_core.search.documents import Found, Result
from samen_core.search.models import IndexedText
from samen_core.search.words import Query, marked, parse_query, snippet, telling_words
from samen_core.subjects import Subject, url_now

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.events.types import Delivered
    from samen_core.platform import Platform

_SUBJECT = cast(Table, Subject.__table__)

MAX_RESULTS = 200
"""The most that one search shows, over all pages: whoever wants more should ask more precisely."""

EXCERPT_FROM = 4_000
_CURSOR = re.compile(r"[0-9]{1,3}")
BATCH = 500

_PAGE = select(
    Subject.id,
    Subject.type,
    Subject.title,
    Subject.summary,
    Subject.url,
    Subject.owner,
    func.substr(IndexedText.body, 1, EXCERPT_FROM).label("body"),
).join(IndexedText, IndexedText.subject_id == Subject.id)


def search(uow: UnitOfWork, text: str, *, subject_type: str | None = None, limit: int = 20, cursor: str | None = None) -> Found:
    """What the actor may find with these words, best first, in two statements.

    All words must occur, in any form; of the last the beginning is enough. ``subject_type`` narrows to one kind of thing. Only live things
    are found: public ones, and those that the permission of their type shows to the actor. Any text is a valid query, and a cursor that
    is no place in the results is the first page.
    """
    query = parse_query(text)
    wanted = [name for name, source in uow.platform.search_sources.items() if source.offered and subject_type in (None, name)]
    if query.is_empty or not wanted:
        return Found((), 0, False)
    allowed = and_(Subject.state == "active", Subject.type.in_(wanted), _visible(uow, wanted))
    rows = uow.platform.search.find(uow.session, query, allowed, MAX_RESULTS + 1)
    ids = [row.subject_id for row in rows[:MAX_RESULTS]]
    # Ranked results have no key to go on from; as they are few, their number is the place.
    start = int(cursor) if cursor and _CURSOR.fullmatch(cursor) and int(cursor) < len(ids) else 0
    return Found(
        results=_results(uow, query, ids[start : start + limit]),
        total=len(ids),
        is_capped=len(rows) > MAX_RESULTS,
        previous_cursor=str(max(0, start - limit)) if start else None,
        next_cursor=str(start + limit) if start + limit < len(ids) else None,
    )


def having_words(uow: UnitOfWork, text: str) -> Select[Any] | None:
    """The ids of things that have these words apart (:class:`SearchDocument`), to be a part of another statement; None without words.

    The beginning of a word is enough, and other forms of it are found too. Whoever asks sees to who may read the answer.
    """
    found = telling_words(text)
    return uow.platform.search.having(found) if found else None


def _visible(uow: UnitOfWork, types: Sequence[str]) -> ColumnElement[bool]:
    """A condition on ``core__subject``: public, or shown by the permission of its type."""
    conditions: list[ColumnElement[bool]] = [Subject.public.is_(True)]
    for name in types:
        kind = uow.platform.subject_types.get(name)
        permission = uow.platform.permissions[kind.permission] if kind and kind.permission else None
        if permission is not None and permission.somewhere(uow.actor):
            narrowed = permission.narrow(uow.actor, select(Subject.id).where(Subject.type == name), _SUBJECT.c.id).whereclause
            if narrowed is not None:
                conditions.append(narrowed)
    return or_(*conditions)


def _results(uow: UnitOfWork, query: Query, ids: Sequence[uuid.UUID]) -> tuple[Result, ...]:
    if not ids:
        return ()
    rows = {row.id: row for row in uow.session.execute(_PAGE.where(Subject.id.in_(ids)))}
    found = (rows[subject_id] for subject_id in ids if subject_id in rows)
    return tuple(
        Result(row.id, row.type, marked(row.title, query), marked(snippet(row.body, row.summary, query), query), url_now(uow, row))
        for row in found
    )


def index_subject(uow: UnitOfWork, event: Delivered) -> None:
    """Bring the index up to date with one subject; the handler of ``core.subject.changed``."""
    _index(uow, event.payload["subject_type"], [uuid.UUID(event.payload["subject_id"])])


def index_now(uow: UnitOfWork, subject_type: str, ids: Sequence[uuid.UUID]) -> None:
    """Bring the index up to date with these things at once: for words that have to be gone, and not only after the worker came by."""
    if ids:
        uow.session.flush()
        _index(uow, subject_type, ids)
        uow.platform.search.drop_removed(uow.session)


def reindex(platform: Platform) -> int:
    """Build the index again from what the blocks hold, a batch per transaction; the number of things indexed."""
    count = 0
    for name in platform.search_sources:
        after = uuid.UUID(int=0)
        while True:
            with platform.unit_of_work(system("cli")) as uow:
                ids = uow.session.scalars(
                    select(Subject.id).where(Subject.type == name, Subject.id > after).order_by(Subject.id).limit(BATCH)
                ).all()
                count += _index(uow, name, ids)
            if len(ids) < BATCH:
                break
            after = ids[-1]
    return count


def _index(uow: UnitOfWork, subject_type: str, ids: Sequence[uuid.UUID]) -> int:
    """Enter or take out these subjects of one type; the number entered."""
    source = uow.platform.search_sources.get(subject_type)
    live = uow.session.scalars(select(Subject.id).where(Subject.id.in_(ids), Subject.state == "active")).all() if ids else []
    documents = {document.subject_id: document for document in source.load(uow, live)} if source and live else {}
    uow.platform.search.put(uow.session, list(documents.values()))
    gone = [subject_id for subject_id in ids if subject_id not in documents]
    if gone:
        uow.platform.search.remove(uow.session, gone)
    return len(documents)

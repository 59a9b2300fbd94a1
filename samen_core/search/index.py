"""The index on FTS5 (SQLite) and on a ``tsvector`` (PostgreSQL). Both are fed with words made in :mod:`samen_core.search.words`."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, delete, literal, literal_column, select, table, text
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from samen_core.search.documents import SearchDocument, SearchIndex
from samen_core.search.models import IndexedText
from samen_core.search.words import APART, MIN_PREFIX, Query, indexed_words, stem, words_apart
from samen_core.subjects import Subject

MAX_BODY = 20_000
"""Characters of the body that are kept for excerpts; its words are indexed up to ``words.MAX_WORDS``."""

MAX_POSITION = 16_383
MAX_POSITIONS = 255
"""PostgreSQL's bounds on positions in a ``tsvector`` (its manual, §12.11)."""

_DOCUMENTS = cast(Table, IndexedText.__table__)


def make_index(dialect: str) -> SearchIndex:
    """The index of a database, by SQLAlchemy's name of its dialect."""
    return PostgresIndex() if dialect == "postgresql" else SqliteIndex()


def _store_texts(session: Session, insert: Any, documents: Sequence[SearchDocument]) -> dict[uuid.UUID, int]:
    """Write the readable texts in one statement; the document id of each subject."""
    rows = [{"subject_id": document.subject_id, "body": document.body[:MAX_BODY]} for document in documents]
    statement = insert(_DOCUMENTS).values(rows)
    statement = statement.on_conflict_do_update(index_elements=["subject_id"], set_={"body": statement.excluded.body})
    return {row.subject_id: row.id for row in session.execute(statement.returning(_DOCUMENTS.c.id, _DOCUMENTS.c.subject_id))}


def _find(match: str, rank: str, join_on: str) -> Any:
    """The select that both kinds share; ``allowed`` and the limit come at the call."""
    index = table("core__search_fts")
    return (
        select(IndexedText.subject_id, IndexedText.id)
        .select_from(index)
        .join(_DOCUMENTS, literal_column(join_on) == IndexedText.id)
        .join(Subject, Subject.id == IndexedText.subject_id)
        .where(text(match))
        .order_by(text(rank), IndexedText.id)
    )


def _having(match: ColumnElement[bool], id: str) -> Select[Any]:
    # Looked up one by one: PostgreSQL thinks that many have the beginning of a word, and would read all documents to join them.
    subject_id = select(_DOCUMENTS.c.subject_id).where(_DOCUMENTS.c.id == literal_column(id)).scalar_subquery()
    return select(subject_id.label("subject_id")).select_from(table("core__search_fts")).where(match)


class SqliteIndex:
    """Full-text search with FTS5."""

    _find = _find("core__search_fts MATCH :query", "bm25(core__search_fts, 10.0, 4.0, 1.0)", "core__search_fts.rowid")
    _insert = text("INSERT INTO core__search_fts (rowid, title, keywords, body) VALUES (:id, :title, :keywords, :body)")
    _delete = text("DELETE FROM core__search_fts WHERE rowid = :id")
    _merge = text("INSERT INTO core__search_fts (core__search_fts) VALUES ('optimize')")

    def put(self, session: Session, documents: Sequence[SearchDocument]) -> None:
        """Replace the rows of these documents."""
        if not documents:
            return
        ids = _store_texts(session, sqlite_insert, documents)
        rows = [
            {
                "id": ids[item.subject_id],
                "title": " ".join(indexed_words(item.title)),
                "keywords": " ".join(indexed_words(item.keywords)),
                "body": " ".join((*indexed_words(item.body), *words_apart(item.apart))),
            }
            for item in documents
        ]
        session.execute(self._delete, [{"id": number} for number in ids.values()])
        session.execute(self._insert, rows)

    def remove(self, session: Session, subject_ids: Sequence[uuid.UUID]) -> None:
        """Delete the rows of these subjects, in both tables."""
        removed = (
            session.execute(delete(_DOCUMENTS).where(_DOCUMENTS.c.subject_id.in_(subject_ids)).returning(_DOCUMENTS.c.id)).scalars().all()
        )
        if removed:
            session.execute(self._delete, [{"id": number} for number in removed])

    def drop_removed(self, session: Session) -> None:
        """FTS5 only marks words as deleted: merging all its parts drops them (its manual, §6.9)."""
        session.execute(self._merge)

    def find(self, session: Session, query: Query, allowed: ColumnElement[bool], limit: int) -> Sequence[Any]:
        """By bm25: a word in the title weighs ten times one in the body."""
        *others, last = query.stems
        terms = [f'"{word}"' for word in others]
        terms.append(f'("{last}" OR "{query.last}" *)' if len(query.last) >= MIN_PREFIX else f'"{last}"')
        return session.execute(self._find.where(allowed).limit(limit), {"query": (" OR " if query.any else " AND ").join(terms)}).all()

    def having(self, words: Sequence[str]) -> Select[Any]:
        """Documents with all these words apart, in no order."""
        terms = [f'("{APART}{stem(word)}" OR "{APART}{word}" *)' if len(word) >= MIN_PREFIX else f'"{APART}{word}"' for word in words]
        return _having(
            literal_column("core__search_fts").op("MATCH", is_comparison=True)(literal(" AND ".join(terms))), "core__search_fts.rowid"
        )


class PostgresIndex:
    """Full-text search with a ``tsvector`` that is written out word by word, so that no text search configuration comes into play."""

    _find = _find(
        "core__search_fts.words @@ CAST(:query AS tsquery)",
        "ts_rank('{0.1, 0.2, 0.4, 1.0}', core__search_fts.words, CAST(:query AS tsquery), 1) DESC",
        "core__search_fts.document_id",
    )
    _upsert = text(
        "INSERT INTO core__search_fts (document_id, words) VALUES (:id, CAST(:words AS tsvector)) "
        "ON CONFLICT (document_id) DO UPDATE SET words = excluded.words"
    )

    def put(self, session: Session, documents: Sequence[SearchDocument]) -> None:
        """Replace the rows of these documents."""
        if not documents:
            return
        ids = _store_texts(session, postgresql_insert, documents)
        session.execute(self._upsert, [{"id": ids[item.subject_id], "words": _vector(item)} for item in documents])

    def remove(self, session: Session, subject_ids: Sequence[uuid.UUID]) -> None:
        """Delete the documents; their words go with them."""
        session.execute(delete(_DOCUMENTS).where(_DOCUMENTS.c.subject_id.in_(subject_ids)))

    def drop_removed(self, session: Session) -> None:
        """Nothing to do: a row that is deleted takes its words along."""

    def find(self, session: Session, query: Query, allowed: ColumnElement[bool], limit: int) -> Sequence[Any]:
        """By ``ts_rank``: a word in the title weighs ten times one in the body."""
        *others, last = query.stems
        terms = [f"'{word}'" for word in others]
        terms.append(f"('{last}' | '{query.last}':*)" if len(query.last) >= MIN_PREFIX else f"'{last}'")
        return session.execute(self._find.where(allowed).limit(limit), {"query": (" | " if query.any else " & ").join(terms)}).all()

    def having(self, words: Sequence[str]) -> Select[Any]:
        """Documents with all these words apart, in no order."""
        terms = [f"('{APART}{stem(word)}' | '{APART}{word}':*)" if len(word) >= MIN_PREFIX else f"'{APART}{word}'" for word in words]
        asked = sql_cast(literal(" & ".join(terms)), TSQUERY)
        return _having(literal_column("core__search_fts.words").op("@@", is_comparison=True)(asked), "core__search_fts.document_id")


def _vector(document: SearchDocument) -> str:
    """The text form of a ``tsvector``: every word with its positions and weight. Words are letters and digits: nothing needs escaping."""
    positions: dict[str, list[str]] = {}
    position = 0
    parts = ((indexed_words(document.title), "A"), (indexed_words(document.keywords), "B"), (indexed_words(document.body), "D"))
    for part, weight in (*parts, (words_apart(document.apart), "D")):
        for word in part:
            position = min(position + 1, MAX_POSITION)
            known = positions.setdefault(word, [])
            if len(known) < MAX_POSITIONS:
                known.append(f"{position}{weight}")
    return " ".join(f"'{word}':{','.join(places)}" for word, places in positions.items())

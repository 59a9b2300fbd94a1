"""What goes into the index and what comes out of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from samen_core.search.words import Part, Query

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """The text of one thing: its title counts most, then ``keywords`` (other names, codes, themes), then ``body``; all plain text.

    ``apart`` is found by no search of visitors, only by :func:`samen_core.search.having_words`: for a list that itself checks who reads it.
    """

    subject_id: uuid.UUID
    title: str
    keywords: str = ""
    body: str = ""
    apart: str = ""


@dataclass(frozen=True, slots=True)
class SearchSource:
    """Where the text of one subject type comes from.

    ``load(uow, ids)`` gives the documents of these subjects in a constant number of statements; one that it leaves out cannot be found.
    ``offered``: visitors may ask for this kind of thing; say False where documents only hold words apart.
    """

    subject_type: str
    load: Callable[[UnitOfWork, Sequence[uuid.UUID]], Iterable[SearchDocument]]
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was found. ``title`` and ``snippet`` are parts, some of which match; ``url`` is without language prefix."""

    id: uuid.UUID
    type: str
    title: tuple[Part, ...]
    snippet: tuple[Part, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of results. ``total`` counts all pages, up to the most that is shown; ``is_capped`` tells that there are more.

    The cursors are None where there is no such page.
    """

    results: tuple[Result, ...]
    total: int
    is_capped: bool
    previous_cursor: str | None = None
    next_cursor: str | None = None


class SearchIndex(Protocol):
    """The index of one kind of database. All methods work in the caller's transaction."""

    def put(self, session: Session, documents: Sequence[SearchDocument]) -> None:
        """Enter these documents, in place of what was there of the same subjects."""

    def remove(self, session: Session, subject_ids: Sequence[uuid.UUID]) -> None:
        """Take these subjects out."""

    def drop_removed(self, session: Session) -> None:
        """Let no word of what was removed stay in the tables of the index."""

    def find(self, session: Session, query: Query, allowed: ColumnElement[bool], limit: int) -> Sequence[Any]:
        """The (subject id, document id) of what matches and is ``allowed`` (a condition on ``core__subject``), best first."""

    def having(self, words: Sequence[str]) -> Select[Any]:
        """The subject ids of documents that have all these folded words apart; of each the beginning is enough."""


def markdown_text(source: str) -> str:
    """The words of a Markdown text as people read them, a line per paragraph, without its signs."""
    from markdown_it import MarkdownIt

    lines = []
    for token in MarkdownIt("commonmark", {"html": False}).parse(source):
        parts = [child.content or " " for child in token.children or () if child.type in ("text", "code_inline", "softbreak", "hardbreak")]
        lines.append("".join(parts) if token.children else token.content if token.type in ("code_block", "fence") else "")
    return "\n".join(line.strip() for line in lines if line.strip())

"""A text that people react to by paragraph: splitting it, and keeping the paragraphs that somebody reacted to when it changes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, cast

from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from samen_core.api import UnitOfWork, _, uuid7
from samen_doe_mee.models import Activity, Paragraph, Remark
from samen_doe_mee.models.base import TITLE_LENGTH

LONGEST_HEADING = 90
NOT_IN_TEXT = _("Deze alinea staat niet meer in de tekst. Kies een andere, of reageer op de hele tekst.")
ALIKE = 0.6
"""From here a changed paragraph counts as the same one: its reactions stay with it."""

_GAP = re.compile(r"\n[ \t]*\n+")
_MARKED = re.compile(r"#{1,6}\s+(.*?)\s*#*")
_NUMBERED = re.compile(r"(?:artikel\s+)?\d+(?:\.\d+)*\.?\s+\S.*", re.IGNORECASE)
_UNDERLINE = re.compile(r"[=-]{3,}")
_PARAGRAPH = cast("Table", Paragraph.__table__)
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of a text with the heading above it, "" without."""

    heading: str
    text: str


def split_text(source: str) -> list[Piece]:
    """The paragraphs of a text in Markdown, or as it was pasted with a white line between them.

    A heading has a ``#`` or a line under it, or is a short line of its own without a full stop. A list stays one paragraph.
    """
    found: list[Piece] = []
    heading = ""
    blocks = list(_blocks(source))
    for at, block in enumerate(blocks):
        title, rest = _heading(block, at + 1 < len(blocks))
        if title:
            heading = f"{heading}: {title}"[:TITLE_LENGTH] if heading else title[:TITLE_LENGTH]
        if rest:
            found.append(Piece(heading, rest))
            heading = ""
    if heading:
        found.append(Piece("", heading))
    return found


def keep_paragraphs(uow: UnitOfWork, activity: Activity, source: str) -> None:
    """Make the paragraphs those of this text.

    One that somebody reacted to keeps its reactions when its words changed a little; when it is no longer in the text it stays, apart.
    """
    pieces = split_text(source)
    known = paragraphs_of(uow, activity.id, gone=True)
    matched = _matches(pieces, known)
    for position, piece in enumerate(pieces):
        paragraph = matched.get(position)
        if paragraph is None:
            new = {"id": uuid7(), "activity_id": activity.id, "position": position, "heading": piece.heading, "text": piece.text}
            uow.session.add(Paragraph(**new, reactions=0))
            continue
        for name, value in (("position", position), ("heading", piece.heading), ("text", piece.text), ("removed_at", None)):
            if getattr(paragraph, name) != value:
                setattr(paragraph, name, value)
    kept = {paragraph.id for paragraph in matched.values()}
    for paragraph in known:
        if paragraph.id in kept:
            continue
        paragraph.removed_at = paragraph.removed_at or uow.now
    uow.session.flush()
    reacted = select(Remark.paragraph_id).where(Remark.paragraph_id == Paragraph.id)
    nothing = delete(Paragraph).where(Paragraph.activity_id == activity.id, Paragraph.removed_at.is_not(None), ~reacted.exists())
    uow.session.execute(nothing.execution_options(synchronize_session="fetch"))


def paragraphs_of(uow: UnitOfWork, activity_id: uuid.UUID, *, gone: bool = False) -> list[Paragraph]:
    """The paragraphs in their order, with those that are no longer in the text when asked. One statement."""
    statement = select(Paragraph).where(Paragraph.activity_id == activity_id)
    if not gone:
        statement = statement.where(Paragraph.removed_at.is_(None))
    return list(uow.session.execute(statement.order_by(Paragraph.position, Paragraph.id)).scalars())


def remark(uow: UnitOfWork, paragraph: Paragraph, contribution_id: uuid.UUID) -> None:
    """Keep that a contribution is about a paragraph, and count it there; the second time nothing happens."""
    connection = uow.session.connection()
    row = {"contribution_id": contribution_id, "paragraph_id": paragraph.id}
    insert = _INSERT[connection.dialect.name](Remark).values(row).on_conflict_do_nothing(index_elements=["contribution_id"])
    if connection.execute(insert.returning(Remark.contribution_id)).first() is None:
        return
    mine = update(_PARAGRAPH).where(_PARAGRAPH.c.id == paragraph.id)
    connection.execute(mine.values(reactions=_PARAGRAPH.c.reactions + 1))


def paragraph_of(uow: UnitOfWork, contribution_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Which paragraph each of these contributions is about. One statement, none without any."""
    if not contribution_ids:
        return {}
    rows = uow.session.execute(select(Remark.contribution_id, Remark.paragraph_id).where(Remark.contribution_id.in_(contribution_ids)))
    return {row.contribution_id: row.paragraph_id for row in rows}


def _blocks(source: str) -> Iterator[str]:
    for block in _GAP.split(source.replace("\r\n", "\n").replace("\r", "\n")):
        if text := "\n".join(line.rstrip() for line in block.strip("\n").split("\n")).strip():
            yield text


def _heading(block: str, more: bool) -> tuple[str, str]:
    """The heading that a block begins with, and what is left of it."""
    first, _newline, rest = block.partition("\n")
    if found := _MARKED.fullmatch(first.strip()):
        return found[1], rest.strip()
    second, _newline, after = rest.partition("\n")
    if rest and _UNDERLINE.fullmatch(second.strip()):
        return first.strip(), after.strip()
    if rest or not more or len(block) > LONGEST_HEADING or block.startswith(("-", "*", ">")):
        return "", block
    if _NUMBERED.fullmatch(block) or block[-1] not in ".,;:?!)":
        return block, ""
    return "", block


def _matches(pieces: Sequence[Piece], known: Sequence[Paragraph]) -> dict[int, Paragraph]:
    """Which of the known paragraphs each piece is: the same words first, then words that are alike."""
    found: dict[int, Paragraph] = {}
    left = list(known)
    for position, piece in enumerate(pieces):
        same = next((one for one in left if _plain(one.text) == _plain(piece.text)), None)
        if same is not None:
            found[position] = same
            left.remove(same)
    for position, piece in enumerate(pieces):
        if position in found or not left:
            continue
        share, best = max(((_alike(one.text, piece.text), one) for one in left), key=lambda pair: pair[0])
        if share >= ALIKE:
            found[position] = best
            left.remove(best)
    return found


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, _plain(one).split(), _plain(other).split(), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())

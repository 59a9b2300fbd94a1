"""Erasing what is kept about an account, exactly as each declaration says, over the tables of every block (AVG art. 17)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import JSON, Column, ColumnElement, String, and_, delete, not_, select, tuple_, update

from samen_core.db.changes import Change
from samen_core.files.models import File
from samen_core.files.services import erase_files
from samen_core.moderation import Hiding
from samen_core.privacy.declarations import OWNER_COLUMNS
from samen_core.privacy.holdings import Holding, emptied, holdings, is_unique
from samen_core.privacy.redaction import redacted, redactor, texts_in
from samen_core.subjects import Subject, SubjectRef

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

BATCH = 500
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """The rows of a holding that are about an account: those to erase, and those that are kept whole."""

    holding: Holding
    keys: tuple[Key, ...]
    kept: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of rows: ``number`` of them are deleted, emptied or kept; ``labels`` says which fields, ``reasons`` why they stay."""

    owner: str
    table: str
    thing: str
    action: Literal["delete_row", "blank", "keep"]
    number: int
    labels: tuple[str, ...]
    reasons: tuple[str, ...] = ()


def claims(uow: UnitOfWork, account_id: uuid.UUID, email: str | None) -> list[Claim]:
    """The rows about an account, in order of dependence. ``email`` is its confirmed address."""
    found = []
    for holding in holdings(uow.session):
        rows = uow.session.execute(select(*holding.key, holding.kept()).where(holding.mine(account_id, email))).all()
        if rows:
            keys = tuple(tuple(row[:-1]) for row in rows if not row[-1])
            found.append(Claim(holding, keys, len(rows) - len(keys)))
    return found


def fates(found: Sequence[Claim]) -> list[Fate]:
    """What erasing these rows does, in words and numbers: the preview, and the receipt."""
    return [fate for claim in found for fate in _fates_of(claim)]


def _fates_of(claim: Claim) -> Iterator[Fate]:
    holding, number = claim.holding, len(claim.keys)
    about = (holding.owner, holding.table.name, holding.thing)
    fields = holding.fields
    if number and holding.deletes:
        yield Fate(*about, "delete_row", number, ())
    elif number:
        for action in ("blank", "keep"):
            declared = [field.declared for field in fields if field.declared.erase == action]
            if declared:
                reasons = (item.keep_reason for item in declared if action == "keep")
                yield Fate(*about, action, number, _unique(item.label or item.purpose for item in declared), _unique(reasons))
    if claim.kept:
        declared = [field.declared for field in fields]
        yield Fate(
            *about,
            "keep",
            claim.kept,
            _unique(item.label or item.purpose for item in declared),
            _unique(item.keep_reason for item in declared if item.keep_when),
        )


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def identifying(uow: UnitOfWork, found: Sequence[Claim]) -> re.Pattern[str]:
    """What to take out of texts that are kept: what these rows say of who somebody is."""
    own: set[str] = set()
    for claim in found:
        columns = [field.column for field in claim.holding.fields if field.declared.identifies and field.declared.erase != "keep"]
        for rows in _selected(uow, claim, columns):
            own.update(text for row in rows for value in row[len(claim.holding.key) :] for text in texts_in(value))
    return redactor(own)


def erase(uow: UnitOfWork, account_id: uuid.UUID, found: Sequence[Claim], pattern: re.Pattern[str]) -> None:
    """Delete, empty or keep these rows, own names and addresses taken out of what is kept; with files, cards and search rows."""
    authored = _authored(found)
    # First, while it is known whose the files are.
    _erase_files(uow, account_id, authored)
    for claim in reversed(found):
        holding = claim.holding
        if holding.deletes:
            for condition in _conditions(claim):
                uow.session.execute(delete(holding.table).where(condition, not_(holding.kept())))
            continue
        _redact(uow, claim, pattern)
        _empty(uow, claim)
    _redact_explanations(uow, authored, pattern)
    _refresh_cards(uow, _subject_ids(found), pattern)


def _conditions(claim: Claim) -> Iterator[ColumnElement[bool]]:
    """The rows of a claim in portions."""
    columns = claim.holding.key
    for start in range(0, len(claim.keys), BATCH):
        part = claim.keys[start : start + BATCH]
        yield columns[0].in_([key[0] for key in part]) if len(columns) == 1 else tuple_(*columns).in_(part)


def _selected(uow: UnitOfWork, claim: Claim, columns: Sequence[Column[Any]]) -> Iterator[Sequence[Any]]:
    if columns:
        for condition in _conditions(claim):
            yield uow.session.execute(select(*claim.holding.key, *columns).where(condition)).all()


def _is(claim: Claim, key: Key) -> ColumnElement[bool]:
    return and_(*(column == value for column, value in zip(claim.holding.key, key, strict=True)))


def _redact(uow: UnitOfWork, claim: Claim, pattern: re.Pattern[str]) -> None:
    """Take names and addresses out of the fields that are kept."""
    table, length = claim.holding.table, len(claim.holding.key)
    columns = [field.column for field in claim.holding.fields if field.declared.erase == "keep" and _is_text(field.column)]
    for rows in _selected(uow, claim, columns):
        for row in rows:
            changed = {
                column.name: new for column, value in zip(columns, row[length:], strict=True) if (new := redacted(value, pattern)) != value
            }
            if changed:
                uow.session.execute(update(table).where(_is(claim, tuple(row[:length]))).values(changed))


def _is_text(column: Column[Any]) -> bool:
    return not column.primary_key and isinstance(column.type, String | JSON)


def _empty(uow: UnitOfWork, claim: Claim) -> None:
    table = claim.holding.table
    columns = [field.column for field in claim.holding.fields if field.declared.erase == "blank"]
    if not columns:
        return
    if any(not column.nullable and is_unique(column) for column in columns):
        for key in claim.keys:
            values = {column.name: emptied(column) for column in columns}
            uow.session.execute(update(table).where(_is(claim, key), not_(claim.holding.kept())).values(values))
        return
    for condition in _conditions(claim):
        uow.session.execute(
            update(table).where(condition, not_(claim.holding.kept())).values({column.name: emptied(column) for column in columns})
        )


def _subject_ids(found: Iterable[Claim]) -> list[uuid.UUID]:
    """The ids of rows that may be things of the register."""
    ids = [key[0] for claim in found if claim.holding.of_things for key in claim.keys]
    return list(dict.fromkeys(ids))


def _authored(found: Iterable[Claim]) -> list[uuid.UUID]:
    return _subject_ids(claim for claim in found if claim.holding.of in OWNER_COLUMNS)


def _erase_files(uow: UnitOfWork, account_id: uuid.UUID, authored: Sequence[uuid.UUID]) -> None:
    """Take away what the account uploaded for nothing yet or for its own things; what it sent without account was tied by a form."""
    mine = File.uploaded_by_id == account_id
    erase_files(uow, and_(mine, File.owner_id.is_(None)))
    for start in range(0, len(authored), BATCH):
        part = authored[start : start + BATCH]
        tied = select(Change.after).where(Change.subject_id.in_(part), Change.action == "core.file.tied")
        sent = [uuid.UUID(after["file"]) for after in uow.session.execute(tied).scalars() if after]
        erase_files(uow, and_(File.owner_id.in_(part), mine | (File.uploaded_by_id.is_(None) & File.id.in_(sent))))


def _redact_explanations(uow: UnitOfWork, authored: Sequence[uuid.UUID], pattern: re.Pattern[str]) -> None:
    """Take names out of what moderators wrote about the account's own things."""
    for start in range(0, len(authored), BATCH):
        for hiding in uow.session.execute(select(Hiding).where(Hiding.subject_id.in_(authored[start : start + BATCH]))).scalars():
            hiding.reason, hiding.shown_because = redacted(hiding.reason, pattern), redacted(hiding.shown_because, pattern)
    uow.session.flush()


def _refresh_cards(uow: UnitOfWork, ids: Sequence[uuid.UUID], pattern: re.Pattern[str]) -> None:
    """Take names out of the register and the search index at once; the worker enters again what may be found."""
    things: list[uuid.UUID] = []
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        rows = uow.session.execute(select(Subject.id, Subject.type, Subject.title, Subject.summary).where(Subject.id.in_(part))).all()
        for row in rows:
            title, summary = redacted(row.title, pattern), redacted(row.summary, pattern)
            if (title, summary) != (row.title, row.summary):
                uow.session.execute(update(Subject).where(Subject.id == row.id).values(title=title, summary=summary))
            uow.subject_changed(SubjectRef(row.type, row.id))
            things.append(row.id)
    for start in range(0, len(things), BATCH):
        uow.platform.search.remove(uow.session, things[start : start + BATCH])
    uow.platform.search.drop_removed(uow.session)

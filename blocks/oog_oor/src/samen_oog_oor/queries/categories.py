"""The categories, read at once and kept in memory until one changes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from marshmallow import Schema
from sqlalchemy import bindparam, func, select

from samen_core.api import Change, Form, Platform, UnitOfWork, form_from_json, form_schema, looked_up, stamp
from samen_oog_oor.models import Category, CategoryWords

CHANGED = "oog_oor.categories_changed"
"""Set in the ``info`` of a session that changed a category: what it reads may be taken back, so it is not kept."""

_TABLE: Any = Category.__table__
STAMP: Any = stamp(
    *looked_up(_TABLE, func.count(), func.sum(_TABLE.c.version), func.max(_TABLE.c.changed_at)),
    # Not every database knows the largest of its keys.
    select(_TABLE.c.id).order_by(_TABLE.c.id.desc()).limit(1).correlate(None).scalar_subquery(),
    *looked_up(CategoryWords, func.max(CategoryWords.learned_at)),
)
"""A column that changes with every category, to read along with something else."""
_STAMP: Any = select(STAMP)
_OFF: Any = (
    select(Change.at, Change.reason)
    .where(Change.subject_id == bindparam("subject_id"), Change.action == "oog_oor.category.switched_off")
    .order_by(Change.seq.desc())
    .limit(1)
)
_ALL: Any = select(*_TABLE.c).order_by(_TABLE.c.position, _TABLE.c.name, _TABLE.c.id)


@dataclass(frozen=True)
class CategoryView:
    """A category as it was read; its fields are the columns of :class:`samen_oog_oor.models.Category`."""

    id: uuid.UUID
    version: int
    parent_id: uuid.UUID | None
    position: int
    code: str
    name: str
    name_en: str
    description: str
    words: str
    promise: str
    icon: str
    form: Mapping[str, Any]
    term_days: int
    radius: int
    publication: str
    stop: str
    stop_text: str
    stop_text_en: str
    stop_url: str
    stop_phone: str
    confirm_by_mail: bool
    confidential: bool
    organization_id: uuid.UUID | None
    active: bool
    changed_at: datetime

    @cached_property
    def questions(self) -> Form:
        """The extra questions."""
        return stored_form(self.form)

    @cached_property
    def answers_schema(self) -> Schema:
        """What checks the answers to the extra questions."""
        return form_schema(self.questions)()

    @property
    def synonyms(self) -> list[str]:
        """Other words for it."""
        return [line.strip() for line in self.words.splitlines() if line.strip()]

    def called(self, language: str) -> str:
        """Its name for a reader of this language."""
        return self.name_en if language == "en" and self.name_en else self.name

    def stop_for(self, language: str) -> str:
        """Where to go instead, for a reader of this language."""
        return self.stop_text_en if language == "en" and self.stop_text_en else self.stop_text


class CategoryTree:
    """All categories in their order, also those that were switched off."""

    def __init__(self, rows: Sequence[CategoryView], stamp: str = "") -> None:
        """Every category, parents and children in any order."""
        self.stamp = stamp
        self.by_id: dict[uuid.UUID, CategoryView] = {row.id: row for row in rows}
        self.by_code: dict[str, CategoryView] = {row.code: row for row in rows}
        self.main: list[CategoryView] = [row for row in rows if row.parent_id is None]
        self.children: dict[uuid.UUID, list[CategoryView]] = {row.id: [] for row in self.main}
        for row in rows:
            if row.parent_id is not None:
                self.children[row.parent_id].append(row)
        self.made: dict[str, Any] = {}
        """What was made of the whole, such as the index that suggests; kept as long as the tree."""

    @cached_property
    def changed_at(self) -> datetime | None:
        """When a category was changed last."""
        return max((row.changed_at for row in self.by_id.values()), default=None)

    @cached_property
    def etag(self) -> str:
        """What tells these categories from those before a change."""
        return sha256(self.stamp.encode()).hexdigest()[:32]

    def subs(self, main: CategoryView | uuid.UUID) -> list[CategoryView]:
        """The categories under a main one, in their order."""
        return self.children.get(main if isinstance(main, uuid.UUID) else main.id, [])

    def parent(self, category: CategoryView) -> CategoryView | None:
        """The main category that it is under."""
        return None if category.parent_id is None else self.by_id[category.parent_id]

    def with_subs(self, id: uuid.UUID) -> set[uuid.UUID]:
        """A category and what is under it, as ids."""
        return {id, *(row.id for row in self.subs(id))}

    def offered(self, *, confidential: bool = False) -> list[tuple[CategoryView, list[CategoryView]]]:
        """What somebody may choose from, by main category; also those that stop a signal and say where to go.

        ``confidential``: also those for professionals. A main category without anything to choose is left out.
        """
        found = [(main, [row for row in self.subs(main) if self.is_offered(row, confidential=confidential)]) for main in self.main]
        return [(main, subs) for main, subs in found if subs]

    def is_offered(self, category: CategoryView, *, confidential: bool = False) -> bool:
        """Whether somebody may choose it."""
        main = self.parent(category)
        if main is None or not (main.active and category.active):
            return False
        return confidential or not (main.confidential or category.confidential)


_kept: WeakKeyDictionary[Any, CategoryTree] = WeakKeyDictionary()


def stamp_of_now(platform: Platform) -> str:
    """The stamp of the categories, past the unit of work: for who is likely to need nothing else. One statement."""
    with platform.engine.connect() as connection:
        found: str = connection.execute(_STAMP).scalar_one()
    return found


def category_tree(uow: UnitOfWork, found: str | None = None) -> CategoryTree:
    """The categories of this moment: one statement, and one more after a category changed. With what their stamp is now it is one less."""
    now = _run(uow, _STAMP).scalar_one() if found is None else found
    kept = _kept.get(uow.platform)
    if kept is not None and kept.stamp == now:
        return kept
    rows = [CategoryView(**row) for row in _run(uow, _ALL).mappings()]
    tree = CategoryTree(rows, now)
    if not uow.session.info.get(CHANGED):
        _kept[uow.platform] = tree
    return tree


def _run(uow: UnitOfWork, statement: Any) -> Any:
    # Who only reads has nothing to write first, so what the session does around a statement is left out.
    return uow.session.execute(statement) if uow.write else uow.session.connection().execute(statement)


def switched_off(uow: UnitOfWork, id: uuid.UUID) -> tuple[datetime, str] | None:
    """When a category was last switched off and why, from the log. One statement."""
    row = uow.session.execute(_OFF, {"subject_id": id}).one_or_none()
    return (row.at, row.reason) if row is not None else None


def stored_form(form: Mapping[str, Any]) -> Form:
    """The questions that are asked now; none for a category that asks nothing extra."""
    if not form.get("questions"):
        return Form((), form.get("version", 1))
    return form_from_json({name: form[name] for name in ("version", "questions") if name in form})

"""What handled cases teach the suggestions: which words reporters used for what staff then said it was."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from samen_core.api import UnitOfWork
from samen_oog_oor.models import Case, Category, CategoryWords, Signal
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.queries.suggest import EMPTY_WORDS, LONGEST, words_of
from samen_oog_oor.services.private_words import without_private

PERIOD = timedelta(days=365)
MOST_CASES = 5_000
"""Only the newest of the period: enough to learn from, and a job of a few seconds."""
LEAST_CASES = 3
"""A word that fewer cases used is not kept: it may be about one person."""
MOST_WORDS = 150
SHORTEST = 3


def learn_words(uow: UnitOfWork) -> int:
    """Count again in how many handled cases of each category a word was used; the number of categories that changed.

    Cases that were withdrawn or are confidential, and signals that were taken back, count for nothing.
    """
    cases, found = _counted(uow)
    known = {row.category_id: row for row in uow.session.execute(select(CategoryWords)).scalars()}
    changed = 0
    for id in sorted({*cases, *known}):
        often = [(word, count) for word, count in found[id].items() if count >= LEAST_CASES]
        words = dict(sorted(often, key=lambda item: (-item[1], item[0]))[:MOST_WORDS])
        row = known.get(id)
        if row is not None and (row.cases, row.words) == (cases[id], words):
            continue
        if row is None:
            row = CategoryWords(category_id=id)
            uow.session.add(row)
        row.cases, row.words, row.learned_at = cases[id], words, uow.now
        changed += 1
    uow.session.flush()
    return changed


def _counted(uow: UnitOfWork) -> tuple[Counter[uuid.UUID], dict[uuid.UUID, Counter[str]]]:
    """Per category how many cases were looked at, and in how many of them each word was used."""
    handled = (
        select(Case.id, Case.category_id)
        .join(Category, Category.id == Case.category_id)
        .where(Case.state.in_(CLOSED - {"withdrawn"}), Case.closed_at > uow.now - PERIOD)
        .where(Case.confidential.is_(False), Category.confidential.is_(False))
        .order_by(Case.closed_at.desc(), Case.id)
        .limit(MOST_CASES)
        .subquery()
    )
    statement: Any = (
        select(handled.c.id, handled.c.category_id, Signal.text)
        .join(Signal, Signal.case_id == handled.c.id)
        .where(Signal.withdrawn_at.is_(None), Signal.confirmed_at.is_not(None))
        .order_by(handled.c.id)
        .execution_options(yield_per=500)
    )
    cases: Counter[uuid.UUID] = Counter()
    found: dict[uuid.UUID, Counter[str]] = defaultdict(Counter)
    last: uuid.UUID | None = None
    used: set[str] = set()
    for case_id, category_id, text in uow.session.execute(statement):
        if case_id != last:
            last, used = case_id, set()
            cases[category_id] += 1
        new = _telling(text) - used
        used |= new
        found[category_id].update(new)
    return cases, found


def _telling(text: str) -> set[str]:
    """The words of a text that may say what it is about, without what is about people."""
    words = words_of(without_private(text[:LONGEST]))
    return {word for word in words if len(word) >= SHORTEST and word not in EMPTY_WORDS and not any(letter.isdigit() for letter in word)}

"""Whether a case meets the conditions of a rule: a pure comparison of facts, without a database.

All kinds of conditions that a rule has must hold; within one kind any of the values will do, and of ``answers`` every question.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from samen_core.api import CITY_TIME_ZONE

TIME = "time"
KINDS = ("categories", "areas", "types", "answers", "words", TIME)
"""The kinds of conditions, in the order in which they are told. ``time`` is ``weekdays``, ``from`` and ``until`` together."""
TIME_KEYS = ("weekdays", "from", "until")
_YES, _NO = frozenset({"true", "ja", "yes"}), frozenset({"false", "nee", "no"})


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a case.

    ``categories`` are its category and the main one above; ``areas`` its area and those around it. ``text`` is what was typed, ``at`` when
    it came in. ``category_id`` and ``area_id`` are the first of those, by themselves.
    """

    category_id: uuid.UUID | None = None
    categories: Collection[uuid.UUID] = ()
    area_id: uuid.UUID | None = None
    areas: Collection[uuid.UUID] = ()
    type: str = "problem"
    answers: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    at: datetime

    @cached_property
    def words(self) -> str:
        """The text as single words with a space around each."""
        return f" {folded(self.text)} "

    @cached_property
    def category_ids(self) -> frozenset[str]:
        """The categories as conditions name them."""
        return frozenset(map(str, self.categories))

    @cached_property
    def area_ids(self) -> frozenset[str]:
        """The areas as conditions name them."""
        return frozenset(map(str, self.areas))

    @cached_property
    def local(self) -> datetime:
        """When it came in, in the time of the city."""
        return self.at.astimezone(CITY_TIME_ZONE)


def folded(text: str) -> str:
    """A text without case, accents and punctuation, its words with one space between."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return " ".join(kept.split())


def kinds_of(conditions: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of conditions that a rule has."""
    return tuple(kind for kind in KINDS if (any(map(conditions.get, TIME_KEYS)) if kind == TIME else conditions.get(kind)))


def fits(conditions: Mapping[str, Any], facts: Facts, kinds: Iterable[str] | None = None) -> bool:
    """Whether a case meets all of these conditions, of these ``kinds``; one without conditions fits every case."""
    return all(holds(kind, conditions, facts) for kind in (kinds_of(conditions) if kinds is None else kinds))


def holds(kind: str, conditions: Mapping[str, Any], facts: Facts) -> bool:
    """Whether a case meets the conditions of one kind."""
    return _TESTS[kind](conditions, facts)


def _categories(conditions: Mapping[str, Any], facts: Facts) -> bool:
    return not facts.category_ids.isdisjoint(map(_id, conditions["categories"]))


def _areas(conditions: Mapping[str, Any], facts: Facts) -> bool:
    return not facts.area_ids.isdisjoint(map(_id, conditions["areas"]))


def _types(conditions: Mapping[str, Any], facts: Facts) -> bool:
    return facts.type in conditions["types"]


def _answers(conditions: Mapping[str, Any], facts: Facts) -> bool:
    return all(
        not given_values(facts.answers.get(question)).isdisjoint(given_values(wanted)) for question, wanted in conditions["answers"].items()
    )


def _words(conditions: Mapping[str, Any], facts: Facts) -> bool:
    return any(_has_word(word, facts.words) for word in listed(conditions["words"]))


def _time(conditions: Mapping[str, Any], facts: Facts) -> bool:
    """A night that goes past midnight is of the day on which it begins: Friday from 22:00 until 06:00 ends on Saturday."""
    start, end = conditions.get("from") or "", conditions.get("until") or ""
    clock, day = facts.local.strftime("%H:%M"), facts.local.isoweekday()
    if start and end and start > end:
        if end <= clock < start:
            return False
        if clock < end:
            day = day - 1 or 7
    elif clock < start or (end and clock >= end):
        return False
    days = conditions.get("weekdays")
    return not days or day in days


_TESTS: dict[str, Callable[[Mapping[str, Any], Facts], bool]] = {
    "categories": _categories,
    "areas": _areas,
    "types": _types,
    "answers": _answers,
    "words": _words,
    TIME: _time,
}


@lru_cache(maxsize=4096)
def _id(written: str) -> str:
    """An id as it is compared, however a program wrote it."""
    return str(uuid.UUID(written))


def _has_word(word: str, words: str) -> bool:
    """A word or several in a row; with ``*`` behind it, also longer words that begin so."""
    wanted = folded(word)
    return bool(wanted) and (f" {wanted}" if word.rstrip().endswith("*") else f" {wanted} ") in words


def listed(value: Any) -> list[str]:
    """One value or several as a list."""
    return [value] if isinstance(value, str) else list(value)


def given_values(answer: Any) -> frozenset[str]:
    """An answer as values to compare: each choice of several, a number without needless zeros, yes and no as ``true`` and ``false``."""
    if answer is None or answer == "":
        return frozenset()
    if isinstance(answer, bool):
        return frozenset({"true" if answer else "false"})
    if isinstance(answer, int | float):
        return frozenset({f"{answer:g}"})
    if isinstance(answer, Mapping):
        return frozenset().union(*map(given_values, answer.values()))
    if isinstance(answer, Iterable) and not isinstance(answer, str):
        return frozenset().union(*map(given_values, answer))
    text = folded(str(answer))
    return frozenset({"true" if text in _YES else "false" if text in _NO else text})

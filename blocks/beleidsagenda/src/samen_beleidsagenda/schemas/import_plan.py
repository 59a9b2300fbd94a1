"""What a file of another system says, in the words of this block: the same for every format."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from samen_core.api import Text

PLAN_KINDS = ("organization", "person", "membership", "dossier", "moment", "meeting", "agenda_item", "document", "treatment", "minutes")
"""What a file can bring, in the order in which it is made: each refers only to earlier ones."""

LONGEST_KEY = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One thing of a file.

    ``key`` is the same at every import of the same thing, ``parent`` the key of what it is part of. ``values`` are JSON scalars by field,
    references are keys. ``line`` is the row in a spreadsheet, counted from 1; 0 elsewhere. ``gone``: the file says that it is taken away.
    """

    kind: str
    key: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    parent: str = ""
    line: int = 0
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in a file that cannot be read, or (``only_note``) that was read without a part of it."""

    message: Text
    line: int = 0
    title: str = ""
    only_note: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that a file says. ``whole``: the keys of what it tells everything of, so that what it no longer names there is gone."""

    things: tuple[Planned, ...] = ()
    problems: tuple[Problem, ...] = ()
    whole: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the words of a list mean: by folded word a code, or the id of a body, post or theme."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    holders: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    periods: Mapping[str, str] = field(default_factory=dict)
    """Another word for a period: "voorjaar 2027" = "Q2 2027"."""
    body: str | None = None
    """The body of what names none."""


def make_key(kind: str, *parts: object) -> str:
    """The key of a thing of this kind, also when what identifies it is long."""
    text = f"{kind}:" + "|".join(str(part) for part in parts)
    if len(text) <= LONGEST_KEY:
        return text
    return f"{text[: LONGEST_KEY - 34]}~{hashlib.sha256(text.encode()).hexdigest()[:32]}"

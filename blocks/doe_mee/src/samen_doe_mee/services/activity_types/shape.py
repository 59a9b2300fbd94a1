"""What every type of activity is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from samen_core.api import Text, UnitOfWork
from samen_doe_mee.models import Activity


@dataclass(frozen=True, slots=True)
class Part:
    """One answer, option or paragraph with its number. ``share`` is its part of those who took part, 0 to 1, or None without meaning."""

    label: Text | str
    number: int
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an activity stands, in numbers without persons. ``hidden`` says why they are not shown to this actor now, else it is None."""

    people: int
    parts: tuple[Part, ...] = ()
    unit: Text | str = ""
    hidden: Text | None = None


Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ActivityType:
    """A type of activity.

    ``options`` is the schema of its own settings (what it loads is stored as JSON in ``Activity.options``); ``values`` gives back what its
    form shows. ``prepare`` is called in the transaction that makes or changes an activity (``made`` says which) and keeps what the type has
    of its own, such as the activity of inbreng behind it; it raises Invalid with the names of its fields. ``closing`` is called when the
    round is closed or the activity removed. ``outcome`` tells how it stands, for everybody; ``lacking`` what must be filled in before the
    plan may be published. ``open_data`` yields rows without personal data for the file of the activity, with ``columns`` as their heads in
    order. ``takes_part_online`` is False for what is only entered by staff.
    """

    code: str
    label: Text
    help: Text
    icon: str
    verb: Text
    """On the button: "Reageer", "Zet een punt"."""
    minutes: int
    options: type[Schema]
    prepare: Callable[[UnitOfWork, Activity, bool], None]
    closing: Callable[[UnitOfWork, Activity], None]
    outcome: Callable[[UnitOfWork, Activity], Outcome]
    lacking: Callable[[UnitOfWork, Activity], list[Text]]
    open_data: Callable[[UnitOfWork, Activity], Iterator[Row]]
    columns: tuple[str, ...]
    values: Callable[[UnitOfWork, Activity], dict[str, Any]]
    takes_part_online: bool = True
    collects_contributions: bool = False
    """Whether every contribution of it needs an answer, at inbreng."""
    guard: Callable[[UnitOfWork, Activity, Row], None] | None = None
    """Called before a change, with what becomes of ``options``, ``opens_at`` and ``closes_at``. Raises Invalid with why not."""

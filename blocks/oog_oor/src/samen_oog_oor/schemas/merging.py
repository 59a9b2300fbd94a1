"""Bringing cases together and apart again, and splitting the work on a case into tasks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import validate

from citycontent.api import CommandSchema, Line, name_field, prose_field, reference_field, version_field
from samen_core.api import _
from samen_oog_oor.models.base import NUMBER_LENGTH

NOTE_LENGTH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCase:
    """Make a case part of another, by the number of that; ``reason`` is for staff."""

    into: str
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergeCase:
    """Make a case its own again; ``reason`` is for staff."""

    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTask:
    """A part of the work, for an organisation and perhaps somebody there."""

    title: str
    organization_id: uuid.UUID | None = None
    assignee_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitCase:
    """Split the work on a case into these tasks."""

    tasks: tuple[AddTask, ...]
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTask:
    """Change what a task is, and whose."""

    title: str
    version: int
    organization_id: uuid.UUID | None = None
    assignee_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndTask:
    """Say that a task is done, with a note of what was done, or drop it, with the reason."""

    note: str
    version: int


class MergeCaseSchema(CommandSchema):
    """Making a case part of another."""

    command: ClassVar[type[Any]] = MergeCase

    into = Line(
        required=True,
        validate=validate.Length(max=NUMBER_LENGTH),
        metadata={"label": _("Nummer van de zaak waar deze bij hoort"), "help": _("Die zaak gaat door. Elke melder houdt de eigen code.")},
    )
    reason = prose_field(_("Waarom?"), _("Alleen medewerkers lezen dit."), NOTE_LENGTH, 3)
    version = version_field()


class UnmergeCaseSchema(CommandSchema):
    """Making a case its own again."""

    command: ClassVar[type[Any]] = UnmergeCase

    reason = prose_field(_("Waarom?"), _("Alleen medewerkers lezen dit."), NOTE_LENGTH, 3)
    version = version_field()


class AddTaskSchema(CommandSchema):
    """A task on a case."""

    command: ClassVar[type[Any]] = AddTask

    title = name_field(_("Wat moet er gebeuren?"), _("Alleen medewerkers lezen dit."))
    organization_id = reference_field(_("Welke organisatie doet dit?"))
    assignee_id = reference_field(_("Wie doet dit?"), _("Leeg is: nog niemand."))


class ChangeTaskSchema(AddTaskSchema):
    """A task that changes."""

    command: ClassVar[type[Any]] = ChangeTask

    version = version_field()


class EndTaskSchema(CommandSchema):
    """The end of a task."""

    command: ClassVar[type[Any]] = EndTask

    note = prose_field(_("Wat is er gedaan, of waarom gebeurt het niet?"), _("Alleen medewerkers lezen dit."), NOTE_LENGTH, 3)
    version = version_field()

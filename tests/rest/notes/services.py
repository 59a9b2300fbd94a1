"""The rules."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from samen_core.api import Conflict, NotFound, Permission, SubjectData, SubjectRef, UnitOfWork, _, register, update_card, uuid7
from tests.rest.notes.models import Note

WRITE = Permission("notes.write", _("notities schrijven"), roles=frozenset({"manager"}))


@dataclass(frozen=True, slots=True)
class NewNote:
    """What a new note holds."""

    title: str
    stars: int


@dataclass(frozen=True, slots=True)
class EditNote:
    """A changed note and the version it was made from."""

    title: str
    stars: int
    version: int


def create_note(uow: UnitOfWork, command: NewNote) -> Note:
    """Keep a new note."""
    WRITE.require(uow.actor)
    note = Note(id=uuid7(), title=command.title, stars=command.stars, written_at=uow.now)
    register(uow, SubjectRef("note", note.id), SubjectData(note.title, f"/notities/{note.id}"))
    uow.session.add(note)
    uow.session.flush()
    uow.record("notes.note.created", note.id, after={"title": note.title})
    return note


def update_note(uow: UnitOfWork, id: uuid.UUID, command: EditNote) -> Note:
    """Change a note."""
    WRITE.require(uow.actor)
    note = get_note(uow, id)
    if note.version != command.version:
        raise Conflict(current={"title": note.title, "stars": note.stars}, version=note.version)
    note.title, note.stars = command.title, command.stars
    uow.record_change("notes.note.changed", note, note.id)
    update_card(uow, SubjectRef("note", note.id), SubjectData(note.title, f"/notities/{note.id}"))
    uow.session.flush()
    return note


def get_note(uow: UnitOfWork, id: uuid.UUID) -> Note:
    """A note."""
    note = uow.session.get(Note, id)
    if note is None:
        raise NotFound
    return note

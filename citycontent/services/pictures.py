"""Pictures of things: taking one over from a form, replacing it, taking it away."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from citycontent.events import CityEvent
from citycontent.services.entities import HIDDEN, Values, change
from samen_core.api import File, FileValue, SubjectData, UnitOfWork, attach_files, check_files, delete_file

FIELD = "picture"


@dataclass(frozen=True, slots=True)
class Picked:
    """The picture that a thing gets, and what the log says besides of another description: (before, after)."""

    id: uuid.UUID | None
    links: tuple[Values, Values] = ({}, {})


def check_new_picture(uow: UnitOfWork, value: FileValue | None) -> uuid.UUID | None:
    """The id of the picture for a thing that is not there yet; tie it with :func:`attach_new_picture`. Raises Invalid."""
    if value is None:
        return None
    check_files(uow, [value], FIELD, pictures=True)
    return value.id


def attach_new_picture(uow: UnitOfWork, entity: Any, value: FileValue | None) -> None:
    """Tie the picture of a thing that was just added."""
    if value is not None:
        attach_files(uow, [value], entity.id, FIELD, pictures=True)


def pick(uow: UnitOfWork, entity: Any, value: FileValue | None) -> Picked:
    """Tie the picture that a thing is to have and let go of its picture of before. Raises Invalid.

    Call it before anything is assigned, and assign the id yourself: then the log row of the thing says it too.
    """
    before = uow.session.get(File, entity.picture_id) if entity.picture_id else None
    alt_before = before.alt if before else ""
    if value is not None:
        attach_files(uow, [value], entity.id, FIELD, pictures=True)
    if before is not None and (value is None or value.id != before.id):
        delete_file(uow, before.id)
    elif before is not None and before.alt != alt_before:
        return Picked(before.id, ({"picture_alt": ()}, {"picture_alt": (HIDDEN,)}))
    return Picked(value.id if value else None)


def change_picture(uow: UnitOfWork, entity: Any, card: SubjectData, event: type[CityEvent], value: FileValue | None) -> None:
    """Give a thing, locked and checked by its service, another picture or none, and log and tell it."""
    picked = pick(uow, entity, value)
    entity.picture_id = picked.id
    change(uow, entity, event.type.split(".")[1], (card, card), event, links=picked.links)


def picture_value(uow: UnitOfWork, entity: Any) -> Values | None:
    """The picture of a thing as its form and JSON take it: ``{"id": …, "alt": …}``."""
    file = uow.session.get(File, entity.picture_id) if entity.picture_id else None
    return {"id": file.id, "alt": file.alt} if file else None

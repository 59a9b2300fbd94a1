"""Checking what a command refers to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, select

from samen_beleidsagenda.services.common import may_see
from samen_beleidsagenda.services.kinds import BY_NAME
from samen_core.api import Invalid, Text, UnitOfWork, _, cards

Reference = tuple[str, str, uuid.UUID | None]
"""A field, the type in the register that it refers to ("" for any), and the id."""

ABSENT: dict[str, Text] = {
    "post": _("Deze functie bestaat niet of is verwijderd."),
    "organization": _("Deze organisatie bestaat niet of is verwijderd."),
    "theme": _("Dit thema bestaat niet of is verwijderd."),
    "area": _("Dit gebied bestaat niet."),
    "project": _("Dit project bestaat niet of is verwijderd."),
    "document": _("Dit stuk bestaat niet of is weggehaald."),
}
ABSENT_THING = _("Dit bestaat niet of is weggehaald.")


def many(field: str, type: str, ids: Iterable[uuid.UUID]) -> list[Reference]:
    """A reference per id of a list field."""
    return [(field, type, id) for id in ids]


def check_references(uow: UnitOfWork, references: Sequence[Reference], already: Iterable[uuid.UUID | None] = ()) -> None:
    """Raise Invalid for everything that is not there for the actor, all at once. What was there ``already`` may stay.

    Of things of the agenda what counts is who may see them, also by a right on their dossier or body. One statement, and one for each
    kind of those.
    """
    kept = set(already)
    wanted = [(field, type, id) for field, type, id in references if id is not None and id not in kept]
    known = cards(uow, [id for _field, type, id in wanted if type not in BY_NAME])
    seen = _seen(uow, wanted)
    errors: dict[str, list[Text]] = {}
    for field, type, id in wanted:
        card = known.get(id)
        if id not in seen and (card is None or card.state != "active" or (type and card.type != type)):
            errors[field] = [ABSENT.get(type, ABSENT_THING)]
    if errors:
        raise Invalid(errors)


def _seen(uow: UnitOfWork, references: Sequence[Reference]) -> set[uuid.UUID | None]:
    found: set[uuid.UUID | None] = set()
    for name in {type for _field, type, _id in references} & BY_NAME.keys():
        model = BY_NAME[name].model
        things = select(model).where(model.id.in_([id for _field, type, id in references if type == name]))
        found |= {thing.id for thing in uow.session.execute(things).scalars() if may_see(uow, thing)}
    return found


def linked(uow: UnitOfWork, column: Any, owner: Any, id: uuid.UUID) -> tuple[uuid.UUID, ...]:
    """The ids in ``column`` of a link table whose column ``owner`` is ``id``, in order."""
    return tuple(sorted(uow.session.execute(select(column).where(owner == id)).scalars()))


def set_links(uow: UnitOfWork, column: Any, owner: Any, id: uuid.UUID, after: Iterable[uuid.UUID]) -> None:
    """Bring a link table of two columns to these ids; no write when nothing changes."""
    model, old, new = column.class_, set(linked(uow, column, owner, id)), set(after)
    if gone := old - new:
        uow.session.execute(delete(model).where(owner == id, column.in_(gone)))
    if added := new - old:
        uow.session.execute(insert(model), [{owner.key: id, column.key: one} for one in sorted(added)])

"""Checking what a command refers to, and keeping link tables."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, tuple_

from citycontent.models import Identifier, ProjectArea, Relation, ThemeLink
from citycontent.permissions import SEE_PRIVATE_PERSON
from citycontent.queries import lookups
from citycontent.queries.lookups import Links
from samen_core.api import Invalid, Text, UnitOfWork, _

LinkTable = tuple[Any, str]
"""A link table and its column that holds the ids linked to."""
THEMES: LinkTable = (ThemeLink, "theme_id")
AREAS: LinkTable = (ProjectArea, "area_id")
PARTNERS: LinkTable = (Relation, "object_id")

Reference = tuple[str, str, uuid.UUID | None]
"""A field, the type that it refers to, and the id."""

ABSENT: dict[str, Text] = {
    "organization": _("Deze organisatie bestaat niet of is verwijderd."),
    "person": _("Deze persoon bestaat niet of is verwijderd."),
    "post": _("Deze functie bestaat niet of is verwijderd."),
    "project": _("Dit project bestaat niet of is verwijderd."),
    "event": _("Deze bijeenkomst bestaat niet of is verwijderd."),
    "area": _("Dit gebied bestaat niet."),
    "theme": _("Dit thema bestaat niet of is verwijderd."),
}


def many(field: str, type: str, ids: Iterable[uuid.UUID]) -> list[Reference]:
    """A reference per id of a list field."""
    return [(field, type, one) for one in ids]


def check_references(uow: UnitOfWork, references: Sequence[Reference], already: Iterable[Reference] = ()) -> None:
    """Raise Invalid for everything that does not exist, all at once. What was there ``already`` may stay. At most one statement."""
    kept = set(already)
    wanted = [reference for reference in references if reference[2] is not None and reference not in kept]
    if not wanted:
        return
    known = lookups.known_subjects(uow, {wanted_id for _field, _kind, wanted_id in wanted if wanted_id})
    errors: dict[str, list[Text]] = {}
    for field, kind, wanted_id in wanted:
        found = known.get(wanted_id) if wanted_id else None
        hidden = found is not None and kind == "person" and not found[1] and not SEE_PRIVATE_PERSON.allows(uow.actor, wanted_id)
        if (found is None or found[0] != kind or hidden) and ABSENT[kind] not in errors.setdefault(field, []):
            errors[field].append(ABSENT[kind])
    errors = {field: texts for field, texts in errors.items() if texts}
    if errors:
        raise Invalid(errors)


def check_parent(uow: UnitOfWork, model: Any, id: uuid.UUID, parent_id: uuid.UUID | None) -> None:
    """Raise Invalid when a thing would come to lie below itself."""
    if parent_id is not None and lookups.is_below(uow, model, parent_id, id):
        raise Invalid({"parent_id": [_("Dit kan niet onderdeel zijn van zichzelf of van een onderdeel ervan.")]})


def set_links(uow: UnitOfWork, table: LinkTable, owner: dict[str, Any], before: Iterable[uuid.UUID], after: Iterable[uuid.UUID]) -> None:
    """Bring a link table from the ids ``before`` to those ``after``; ``owner`` holds the fixed columns. No statement when equal."""
    model, other = table
    old, new = set(before), set(after)
    if gone := old - new:
        conditions = [getattr(model, name) == value for name, value in owner.items()]
        uow.session.execute(delete(model).where(*conditions, getattr(model, other).in_(gone)))
    if added := new - old:
        uow.session.execute(insert(model), [{**owner, other: one} for one in sorted(added)])


def links_before(uow: UnitOfWork, type: str, id: uuid.UUID, wanted: Sequence[tuple[str, str]] = ()) -> Links:
    """What is stored beside a thing now. Raises Invalid when another thing has one of the ``wanted`` identifiers. One statement."""
    found = lookups.links(uow, type, id, wanted)
    if found.taken:
        texts = [
            _("{scheme} {identifier} hoort al bij iets anders.", scheme=scheme, identifier=identifier) for scheme, identifier in found.taken
        ]
        raise Invalid({"identifiers": texts})
    return found


def set_identifiers(uow: UnitOfWork, type: str, id: uuid.UUID, before: Iterable[tuple[str, str]], after: Iterable[tuple[str, str]]) -> None:
    """Bring the identifiers of a thing from ``before`` to ``after``. No statement when equal."""
    old, new = set(before), set(after)
    if gone := old - new:
        mine = (Identifier.type == type, Identifier.subject_id == id)
        uow.session.execute(delete(Identifier).where(*mine, tuple_(Identifier.scheme, Identifier.identifier).in_(sorted(gone))))
    if added := new - old:
        rows = [{"type": type, "scheme": scheme, "identifier": number, "subject_id": id} for scheme, number in sorted(added)]
        uow.session.execute(insert(Identifier), rows)

"""What the parts of an import share: what is being done, and the adapter that each kind of thing has."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from samen_beleidsagenda.schemas.import_plan import Planned
from samen_core.api import Invalid, Permission, Text, UnitOfWork, _

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Now:
    """A thing as it is here: its fields as a file would say them, and what a service needs to change it."""

    id: uuid.UUID
    values: Values
    thing: Any


@dataclass(slots=True)
class Work:
    """An import that is being carried out, or (``undoing``) taken back.

    ``ids`` are what is here by the key of the file; ``keys`` the other way round.
    """

    uow: UnitOfWork
    list_name: str
    publish: bool = False
    undoing: bool = False
    ids: dict[str, uuid.UUID] = field(default_factory=dict)
    keys: dict[uuid.UUID, str] = field(default_factory=dict)
    reorder: dict[str, list[str]] = field(default_factory=dict)
    """By meeting the keys of its points in the order of the file, for meetings whose order is to follow it."""

    @property
    def reason(self) -> str:
        """Why something changes, for everybody to read."""
        undone, changed = _("Het inlezen van {list} is teruggedraaid.", list=self.list_name), _("Gewijzigd in {list}.", list=self.list_name)
        with self.uow.platform.translations.use("nl"):
            return str(undone if self.undoing else changed)

    @property
    def gone_reason(self) -> str:
        """Why something goes."""
        if self.undoing:
            return self.reason
        with self.uow.platform.translations.use("nl"):
            return str(_("Staat niet meer in {list}.", list=self.list_name))

    def id(self, key: str | None) -> uuid.UUID:
        """What is here under a key. Raises Invalid when it is not (yet) here."""
        found = self.ids.get(key or "")
        if found is None:
            raise Invalid(MISSING)
        return found


MISSING: Text = _("Dit hoort bij iets dat hier niet is en ook niet kan worden ingelezen.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """How a kind of thing of a plan lives here.

    ``compared`` are the fields that can be changed by an import, ``refs`` those that hold keys. ``find`` gives what is here already but was
    never imported, by key. ``permission`` with ``scope`` (the field that holds the body) is the right that is asked beforehand.
    """

    kind: str
    compared: tuple[str, ...]
    now: Callable[[Work, Sequence[uuid.UUID]], dict[uuid.UUID, Now]]
    add: Callable[[Work, Planned], uuid.UUID]
    permission: Permission
    change: Callable[[Work, Now, Planned, frozenset[str]], uuid.UUID] | None = None
    remove: Callable[[Work, Now], None] | None = None
    find: Callable[[Work, Sequence[Planned]], dict[str, uuid.UUID]] | None = None
    refs: tuple[str, ...] = ()
    scope: str = ""
    subject: str = ""
    """For what has no row of its own in the register: the field with the key of what it belongs to there."""


def plain_params(message: Text) -> dict[str, Any]:
    """The words of a message as JSON, to keep it; a text inside it by its source."""
    found: dict[str, Any] = {}
    for name, value in message.params.items():
        found[name] = {"text": value.id} if isinstance(value, Text) else value if isinstance(value, int | str) else str(value)
    return found

"""Who acts: an anonymous visitor, an account, an API token or the system itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["anonymous", "account", "token", "system"]
Origin = Literal["web", "rest", "cli", "worker", "import", "test"]

CITY: None = None
"""The scope of a grant that holds for the whole city."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held on one subject, or on the whole city when ``scope`` is None."""

    role: str
    scope: uuid.UUID | None = CITY


@dataclass(frozen=True, slots=True)
class Actor:
    """Everything a service or permission may know about who acts.

    ``on_behalf_of`` is the subject (an organisation) one speaks for; None means for oneself. ``scopes`` limits an API token to the
    permissions it names; None means no limit. ``label`` is the display name, for pages only, never for logs.
    """

    kind: Kind
    account_id: uuid.UUID | None = None
    label: str = ""
    grants: tuple[Grant, ...] = ()
    on_behalf_of: uuid.UUID | None = None
    scopes: frozenset[str] | None = None
    origin: Origin = "web"
    language: str = "nl"
    second_factor: bool = field(default=False, compare=False)

    @property
    def is_anonymous(self) -> bool:
        """True for a visitor who is not logged in."""
        return self.kind == "anonymous"

    @property
    def is_system(self) -> bool:
        """True for the platform itself: worker, seeding, command line."""
        return self.kind == "system"

    def has_role(self, role: str, scope: uuid.UUID | None = CITY) -> bool:
        """Whether the role is held for the city, or for ``scope`` when given."""
        return any(grant.role == role and (grant.scope is CITY or grant.scope == scope) for grant in self.grants)

    def acting_for(self, subject_id: uuid.UUID | None) -> Actor:
        """The same actor speaking on behalf of a subject."""
        return replace(self, on_behalf_of=subject_id)


def anonymous(origin: Origin = "web") -> Actor:
    """A visitor who is not logged in."""
    return Actor(kind="anonymous", origin=origin)


def system(origin: Origin = "worker") -> Actor:
    """The platform itself; it may do everything."""
    return Actor(kind="system", origin=origin)

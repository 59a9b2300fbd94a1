"""Permissions: objects that services ask, and that narrow lists, so that list and detail cannot disagree."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, false

from samen_core.actor import Actor
from samen_core.errors import NotAllowed
from samen_core.i18n import Text, _

ROLES: dict[str, Text] = {
    "resident": _("Inwoner"),
    "facilitator": _("Procesbegeleider"),
    "decision_maker": _("Beslisser"),
    "moderator": _("Moderator"),
    "manager": _("Functioneel beheerder"),
}
"""The roles of DOMAIN.md; a grant gives one of them on one subject or on the whole city."""

Audience = Literal["nobody", "logged_in", "everyone"]


@dataclass(frozen=True, slots=True)
class Permission:
    """The right to do one thing.

    ``roles`` are the roles that give it (on the target itself, one of its ``scopes``, or the whole city); ``audience`` gives it to
    everyone or to everyone logged in. The system actor has every permission; an API token only those that its scopes name.
    Raises ValueError for a role that there is not: nobody would have the right, and nothing would say so.
    """

    name: str
    label: Text
    roles: frozenset[str] = field(default_factory=frozenset)
    audience: Audience = "nobody"

    def __post_init__(self) -> None:
        if unknown := sorted(self.roles - set(ROLES)):
            raise ValueError(f"permission '{self.name}' names the unknown role '{unknown[0]}': there are {', '.join(ROLES)}")

    def allows(self, actor: Actor, target: uuid.UUID | None = None, *, scopes: Iterable[uuid.UUID] = ()) -> bool:
        """Whether the actor may do this on ``target`` (a subject id; None asks for the whole city)."""
        if actor.is_system or self.audience == "everyone":
            return True
        if actor.scopes is not None and self.name not in actor.scopes:
            return False
        if self.audience == "logged_in" and not actor.is_anonymous:
            return True
        places = {target, *scopes}
        return any(grant.role in self.roles and (grant.scope is None or grant.scope in places) for grant in actor.grants)

    def somewhere(self, actor: Actor) -> bool:
        """Whether the actor may do this on at least one thing; for menus and buttons, never as the check itself."""
        if self.allows(actor):
            return True
        if actor.scopes is not None and self.name not in actor.scopes:
            return False
        return any(grant.role in self.roles for grant in actor.grants)

    def require(self, actor: Actor, target: uuid.UUID | None = None, *, scopes: Iterable[uuid.UUID] = ()) -> None:
        """Raise :class:`NotAllowed` unless :meth:`allows`."""
        if not self.allows(actor, target, scopes=scopes):
            raise NotAllowed(_("U hebt hiervoor geen rechten: {right}.", right=self.label), log_in=actor.is_anonymous)

    def narrow(
        self, actor: Actor, select: Select[Any], column: ColumnElement[uuid.UUID], *, public: ColumnElement[bool] | None = None
    ) -> Select[Any]:
        """The select reduced to rows whose ``column`` (the subject id) the actor may do this on, plus rows that are ``public``."""
        if self.allows(actor):
            return select
        may = actor.scopes is None or self.name in actor.scopes
        own = [grant.scope for grant in actor.grants if grant.role in self.roles and grant.scope is not None] if may else []
        condition: ColumnElement[bool] = column.in_(own) if own else false()
        if public is not None:
            condition = public | condition if own else public
        return select.where(condition)


PUBLIC = Permission("core.read_public", _("openbare informatie lezen"), audience="everyone")
LOGGED_IN = Permission("core.use_account", _("het eigen account gebruiken"), audience="logged_in")
MANAGE = Permission("core.manage", _("het platform beheren"), roles=frozenset({"manager"}))
STAFF = Permission("core.staff", _("werken als medewerker"), roles=frozenset({"facilitator", "decision_maker", "moderator", "manager"}))
MODERATE = Permission("core.moderate", _("verbergen wat hier niet mag staan"), roles=frozenset({"moderator", "manager"}))

CORE_PERMISSIONS = (PUBLIC, LOGGED_IN, MANAGE, STAFF, MODERATE)

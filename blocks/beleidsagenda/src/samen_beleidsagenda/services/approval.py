"""Making public: written as a draft, handed in for approval, approved or handed back, and taken away again."""

from __future__ import annotations

import uuid
from typing import Any

from samen_beleidsagenda.events import AgendaEvent, ThingRemoved
from samen_beleidsagenda.models.base import Citable
from samen_beleidsagenda.permissions import APPROVE
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.services.common import Thing, keep_card, log, require_reason, require_write, tell, to_change
from samen_beleidsagenda.services.entries import keep_entries
from samen_beleidsagenda.services.kinds import kind_of
from samen_core.api import Invalid, Text, UnitOfWork, _

SUBMITTED = _("Het concept wacht op akkoord.")
RETURNED = _("Het concept is teruggegeven.")
PUBLISHED = _("Dit is openbaar gemaakt.")
REMOVED = _("Dit is weggehaald.")


__all__ = ["Approve", "hand_back", "publish", "remove", "submit"]


def submit(uow: UnitOfWork, model: type[Thing], id: uuid.UUID, command: Approve) -> Thing:
    """Hand a draft in for approval. Raises NotFound, NotAllowed, Conflict, and Invalid when it is no draft."""
    thing = to_change(uow, model, id, command.version)
    _require_state(thing, "draft")
    thing.state = "submitted"
    _move(uow, thing, "submitted", SUBMITTED)
    return thing


def hand_back(uow: UnitOfWork, model: type[Thing], id: uuid.UUID, command: Approve) -> Thing:
    """Give a thing that waits for approval back to who wrote it, with the reason. Raises like :func:`submit`."""
    thing = to_change(uow, model, id, command.version)
    require_write(uow, thing, APPROVE)
    _require_state(thing, "submitted")
    reason = require_reason(command.reason)
    thing.state = "draft"
    _move(uow, thing, "returned", RETURNED, reason)
    return thing


def publish(uow: UnitOfWork, model: type[Thing], id: uuid.UUID, command: Approve, event: type[AgendaEvent]) -> Thing:
    """Make a draft or what waits for approval public, and tell it with ``event``. Raises like :func:`submit`."""
    thing = to_change(uow, model, id, command.version)
    require_write(uow, thing, APPROVE)
    _require_state(thing, "draft", "submitted")
    thing.state, thing.published_at = "published", uow.now
    _move(uow, thing, "published", PUBLISHED)
    tell(uow, event, thing)
    return thing


def remove(uow: UnitOfWork, model: type[Thing], id: uuid.UUID, command: Approve) -> Thing:
    """Take a thing away, with the reason when it was public; its id and address stay known (410, and a tombstone in feeds).

    Raises like :func:`submit`.
    """
    thing = to_change(uow, model, id, command.version)
    was_public = thing.state == "published"
    reason = command.reason
    if was_public:
        require_write(uow, thing, APPROVE)
        reason = require_reason(command.reason)
    log(uow, f"beleidsagenda.{kind_of(thing).name}.removed", thing, REMOVED, reason=reason)
    tell(uow, ThingRemoved, thing)
    thing.state = "deleted"
    keep_card(uow, thing)
    keep_entries(uow, thing)
    return thing


def _require_state(thing: Citable, *states: str) -> None:
    if thing.state not in states:
        raise Invalid(_("Dit kan niet meer: het is intussen veranderd. Bekijk de pagina opnieuw."))


def _move(uow: UnitOfWork, thing: Any, what: str, sentence: Text, reason: str = "") -> None:
    keep_card(uow, thing)
    keep_entries(uow, thing)
    log(uow, f"beleidsagenda.{kind_of(thing).name}.{what}", thing, sentence, after={"state": thing.state}, reason=reason)

"""Pausing and activating blocks: by a manager, with a reason, in the log, in every running process within seconds."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import event, select

from samen_core.blocks.discovery import Installed
from samen_core.blocks.schemas import MAX_REASON, ActivateBlock, PauseBlock
from samen_core.blocks.state import BlockState
from samen_core.db.changes import Change
from samen_core.errors import Conflict, Invalid, NotFound
from samen_core.i18n import Text, _
from samen_core.permissions import MANAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samen_core.db.unit_of_work import UnitOfWork

PAUSED, ACTIVATED = "core.block.paused", "core.block.activated"
_BLOCKS = uuid.UUID("5b0c6a56-3a0f-5c1e-9f44-6f1b1d2f7a10")


def block_id(name: str) -> uuid.UUID:
    """The id under which what happens to a block stands in the log; always the same for a name."""
    return uuid.uuid5(_BLOCKS, name)


def pause_block(uow: UnitOfWork, command: PauseBlock) -> None:
    """Pause an enabled block, and with it what requires it; of one that is paused already, change the reason.

    Raises NotAllowed, NotFound for a block that is not enabled, Invalid without a reason, Conflict when another manager was first.
    """
    reason = command.reason.strip()
    if not 3 <= len(reason) <= MAX_REASON:
        raise Invalid({"reason": [_("Geef een reden van 3 tot {n} tekens.", n=MAX_REASON)]})
    _change(uow, command, PAUSED, paused=True, reason=reason)


def activate_block(uow: UnitOfWork, command: ActivateBlock) -> None:
    """End the pause of a block; what is paused with another one stays so.

    Raises NotAllowed, NotFound for a block that is not enabled, Invalid when it is not paused by itself, Conflict when another manager
    was first.
    """
    _change(uow, command, ACTIVATED, paused=False, reason=command.reason.strip())


def _change(uow: UnitOfWork, command: PauseBlock | ActivateBlock, action: str, *, paused: bool, reason: str) -> None:
    MANAGE.require(uow.actor)
    require_enabled(uow, command.name)
    state = uow.session.get(BlockState, command.name)
    if command.version is not None and command.version != (state.version if state else 0):
        raise Conflict(current={"paused": bool(state and state.paused), "reason": state.reason if state else ""})
    before = {"paused": bool(state and state.paused), "reason": state.reason if state else ""}
    if not paused and not before["paused"]:
        raise Invalid(_not_paused(uow, command.name))
    if state is None:
        state = BlockState(name=command.name)
        uow.session.add(state)
    state.paused, state.reason, state.changed_at = paused, reason if paused else "", uow.now
    after = {"block": command.name, "paused": paused, "reason": state.reason}
    uow.record(action, block_id(command.name), before=before, after=after, reason=reason)
    event.listen(uow.session, "after_commit", lambda _session: uow.platform.block_states.forget(), once=True)


def _not_paused(uow: UnitOfWork, name: str) -> Text:
    pause = uow.platform.block_states.paused().get(name)
    if pause is None:
        return _("Deze bouwsteen staat niet op pauze.")
    cause = uow.platform.installed[pause.cause].block
    return _("Activeer eerst '{block}': daarom staat deze op pauze.", block=cause.label if cause else pause.cause)


def require_enabled(uow: UnitOfWork, name: str) -> Installed:
    """The enabled block of this name. Raises NotFound."""
    found = next((block for block in uow.platform.blocks if block.name == name), None)
    if found is None:
        raise NotFound(_("Er is geen bouwsteen '{name}' in gebruik.", name=name))
    return found


@dataclass(frozen=True, slots=True)
class StateNow:
    """What a manager decided about a block last: ``version`` 0 when nothing was ever."""

    paused: bool = False
    reason: str = ""
    version: int = 0


def state_now(uow: UnitOfWork, name: str) -> StateNow:
    """The stored state of a block, past the memory of this process. Raises NotAllowed."""
    MANAGE.require(uow.actor)
    row = uow.session.get(BlockState, name)
    return StateNow(row.paused, row.reason, row.version) if row else StateNow()


def dependants(blocks: Sequence[Installed], name: str) -> list[Installed]:
    """The blocks of these, in their order, that require a block, directly or through another."""
    needing = {name}
    found = []
    for installed in blocks:
        if installed.block and needing.intersection(installed.block.requires):
            needing.add(installed.name)
            found.append(installed)
    return found


def block_history(uow: UnitOfWork, name: str, limit: int = 20) -> list[Change]:
    """The newest rows of the log about a block, newest first. Raises NotAllowed."""
    MANAGE.require(uow.actor)
    rows = select(Change).where(Change.subject_id == block_id(name)).order_by(Change.seq.desc()).limit(limit)
    return list(uow.session.scalars(rows))

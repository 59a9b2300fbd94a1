"""The process of the city: gates of its own. Names and explanations of steps and levels are settings."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import func, select

from samen_core.api import NotFound, UnitOfWork, uuid7
from samen_samenspreker.models import Gate
from samen_samenspreker.permissions import DEFINE_PROCESS
from samen_samenspreker.schemas.definitions import CreateGate, PlaceGate, UpdateGate
from samen_samenspreker.services.common import check_version

FIELDS = ("step", "title", "help", "role", "needs_document", "active")


def get_gate(uow: UnitOfWork, id: uuid.UUID) -> Gate:
    """One gate. Raises NotFound."""
    gate = uow.session.get(Gate, id)
    if gate is None:
        raise NotFound
    return gate


def create_gate(uow: UnitOfWork, command: CreateGate) -> Gate:
    """Add a gate after the others of its step. Raises NotAllowed."""
    DEFINE_PROCESS.require(uow.actor)
    gate = Gate(id=uuid7(), position=_last(uow, command.step) + 1, **{name: getattr(command, name) for name in FIELDS})
    uow.session.add(gate)
    uow.record("samenspreker.gate.created", after={"gate": gate.id, **gate_values(gate)})
    uow.session.flush()
    return gate


def update_gate(uow: UnitOfWork, id: uuid.UUID, command: UpdateGate) -> Gate:
    """Change a gate, or switch it on or off; ticks that were set stay. In another step it comes last.

    Raises NotFound, NotAllowed and Conflict.
    """
    gate = _locked(uow, id)
    check_version(gate, command.version, gate_values(gate))
    before = gate_values(gate)
    if command.step != gate.step:
        gate.position = _last(uow, command.step) + 1
    for name in FIELDS:
        setattr(gate, name, getattr(command, name))
    after = gate_values(gate)
    if changed := [name for name in FIELDS if before[name] != after[name]]:
        old, new = ({name: values[name] for name in changed} for values in (before, after))
        uow.record("samenspreker.gate.updated", before={"gate": gate.id, **old}, after={"gate": gate.id, **new})
        uow.session.flush()
    return gate


def place_gate(uow: UnitOfWork, id: uuid.UUID, command: PlaceGate) -> Gate:
    """Let a gate change places with the one before or after it in its step; at the end nothing happens. Raises like :func:`update_gate`."""
    gate = _locked(uow, id)
    check_version(gate, command.version, gate_values(gate))
    order = list(
        uow.session.execute(select(Gate).where(Gate.step == gate.step).order_by(Gate.position, Gate.id).with_for_update()).scalars()
    )
    now = order.index(gate)
    there = now - 1 if command.earlier else now + 1
    if 0 <= there < len(order):
        order[now], order[there] = order[there], order[now]
        for position, each in enumerate(order, 1):
            each.position = position
        uow.record("samenspreker.gate.placed", after={"gate": gate.id, "position": gate.position})
        uow.session.flush()
    return gate


def gate_values(gate: Gate) -> dict[str, Any]:
    """What the edit form shows."""
    return {**{name: getattr(gate, name) for name in FIELDS}, "version": gate.version}


def _locked(uow: UnitOfWork, id: uuid.UUID) -> Gate:
    DEFINE_PROCESS.require(uow.actor)
    gate = uow.session.execute(select(Gate).where(Gate.id == id).with_for_update()).scalar_one_or_none()
    if gate is None:
        raise NotFound
    return gate


def _last(uow: UnitOfWork, step: str) -> int:
    return uow.session.execute(select(func.max(Gate.position)).where(Gate.step == step)).scalar() or 0

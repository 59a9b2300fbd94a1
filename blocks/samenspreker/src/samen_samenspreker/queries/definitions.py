"""The gates of the city, as its manager set them up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from samen_core.api import UnitOfWork
from samen_samenspreker.models import STEPS, Gate

_GATES = select(*Gate.__table__.columns).order_by(Gate.step, Gate.position, Gate.id)


def city_gates(uow: UnitOfWork, *, only_active: bool = False) -> dict[str, list[Row[*tuple[Any, ...]]]]:
    """Every gate per step, in the order of the steps and their own. One statement."""
    rows: Sequence[Row[*tuple[Any, ...]]] = uow.session.execute(_GATES).all()
    return {step: [row for row in rows if row.step == step and (row.active or not only_active)] for step in STEPS[:5]}

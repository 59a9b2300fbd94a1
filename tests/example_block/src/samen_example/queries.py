"""What is read, built once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from samen_core.api import Order, SortKey, UnitOfWork
from samen_example.models import Tally, Thanks

COLUMNS: tuple[Any, ...] = (Thanks.id, Thanks.version, Thanks.organization_id, Thanks.text, Thanks.at)
VISIBLE = select(*COLUMNS).where(Thanks.hidden.is_(False))
NEWEST = Order("example.newest", SortKey(Thanks.at, descending=True), SortKey(Thanks.id, descending=True))
LATEST = VISIBLE.order_by(Thanks.at.desc(), Thanks.id.desc()).limit(3)
TEXTS = select(Thanks.id, Thanks.text).where(Thanks.hidden.is_(False))
NUMBER = select(func.count()).select_from(Thanks).where(Thanks.hidden.is_(False))


def latest(uow: UnitOfWork, organization_id: uuid.UUID) -> Sequence[Row[Any]]:
    """The three newest notes to an organisation."""
    return uow.session.execute(LATEST.where(Thanks.organization_id == organization_id)).all()


def tally(uow: UnitOfWork, organization_id: uuid.UUID) -> int:
    """How many notes an organisation has."""
    return uow.session.execute(select(Tally.number).where(Tally.organization_id == organization_id)).scalar() or 0

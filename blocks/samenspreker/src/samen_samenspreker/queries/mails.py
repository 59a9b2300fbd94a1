"""Who at a table gets mail."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select

from samen_core.api import ACCOUNT_ADDRESSES, UnitOfWork
from samen_samenspreker.models import Seat

_HOLDERS = (
    select(Seat.id, ACCOUNT_ADDRESSES.c.email, ACCOUNT_ADDRESSES.c.language)
    .join(ACCOUNT_ADDRESSES, ACCOUNT_ADDRESSES.c.id == Seat.account_id)
    .where(Seat.question_id == bindparam("question_id"), Seat.state == "accepted", Seat.wants_mail)
    .order_by(Seat.at, Seat.id)
)


def seat_addresses(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[Row[Any]]:
    """The seats whose holder agreed to mail, with ``email`` and ``language``. One statement."""
    return uow.session.execute(_HOLDERS, {"question_id": question_id}).all()

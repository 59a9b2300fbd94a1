"""Where something came from that was sent without account: kept as a keyed hash of the IP address, for a set time, shown to nobody.

It serves when the law was broken: the police name an address and a day, and whoever runs the platform finds what came from there.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from samen_core.api import UnitOfWork, keyed_hash, new_row, uuid7, write_row
from samen_doe_mee.models import Trace

What = Literal["voice", "contribution", "idea", "vote"]


def note_origin(uow: UnitOfWork, what: What, thing_id: uuid.UUID, address: str) -> None:
    """Keep where this came from. Nothing for who is logged in, whose account tells it, and nothing without an address."""
    if uow.actor.is_anonymous and address:
        write_row(uow, new_row(Trace, id=uuid7(), what=what, thing_id=thing_id, origin=origin_hash(uow, address), at=uow.now))


def sent_from(uow: UnitOfWork, address: str, since: datetime, until: datetime) -> list[tuple[str, uuid.UUID, datetime]]:
    """What came from an address between two moments: what it is, its id and when, oldest first; for the command line alone."""
    found = select(Trace.what, Trace.thing_id, Trace.at).where(
        Trace.origin == origin_hash(uow, address), Trace.at >= since, Trace.at < until
    )
    return [(row.what, row.thing_id, row.at) for row in uow.session.execute(found.order_by(Trace.at, Trace.id))]


def origin_hash(uow: UnitOfWork, address: str) -> str:
    """What is stored of an IP address: nobody makes it without the secret of the installation."""
    return keyed_hash(uow.platform, "doe_mee.origin", address)

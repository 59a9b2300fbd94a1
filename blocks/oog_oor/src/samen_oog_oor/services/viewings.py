"""Who of the staff opened what is confidential: written down at once, also when a page only reads."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import insert, select

from samen_core.api import Actor, Platform, uuid7
from samen_oog_oor.models import Viewing

AGAIN = timedelta(hours=1)
"""Who opens a page again within this time is written down once."""


def note_viewing(platform: Platform, actor: Actor, case_id: uuid.UUID, what: str) -> None:
    """Write down that the actor opened ``what`` (contact, picture or confidential) of a case, in a transaction of its own."""
    note_viewings(platform, actor, [case_id], what)


def note_viewings(platform: Platform, actor: Actor, case_ids: Iterable[uuid.UUID], what: str) -> None:
    """The same for several cases at once, such as those in a table that is saved. A statement a thousand cases, and one to write."""
    new = list(dict.fromkeys(case_ids))
    if not new:
        return
    with platform.read(actor) as uow:
        mine = (Viewing.account_id == actor.account_id, Viewing.what == what, Viewing.at > uow.now - AGAIN)
        seen: set[uuid.UUID] = set()
        for start in range(0, len(new), 1_000):
            known = select(Viewing.case_id).where(Viewing.case_id.in_(new[start : start + 1_000]), *mine)
            seen.update(uow.session.execute(known).scalars())
    rows = [{"id": uuid7(), "case_id": id, "account_id": actor.account_id, "what": what} for id in new if id not in seen]
    if rows:
        with platform.unit_of_work(actor) as uow:
            uow.session.execute(insert(Viewing), [{**row, "at": uow.now} for row in rows])

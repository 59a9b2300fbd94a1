"""Who of the staff opened what is confidential: written down at once, also when a page only reads."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import insert, select

from samen_core.api import UnitOfWork, uuid7
from samen_oog_oor.models import Viewing

AGAIN = timedelta(hours=1)
"""Who opens a page again within this time is written down once."""


def note_viewing(uow: UnitOfWork, case_id: uuid.UUID, what: str) -> None:
    """Write down that the actor opened ``what`` (contact, picture or confidential) of a case."""
    note_viewings(uow, [case_id], what)


def note_viewings(uow: UnitOfWork, case_ids: Iterable[uuid.UUID], what: str) -> None:
    """The same for several cases at once, such as those in a table that is saved. A statement a thousand cases, and one to write.

    It stays written when what follows is refused: who looked has looked. So call it before anything else is written; a unit of work that
    writes is committed up to here, since a second one beside it would wait for it.
    """
    new = list(dict.fromkeys(case_ids))
    mine = (Viewing.account_id == uow.actor.account_id, Viewing.what == what, Viewing.at > uow.now - AGAIN)
    seen: set[uuid.UUID] = set()
    for start in range(0, len(new), 1_000):
        known = select(Viewing.case_id).where(Viewing.case_id.in_(new[start : start + 1_000]), *mine)
        seen.update(uow.session.execute(known).scalars())
    looked = {"account_id": uow.actor.account_id, "what": what, "at": uow.now}
    rows = [{"id": uuid7(), "case_id": id, **looked} for id in new if id not in seen]
    if not rows:
        return
    if uow.write:
        uow.session.execute(insert(Viewing), rows)
        uow.session.commit()
    else:
        with uow.platform.unit_of_work(uow.actor) as writing:
            writing.session.execute(insert(Viewing), rows)

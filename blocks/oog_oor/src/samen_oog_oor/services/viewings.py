"""Who of the staff opened what is confidential: written down at once, also when a page only reads."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select

from samen_core.api import Actor, Platform, uuid7
from samen_oog_oor.models import Viewing

AGAIN = timedelta(hours=1)
"""Who opens a page again within this time is written down once."""


def note_viewing(platform: Platform, actor: Actor, case_id: uuid.UUID, what: str) -> None:
    """Write down that the actor opened ``what`` (contact, picture or confidential) of a case, in a transaction of its own."""
    mine = (Viewing.case_id == case_id, Viewing.account_id == actor.account_id, Viewing.what == what)
    with platform.read(actor) as uow:
        if uow.session.execute(select(Viewing.id).where(*mine, Viewing.at > uow.now - AGAIN).limit(1)).first() is not None:
            return
    with platform.unit_of_work(actor) as uow:
        uow.session.add(Viewing(id=uuid7(), case_id=case_id, account_id=actor.account_id, what=what, at=uow.now))

"""The words of reporters that were cleared for everybody."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import bindparam, select

from samen_core.api import UnitOfWork
from samen_oog_oor.models import Signal

MOST = 20
_CLEARED = (
    select(Signal.public_text)
    .where(
        Signal.case_id == bindparam("id"),
        Signal.public_text != "",
        Signal.public_text != bindparam("text"),
        Signal.confirmed_at.is_not(None),
        Signal.withdrawn_at.is_(None),
    )
    .order_by(Signal.at, Signal.id)
    .limit(MOST)
)


def cleared_texts(uow: UnitOfWork, case_id: uuid.UUID, text: str) -> Sequence[str]:
    """What is left for everybody of the words of reporters, the first first, without those that are the ``text`` of the case itself.

    The caller checked that the page of the case may be seen.
    """
    found = uow.session.execute(_CLEARED, {"id": case_id, "text": text}).scalars()
    return tuple(dict.fromkeys(found))

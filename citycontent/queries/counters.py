"""The numbers beside filters."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from citycontent.models import Counter
from samen_core.api import UnitOfWork

_FACET = select(Counter.key, Counter.value).where(Counter.name == bindparam("name"))


def facet(uow: UnitOfWork, name: str) -> dict[str, int]:
    """How many active things there are per key: ``organization.sector``, ``person.visibility``, ``project.status``, ``event.status``."""
    return {row.key: row.value for row in uow.session.execute(_FACET, {"name": name})}

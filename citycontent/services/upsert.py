"""Insert-or-update, which both databases spell alike but SQLAlchemy keeps per dialect."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from samen_core.api import UnitOfWork

INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def dialect_of(uow: UnitOfWork) -> str:
    """The name of the database at hand."""
    return uow.session.get_bind().dialect.name

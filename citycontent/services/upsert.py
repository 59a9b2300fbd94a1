"""Insert-or-update, which both databases spell alike but SQLAlchemy keeps per dialect."""

from __future__ import annotations

from typing import Any

from samen_core.api import UnitOfWork


def insert_for(uow: UnitOfWork, model: Any) -> Any:
    """An ``insert`` with ``on_conflict_do_nothing`` and ``on_conflict_do_update`` for the database at hand."""
    from sqlalchemy.dialects import postgresql, sqlite

    dialect = postgresql if uow.session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(model)

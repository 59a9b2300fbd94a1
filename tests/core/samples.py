"""Rows to test the kernel with, made without the services of any block."""

from __future__ import annotations

from typing import Any

from samen_example.models import Thanks
from sqlalchemy import func, select

from samen_core.db.base import uuid7
from samen_core.db.changes import Change
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.platform import Platform
from samen_core.subjects import SubjectData, SubjectRef, register


def add_thanks(uow: UnitOfWork, text: str = "Bedankt!", *, public: bool = True) -> Thanks:
    """A note of the example block about another note, in the register and the database."""
    about, id = uuid7(), uuid7()
    register(uow, SubjectRef("thanks", about), SubjectData("Buurthuis De Ster", "/bedankjes/ster"))
    register(uow, SubjectRef("thanks", id), SubjectData("Bedankje", f"/bedankjes/{id}", public=public))
    thanks = Thanks(id=id, organization_id=about, text=text, at=uow.now)
    uow.session.add(thanks)
    uow.session.flush()
    return thanks


def count(platform: Platform, model: type[Any]) -> int:
    """How many rows a table has."""
    with platform.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(model)).scalar_one()


def log_rows(platform: Platform) -> list[Any]:
    """The rows of the change log in order."""
    with platform.engine.connect() as connection:
        return list(connection.execute(select(*Change.__table__.columns).order_by(Change.seq)))

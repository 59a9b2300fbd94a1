"""Rows to test the kernel with, made without the services of any block."""

from __future__ import annotations

from typing import Any

from samen_gereedschap.models import Loan, Tool
from sqlalchemy import func, select

from citycontent.models import Organization
from samen_core.db.base import uuid7
from samen_core.db.changes import Change
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.platform import Platform
from samen_core.subjects import SubjectData, SubjectRef, register


def add_tool(uow: UnitOfWork, name: str = "Ladder", *, public: bool = True) -> Tool:
    """A tool of the example block and its organisation, in the register and the database."""
    owner, id = uuid7(), uuid7()
    register(uow, SubjectRef("organization", owner), SubjectData("Buurthuis De Ster", f"/organisaties/{owner}"))
    register(uow, SubjectRef("tool", id), SubjectData("Ladder", f"/gereedschap/{id}", public=public))
    moments = {"created_at": uow.now, "updated_at": uow.now}
    uow.session.add(Organization(id=owner, name="De Ster", slug=str(owner), sort_name="de ster", sector="citizens", **moments))
    uow.session.flush()
    tool = Tool(id=id, slug=str(id), organization_id=owner, name=name, sort_name="ladder", kind="ladder", created_at=uow.now)
    uow.session.add(tool)
    uow.session.flush()
    return tool


def a_loan(uow: UnitOfWork, tool: Tool, note: str) -> Loan:
    """A loan, not yet in the database, with personal data in it."""
    day = uow.now.date()
    return Loan(id=uuid7(), tool_id=tool.id, first_day=day, last_day=day, note=note, requested_at=uow.now)


def count(platform: Platform, model: type[Any]) -> int:
    """How many rows a table has."""
    with platform.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(model)).scalar_one()


def log_rows(platform: Platform) -> list[Any]:
    """The rows of the change log in order."""
    with platform.engine.connect() as connection:
        return list(connection.execute(select(*Change.__table__.columns).order_by(Change.seq)))

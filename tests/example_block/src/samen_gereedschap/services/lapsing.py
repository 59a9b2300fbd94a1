"""Closing what nobody deals with any longer, so that it is forgotten in time and no longer counts for who asked for it."""

from __future__ import annotations

from samen_core.api import UnitOfWork
from samen_gereedschap.models import Loan
from samen_gereedschap.queries.loans import to_lapse
from samen_gereedschap.services.common import locked_tool, today
from samen_gereedschap.services.loans import take_step
from samen_gereedschap.services.transitions import TRANSITIONS

PORTION = 200


def lapse(uow: UnitOfWork) -> None:
    """Job: close loans whose last day is over and that nobody will close; what is more than a portion waits for the next run."""
    for id, tool_id in uow.session.execute(to_lapse(today(uow), PORTION)).all():
        tool, loan = locked_tool(uow, tool_id), uow.session.get_one(Loan, id, populate_existing=True)
        # Somebody may have been just before us.
        if loan.state in TRANSITIONS["lapse"].sources and not (loan.state == "lent" and tool.state == "offered"):
            take_step(uow, "lapse", loan, tool)

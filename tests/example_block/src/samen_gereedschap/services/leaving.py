"""Letting go of an account that is erased. Core empties what the columns declare; the days that it asked for come free here."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from samen_core.api import UnitOfWork
from samen_gereedschap.models import WAITING_STATES, Loan
from samen_gereedschap.services.common import locked_tool
from samen_gereedschap.services.loans import take_step


def cancel_all(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Cancel what an account asked for and did not fetch yet; who lends it hears so.

    What it has at home stays lent, until the organisation takes it back.
    """
    mine = select(Loan.tool_id, Loan.id).where(Loan.account_id == account_id, Loan.state.in_(WAITING_STATES))
    for tool_id, id in uow.session.execute(mine.order_by(Loan.tool_id, Loan.id)).all():
        tool, loan = locked_tool(uow, tool_id), uow.session.get_one(Loan, id, populate_existing=True)
        if loan.state in WAITING_STATES:
            take_step(uow, "cancel", loan, tool)

"""Letting go of an account that is erased. Core empties what the columns declare; the days that it asked for come free here."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from samen_core.api import UnitOfWork
from samen_gereedschap.events import LoanCancelled
from samen_gereedschap.models import Loan
from samen_gereedschap.services.loans import free_days


def cancel_all(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Cancel what an account asked for and did not fetch yet. What it has at home stays lent, until the organisation takes it back."""
    waiting = select(Loan).where(Loan.account_id == account_id, Loan.state.in_(("requested", "agreed"))).order_by(Loan.id)
    for loan in uow.session.execute(waiting).scalars().all():
        free_days(uow, loan)
        loan.state, loan.closed_at = "cancelled", uow.now
        uow.record_change(LoanCancelled.type, loan, loan.tool_id)

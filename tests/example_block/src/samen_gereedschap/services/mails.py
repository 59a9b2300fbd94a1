"""Mails: to the organisation about requests, to the borrower about the answer, and the reminder on the day before."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from citycontent.api import Organization
from samen_core.api import ACCOUNT_ADDRESSES, Delivered, Invalid, UnitOfWork, format_day, managed_mail, page_address, queue_mail
from samen_gereedschap import managed_texts, paths
from samen_gereedschap.events import LoanAgreed, LoanCancelled, LoanLapsed, LoanRefused, LoanRequested
from samen_gereedschap.models import Loan, Tool
from samen_gereedschap.queries.loans import to_remind
from samen_gereedschap.services.common import today

PORTION = 200
TO_ORGANIZATION = {LoanRequested.type: managed_texts.REQUESTED, LoanCancelled.type: managed_texts.CANCELLED}
TO_BORROWER = {
    LoanAgreed.type: managed_texts.AGREED,
    LoanRefused.type: managed_texts.REFUSED,
    LoanLapsed.type: managed_texts.LAPSED,
}
"""The mail for each event."""

_account = ACCOUNT_ADDRESSES.c
_MAIL = (
    select(Loan, Tool.name.label("tool_name"), Organization.name.label("organization_name"), Organization.email.label("organization_email"))
    .add_columns(_account.email, _account.language)
    .join(Tool, Tool.id == Loan.tool_id)
    .join(Organization, Organization.id == Tool.organization_id)
    .outerjoin(ACCOUNT_ADDRESSES, _account.id == Loan.account_id)
)


def mail_loan(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: queue the mail about a step of a loan, when whoever gets it has an address."""
    row = uow.session.execute(_MAIL.where(Loan.id == uuid.UUID(event.payload["loan_id"]))).one_or_none()
    if row is None:
        return
    if event.type in TO_ORGANIZATION:
        _queue(uow, TO_ORGANIZATION[event.type], row.organization_email, "nl", row, "tool", "first", "last", "link")
    else:
        names = ("organization", "tool", "first", "last", "link") + (() if event.type == LoanLapsed.type else ("answer",))
        _queue(uow, TO_BORROWER[event.type], row.email, row.language, row, *names)


def remind(uow: UnitOfWork) -> None:
    """Job: remind borrowers on the day before the last, each once; what is more than a portion waits for the next run."""
    for row in uow.session.execute(to_remind(today(uow), PORTION)).all():
        row.Loan.reminded_at = uow.now
        _queue(uow, managed_texts.REMINDER, row.email, row.language, row, "tool", "last", "organization", "link")


def _queue(uow: UnitOfWork, key: str, address: str | None, language: str, row: Any, *names: str) -> None:
    if not address:
        return
    # The days are written out here, so in the language of who reads them.
    with uow.platform.translations.use(language):
        values = {
            "organization": row.organization_name,
            "tool": row.tool_name,
            "first": format_day(row.Loan.first_day),
            "last": format_day(row.Loan.last_day),
            "answer": row.Loan.answer,
            "link": page_address(uow.platform, paths.loan(row.Loan.id), language),
        }
    try:
        queue_mail(uow, managed_mail(uow, key, address, language, {name: values[name] for name in names}))
    except Invalid:
        # An address that cannot exist must not keep the loan, or the others in this run, from going on.
        uow.platform.log.warning("gereedschap_not_mailed", loan=str(row.Loan.id))

"""Letting go of people: when an account is erased, and when the term of names and addresses is over."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Delete, delete, func, or_, select, update

from samen_core.api import UnitOfWork
from samen_inbreng.models import Activity, Contribution, Respondent, Support
from samen_inbreng.services.support import forget_support
from samen_inbreng.settings import MAIL_MONTHS, NAME_MONTHS, number

MONTH = timedelta(days=30.44)
WITHOUT_REPORT = timedelta(days=365)
"""Where no final report is made, the terms run from a year after the activity closed."""


def forget_account(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Let go of an account that is being erased: what it said stays, without name or account (the record of what was decided on)."""
    forget_support(uow, account_id)
    _empty(uow, Contribution.account_id == account_id, account_id=None, author_name="", email="", wants_mail=False, receipt_hash=None)
    _empty(uow, Contribution.entered_by_id == account_id, entered_by_id=None)


def forget_in_time(uow: UnitOfWork) -> None:
    """Empty e-mail addresses, and later names and who supported or filled in what, of activities whose term is over; a daily job.

    The numbers of supporters stay.
    """
    mails = _over(uow.now - number(uow, MAIL_MONTHS) * MONTH)
    has_mail = or_(Contribution.email != "", Contribution.wants_mail)
    changed = _empty(uow, Contribution.activity_id.in_(mails) & has_mail, email="", wants_mail=False, email_confirmed_at=None)
    names = _over(uow.now - number(uow, NAME_MONTHS) * MONTH)
    is_named = or_(
        Contribution.author_name != "",
        Contribution.account_id.is_not(None),
        Contribution.source != "",
        Contribution.receipt_hash.is_not(None),
    )
    changed += _empty(uow, Contribution.activity_id.in_(names) & is_named, author_name="", account_id=None, source="", receipt_hash=None)
    contributions = select(Contribution.id).where(Contribution.activity_id.in_(names))
    changed += _delete(uow, delete(Support).where(Support.contribution_id.in_(contributions)))
    changed += _delete(uow, delete(Respondent).where(Respondent.activity_id.in_(names)))
    if changed:
        uow.record("inbreng.contributions.forgotten", after={"number": changed})


def _over(before: datetime) -> Any:
    """The activities whose term started before this moment."""
    closed = func.coalesce(Activity.closed_at, Activity.closes_at)
    return select(Activity.id).where(
        or_(Activity.finished_at < before, Activity.finished_at.is_(None) & (closed < before - WITHOUT_REPORT))
    )


def _delete(uow: UnitOfWork, statement: Delete) -> int:
    return int(uow.session.connection().execute(statement).rowcount)


def _empty(uow: UnitOfWork, which: ColumnElement[bool], **values: Any) -> int:
    statement = update(Contribution).where(which).values(**values, version=Contribution.version + 1)
    uow.session.flush()
    return int(uow.session.connection().execute(statement).rowcount)

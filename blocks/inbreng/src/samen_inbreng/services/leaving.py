"""Letting go of an account that is erased."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from samen_core.api import ACCOUNT_ADDRESSES, UnitOfWork
from samen_inbreng.events import ContributionForgotten
from samen_inbreng.models import Activity, Contribution
from samen_inbreng.services.support import forget_support


def forget_account(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Let go of an account that is being erased: what it said stays, without name or account (the record of what was decided on).

    Answers of a place or a file go: they say more of somebody than the record needs.
    """
    forget_support(uow, account_id)
    accounts = ACCOUNT_ADDRESSES.c
    address = uow.session.execute(select(func.lower(accounts.email)).where(accounts.id == account_id)).scalar_one_or_none()
    mine = Contribution.account_id == account_id
    if address:
        mine = or_(mine, and_(Contribution.account_id.is_(None), func.lower(Contribution.email) == address))
    _tell(uow, mine)
    _forget_answers(uow, mine)
    _empty(uow, mine, account_id=None, author_name="", email="", wants_mail=False, email_confirmed_at=None, receipt_hash=None)
    _empty(uow, Contribution.entered_by_id == account_id, entered_by_id=None)


def _tell(uow: UnitOfWork, which: ColumnElement[bool]) -> None:
    """Say of each of these contributions that it says less now."""
    for row in uow.session.execute(select(Contribution.id, Contribution.activity_id, Contribution.subject_id).where(which)):
        uow.publish(ContributionForgotten(contribution_id=row.id, activity_id=row.activity_id, subject_id=row.subject_id))


def _forget_answers(uow: UnitOfWork, which: ColumnElement[bool]) -> None:
    """Take answers of a place or a file out of these contributions."""
    rows = select(Contribution.id, Contribution.answers, Activity.form).join(Activity, Activity.id == Contribution.activity_id)
    for row in uow.session.execute(rows.where(which)):
        telling = {question["name"] for question in row.form.get("questions", ()) if question["kind"] in ("place", "file")}
        if telling & set(row.answers):
            kept = {name: value for name, value in row.answers.items() if name not in telling}
            _empty(uow, Contribution.id == row.id, answers=kept)


def _empty(uow: UnitOfWork, which: ColumnElement[bool], **values: Any) -> None:
    statement = update(Contribution).where(which).values(**values, version=Contribution.version + 1)
    uow.session.flush()
    uow.session.connection().execute(statement)

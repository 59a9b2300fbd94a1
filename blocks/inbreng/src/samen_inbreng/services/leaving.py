"""Letting go of people: when an account is erased, and when the term of names and addresses is over.

When a term starts (docs/proces.nl.md says it in Dutch, the columns declare it):

- with a final report on the subject: when that was published;
- without one: a year after the activity closed;
- while the activity stays open without a report, with no end or a far one: for each contribution by itself a year after it was given. Who
  supported or filled in something is then known until nobody has taken part for as long, so that everybody counts once.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Delete, and_, delete, exists, func, or_, select, update

from samen_core.api import CITY_TIME_ZONE, UnitOfWork
from samen_inbreng.models import Activity, Contribution, Respondent, Response, Support
from samen_inbreng.services.support import forget_support
from samen_inbreng.settings import MAIL_MONTHS, NAME_MONTHS, number

MONTH = timedelta(days=30.44)
WITHOUT_REPORT = timedelta(days=365)
"""Where no final report is made, the terms run from a year after the activity closed, or after what was said while it stays open."""

_end: Any = func.coalesce(Activity.closed_at, Activity.closes_at)
_NO_REPORT = Activity.finished_at.is_(None)


def forget_account(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Let go of an account that is being erased: what it said stays, without name or account (the record of what was decided on)."""
    forget_support(uow, account_id)
    _empty(uow, Contribution.account_id == account_id, account_id=None, author_name="", email="", wants_mail=False, receipt_hash=None)
    _empty(uow, Contribution.entered_by_id == account_id, entered_by_id=None)


def forget_in_time(uow: UnitOfWork) -> None:
    """Empty e-mail addresses, and later names and who supported or filled in what, where the term is over; a daily job.

    The numbers of supporters stay.
    """
    mails = _said_before(uow.now, uow.now - number(uow, MAIL_MONTHS) * MONTH)
    has_mail = or_(Contribution.email != "", Contribution.wants_mail)
    changed = _empty(uow, mails & has_mail, email="", wants_mail=False, email_confirmed_at=None)
    before = uow.now - number(uow, NAME_MONTHS) * MONTH
    is_named = or_(
        Contribution.author_name != "",
        Contribution.account_id.is_not(None),
        Contribution.source != "",
        Contribution.receipt_hash.is_not(None),
    )
    changed += _empty(uow, _said_before(uow.now, before) & is_named, author_name="", account_id=None, source="", receipt_hash=None)
    activities = _ended(before, _open(uow.now) & ~_taken_part_since(before - WITHOUT_REPORT))
    contributions = select(Contribution.id).where(Contribution.activity_id.in_(activities))
    changed += _delete(uow, delete(Support).where(Support.contribution_id.in_(contributions)))
    changed += _delete(uow, delete(Respondent).where(Respondent.activity_id.in_(activities)))
    if changed:
        uow.record("inbreng.contributions.forgotten", after={"number": changed})


def _ended(before: datetime, *more: ColumnElement[bool]) -> Any:
    """The activities whose term started before this moment, and those for which ``more`` holds."""
    return select(Activity.id).where(or_(Activity.finished_at < before, _NO_REPORT & (_end < before - WITHOUT_REPORT), *more))


def _open(now: datetime) -> ColumnElement[bool]:
    return and_(_NO_REPORT, or_(_end.is_(None), _end > now))


def _said_before(now: datetime, before: datetime) -> ColumnElement[bool]:
    """The contributions whose term started before this moment."""
    still_open = Contribution.activity_id.in_(select(Activity.id).where(_open(now)))
    return or_(Contribution.activity_id.in_(_ended(before)), still_open & (Contribution.at < before - WITHOUT_REPORT))


def _taken_part_since(moment: datetime) -> ColumnElement[bool]:
    said = exists().where(Contribution.activity_id == Activity.id, Contribution.at >= moment)
    filled_in = exists().where(Response.activity_id == Activity.id, Response.on >= moment.astimezone(CITY_TIME_ZONE).date())
    return or_(said, filled_in)


def _delete(uow: UnitOfWork, statement: Delete) -> int:
    return int(uow.session.connection().execute(statement).rowcount)


def _empty(uow: UnitOfWork, which: ColumnElement[bool], **values: Any) -> int:
    statement = update(Contribution).where(which).values(**values, version=Contribution.version + 1)
    uow.session.flush()
    return int(uow.session.connection().execute(statement).rowcount)

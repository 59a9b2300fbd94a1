"""Keeping to the terms of names and addresses.

When a term starts (docs/proces.nl.md says it in Dutch, the columns declare it):

- with a final report on the subject: when that was published;
- without one: a year after the activity closed;
- while the activity stays open without a report, with no end or a far one: for each contribution by itself a year after it was given. Who
  supported or filled in something is then known until nobody has taken part for as long, so that everybody counts once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from samen_core.api import CITY_TIME_ZONE, Due, RetentionRule, Text, UnitOfWork, _, count_due, let_go
from samen_inbreng.models import Activity, Contribution, Respondent, Response, Support
from samen_inbreng.settings import MAIL_MONTHS, NAME_MONTHS, number

MONTH = timedelta(days=30.44)
WITHOUT_REPORT = timedelta(days=365)
"""Where no final report is made, the terms run from a year after the activity closed, or after what was said while it stays open."""

_end: Any = func.coalesce(Activity.closed_at, Activity.closes_at)
_NO_REPORT = Activity.finished_at.is_(None)
_C: Any = Contribution.__table__
_S: Any = Support.__table__
_R: Any = Respondent.__table__


def _mails(uow: UnitOfWork) -> ColumnElement[bool]:
    before = uow.now - number(uow, MAIL_MONTHS) * MONTH
    return and_(_said_before(uow.now, before), or_(_C.c.email != "", _C.c.wants_mail))


def _names(uow: UnitOfWork) -> ColumnElement[bool]:
    named = or_(_C.c.author_name != "", _C.c.account_id.is_not(None), _C.c.source != "", _C.c.receipt_hash.is_not(None))
    return and_(_said_before(uow.now, uow.now - number(uow, NAME_MONTHS) * MONTH), named)


def _over(uow: UnitOfWork) -> Any:
    """The activities of which nobody needs to know any more who took part."""
    before = uow.now - number(uow, NAME_MONTHS) * MONTH
    return _ended(before, _is_open(uow.now) & ~_taken_part_since(before - WITHOUT_REPORT))


def _supports(uow: UnitOfWork) -> ColumnElement[bool]:
    said: ColumnElement[bool] = _S.c.contribution_id.in_(select(_C.c.id).where(_C.c.activity_id.in_(_over(uow))))
    return said


def _respondents(uow: UnitOfWork) -> ColumnElement[bool]:
    filled_in: ColumnElement[bool] = _R.c.activity_id.in_(_over(uow))
    return filled_in


def _forget_mails(uow: UnitOfWork, limit: int) -> int:
    nothing = {"email": "", "wants_mail": False, "email_confirmed_at": None, "version": _C.c.version + 1}
    return let_go(uow, update(_C).values(nothing), _mails(uow), limit)


def _forget_names(uow: UnitOfWork, limit: int) -> int:
    nothing = {"author_name": "", "account_id": None, "source": "", "receipt_hash": None, "version": _C.c.version + 1}
    return let_go(uow, update(_C).values(nothing), _names(uow), limit)


def _due_supports(uow: UnitOfWork) -> Due:
    supports = count_due(uow, _S.c.at, _supports(uow))
    respondents = uow.session.execute(select(func.count()).where(_respondents(uow))).scalar_one()
    return Due(supports.number + respondents, supports.oldest)


def _forget_supports(uow: UnitOfWork, limit: int) -> int:
    return let_go(uow, delete(_S), _supports(uow), limit) + let_go(uow, delete(_R), _respondents(uow), limit)


def _ended(before: datetime, *more: ColumnElement[bool]) -> Any:
    """The activities whose term started before this moment, and those for which ``more`` holds."""
    return select(Activity.id).where(or_(Activity.finished_at < before, _NO_REPORT & (_end < before - WITHOUT_REPORT), *more))


def _is_open(now: datetime) -> ColumnElement[bool]:
    return and_(_NO_REPORT, or_(_end.is_(None), _end > now))


def _said_before(now: datetime, before: datetime) -> ColumnElement[bool]:
    """The contributions whose term started before this moment."""
    still_open = Contribution.activity_id.in_(select(Activity.id).where(_is_open(now)))
    return or_(Contribution.activity_id.in_(_ended(before)), still_open & (Contribution.at < before - WITHOUT_REPORT))


def _taken_part_since(moment: datetime) -> ColumnElement[bool]:
    said = exists().where(Contribution.activity_id == Activity.id, Contribution.at >= moment)
    filled_in = exists().where(Response.activity_id == Activity.id, Response.on >= moment.astimezone(CITY_TIME_ZONE).date())
    return or_(said, filled_in)


def _after(term: Text) -> Text:
    return _(
        "{term} na het eindverslag; komt er geen eindverslag: een jaar langer, vanaf de sluiting of, zolang de vraag open blijft, vanaf de "
        "bijdrage",
        term=term,
    )


_MAIL_TERMS = (6 * MONTH, 6 * MONTH + WITHOUT_REPORT)
_NAME_TERMS = (24 * MONTH, 24 * MONTH + WITHOUT_REPORT)

RULES = (
    RetentionRule(
        "inbreng.mails",
        _("E-mailadressen bij bijdragen"),
        _after(_("zes maanden (of wat de gemeente instelde)")),
        due=lambda uow: count_due(uow, _C.c.at, _mails(uow)),
        apply=_forget_mails,
        terms=_MAIL_TERMS,
    ),
    RetentionRule(
        "inbreng.names",
        _("Namen en accounts bij bijdragen"),
        _after(_("twee jaar (of wat de gemeente instelde)")),
        due=lambda uow: count_due(uow, _C.c.at, _names(uow)),
        apply=_forget_names,
        terms=_NAME_TERMS,
    ),
    RetentionRule(
        "inbreng.supports",
        _("Wie een bijdrage steunde of een vragenlijst invulde"),
        _after(_("twee jaar (of wat de gemeente instelde)")),
        due=_due_supports,
        apply=_forget_supports,
        terms=_NAME_TERMS,
    ),
)
"""The rules; the number of supporters stays."""

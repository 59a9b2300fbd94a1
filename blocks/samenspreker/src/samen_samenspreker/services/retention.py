"""Letting go of who put a question, supported it or sat at its table: at once when an account is erased, and when the term is over."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from samen_core.api import ACCOUNT_ADDRESSES, Due, RetentionRule, UnitOfWork, _, count_due, let_go
from samen_samenspreker.models import FinalReport, Option, OptionSupport, Question, QuestionSupport, Seat
from samen_samenspreker.queries.support import AT_TABLE
from samen_samenspreker.services.question_support import forget_account as forget_supports
from samen_samenspreker.services.seat_privacy import UNANSWERED, forget_unanswered, unanswered

TERM = timedelta(days=730)
"""Two years after the end of a question (its final report, its refusal or merge), as the columns declare."""

_NOBODY = {"account_id": None, "author_name": "", "email": "", "wants_mail": False, "email_confirmed_at": None, "receipt_hash": None}
_NO_SEAT = {
    "holder_name": "",
    "email": "",
    "account_id": None,
    "alternate_id": None,
    "alternate_name": "",
    "alternate_email": "",
    "token_hash": None,
    "alternate_token_hash": None,
    "wants_mail": False,
}
_QUESTION: Any = Question.__table__
_SUPPORT: Any = QuestionSupport.__table__
_SEAT: Any = Seat.__table__
_OPINION: Any = OptionSupport.__table__


def forget_account(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Let go of an account that is being erased: its questions stay without name, its support goes."""
    accounts = ACCOUNT_ADDRESSES.c
    address = uow.session.execute(select(func.lower(accounts.email)).where(accounts.id == account_id)).scalar_one_or_none()
    mine = Question.account_id == account_id
    if address:
        mine = or_(mine, and_(Question.account_id.is_(None), func.lower(Question.email) == address))
    uow.session.execute(update(Question).where(mine).values(**_NOBODY))
    uow.session.execute(update(Question).where(Question.decided_by_id == account_id).values(decided_by_id=None))
    forget_supports(uow, account_id)


def _done(uow: UnitOfWork) -> ColumnElement[bool]:
    """The questions whose term is over."""
    before = uow.now - TERM
    reported = select(FinalReport.question_id).where(FinalReport.published_at < before)
    return or_(
        Question.state.in_(("refused", "merged")) & (Question.decided_at < before),
        (Question.state == "withdrawn") & (Question.at < before),
        (Question.step == "closed") & Question.id.in_(reported),
    )


def _asked(uow: UnitOfWork) -> ColumnElement[bool]:
    columns = _QUESTION.c
    known = or_(columns.account_id.is_not(None), columns.author_name != "", columns.email != "", columns.receipt_hash.is_not(None))
    return and_(_done(uow), known)


def _supported(uow: UnitOfWork) -> ColumnElement[bool]:
    over: ColumnElement[bool] = _SUPPORT.c.question_id.in_(select(Question.id).where(_done(uow)))
    return over


def _due_askers(uow: UnitOfWork) -> Due:
    asked, supported = count_due(uow, _QUESTION.c.at, _asked(uow)), count_due(uow, _SUPPORT.c.at, _supported(uow))
    moments = [moment for moment in (asked.oldest, supported.oldest) if moment is not None]
    return Due(asked.number + supported.number, min(moments, default=None))


def _forget_askers(uow: UnitOfWork, limit: int) -> int:
    asked = let_go(uow, update(_QUESTION).values(_NOBODY), _asked(uow), limit)
    return asked + let_go(uow, delete(_SUPPORT), _supported(uow), limit)


def _sat(uow: UnitOfWork) -> ColumnElement[bool]:
    columns = _SEAT.c
    texts = or_(*(columns[name] != "" for name in ("holder_name", "email", "alternate_name", "alternate_email")))
    known = or_(texts, columns.account_id.is_not(None), columns.alternate_id.is_not(None))
    return and_(columns.question_id.in_(select(Question.id).where(_done(uow))), known)


def _said(uow: UnitOfWork) -> ColumnElement[bool]:
    columns = _OPINION.c
    options = select(Option.id).join(Question, Question.id == Option.question_id).where(_done(uow))
    known = or_(columns.voter_id.is_not(None), columns.given_by_id.is_not(None), columns.reason != "")
    return and_(columns.option_id.in_(options), known)


def _forget_said(uow: UnitOfWork, limit: int) -> int:
    """Who sat at the table spoke for a seat: what it said for itself never counted, and would without its account."""
    doubled = and_(_said(uow), _OPINION.c.id.in_(select(_OPINION.c.id).join(Option, Option.id == _OPINION.c.option_id).where(AT_TABLE)))
    gone = let_go(uow, delete(_OPINION), doubled, limit)
    if gone >= limit:
        # There may be more of it, that must not be made nameless first.
        return gone
    return gone + let_go(uow, update(_OPINION).values(voter_id=None, given_by_id=None, reason=""), _said(uow), limit)


def _forget_table(uow: UnitOfWork, limit: int) -> int:
    """First what was said, then who sat there: that tells what counts."""
    said = _forget_said(uow, limit)
    return (
        said if said >= limit else said + let_go(uow, update(_SEAT).values({**_NO_SEAT, "version": _SEAT.c.version + 1}), _sat(uow), limit)
    )


_AFTER = _("twee jaar na het eindverslag, of nadat een vraag is afgewezen, ingetrokken of samengevoegd")

RULES = (
    RetentionRule(
        "samenspreker.askers",
        _("Wie een vraag stelde of steunde"),
        _AFTER,
        due=_due_askers,
        apply=_forget_askers,
        terms=(TERM,),
    ),
    RetentionRule(
        "samenspreker.invitations",
        _("Uitnodigingen zonder antwoord voor een stoel"),
        _("60 dagen na de uitnodiging"),
        due=lambda uow: count_due(uow, _SEAT.c.at, unanswered(uow)),
        apply=forget_unanswered,
        terms=(UNANSWERED,),
    ),
    RetentionRule(
        "samenspreker.option_supports",
        _("Wie wat van een oplossing vond, en de redenen"),
        _AFTER,
        due=lambda uow: count_due(uow, _OPINION.c.at, _said(uow)),
        apply=_forget_said,
        terms=(TERM,),
    ),
    RetentionRule(
        "samenspreker.seats",
        _("Wie aan een tafel zat"),
        _AFTER,
        due=lambda uow: count_due(uow, _SEAT.c.at, _sat(uow)),
        apply=_forget_table,
        terms=(TERM,),
    ),
)
"""The rules; the numbers of supporters and voices stay."""

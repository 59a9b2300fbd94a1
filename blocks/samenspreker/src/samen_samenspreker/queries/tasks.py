"""What waits for somebody, counted in one statement."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, literal, or_, select, union_all

from citycontent.api import AccountPerson, Membership, valid_on
from samen_core.api import UnitOfWork
from samen_samenspreker.models import Action, Decision, Option, OptionSupport, Question, Seat
from samen_samenspreker.permissions import DECIDE, JUDGE
from samen_samenspreker.queries.seats import offered_to
from samen_samenspreker.queries.support import SPEAKING

AnyRow = Row[*tuple[Any, ...]]


def waiting(uow: UnitOfWork, today: date) -> Sequence[AnyRow]:
    """What waits for the actor: rows with ``kind``, ``number`` and the ``slug`` of one of the tables. One statement; none without account.

    Kinds: ``seat_offered``, ``judge`` (questions), ``decide`` (tables), ``opinion`` (options that a seat of the actor said nothing of) and
    ``late`` (actions of an organisation that the actor speaks for).
    """
    account_id = uow.actor.account_id
    if account_id is None:
        return ()
    offered = offered_to(account_id, today.isoformat()).subquery("offered")
    parts: list[Select[Any]] = [
        _counted("seat_offered", offered.c.seat_id.distinct(), offered.c.slug).select_from(offered),
        _decisions(uow, account_id),
        _opinions(account_id),
        _late(account_id, today),
    ]
    if JUDGE.somewhere(uow.actor):
        counted = _counted("judge", Question.id, Question.slug).where(Question.state == "submitted")
        parts.append(JUDGE.narrow(uow.actor, counted, Question.__table__.c.id))
    rows: Sequence[AnyRow] = uow.session.execute(union_all(*parts)).all()
    return rows


def _counted(kind: str, id: Any, slug: Any) -> Select[Any]:
    return select(literal(kind).label("kind"), func.count(id).label("number"), func.min(slug).label("slug"))


def _mine(account_id: uuid.UUID) -> Any:
    return and_(Seat.state == "accepted", or_(Seat.account_id == account_id, Seat.alternate_id == account_id))


def _decisions(uow: UnitOfWork, account_id: uuid.UUID) -> Select[Any]:
    """Tables in step 3 without a decision of this cycle, for who decides by a role or by a seat."""
    decided = exists().where(Decision.question_id == Question.id, Decision.cycle == Question.cycle, Decision.state == "published")
    seat = exists().where(Seat.question_id == Question.id, Seat.role == "decision_maker", _mine(account_id))
    waits = _counted("decide", Question.id, Question.slug).where(Question.state == "accepted", Question.step == "decide", ~decided)
    return DECIDE.narrow(uow.actor, waits, Question.__table__.c.id, public=seat)


def _opinions(account_id: uuid.UUID) -> Select[Any]:
    """Options in step 2 of which a seat of this account said nothing, as the text is now."""
    said = exists().where(
        OptionSupport.option_id == Option.id, OptionSupport.seat_id == Seat.id, OptionSupport.option_version == Option.current
    )
    return (
        _counted("opinion", Option.id, Question.slug)
        .select_from(Seat)
        .join(Question, Question.id == Seat.question_id)
        .join(Option, and_(Option.question_id == Question.id, Option.state == "active"))
        .where(_mine(account_id), Seat.role.in_(SPEAKING), Question.state == "accepted", Question.step == "solve", ~said)
    )


def _late(account_id: uuid.UUID, today: date) -> Select[Any]:
    """Actions past their date of an organisation that the person of this account may speak for."""
    mine = (
        select(Membership.organization_id)
        .join(AccountPerson, AccountPerson.person_id == Membership.person_id)
        .where(
            AccountPerson.account_id == account_id,
            Membership.state == "active",
            Membership.can_represent,
            valid_on(Membership.start_date.expression, Membership.end_date.expression, literal(today.isoformat())),
        )
    )
    return (
        _counted("late", Action.id, Question.slug)
        .select_from(Action)
        .join(Question, and_(Question.id == Action.question_id, Question.cycle == Action.cycle))
        .where(
            Question.state == "accepted",
            Question.step == "execute",
            Action.due_on < today,
            Action.state.not_in(("done", "dropped")),
            Action.organization_id.in_(mine),
        )
    )

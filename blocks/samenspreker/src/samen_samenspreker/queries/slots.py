"""Tables on pages of others: about an area, theme or project, of an account, and what was decided."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select, union_all

from samen_core.api import UnitOfWork
from samen_inbreng.api import Contribution
from samen_samenspreker.models import Decision, Option, Question, Seat
from samen_samenspreker.queries.decisions import OPTION_TITLE
from samen_samenspreker.queries.questions import CARD

AnyRow = Row[*tuple[Any, ...]]
MOST = 5
MOST_DECISIONS = 3
MOST_OWN = 20
_T = Question.__table__.c
_ABOUT = select(*CARD).where(_T.state == "accepted").order_by(_T.step == "closed", _T.at.desc(), _T.id.desc()).limit(MOST + 1)
_DECIDED = (
    select(Question.slug, Question.title, Decision.decided_by, Decision.decided_on, Decision.published_at, OPTION_TITLE)
    .select_from(Decision)
    .join(Question, Question.id == Decision.question_id)
    .outerjoin(Option, Option.id == Decision.option_id)
    .where(Decision.state == "published", Question.state == "accepted")
    .order_by(Decision.published_at.desc(), Decision.id.desc())
    .limit(MOST_DECISIONS)
)


def tables_about(uow: UnitOfWork, subject_type: str, ids: Sequence[uuid.UUID]) -> Sequence[AnyRow]:
    """The newest tables about these areas, themes or projects, running ones first; one more than is shown. One statement."""
    columns: dict[str, ColumnElement[Any]] = {"area": _T.area_id, "theme": _T.theme_id, "project": _T.project_id}
    return uow.session.execute(_ABOUT.where(columns[subject_type].in_(ids))).all()


def newest_decisions(uow: UnitOfWork) -> Sequence[AnyRow]:
    """The newest decisions that hold. One statement."""
    return uow.session.execute(_DECIDED).all()


def own_tables(uow: UnitOfWork, account_id: uuid.UUID) -> Sequence[AnyRow]:
    """The tables that an account takes part in, newest first: the columns of CARD and ``parts``, which says how. One statement.

    ``asked`` put the question, ``seats`` is the number of seats, ``given`` the number of contributions.
    """
    mine = or_(Seat.account_id == account_id, Seat.alternate_id == account_id)
    part = union_all(
        select(Question.id.label("id"), literal(1).label("asked"), literal(0).label("seats"), literal(0).label("given")).where(
            Question.account_id == account_id, Question.state != "withdrawn"
        ),
        select(Seat.question_id, literal(0), literal(1), literal(0)).where(mine, Seat.state == "accepted"),
        select(Contribution.subject_id, literal(0), literal(0), literal(1)).where(
            Contribution.account_id == account_id, Contribution.state == "published"
        ),
    ).subquery("part")
    together = (
        select(
            part.c.id, func.max(part.c.asked).label("asked"), func.sum(part.c.seats).label("seats"), func.sum(part.c.given).label("given")
        )
        .group_by(part.c.id)
        .subquery("together")
    )
    statement = (
        select(*CARD, together.c.asked, together.c.seats, together.c.given)
        .join(together, and_(together.c.id == _T.id))
        .order_by(_T.at.desc(), _T.id.desc())
        .limit(MOST_OWN)
    )
    return uow.session.execute(statement).all()

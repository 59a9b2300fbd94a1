"""Everything that stands on the page at which staff work at a case; each part at most so many, in one statement."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from citycontent.api import Organization
from samen_core.api import ACCOUNT_NAMES, Change, Order, Page, PageRequest, SortKey, UnitOfWork, fetch_page
from samen_oog_oor.models import Case, CaseTask, Inquiry, Merge, Note, Reporter, Route, Signal, Update, Verdict, Viewing
from samen_oog_oor.models.base import OPEN
from samen_oog_oor.queries.work import AnyRow

SHOWN = 20
"""How many of each a page shows; there is a page for all signals."""
_S, _R, _N, _U, _I = Signal.__table__.c, Reporter.__table__.c, Note.__table__.c, Update.__table__.c, Inquiry.__table__.c
_T, _M, _V, _VIEW, _O = CaseTask.__table__.c, Merge.__table__.c, Verdict.__table__.c, Viewing.__table__.c, Organization.__table__.c
_NAME = ACCOUNT_NAMES.c.name.label("name")
_SIGNALS = Order("signals", SortKey(_S.at), SortKey(_S.id))
_HAS_CONTACT = or_(_R.email != "", _R.phone != "", _R.name != "").label("has_contact")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What happened to a case, for staff; ``who`` is empty for the platform itself and for who has no account."""

    at: datetime
    sentence: str
    reason: str
    who: str
    public: bool


def signals_of(uow: UnitOfWork, case_id: uuid.UUID, request: PageRequest) -> Page[AnyRow]:
    """The signals of a case, the first first, with whether contact details were left; never those details."""
    statement = select(*_S, _HAS_CONTACT, (_R.email != "").label("has_email")).outerjoin(Reporter.__table__, _R.signal_id == _S.id)
    return fetch_page(uow.session, statement.where(_S.case_id == case_id), _SIGNALS, request)


def reachable_signals(uow: UnitOfWork, case_id: uuid.UUID) -> Sequence[AnyRow]:
    """The signals whose reporters can be asked something: by mail, or by their account. ``id``, ``code`` and ``at``."""
    statement = select(_S.id, _S.code, _S.at).outerjoin(Reporter.__table__, _R.signal_id == _S.id)
    can = or_((_R.email != "") & _R.wants_mail, _R.signal_id.is_(None) & _S.account_id.is_not(None))
    here = (_S.case_id == case_id, _S.withdrawn_at.is_(None), _S.confirmed_at.is_not(None), can)
    return uow.session.execute(statement.where(*here).order_by(_S.at, _S.id).limit(50)).all()


def notes_of(uow: UnitOfWork, case_id: uuid.UUID) -> Sequence[AnyRow]:
    """The newest notes, with who wrote them."""
    statement = select(*_N, _NAME).outerjoin(ACCOUNT_NAMES, ACCOUNT_NAMES.c.id == _N.account_id).where(_N.case_id == case_id)
    return uow.session.execute(statement.order_by(_N.at.desc(), _N.id.desc()).limit(SHOWN)).all()


def updates_of(uow: UnitOfWork, case_id: uuid.UUID) -> Sequence[AnyRow]:
    """The newest messages to reporters, public or not."""
    return uow.session.execute(select(*_U).where(_U.case_id == case_id).order_by(_U.at.desc(), _U.id.desc()).limit(SHOWN)).all()


def inquiries_of(uow: UnitOfWork, case_id: uuid.UUID) -> Sequence[AnyRow]:
    """The newest questions and what came back, with the name of the organisation that was asked."""
    statement = select(*_I, _O.name.label("organization_name")).outerjoin(Organization.__table__, _O.id == _I.organization_id)
    return uow.session.execute(statement.where(_I.case_id == case_id).order_by(_I.asked_at.desc(), _I.id.desc()).limit(SHOWN)).all()


def tasks_of(uow: UnitOfWork, case_id: uuid.UUID) -> Sequence[AnyRow]:
    """The tasks, in their order, with the names of who does them."""
    statement = (
        select(*_T, _O.name.label("organization_name"), _NAME)
        .outerjoin(Organization.__table__, _O.id == _T.organization_id)
        .outerjoin(ACCOUNT_NAMES, ACCOUNT_NAMES.c.id == _T.assignee_id)
    )
    return uow.session.execute(statement.where(_T.case_id == case_id).order_by(_T.position, _T.id).limit(50)).all()


def routes_lately(uow: UnitOfWork, case_id: uuid.UUID) -> Sequence[Route]:
    """Where the case went, the newest first."""
    return (
        uow.session.execute(select(Route).where(Route.case_id == case_id).order_by(Route.at.desc(), Route.id.desc()).limit(5))
        .scalars()
        .all()
    )


def merged_into(uow: UnitOfWork, case_id: uuid.UUID) -> Sequence[AnyRow]:
    """The cases that became part of this one: the merge, with ``number`` and ``title`` of each."""
    case = Case.__table__.c
    statement = select(*_M, case.number, case.title, case.version.label("case_version")).join(Case.__table__, case.id == _M.from_id)
    here = (_M.into_id == case_id, _M.undone_at.is_(None))
    return uow.session.execute(statement.where(*here).order_by(_M.at.desc(), _M.id.desc()).limit(SHOWN)).all()


def case_number(uow: UnitOfWork, id: uuid.UUID | None) -> AnyRow | None:
    """The number and title of another case."""
    if id is None:
        return None
    case = Case.__table__.c
    return uow.session.execute(select(case.number, case.title).where(case.id == id)).one_or_none()


def verdicts_of(uow: UnitOfWork, case_id: uuid.UUID) -> Sequence[AnyRow]:
    """What reporters thought of how it was closed, the newest first."""
    return uow.session.execute(select(*_V).where(_V.case_id == case_id).order_by(_V.at.desc(), _V.id.desc()).limit(SHOWN)).all()


def viewings_of(uow: UnitOfWork, case_id: uuid.UUID) -> Sequence[AnyRow]:
    """Who opened what is confidential lately."""
    statement = select(_VIEW.at, _VIEW.what, _VIEW.reason, _NAME).outerjoin(ACCOUNT_NAMES, ACCOUNT_NAMES.c.id == _VIEW.account_id)
    return uow.session.execute(statement.where(_VIEW.case_id == case_id).order_by(_VIEW.at.desc(), _VIEW.id.desc()).limit(10)).all()


def names_of_case(uow: UnitOfWork, case: Case) -> tuple[str, str]:
    """The names of the organisation that has a case and of who handles it. One statement."""
    organization = select(_O.name).where(_O.id == case.organization_id).scalar_subquery()
    assignee = select(ACCOUNT_NAMES.c.name).where(ACCOUNT_NAMES.c.id == case.assignee_id).scalar_subquery()
    row = uow.session.execute(select(organization.label("organization"), assignee.label("assignee"))).one()
    return row.organization or "", row.assignee or ""


def history_of(uow: UnitOfWork, case_id: uuid.UUID) -> list[HistoryLine]:
    """The newest lines of the log of a case, also those that are for staff alone."""
    log = Change.__table__.c
    statement = (
        select(log.at, log.sentence, log.reason, log.public, _NAME)
        .outerjoin(ACCOUNT_NAMES, ACCOUNT_NAMES.c.id == log.actor_id)
        .where(log.subject_id == case_id, log.sentence != "")
    )
    rows = uow.session.execute(statement.order_by(log.seq.desc()).limit(SHOWN)).all()
    return [HistoryLine(row.at, row.sentence, row.reason, row.name or "", row.public) for row in rows]


def cases_close_by(uow: UnitOfWork, case: Case, reach: Any, radius: float = 250) -> Sequence[AnyRow]:
    """Other open cases within so many metres for merging: the nearest kind first. ``reach`` narrows."""
    if case.lat is None or case.lon is None:
        return ()
    table = Case.__table__.c
    north, east = radius / 111_200, radius / 68_500
    near = (table.lat.between(case.lat - north, case.lat + north), table.lon.between(case.lon - east, case.lon + east))
    statement = select(table.id, table.number, table.title, table.state, table.category_id, table.reported_at, table.signals)
    statement = statement.where(table.id != case.id, table.merged_into_id.is_(None), table.state.in_(sorted(OPEN)), reach, *near)
    same = (table.category_id == case.category_id).desc()
    return uow.session.execute(statement.order_by(same, table.reported_at.desc(), table.id).limit(10)).all()

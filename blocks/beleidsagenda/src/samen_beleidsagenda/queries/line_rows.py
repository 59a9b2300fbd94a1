"""What the line of a dossier is made of: its moments, points, decisions, phases, papers and promises, read in one statement."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, CompoundSelect, Date, Select, Text, and_, bindparam, case, or_, select, true

from citycontent.api import Event, Organization
from samen_beleidsagenda.models import (
    AgendaItem,
    Commitment,
    CouncilQuestion,
    Decision,
    Document,
    DocumentDossier,
    Dossier,
    Meeting,
    Motion,
    PhaseChange,
    PlanningItem,
)
from samen_beleidsagenda.permissions import SEE_CONFIDENTIAL, WRITE
from samen_beleidsagenda.queries.kinds_together import AnyRow, by_kind, part, together
from samen_core.api import UnitOfWork, UTCDateTime

MOST = 300
"""Of each kind at most so many, the newest: no dossier has more that somebody reads on one line."""
_I, _A, _D, _P = PlanningItem.__table__.c, AgendaItem.__table__.c, Decision.__table__.c, PhaseChange.__table__.c
_M, _C, _Q, _S = Motion.__table__.c, Commitment.__table__.c, CouncilQuestion.__table__.c, Document.__table__.c
_MEETING, _EVENT, _BODY, _TIE = Meeting.__table__.c, Event.__table__.c, Organization.__table__.c, DocumentDossier.__table__.c
_ID = _I.id.type
_TYPES = {
    "id": _ID,
    "title": Text(),
    "text": Text(),
    "kind": Text(),
    "status": Text(),
    "follow_up": Text(),
    "body": Text(),
    "state": Text(),
    "confidential": Boolean(),
    "day": Date(),
    "end": Date(),
    "due": Date(),
    "at": UTCDateTime(),
    "precision": Text(),
    "reason": Text(),
    "has_say": Boolean(),
    "say_how": Text(),
    "say_url": Text(),
    "previous_id": _ID,
    "planning_item_id": _ID,
    "agenda_item_id": _ID,
}


def line_rows(uow: UnitOfWork, dossier: Dossier) -> dict[str, list[AnyRow]]:
    """What stands on the line of a dossier that the actor may see, by kind; who writes it also sees what is not public yet. One statement.

    ``point`` are the points of agendas about the dossier and those that its moments are tied to.
    """
    scopes = (dossier.organization_id,) if dossier.organization_id else ()
    drafts, secrets = (right.allows(uow.actor, dossier.id, scopes=scopes) for right in (WRITE, SEE_CONFIDENTIAL))
    return by_kind(uow, _statement(drafts, secrets), {"dossier_id": dossier.id})


_THIS = bindparam("dossier_id", type_=_ID)
_Shown = Callable[[Any], ColumnElement[bool]]


@lru_cache
def _statement(drafts: bool, secrets: bool) -> CompoundSelect[Any]:
    def shown(column: Any) -> ColumnElement[bool]:
        written = column.state != "deleted" if drafts else column.state == "published"
        return and_(written, true() if secrets else column.confidential.is_(False))

    phases = part("phase", _TYPES, id=_P.id, kind=_P.before, status=_P.after, text=_P.reason, at=_P.at).where(_P.dossier_id == _THIS)
    return together(*(one.limit(MOST) for one in (*_of_bodies(shown), *_of_papers(shown))), phases)


def _facts(column: Any) -> dict[str, Any]:
    return {name: column[name] for name in ("id", "title", "state", "confidential")}


def _of_bodies(shown: _Shown) -> tuple[Select[Any], ...]:
    """What bodies do: points of their agendas, planned moments, decisions."""
    tied = select(_I.agenda_item_id).where(_I.dossier_id == _THIS, _I.agenda_item_id.is_not(None))
    points = (
        part("point", _TYPES, **_facts(_A), at=_EVENT.start_date, kind=_EVENT.status, status=_A.result, body=_BODY.name)
        .join(_MEETING.event_id.table, _MEETING.event_id == _A.meeting_id)
        .join(_EVENT.id.table, _EVENT.id == _MEETING.event_id)
        .join(_BODY.id.table, _BODY.id == _MEETING.body_id)
        .where(or_(_A.dossier_id == _THIS, _A.id.in_(tied)), shown(_A), _EVENT.state == "active")
        .order_by(_EVENT.start_date.desc())
    )
    moments = (
        part(
            "moment",
            _TYPES,
            **_facts(_I),
            **{name: _I[name] for name in ("text", "kind", "status", "precision", "has_say", "say_how", "say_url")},
            **{name: _I[name] for name in ("previous_id", "agenda_item_id")},
            day=_I.start_date,
            end=_I.end_date,
            reason=_I.slip_reason,
            body=_BODY.name,
        )
        .outerjoin(_BODY.id.table, _BODY.id == _I.body_id)
        .where(_I.dossier_id == _THIS, shown(_I))
        .order_by(_I.id.desc())
    )
    decisions = (
        part(
            "decision",
            _TYPES,
            **_facts(_D),
            **{name: _D[name] for name in ("text", "planning_item_id", "agenda_item_id")},
            status=_D.result,
            day=_D.decided_on,
            body=_BODY.name,
        )
        .join(_BODY.id.table, _BODY.id == _D.body_id)
        .where(_D.dossier_id == _THIS, shown(_D))
        .order_by(_D.decided_on.desc(), _D.id.desc())
    )
    return points, moments, decisions


def _of_papers(shown: _Shown) -> tuple[Select[Any], ...]:
    """Documents, and what was asked and promised."""
    documents = (
        part("document", _TYPES, **_facts(_S), kind=_S.type, day=_S.date)
        .join(_TIE.document_id.table, _TIE.document_id == _S.id)
        .where(_TIE.dossier_id == _THIS, shown(_S))
        .order_by(_S.date.desc(), _S.id.desc())
    )
    motions = part(
        "motion", _TYPES, **_facts(_M), kind=_M.kind, status=_M.status, follow_up=_M.follow_up, day=_M.submitted_on, due=_M.due_date
    )
    promises = part("commitment", _TYPES, **_facts(_C), follow_up=_C.follow_up, day=_C.made_on, due=_C.due_date)
    answered = case((_Q.answered_on.is_not(None), "answered"), (_Q.withdrawn_on.is_not(None), "withdrawn"), else_="open")
    questions = part("question", _TYPES, **_facts(_Q), kind=_Q.kind, status=answered, day=_Q.asked_on, due=_Q.due_date)
    return (
        documents,
        motions.where(_M.dossier_id == _THIS, shown(_M)).order_by(_M.submitted_on.desc(), _M.id.desc()),
        promises.where(_C.dossier_id == _THIS, shown(_C)).order_by(_C.made_on.desc(), _C.id.desc()),
        questions.where(_Q.dossier_id == _THIS, shown(_Q)).order_by(_Q.asked_on.desc(), _Q.id.desc()),
    )

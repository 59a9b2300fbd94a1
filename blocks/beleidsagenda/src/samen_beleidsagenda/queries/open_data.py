"""The agenda as tables to download: what everybody may see, every row with its lasting id. English names, as in the REST API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, literal, select, true, union_all

from citycontent.api import Event, Organization, Post
from samen_beleidsagenda.models import Commitment, Decision, Dossier, Entry, Meeting, Motion, PlanningItem
from samen_core.api import UnitOfWork

_E = Entry.__table__.c
_P = PlanningItem.__table__.c
_D = Dossier.__table__.c
_O = Organization.__table__.c
_MEETING = Meeting.__table__.c
_EVENT = Event.__table__.c
_POST = Post.__table__.c


def _public(table: Any) -> ColumnElement[bool]:
    return and_(table.state == "published", table.confidential != true())


def _dossier_of(table: Any) -> ColumnElement[bool]:
    """The join to a dossier that everybody may see: of another one nothing shows, not even that it is there."""
    return and_(_D.id == table.dossier_id, _public(_D))


def _moments() -> Select[Any]:
    before = Entry.__table__.alias("before")
    return (
        select(
            _E.subject_id.label("id"),
            _E.title,
            _E.kind,
            _P.status,
            _E.start_date,
            _E.end_date,
            _E.precision,
            _P.original_start,
            _P.original_end,
            _P.slips,
            _P.slip_reason,
            _P.confidence,
            before.c.subject_id.label("previous_id"),
            _O.name.label("body"),
            _D.id.label("dossier_id"),
            _D.title.label("dossier"),
            _E.has_say,
            _P.say_how,
            _P.say_url,
            _E.changed_at,
        )
        .select_from(Entry.__table__)
        .join(PlanningItem.__table__, _P.id == _E.subject_id)
        .outerjoin(before, and_(before.c.subject_id == _P.previous_id, before.c.visible == true()))
        .outerjoin(Organization.__table__, _O.id == _E.body_id)
        .outerjoin(Dossier.__table__, _dossier_of(_E))
        .where(_E.visible == true())
        .order_by(_E.start_date, _E.subject_id)
    )


def _dossiers() -> Select[Any]:
    return (
        select(
            _D.id,
            _D.slug,
            _D.title,
            _D.summary,
            _D.question,
            _D.phase,
            _D.phase_since,
            _D.level,
            _D.level_reason,
            _POST.label.label("holder"),
            _D.start_date,
            _D.expected_end,
            _D.tags,
            _D.published_at,
            _D.changed_at,
        )
        .select_from(Dossier.__table__)
        .outerjoin(Post.__table__, _POST.id == _D.holder_id)
        .where(_public(_D))
        .order_by(_D.sort_title, _D.id)
    )


def _promise(model: Any, kind: Any, made_on: Any, status: Any) -> Select[Any]:
    table = model.__table__.c
    return (
        select(
            table.id,
            kind.label("kind"),
            table.number,
            table.title,
            table.text,
            made_on.label("date"),
            _O.name.label("body"),
            status.label("status"),
            table.follow_up,
            table.due_date,
            table.follow_up_note,
            _D.id.label("dossier_id"),
            _D.title.label("dossier"),
            table.changed_at,
        )
        .select_from(model.__table__)
        .join(Organization.__table__, _O.id == table.body_id)
        .outerjoin(Dossier.__table__, _dossier_of(table))
        .where(_public(table))
    )


def _promises() -> Select[Any]:
    motion, commitment = Motion.__table__.c, Commitment.__table__.c
    both = union_all(
        _promise(Motion, motion.kind, motion.submitted_on, motion.status),
        _promise(Commitment, literal("commitment"), commitment.made_on, literal("made")),
    ).subquery()
    return select(both).order_by(both.c.date, both.c.id)


def _decisions() -> Select[Any]:
    table = Decision.__table__.c
    replaced = Decision.__table__.alias("replaced")
    return (
        select(
            table.id,
            table.title,
            table.text,
            table.reasons,
            table.participation,
            table.result,
            table.decided_on,
            table.effective_on,
            _O.name.label("body"),
            _D.id.label("dossier_id"),
            _D.title.label("dossier"),
            case((_public(replaced.c), replaced.c.id)).label("replaces_id"),
            table.changed_at,
        )
        .select_from(Decision.__table__)
        .join(Organization.__table__, _O.id == table.body_id)
        .outerjoin(Dossier.__table__, _dossier_of(table))
        .outerjoin(replaced, replaced.c.id == table.replaces_id)
        .where(_public(table))
        .order_by(table.decided_on, table.id)
    )


def _meetings() -> Select[Any]:
    return (
        select(
            _EVENT.id,
            _EVENT.name.label("title"),
            _MEETING.type,
            _O.name.label("body"),
            _EVENT.start_date.label("start"),
            _EVENT.end_date.label("end"),
            _EVENT.status,
            _EVENT.location,
            _MEETING.closed,
            _MEETING.agenda_published_at,
            _MEETING.livestream_url,
            _MEETING.recording_url,
            _MEETING.changed_at,
        )
        .select_from(Meeting.__table__)
        .join(Event.__table__, _EVENT.id == _MEETING.event_id)
        .join(Organization.__table__, _O.id == _MEETING.body_id)
        .where(_EVENT.state == "active")
        .order_by(_EVENT.start_date, _EVENT.id)
    )


@dataclass(frozen=True, slots=True)
class DataSet:
    """A table to download. ``statement`` makes its query; the columns are the fields. ``type`` is that of
    its things in the register, ``types`` where it follows from their ``kind``.
    """

    name: str
    type: str
    statement: Callable[[], Select[Any]]
    types: Mapping[str | None, str] = field(default_factory=dict)

    def fields(self) -> tuple[str, ...]:
        """The names of its fields, in order."""
        return tuple(self.statement().selected_columns.keys())

    def rows(self, uow: UnitOfWork) -> Sequence[Any]:
        """All its rows. One statement."""
        return uow.session.connection().execute(self.statement()).all()


DATA_SETS: dict[str, DataSet] = {
    item.name: item
    for item in (
        DataSet("momenten", "planning_item", _moments),
        DataSet("dossiers", "dossier", _dossiers),
        DataSet("toezeggingen-en-moties", "motion", _promises, {"commitment": "commitment"}),
        DataSet("besluiten", "body_decision", _decisions),
        DataSet("vergaderingen", "event", _meetings),
    )
}
"""By their name in the address."""

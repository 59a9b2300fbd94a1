"""The register of promises: commitments and motions in one list, what is late, what waits for the council's agreement."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Row, Select, and_, bindparam, case, exists, false, func, literal, null, or_, select, union_all

from citycontent.api import Organization, Post
from samen_beleidsagenda.models import (
    FOLLOW_UP_STATES,
    OPEN_STATES,
    Commitment,
    CouncilQuestion,
    FollowUpStep,
    Motion,
    Reminder,
    Submitter,
)
from samen_beleidsagenda.permissions import DECIDE, RECORD, SEE_CONFIDENTIAL
from samen_beleidsagenda.queries.lights import SOON, city_day
from samen_beleidsagenda.queries.visibility import granted
from samen_core.api import Code, Order, Page, PageRequest, Permission, SortKey, UnitOfWork, count_up_to, fetch_page

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
TYPES = ("commitment", "motion", "amendment")
LAST_DAY = date(9999, 12, 31)
"""Where what has no day stands in a list by day."""
WAITING_STATUSES = ("submitted", "held")
_TODAY, _SOON = bindparam("today", type_=Date()), bindparam("soon", type_=Date())
_IDS = ("holder_id", "body_id", "dossier_id", "party_id")
MOST_LATE = 500
MOST_DRAFTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseFilter:
    """Which promises. ``state`` is one of a follow-up or of a motion; ``light`` one of an open or closed promise; ``party`` who put it."""

    text: str = ""
    type: str | None = None
    state: str | None = None
    light: str | None = None
    holder_id: uuid.UUID | None = None
    body_id: uuid.UUID | None = None
    dossier_id: uuid.UUID | None = None
    party_id: uuid.UUID | None = None


def shown(uow: UnitOfWork, model: Any, *states: str) -> ColumnElement[bool]:
    """Things of this kind in these states (public ones without any) that are not confidential, or that the actor may see all the same."""
    right = model.state.in_(states) if states else model.state == "published"
    if uow.actor.is_anonymous:
        return and_(right, model.confidential.is_(False))
    return and_(right, or_(model.confidential.is_(False), granted(uow.actor, SEE_CONFIDENTIAL, *_scopes(model))))


def everybody(model: Any) -> ColumnElement[bool]:
    """What :func:`shown` gives for who is not logged in, without asking who that is."""
    return and_(model.state == "published", model.confidential.is_(False))


def _scopes(model: Any) -> tuple[Any, ...]:
    """The columns of what a grant may be on."""
    return (model.id, model.dossier_id) + ((model.body_id,) if hasattr(model, "body_id") else ())


def _commitments(condition: ColumnElement[bool]) -> AnySelect:
    return select(
        Commitment.id,
        literal("commitment", Code).label("type"),
        Commitment.number,
        Commitment.title,
        null().cast(Code).label("status"),
        Commitment.follow_up,
        Commitment.due_date,
        Commitment.made_on,
        Commitment.made_to,
        Commitment.body_id,
        Commitment.holder_id,
        Commitment.dossier_id,
        Commitment.version,
    ).where(condition)


def _motions(condition: ColumnElement[bool]) -> AnySelect:
    return select(
        Motion.id,
        Motion.kind.label("type"),
        Motion.number,
        Motion.title,
        Motion.status,
        Motion.follow_up,
        Motion.due_date,
        Motion.submitted_on.label("made_on"),
        literal("", Commitment.made_to.type).label("made_to"),
        Motion.body_id,
        Motion.holder_id,
        Motion.dossier_id,
        Motion.version,
    ).where(condition)


def _with_names(commitments: ColumnElement[bool], motions: ColumnElement[bool]) -> tuple[AnySelect, Any]:
    """Promises with the names of body and holder, and the keys of their order; and the table that they come from."""
    found = union_all(_commitments(commitments), _motions(motions)).subquery("promise")
    column = found.c
    is_open = column.follow_up.in_(OPEN_STATES)
    rank = case((is_open, 0), (column.status.in_(WAITING_STATUSES), 1), else_=2)
    due = case((and_(is_open, column.due_date.is_not(None)), column.due_date), else_=literal(LAST_DAY, Date))
    holder = Post.__table__.alias("holder")
    names = (Organization.name.label("body_name"), holder.c.label.label("holder_label"))
    statement = (
        select(*column, *names, rank.label("rank"), due.label("due_key"))
        .select_from(found)
        .join(Organization, Organization.id == column.body_id)
        .outerjoin(holder, holder.c.id == column.holder_id)
    )
    return statement, found


def _order(column: Any) -> Order:
    """Open ones first, what is late or due soonest in front; then what waits for its vote; then the rest, newest first."""
    return Order(
        "beleidsagenda.promises",
        SortKey(column.rank),
        SortKey(column.due_key),
        SortKey(column.made_on, descending=True),
        SortKey(column.id, descending=True),
    )


def list_promises(uow: UnitOfWork, chosen: PromiseFilter, request: PageRequest, *, with_count: bool = True) -> Page[AnyRow]:
    """A page of the register, late ones on top. Two statements, one without count. Raises Invalid for a wrong cursor."""
    statement, order, values, keep = _chosen(uow, chosen)
    page = fetch_page(uow.session, statement, order, request, values, keep=keep)
    count = count_up_to(uow.session, statement, values=values, keep=keep) if with_count else None
    return Page(page.items, page.next, page.previous, count)


def all_promises(uow: UnitOfWork, chosen: PromiseFilter, most: int) -> Sequence[AnyRow]:
    """The first ``most`` promises in the order of the list. One statement."""
    statement, order, values, _keep = _chosen(uow, chosen)
    return uow.session.execute(statement.order_by(*order.forward).limit(most), values).all()


def _chosen(uow: UnitOfWork, chosen: PromiseFilter) -> tuple[AnySelect, Order, dict[str, Any], bool]:
    """The statement of a filter with its order, the values of its parameters, and whether it is kept."""
    values: dict[str, Any] = {name: id for name in _IDS if (id := getattr(chosen, name)) is not None}
    narrowed = _Narrowed(chosen.type, chosen.state, chosen.light, tuple(values))
    keep = uow.actor.is_anonymous and not chosen.text
    if keep:
        statement, order = _public(narrowed)
    else:
        statement, order = _listed(shown(uow, Commitment), shown(uow, Motion), narrowed, tuple(chosen.text.split()))
    return statement, order, {**values, **_days(uow)}, keep


def _days(uow: UnitOfWork) -> dict[str, date]:
    today = city_day(uow)
    return {"today": today, "soon": today + SOON}


class _Narrowed(NamedTuple):
    """What of a filter makes another statement: the codes, and the names of the ids that are parameters."""

    type: str | None
    state: str | None
    light: str | None
    ids: tuple[str, ...]


@lru_cache(maxsize=256)
def _public(narrowed: _Narrowed) -> tuple[AnySelect, Order]:
    """The statement of what everybody may see; built once."""
    return _listed(everybody(Commitment), everybody(Motion), narrowed)


def _listed(
    commitments: ColumnElement[bool], motions: ColumnElement[bool], narrowed: _Narrowed, words: tuple[str, ...] = ()
) -> tuple[AnySelect, Order]:
    type, state, light, ids = narrowed
    if type is not None:
        commitments = commitments if type == "commitment" else false()
        motions = and_(motions, Motion.kind == type) if type != "commitment" else false()
    if "party_id" in ids:
        commitments = false()
        motions = and_(motions, exists().where(Submitter.subject_id == Motion.id, Submitter.organization_id == bindparam("party_id")))
    statement, found = _with_names(commitments, motions)
    column = found.c
    wanted: list[ColumnElement[bool]] = [
        or_(column.title.icontains(word, autoescape=True), column.number.icontains(word, autoescape=True)) for word in words
    ]
    if state is not None:
        wanted.append((column.follow_up if state in FOLLOW_UP_STATES else column.status) == state)
    if light is not None:
        wanted.append(light_is(column, light, _TODAY, _SOON))
    wanted += [column[name] == bindparam(name) for name in ids if name != "party_id"]
    # As a table of their own, so that an order can name their columns.
    rows = statement.where(*wanted).subquery("listed")
    return select(*rows.c), _order(rows.c)


def light_is(column: Any, light: str, today: Any, soon: Any) -> ColumnElement[bool]:
    """Promises with this light: :func:`samen_beleidsagenda.queries.lights.light_of_promise` as a condition."""
    due = column.due_date
    is_open = column.follow_up.in_(OPEN_STATES)
    return {
        "late": and_(is_open, due < today),
        "attention": and_(is_open, due >= today, due <= soon),
        "on_schedule": and_(is_open, or_(due.is_(None), due > soon)),
        "done": and_(column.follow_up.is_not(None), ~is_open),
    }[light]


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many promises are open and have a day, and how many of those are not late; how many were settled."""

    with_day: int
    on_time: int
    settled: int

    @property
    def late(self) -> int:
        """How many are late."""
        return self.with_day - self.on_time


def promise_numbers(uow: UnitOfWork) -> Numbers:
    """How the promises that the actor may see stand. One statement."""
    statement = _public_numbers() if uow.actor.is_anonymous else _numbers(shown(uow, Commitment), shown(uow, Motion))
    uow.session.flush()
    return Numbers(*uow.session.connection().execute(statement, _days(uow)).one())


@lru_cache
def _public_numbers() -> AnySelect:
    return _numbers(everybody(Commitment), everybody(Motion))


def _numbers(commitments: ColumnElement[bool], motions: ColumnElement[bool]) -> AnySelect:
    _statement, found = _with_names(commitments, motions)
    column = found.c
    dated = and_(column.follow_up.in_(OPEN_STATES), column.due_date.is_not(None))
    return select(
        func.count(case((dated, 1))),
        func.count(case((and_(dated, column.due_date >= _TODAY), 1))),
        func.count(case((column.follow_up == "settled", 1))),
    ).select_from(found)


NOT_GONE = ("draft", "submitted", "published")


def _to_write(uow: UnitOfWork, model: Any, permission: Permission) -> ColumnElement[bool]:
    """What the actor may see and write, also when it is not public yet."""
    return and_(shown(uow, model, *NOT_GONE), granted(uow.actor, permission, *_scopes(model)))


def late_things(uow: UnitOfWork) -> Sequence[AnyRow]:
    """What is late of what the actor keeps: ``id type title due_date holder_id holder_label confidential reminded_at``, oldest first.

    Commitments, adopted motions and questions of council members, also drafts. One statement.
    """
    today = city_day(uow)
    parts = []
    unanswered = and_(CouncilQuestion.answered_on.is_(None), CouncilQuestion.withdrawn_on.is_(None))
    kinds: tuple[tuple[str, Any, ColumnElement[bool]], ...] = (
        ("commitment", Commitment, Commitment.follow_up.in_(OPEN_STATES)),
        ("motion", Motion, Motion.follow_up.in_(OPEN_STATES)),
        ("council_question", CouncilQuestion, unanswered),
    )
    for type, model, waits in kinds:
        columns = (model.id, literal(type, Code).label("type"), model.title, model.due_date, model.holder_id, model.confidential)
        parts.append(select(*columns).where(_to_write(uow, model, RECORD), waits, model.due_date < today))
    late = union_all(*parts).subquery("late")
    last = select(func.max(Reminder.at)).where(Reminder.subject_id == late.c.id).scalar_subquery()
    statement = (
        select(*late.c, Post.label.label("holder_label"), last.label("reminded_at"))
        .select_from(late)
        .outerjoin(Post, Post.id == late.c.holder_id)
        .order_by(late.c.due_date, late.c.id)
        .limit(MOST_LATE)
    )
    return uow.session.execute(statement).all()


def drafts(uow: UnitOfWork) -> Sequence[AnyRow]:
    """What the actor keeps and is not public yet: ``id type title state``, what changed last on top. One statement."""
    kinds: tuple[tuple[str, Any], ...] = (("commitment", Commitment), ("motion", Motion), ("council_question", CouncilQuestion))
    parts = [
        select(model.id, literal(type, Code).label("type"), model.title, model.state, model.changed_at).where(
            _to_write(uow, model, RECORD), model.state != "published"
        )
        for type, model in kinds
    ]
    found = union_all(*parts).subquery("draft")
    return uow.session.execute(select(found).order_by(found.c.changed_at.desc(), found.c.id).limit(MOST_DRAFTS)).all()


def proposed_settlements(uow: UnitOfWork) -> Sequence[AnyRow]:
    """What waits for the agreement of the council, with the note and the document that settle it; what is due first in front.

    Rows with ``id type number title due_date follow_up_note answer_document_id body_id body_name version``. One statement.
    """
    parts = [
        select(
            model.id,
            literal(type, Code).label("type"),
            model.number,
            model.title,
            model.due_date,
            model.follow_up_note,
            model.answer_document_id,
            model.body_id,
            model.version,
        ).where(_to_write(uow, model, DECIDE), model.follow_up == "settlement_proposed")
        for type, model in (("commitment", Commitment), ("motion", Motion))
    ]
    found = union_all(*parts).subquery("proposed")
    statement = select(*found.c, Organization.name.label("body_name")).join(Organization, Organization.id == found.c.body_id)
    return uow.session.execute(statement.order_by(found.c.due_date, found.c.id).limit(MOST_LATE)).all()


_PUT_BY = (
    select(Submitter.subject_id, Submitter.organization_id, Submitter.person_id)
    .where(Submitter.subject_id.in_(bindparam("ids", expanding=True)))
    .order_by(Submitter.position, Submitter.id)
)


def submitters_of(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The ids of the groups and persons who put each of these things, in their order. One statement."""
    wanted = list(ids)
    found: dict[uuid.UUID, list[uuid.UUID]] = {id: [] for id in wanted}
    if wanted:
        uow.session.flush()
        for row in uow.session.connection().execute(_PUT_BY, {"ids": wanted}):
            found[row.subject_id].append(row.organization_id or row.person_id)
    return found


def follow_up_steps(uow: UnitOfWork, subject_id: uuid.UUID) -> list[FollowUpStep]:
    """The steps of a follow-up, the first one in front. One statement."""
    statement = select(FollowUpStep).where(FollowUpStep.subject_id == subject_id).order_by(FollowUpStep.at, FollowUpStep.id)
    return list(uow.session.execute(statement).scalars())

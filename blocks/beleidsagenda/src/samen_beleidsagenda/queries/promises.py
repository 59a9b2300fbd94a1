"""The register of promises: commitments and motions in one list, what is late, what waits for the council's agreement."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, and_, case, exists, false, func, literal, null, or_, select, union_all

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
from samen_core.api import Code, Count, Order, Page, PageRequest, Permission, SortKey, UnitOfWork, count_up_to, fetch_page

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
TYPES = ("commitment", "motion", "amendment")
LAST_DAY = date(9999, 12, 31)
"""Where what has no day stands in a list by day."""
WAITING_STATUSES = ("submitted", "held")
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


def _listed(statement: AnySelect) -> tuple[AnySelect, Any]:
    """The same rows as a table of their own, so that an order can name their columns."""
    rows = statement.subquery("listed")
    return select(*rows.c), rows.c


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
    statement, column = _listed(_chosen(uow, chosen))
    page = fetch_page(uow.session, statement, _order(column), request)
    return Page(page.items, page.next, page.previous, count_up_to(uow.session, statement)) if with_count else page


def all_promises(uow: UnitOfWork, chosen: PromiseFilter, most: int) -> Sequence[AnyRow]:
    """The first ``most`` promises in the order of the list. One statement."""
    statement, column = _listed(_chosen(uow, chosen))
    ordered = statement.order_by(column.rank, column.due_key, column.made_on.desc(), column.id.desc())
    return uow.session.execute(ordered.limit(most)).all()


def _chosen(uow: UnitOfWork, chosen: PromiseFilter) -> AnySelect:
    commitments, motions = shown(uow, Commitment), shown(uow, Motion)
    if chosen.type is not None:
        commitments = commitments if chosen.type == "commitment" else false()
        motions = and_(motions, Motion.kind == chosen.type) if chosen.type != "commitment" else false()
    if chosen.party_id is not None:
        commitments = false()
        motions = and_(motions, exists().where(Submitter.subject_id == Motion.id, Submitter.organization_id == chosen.party_id))
    statement, found = _with_names(commitments, motions)
    column = found.c
    wanted: list[ColumnElement[bool]] = [
        or_(column.title.icontains(word, autoescape=True), column.number.icontains(word, autoescape=True)) for word in chosen.text.split()
    ]
    if chosen.state is not None:
        wanted.append((column.follow_up if chosen.state in FOLLOW_UP_STATES else column.status) == chosen.state)
    if chosen.light is not None:
        wanted.append(light_is(column, chosen.light, city_day(uow)))
    for name in ("holder_id", "body_id", "dossier_id"):
        if (id := getattr(chosen, name)) is not None:
            wanted.append(column[name] == id)
    return statement.where(*wanted)


def light_is(column: Any, light: str, today: date) -> ColumnElement[bool]:
    """Promises with this light: :func:`samen_beleidsagenda.queries.lights.light_of_promise` as a condition."""
    due = column.due_date
    is_open = column.follow_up.in_(OPEN_STATES)
    return {
        "late": and_(is_open, due < today),
        "attention": and_(is_open, due >= today, due <= today + SOON),
        "on_schedule": and_(is_open, or_(due.is_(None), due > today + SOON)),
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
    _statement, found = _with_names(shown(uow, Commitment), shown(uow, Motion))
    column = found.c
    dated = and_(column.follow_up.in_(OPEN_STATES), column.due_date.is_not(None))
    row = uow.session.execute(
        select(
            func.count(case((dated, 1))),
            func.count(case((and_(dated, column.due_date >= city_day(uow)), 1))),
            func.count(case((column.follow_up == "settled", 1))),
        ).select_from(found)
    ).one()
    return Numbers(*row)


def promises_of_dossier(uow: UnitOfWork, dossier_id: uuid.UUID, limit: int) -> Sequence[AnyRow]:
    """The first promises on a dossier, in the order of the list. One statement."""
    return all_promises(uow, PromiseFilter(dossier_id=dossier_id), limit)


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


_IS_OPEN = and_(CouncilQuestion.answered_on.is_(None), CouncilQuestion.withdrawn_on.is_(None))
_QUESTION_ROWS = (
    select(
        CouncilQuestion.id,
        CouncilQuestion.kind,
        CouncilQuestion.number,
        CouncilQuestion.title,
        CouncilQuestion.asked_on,
        CouncilQuestion.due_date,
        CouncilQuestion.original_due,
        CouncilQuestion.answered_on,
        CouncilQuestion.withdrawn_on,
        CouncilQuestion.holder_id,
        CouncilQuestion.dossier_id,
        CouncilQuestion.version,
        CouncilQuestion.state,
        CouncilQuestion.confidential,
        Post.label.label("holder_label"),
        case((_IS_OPEN, 0), else_=1).label("rank"),
        case((_IS_OPEN, CouncilQuestion.due_date), else_=literal(LAST_DAY, Date)).label("due_key"),
    )
    .outerjoin(Post, Post.id == CouncilQuestion.holder_id)
    .subquery("question")
)
_QUESTIONS = Order(
    "beleidsagenda.questions",
    SortKey(_QUESTION_ROWS.c.rank),
    SortKey(_QUESTION_ROWS.c.due_key),
    SortKey(_QUESTION_ROWS.c.asked_on, descending=True),
    SortKey(_QUESTION_ROWS.c.id, descending=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFilter:
    """Which questions; ``state`` is open, late, answered or withdrawn."""

    text: str = ""
    kind: str | None = None
    state: str | None = None
    holder_id: uuid.UUID | None = None
    dossier_id: uuid.UUID | None = None
    party_id: uuid.UUID | None = None


def list_questions(uow: UnitOfWork, chosen: QuestionFilter, request: PageRequest, *, with_count: bool = True) -> Page[AnyRow]:
    """A page of public questions, what waits longest on top. Two statements, one without count. Raises Invalid for a wrong cursor."""
    column = _QUESTION_ROWS.c
    seen: ColumnElement[bool] = column.confidential.is_(False)
    if not uow.actor.is_anonymous:
        seen = or_(seen, granted(uow.actor, SEE_CONFIDENTIAL, column.id, column.dossier_id))
    wanted: list[ColumnElement[bool]] = [column.state == "published", seen]
    wanted += [
        or_(column.title.icontains(word, autoescape=True), column.number.icontains(word, autoescape=True)) for word in chosen.text.split()
    ]
    if chosen.kind is not None:
        wanted.append(column.kind == chosen.kind)
    for name in ("holder_id", "dossier_id"):
        if (id := getattr(chosen, name)) is not None:
            wanted.append(column[name] == id)
    if chosen.party_id is not None:
        wanted.append(exists().where(Submitter.subject_id == column.id, Submitter.organization_id == chosen.party_id))
    if chosen.state is not None:
        is_open = column.rank == 0
        wanted.append(
            {
                "open": is_open,
                "late": and_(is_open, column.due_date < city_day(uow)),
                "answered": column.answered_on.is_not(None),
                "withdrawn": column.withdrawn_on.is_not(None),
            }[chosen.state]
        )
    statement = select(*column).where(*wanted)
    page = fetch_page(uow.session, statement, _QUESTIONS, request)
    count: Count | None = count_up_to(uow.session, statement) if with_count else None
    return Page(page.items, page.next, page.previous, count)


def submitters_of(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The ids of the groups and persons who put each of these things, in their order. One statement."""
    wanted = list(ids)
    found: dict[uuid.UUID, list[uuid.UUID]] = {id: [] for id in wanted}
    if wanted:
        statement = select(Submitter.subject_id, Submitter.organization_id, Submitter.person_id).where(Submitter.subject_id.in_(wanted))
        for row in uow.session.execute(statement.order_by(Submitter.position, Submitter.id)):
            found[row.subject_id].append(row.organization_id or row.person_id)
    return found


def follow_up_steps(uow: UnitOfWork, subject_id: uuid.UUID) -> list[FollowUpStep]:
    """The steps of a follow-up, the first one in front. One statement."""
    statement = select(FollowUpStep).where(FollowUpStep.subject_id == subject_id).order_by(FollowUpStep.at, FollowUpStep.id)
    return list(uow.session.execute(statement).scalars())

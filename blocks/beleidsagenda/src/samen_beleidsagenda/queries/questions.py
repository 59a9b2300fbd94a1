"""Questions of council members as a list, what waits longest on top."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Date, and_, case, exists, literal, or_, select

from citycontent.api import Post
from samen_beleidsagenda.models import CouncilQuestion, Submitter
from samen_beleidsagenda.permissions import SEE_CONFIDENTIAL
from samen_beleidsagenda.queries.lights import city_day
from samen_beleidsagenda.queries.promises import LAST_DAY, AnyRow
from samen_beleidsagenda.queries.visibility import granted
from samen_core.api import Count, Order, Page, PageRequest, SortKey, UnitOfWork, count_up_to, fetch_page

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

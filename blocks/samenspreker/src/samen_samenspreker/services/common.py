"""What every rule of a table does: find the question, check who acts, log and tell."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import or_, select

from samen_core.api import CITY_TIME_ZONE, Base, Conflict, Gone, Invalid, NotAllowed, NotFound, SubjectRef, Text, UnitOfWork, _
from samen_samenspreker.events import TableEvent
from samen_samenspreker.models import Question, Seat
from samen_samenspreker.permissions import FACILITATE, SEE_UNPUBLISHED

TYPE = "question"
Model = TypeVar("Model", bound=Base)

_BY_SLUG = select(Question)


def find_question(uow: UnitOfWork, slug: str) -> Question:
    """The question at an address. Raises NotFound, also for one that the actor may not see yet."""
    return _seen(uow, uow.session.execute(_BY_SLUG.where(Question.slug == slug)).scalar_one_or_none())


def get_question(uow: UnitOfWork, id: uuid.UUID) -> Question:
    """The question with this id. Raises NotFound, also for one that the actor may not see yet."""
    return _seen(uow, uow.session.get(Question, id))


def locked_question(uow: UnitOfWork, id: uuid.UUID) -> Question:
    """The question, locked until this transaction ends, so that acts on one table happen one after the other. Raises NotFound."""
    statement = select(Question).where(Question.id == id).with_for_update().execution_options(populate_existing=True)
    return _seen(uow, uow.session.execute(statement).scalar_one_or_none())


def locked_part(uow: UnitOfWork, model: type[Model], id: uuid.UUID) -> tuple[Question, Model]:
    """The table of a thing with ``question_id``, locked, and the thing as it is then. Raises NotFound."""
    columns = model.__table__.c
    question_id = uow.session.execute(select(columns.question_id).where(columns.id == id)).scalar_one_or_none()
    if question_id is None:
        raise NotFound
    question = locked_question(uow, question_id)
    thing = uow.session.get(model, id, populate_existing=True)
    if thing is None:
        raise NotFound
    return question, thing


def _seen(uow: UnitOfWork, question: Question | None) -> Question:
    if question is None or not (is_public(question) or is_mine(uow, question) or SEE_UNPUBLISHED.allows(uow.actor, question.id)):
        raise NotFound
    return question


def is_public(question: Question) -> bool:
    """Whether everybody may see it: a submitted question waits until somebody of the municipality has read it, a withdrawn one is gone."""
    return question.state in ("accepted", "refused", "merged")


def is_mine(uow: UnitOfWork, question: Question) -> bool:
    """Whether the actor put the question."""
    return uow.actor.account_id is not None and question.account_id == uow.actor.account_id


def require_facilitator(uow: UnitOfWork, question: Question) -> None:
    """Raise NotAllowed unless the actor facilitates this table."""
    FACILITATE.require(uow.actor, question.id)


def require_table(question: Question) -> None:
    """Raise NotFound for a question that has no table: it was never accepted, or goes on elsewhere."""
    if question.state != "accepted":
        raise NotFound


def require_active(question: Question, *steps: str) -> None:
    """Raise Gone for a question that is no table (any more), Invalid when it is in none of these ``steps``."""
    if question.state != "accepted":
        raise Gone(_("Deze vraag ligt niet (meer) op tafel."))
    if steps and question.step not in steps:
        raise Invalid(_("Dit kan niet in de stap waarin de vraag nu is."))


def check_version(thing: Model, version: int, current: dict[str, object] | None = None) -> None:
    """Raise Conflict when somebody else changed the thing since ``version`` was read."""
    stored: int = thing.version  # type: ignore[attr-defined]
    if stored != version:
        raise Conflict(current=current, version=stored)


def today(uow: UnitOfWork) -> date:
    """The day it is in the city."""
    return city_day(uow.now)


def city_day(moment: datetime) -> date:
    """The day that it was in the city at this moment."""
    return moment.astimezone(CITY_TIME_ZONE).date()


def my_seats(uow: UnitOfWork, question_id: uuid.UUID) -> list[Seat]:
    """The accepted seats of the table that the actor holds or is the alternate of. One statement; none for who is not logged in."""
    account_id = uow.actor.account_id
    if account_id is None:
        return []
    mine = or_(Seat.account_id == account_id, Seat.alternate_id == account_id)
    statement = select(Seat).where(Seat.question_id == question_id, Seat.state == "accepted", mine).order_by(Seat.at, Seat.id)
    return list(uow.session.execute(statement).scalars())


def require_at_table(uow: UnitOfWork, question: Question) -> list[Seat]:
    """The actor's seats. Raises NotAllowed for who neither has one nor facilitates the table."""
    seats = my_seats(uow, question.id)
    if not seats and not FACILITATE.allows(uow.actor, question.id):
        raise NotAllowed(_("Dit is voor wie aan deze tafel zit."), log_in=uow.actor.is_anonymous)
    return seats


def refs(question: Question, *more: SubjectRef) -> tuple[SubjectRef, ...]:
    """What an event of this table is about: the thing itself, the question, its area, theme and project."""
    found = [*more, SubjectRef(TYPE, question.id)]
    for kind, id in (("area", question.area_id), ("theme", question.theme_id), ("project", question.project_id)):
        if id is not None:
            found.append(SubjectRef(kind, id))
    return tuple(dict.fromkeys(found))


def tell(uow: UnitOfWork, event: type[TableEvent], question: Question, thing: SubjectRef | uuid.UUID | None = None) -> None:
    """Publish an event of this table about a thing of it (the question itself when None)."""
    about = refs(question, thing) if isinstance(thing, SubjectRef) else refs(question)
    thing_id = thing.id if isinstance(thing, SubjectRef) else thing or question.id
    uow.publish(event(question_id=question.id, thing_id=thing_id, step=question.step, cycle=question.cycle, about=about))


def log(
    uow: UnitOfWork,
    event: type[TableEvent],
    question: Question,
    sentence: Text,
    *,
    thing: SubjectRef | uuid.UUID | None = None,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    """Write a line in the public logbook of the question, and publish the event of the same name."""
    uow.record(event.type, question.id, before=before, after=after, reason=reason, public=True, sentence=sentence)
    tell(uow, event, question, thing)

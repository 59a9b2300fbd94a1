"""The last voice that an idea needed: noted in the transaction that counts it, once, and told to its author, its followers and staff."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, update

from samen_core.api import Task, UnitOfWork, n_
from samen_core.api import _ as _text
from samen_doe_mee import paths
from samen_doe_mee.events.ideas import IdeaReached
from samen_doe_mee.models import Idea
from samen_doe_mee.permissions import HANDLE_IDEAS
from samen_doe_mee.services.counting import forget
from samen_doe_mee.services.idea_common import add_step, log, today
from samen_doe_mee.settings import ANSWER_DAYS, number


def reach(uow: UnitOfWork, idea: Idea) -> bool:
    """Note that an idea has the support that it needs, when it has and nobody noted that; whether it was noted now.

    From then on it stays reached, also when somebody takes their voice back, and an answer is due.
    """
    if idea.needed is None:
        return False
    table = Idea.__table__.c
    answer_by = today(uow) + timedelta(days=number(uow, ANSWER_DAYS))
    enough = update(Idea).where(table.id == idea.id, table.reached_at.is_(None), table.all_supports >= table.needed)
    values = {"reached_at": uow.now, "answer_by": func.coalesce(table.answer_by, answer_by)}
    noted = uow.session.execute(enough.values(values).returning(table.id).execution_options(synchronize_session=False)).first()
    forget(uow, idea.id)
    if noted is None:
        return False
    add_step(uow, idea, "reached")
    uow.session.flush()
    log(
        uow,
        IdeaReached,
        idea,
        _text("Het idee heeft genoeg steun: {n} mensen.", n=idea.all_supports),
        after={"supports": idea.supports, "open_supports": idea.open_supports},
    )
    return True


def reached_tasks(uow: UnitOfWork) -> list[Task]:
    """For who handles ideas: those that have enough support and wait for a first answer. One statement."""
    if not HANDLE_IDEAS.somewhere(uow.actor):
        return []
    from samen_doe_mee.queries.idea_support import waiting_after_reaching

    found = waiting_after_reaching(uow)
    if not found:
        return []
    title = n_("{n} idee heeft genoeg steun en wacht op antwoord", "{n} ideeën hebben genoeg steun en wachten op antwoord", found)
    return [Task(title, f"{paths.DESK_IDEAS}?status=received&gehaald=ja", found, "lightbulb")]

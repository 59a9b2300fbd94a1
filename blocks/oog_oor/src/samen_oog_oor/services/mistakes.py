"""A case that should not have been closed: what ended with it goes on. Its reporters got the answer, so they get word of this too."""

from __future__ import annotations

from sqlalchemy import select, update

from samen_core.api import UnitOfWork
from samen_oog_oor.models import Case, CaseTask, Inquiry, Update


def as_it_was(uow: UnitOfWork, case: Case) -> None:
    """Open again what ended when the case was closed: tasks that were dropped and questions that nobody needed to answer any more.

    The promised day stays, as nothing new is promised. Call it while the case still says when it was closed.
    """
    closed = case.closed_at
    said = set(uow.session.execute(select(Update.text).where(Update.case_id == case.id, Update.at == closed)).scalars())
    dropped = select(CaseTask).where(CaseTask.case_id == case.id, CaseTask.state == "dropped", CaseTask.done_at == closed)
    for task in uow.session.execute(dropped).scalars():
        # A note that was there before is of the task; the answer of the case was only put there when it was closed.
        task.state, task.done_at, task.note = "open", None, "" if task.note in said else task.note
    ended = (Inquiry.closed_at == closed, Inquiry.answered_at.is_(None), Inquiry.due_at > uow.now)
    again = update(Inquiry).where(Inquiry.case_id == case.id, *ended).values(closed_at=None, version=Inquiry.version + 1)
    uow.session.execute(again, execution_options={"synchronize_session": "fetch"})
    if case.answered_at == closed:
        case.answered_at, case.answer_days = None, None

"""What waits for the clerk's office and policy officers: late promises, proposals to settle."""

from __future__ import annotations

from samen_beleidsagenda import paths
from samen_beleidsagenda.permissions import DECIDE, RECORD
from samen_beleidsagenda.queries.promises import late_things, proposed_settlements
from samen_core.api import Task, UnitOfWork, n_


def promise_tasks(uow: UnitOfWork) -> list[Task]:
    """What is late, and what the council can settle. Nothing for who keeps no promises; else at most two statements."""
    found = []
    if RECORD.somewhere(uow.actor):
        late = len(late_things(uow))
        text = n_("{n} toezegging, motie of vraag is te laat", "{n} toezeggingen, moties of vragen zijn te laat", late)
        found.append(Task(text, paths.LATE, late, "clock"))
    if DECIDE.somewhere(uow.actor):
        proposed = len(proposed_settlements(uow))
        text = n_("{n} voorstel tot afdoening wacht op de raad", "{n} voorstellen tot afdoening wachten op de raad", proposed)
        found.append(Task(text, paths.SETTLE, proposed, "clipboard-check"))
    return found

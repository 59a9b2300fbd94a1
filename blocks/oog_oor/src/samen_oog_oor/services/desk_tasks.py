"""What waits for who works at cases: their own that are late, new ones that nobody has, and requests to open a case again."""

from __future__ import annotations

from samen_core.api import Task, UnitOfWork, n_
from samen_oog_oor import paths
from samen_oog_oor.models.base import OPEN
from samen_oog_oor.permissions import HANDLE
from samen_oog_oor.queries.work import CaseFilter, count_cases

CAP = 99


def desk_tasks(uow: UnitOfWork) -> list[Task]:
    """The tasks. Nothing for who works at no cases; else three statements, each counting no further than a hundred."""
    if not HANDLE.somewhere(uow.actor) or uow.actor.account_id is None:
        return []
    late = count_cases(uow, CaseFilter(states=OPEN, assignee_id=uow.actor.account_id, late=True), CAP)
    new = count_cases(uow, CaseFilter(states=frozenset({"new"}), assignee_id="none"), CAP)
    again = count_cases(uow, CaseFilter(states=frozenset({"reopening_requested"})), CAP)
    told = (
        (late, n_("{n} zaak van u is te laat", "{n} zaken van u zijn te laat", late.number), "?behandelaar=ik&te-laat=ja", "clock"),
        (
            new,
            n_("{n} nieuwe zaak heeft nog niemand", "{n} nieuwe zaken hebben nog niemand", new.number),
            "?staat=new&behandelaar=geen",
            "inbox",
        ),
        (
            again,
            n_("Bij {n} zaak is heropening gevraagd", "Bij {n} zaken is heropening gevraagd", again.number),
            "?staat=reopening_requested",
            "rotate-ccw",
        ),
    )
    return [Task(text, f"{paths.DESK}{query}", count.number, icon) for count, text, query, icon in told if count.number]

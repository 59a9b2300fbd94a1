"""What waits for who works at a plan with a meeting: its report."""

from __future__ import annotations

from samen_core.api import Task, UnitOfWork, n_
from samen_doe_mee import paths
from samen_doe_mee.services.meetings import own_without_report


def meeting_tasks(uow: UnitOfWork) -> list[Task]:
    """Reports that are to be written, as one line that leads to the first. One statement; none for visitors."""
    waiting = own_without_report(uow)
    if not waiting:
        return []
    title = n_(
        "Schrijf het verslag van {n} bijeenkomst: wie er was, wil het lezen",
        "Schrijf het verslag van {n} bijeenkomsten: wie er was, wil het lezen",
        len(waiting),
    )
    return [Task(title, paths.desk_meeting(waiting[0], "verslag"), len(waiting), "file-text")]

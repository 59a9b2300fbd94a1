"""What waits for somebody at the tables, in words and with the page where it is done."""

from __future__ import annotations

from collections.abc import Callable

from samen_core.api import Task, Text, UnitOfWork, n_
from samen_samenspreker.paths import HOME, QUEUE, table
from samen_samenspreker.queries.tasks import waiting
from samen_samenspreker.services.common import today

_KINDS: dict[str, tuple[str, str, Callable[[int], Text]]] = {
    "seat_offered": (
        "armchair",
        "tafel",
        lambda n: n_("{n} stoel aan tafel is u aangeboden", "{n} stoelen aan tafel zijn u aangeboden", n),
    ),
    "decide": ("gavel", "besluit", lambda n: n_("{n} tafel wacht op uw besluit", "{n} tafels wachten op uw besluit", n)),
    "opinion": ("scale", "opties", lambda n: n_("{n} oplossing wacht op uw mening", "{n} oplossingen wachten op uw mening", n)),
    "late": (
        "clock",
        "uitvoering",
        lambda n: n_("{n} actie van uw organisatie is te laat", "{n} acties van uw organisatie zijn te laat", n),
    ),
    "judge": ("circle-question-mark", "", lambda n: n_("{n} vraag wacht op een besluit", "{n} vragen wachten op een besluit", n)),
}
"""Per kind of :func:`waiting`: the icon, the part of the table where it is done, and the sentence."""


def tasks(uow: UnitOfWork) -> list[Task]:
    """What waits for the actor; a task about several tables leads to one of them. One statement."""
    found = []
    for row in waiting(uow, today(uow)):
        if row.number:
            icon, part, words = _KINDS[row.kind]
            path = QUEUE if row.kind == "judge" else table(row.slug, part) if row.slug else HOME
            if row.kind == "decide" and row.number > 1:
                path = f"{HOME}?stap=decide"
            found.append(Task(words(row.number), path, row.number, icon))
    return found

"""The page of a facilitator: one's tables, what keeps each from the next step, what is due, and the questions to judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from samen_core.api import PageRequest, Text, UnitOfWork, _, n_
from samen_core.web.api import crumbs, current_uow, page_url, render
from samen_samenspreker.paths import DESK, HOME, QUEUE, table
from samen_samenspreker.permissions import FACILITATE, JUDGE
from samen_samenspreker.queries.desk import facilitated_tables
from samen_samenspreker.queries.gates import Facts, load_facts
from samen_samenspreker.queries.questions import queue
from samen_samenspreker.services.actions import FINISHED
from samen_samenspreker.services.common import today
from samen_samenspreker.services.gates import FORWARD, judge, lacking
from samen_samenspreker.settings import step_name
from samen_samenspreker.web.frame import LABEL, pages

TITLE = _("Begeleiding")
MOST_SHOWN = 3
MOST_TO_JUDGE = 5


@dataclass(frozen=True, slots=True)
class TableView:
    """A table of the facilitator: ``todo`` are the first things that are missing, ``more`` how many others there are."""

    title: str
    url: str
    step: Text | str
    next: Text | str
    since: datetime
    cycle: int
    todo: list[tuple[Text, str]]
    more: int
    steps_url: str
    due: Text | str
    due_on: date | None
    is_late: bool


@pages.route(DESK, permission=FACILITATE)
def desk() -> ResponseReturnValue:
    """My tables. The number of statements does not depend on how many there are."""
    uow = current_uow()
    wants_all = bool(request.args.get("alle"))
    asked = PageRequest(cursor=request.args.get("cursor", ""))
    found = facilitated_tables(uow, asked, own=not wants_all)
    if not wants_all and not found.items and not asked.cursor:
        found, wants_all = facilitated_tables(uow, asked, own=False), True
    facts = load_facts(uow, found.items)
    to_judge = queue(uow, PageRequest(limit=MOST_TO_JUDGE)) if JUDGE.allows(uow.actor) else None
    here = f"{page_url(DESK)}?alle=ja&cursor=" if wants_all else f"{page_url(DESK)}?cursor="
    return render(
        "samenspreker/desk.html",
        title=TITLE,
        tabs=[(_("Mijn tafels"), page_url(DESK), not wants_all), (_("Alle tafels"), page_url(f"{DESK}?alle=ja"), wants_all)],
        tables=[_view(uow, row, facts[row.id]) for row in found.items],
        to_judge=[(row.title, page_url(table(row.slug)), row.at) for row in to_judge.items] if to_judge else [],
        waiting=to_judge.count if to_judge else None,
        queue_url=page_url(QUEUE),
        previous_url=here + found.previous if found.previous is not None else None,
        next_url=here + found.next if found.next is not None else None,
        breadcrumbs=crumbs((LABEL, HOME), (TITLE, None)),
    )


def _view(uow: UnitOfWork, row: Any, facts: Facts) -> TableView:
    missing = lacking(judge(row, facts))
    due, due_on = _due(facts)
    return TableView(
        title=row.title,
        url=page_url(table(row.slug)),
        step=step_name(uow, row.step),
        next=step_name(uow, FORWARD[row.step].to_step),
        since=row.step_since,
        cycle=row.cycle,
        todo=[(item.text, page_url(item.path)) for item in missing[:MOST_SHOWN]],
        more=max(len(missing) - MOST_SHOWN, 0),
        steps_url=page_url(table(row.slug, "stap")),
        due=due,
        due_on=due_on,
        is_late=due_on is not None and due_on < today(uow),
    )


def _due(facts: Facts) -> tuple[Text | str, date | None]:
    """What ends first at a table, and when."""
    found: list[tuple[date, Text]] = [(row.ends_on, _("Einde van ronde {number}", number=row.number)) for row in facts.open_rounds]
    unfinished = [(due, title) for title, state, due in facts.actions if state not in FINISHED]
    found += [(due, _("Klaar: {title}", title=title)) for due, title in unfinished]
    if not found:
        text = n_("{n} bijdrage wacht op antwoord", "{n} bijdragen wachten op antwoord", facts.unanswered) if facts.unanswered else ""
        return text, None
    day, text = min(found, key=lambda item: item[0])
    return text, day

"""What every page of a table shares: the blueprint, the head with title, state and steps, and the menu of its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from samen_core.api import NotFound, Text, UnitOfWork, _
from samen_core.web.api import BlockBlueprint, Crumb, crumbs, page_url, render_status
from samen_samenspreker.labels import KIND_LABELS, STATE_BADGES, STATE_LABELS
from samen_samenspreker.models import STEPS, Question
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.services.common import find_question
from samen_samenspreker.settings import step_name

pages = BlockBlueprint("samenspreker", __name__)
"""Every page of the block."""

LABEL = _("Samenspreker")
REPORT = "eindverslag"
PARTS: tuple[tuple[str, Text], ...] = (
    ("", _("Overzicht")),
    ("procesvoorstel", _("Procesvoorstel")),
    ("tafel", _("Wie zitten aan tafel")),
    ("rondes", _("Rondes")),
    ("inbreng", _("Inbreng")),
    ("opties", _("Oplossingen")),
    ("besluit", _("Besluit")),
    ("uitvoering", _("Uitvoering")),
    ("evaluatie", _("Evaluatie")),
    (REPORT, _("Eindverslag")),
    ("stap", _("Stappen")),
)
"""The parts of a table, in the order of the steps."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The head of a page of a table, ready to render."""

    question: Question
    kind: Text
    badge: tuple[Text | str, str]
    steps: list[tuple[Text | str, str, Text]]
    menu: list[tuple[Text, str, bool]]
    url: str
    facilitates: bool


def on_table(uow: UnitOfWork, slug: str) -> Question:
    """The accepted question at an address. Raises NotFound, also for one that is no table."""
    question = find_question(uow, slug)
    if question.state != "accepted":
        raise NotFound
    return question


def frame(uow: UnitOfWork, question: Question, part: str = "", now: Text | None = None) -> Frame:
    """The head for this part of the table; ``now`` are words for where the current step stands. No SQL."""
    on_table = question.state == "accepted"
    badge = (step_name(uow, question.step), "info") if on_table else (STATE_LABELS[question.state], STATE_BADGES[question.state])
    return Frame(
        question=question,
        kind=KIND_LABELS[question.kind],
        badge=badge,
        steps=steps(uow, question, now) if on_table else [],
        menu=_menu(question, part) if on_table else [],
        url=page_url(table(question.slug)),
        facilitates=FACILITATE.allows(uow.actor, question.id),
    )


def _menu(question: Question, part: str) -> list[tuple[Text, str, bool]]:
    """The parts of a table. A final report can be made from the decision on, so there may be one of an earlier cycle."""
    reports = question.step in ("execute", "evaluate", "closed") or question.cycle > 1 or part == REPORT
    return [(label, page_url(table(question.slug, code)), code == part) for code, label in PARTS if code != REPORT or reports]


def steps(uow: UnitOfWork, question: Question, doing: Text | None = None) -> list[tuple[Text | str, str, Text]]:
    """The five steps with their state, as the macro ``layout.steps`` shows them."""
    now = STEPS.index(question.step)
    found: list[tuple[Text | str, str, Text]] = []
    for position, code in enumerate(STEPS[:5]):
        if position < now:
            found.append((step_name(uow, code), "done", _("klaar")))
        elif position > now:
            found.append((step_name(uow, code), "todo", _("komt nog")))
        else:
            words = _("bezig, keer {n}", n=question.cycle) if question.cycle > 1 else _("bezig")
            found.append((step_name(uow, code), "current", doing or words))
    return found


def trail(question: Question, *more: Crumb) -> list[Crumb]:
    """The breadcrumbs of a page of a table; ``more`` are (label, path or None) below the table itself."""
    own = table(question.slug) if more else None
    return crumbs((LABEL, HOME), (question.title, own), *more)


def table_page(
    uow: UnitOfWork,
    question: Question,
    part: str,
    template: str,
    *,
    title: Text | str = "",
    above: Sequence[Crumb] = (),
    now: Text | None = None,
    status: int = 200,
    **context: Any,
) -> ResponseReturnValue:
    """A page of a table: ``template`` extends ``samenspreker/table_base.html``; ``title`` is its h2 and last crumb ("" on the overview).

    ``above`` are the crumbs between the table and the page; ``now`` says how far the current step is.
    """
    return render_status(
        status,
        template,
        frame=frame(uow, question, part, now),
        question=question,
        title=title,
        breadcrumbs=trail(question, *above, (title, None)) if title else trail(question),
        **context,
    )

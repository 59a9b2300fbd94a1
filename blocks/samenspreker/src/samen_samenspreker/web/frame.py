"""What every page of a table shares: the blueprint, the head with title, state and steps, and the menu of its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from samen_core.api import Text, UnitOfWork, _, n_
from samen_core.web.api import BlockBlueprint, Crumb, crumbs, page_url, render_status
from samen_samenspreker.labels import KIND_LABELS, STATE_BADGES, STATE_LABELS
from samen_samenspreker.models import STEPS, Question
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.settings import step_name

pages = BlockBlueprint("samenspreker", __name__)
"""Every page of the block."""

LABEL = _("Samenspreker")
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


def frame(uow: UnitOfWork, question: Question, part: str = "") -> Frame:
    """The head for this part of the table. No SQL."""
    on_table = question.state == "accepted"
    badge = (step_name(uow, question.step), "info") if on_table else (STATE_LABELS[question.state], STATE_BADGES[question.state])
    return Frame(
        question=question,
        kind=KIND_LABELS[question.kind],
        badge=badge,
        steps=steps(uow, question) if on_table else [],
        menu=[(label, page_url(table(question.slug, code)), code == part) for code, label in PARTS] if on_table else [],
        url=page_url(table(question.slug)),
        facilitates=FACILITATE.allows(uow.actor, question.id),
    )


def steps(uow: UnitOfWork, question: Question) -> list[tuple[Text | str, str, Text]]:
    """The five steps with their state, as the macro ``layout.steps`` shows them."""
    now = STEPS.index(question.step)
    found: list[tuple[Text | str, str, Text]] = []
    for position, code in enumerate(STEPS[:5]):
        if position < now:
            found.append((step_name(uow, code), "done", _("klaar")))
        elif position > now:
            found.append((step_name(uow, code), "todo", _("komt nog")))
        else:
            words = n_("bezig", "bezig, keer {n}", question.cycle) if question.cycle > 1 else _("bezig")
            found.append((step_name(uow, code), "current", words))
    return found


def trail(question: Question, *more: Crumb) -> list[Crumb]:
    """The breadcrumbs of a page of a table; ``more`` are (label, path or None) below the table itself."""
    own = table(question.slug) if more else None
    return crumbs((LABEL, HOME), (question.title, own), *more)


def table_page(
    uow: UnitOfWork, question: Question, part: str, template: str, *, title: Text | str = "", status: int = 200, **context: Any
) -> ResponseReturnValue:
    """A page of a table: ``template`` extends ``samenspreker/table_base.html``; ``title`` is its h2 and last crumb ("" on the overview)."""
    return render_status(
        status,
        template,
        frame=frame(uow, question, part),
        question=question,
        title=title,
        breadcrumbs=trail(question, (title, None)) if title else trail(question),
        **context,
    )

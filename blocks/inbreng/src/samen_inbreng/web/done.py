"""Answers that were sent: the newest on the home page, and all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import list_page
from samen_core.api import PageRequest, Text, UnitOfWork, _, format_date, n_
from samen_core.web.api import Card, Row, SlotFill, crumbs, current_uow, page_url, render, render_part
from samen_inbreng import paths
from samen_inbreng.labels import OUTCOME_BADGES, OUTCOME_LABELS
from samen_inbreng.queries.answers import newest_answers
from samen_inbreng.web.common import pages

FIRST = 3
LONGEST = 160


def shorten(text: str, longest: int = LONGEST) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rsplit(" ", 1)[0] + "…"


def number_of(number: int) -> Text:
    """How many contributions an answer is for, in words."""
    return n_("{n} bijdrage", "{n} bijdragen", number)


def newest_cards(uow: UnitOfWork, **_values: object) -> str | None:
    """The newest answers as cards. One statement."""
    found = newest_answers(uow, PageRequest(limit=FIRST)).items
    return render_part("inbreng/done.html", cards_list=[_card(row) for row in found]) if found else None


DONE = SlotFill("home.done", newest_cards, more=paths.ANSWERS)


@pages.route(paths.ANSWERS, public=True)
def all_answers() -> ResponseReturnValue:
    """Every answer that was sent, newest first."""
    uow = current_uow()
    where = list_page(paths.ANSWERS)
    page = newest_answers(uow, where.request())
    return render("inbreng/answers.html", rows=_rows(page.items), breadcrumbs=crumbs((_("Antwoorden"), None)), **where.pager(page))


def _card(row: Any) -> Card:
    return Card(
        title=row.subject_title,
        url=page_url(paths.subject(row.subject_id, "verslag")),
        text=shorten(row.reason),
        date=format_date(row.send_at),
        status=OUTCOME_LABELS[row.outcome],
        status_kind=OUTCOME_BADGES[row.outcome],
    )


def _rows(items: Sequence[Any]) -> list[Row]:
    return [
        Row(
            title=row.subject_title,
            url=page_url(paths.subject(row.subject_id, "verslag")),
            text=shorten(row.reason, 400),
            badges=((OUTCOME_LABELS[row.outcome], OUTCOME_BADGES[row.outcome]),),
            meta=(("message-circle", number_of(row.number)), ("calendar-days", format_date(row.send_at))),
        )
        for row in items
    ]

"""What one can take part in, on pages of others: the home page, the account, and the page of the thing itself."""

from __future__ import annotations

import uuid
from typing import Any

from samen_core.api import PageRequest, Text, UnitOfWork, _, n_
from samen_core.web.api import Card, Row, SlotFill, page_url, render_part
from samen_inbreng import paths
from samen_inbreng.permissions import MANAGE_ACTIVITY
from samen_inbreng.queries.activities import ActivityFilter, list_activities
from samen_inbreng.services.activities import activity_state
from samen_inbreng.services.common import page_to_join
from samen_inbreng.web.words import STATE_BADGES, STATE_LABELS, deadline, takes, teaser

MOST_CARDS = 3
MOST_ROWS = 5
TYPES = ("project", "event", "organization", "area")
"""The pages that show what is asked about the thing; other blocks show it in their own way."""


def join(uow: UnitOfWork) -> str | None:
    """What one can take part in now, what ends first in front; a block with pages of its own shows cards of its own."""
    asked = ActivityFilter(state="open", own_page=True)
    found = list_activities(uow, asked, PageRequest(limit=MOST_CARDS), order="soonest", with_count=False).items
    if not found:
        return None
    cards = [
        Card(row.title, page_url(page_to_join(uow, row)), teaser(row.intro), deadline(row, uow.now), takes(row), "warm") for row in found
    ]
    return render_part("inbreng/cards.html", cards=cards)


def on_subject(uow: UnitOfWork, subject_id: uuid.UUID, **_values: Any) -> str | None:
    """What was and is asked about a thing, newest first; for who may ask something, a link to do so."""
    found = list_activities(uow, ActivityFilter(subject_id=subject_id), PageRequest(limit=MOST_ROWS), with_count=False)
    may_ask = MANAGE_ACTIVITY.allows(uow.actor, subject_id)
    if not found.items and not may_ask:
        return None
    return render_part(
        "inbreng/on_subject.html",
        rows=[activity_row(uow, row) for row in found.items],
        is_open=any(activity_state(row, uow.now) == "open" for row in found.items),
        new_url=page_url(f"{paths.NEW}?onderwerp={subject_id}") if may_ask else None,
        all_url=page_url(f"{paths.HOME}?onderwerp={subject_id}") if found.next else None,
    )


def activity_row(uow: UnitOfWork, row: Any, *, number: int | None = None, about: str = "") -> Row:
    """An activity in a list: its state, how long it still runs, how many contributions there are and what it is about."""
    state = activity_state(row, uow.now)
    meta: list[tuple[str, Text | str]] = [("calendar-clock", deadline(row, uow.now))]
    if number is not None and row.kind == "reactions":
        meta.append(("message-circle", n_("{n} bijdrage", "{n} bijdragen", number)))
    if about:
        meta.append(("link", _("Over: {subject}", subject=about)))
    return Row(
        row.title, page_url(page_to_join(uow, row)), teaser(row.intro), ((STATE_LABELS[state], STATE_BADGES[state]),), meta=tuple(meta)
    )


def mine(uow: UnitOfWork) -> str | None:
    """The way to one's own contributions. No SQL."""
    return render_part("inbreng/account.html", mine_url=page_url(paths.MINE)) if uow.actor.account_id else None


SLOTS = (
    SlotFill("account.overview", mine, order=30),
    SlotFill("home.join", join, order=30, more=paths.HOME),
    SlotFill("subject.main", on_subject, order=40, subject_types=TYPES),
)

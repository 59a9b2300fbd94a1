"""What the block puts on pages of others: home, areas, themes and projects, the account page."""

from __future__ import annotations

import uuid
from typing import Any

from citycontent.web.api import atlas
from samen_core.api import Text, UnitOfWork, _, format_date, n_
from samen_core.web.api import Card, Row, SlotFill, page_url, render_part
from samen_samenspreker.paths import HOME, NEW, table
from samen_samenspreker.queries.questions import to_join
from samen_samenspreker.queries.slots import MOST, newest_decisions, own_tables, tables_about
from samen_samenspreker.web.question_parts import join_card, question_row


def join(uow: UnitOfWork) -> str | None:
    """Questions to support: those that one can contribute to stand there already, as their open activities. At most two statements."""
    found = [join_card(uow, row, until, joins=False) for row, until in to_join(uow) if not hasattr(row, "closes_at")]
    return render_part("samenspreker/slots/cards.html", cards=found) if found else None


def propose(_uow: UnitOfWork) -> str:
    """The way to put a question. No SQL."""
    return render_part("samenspreker/slots/propose.html", url=page_url(NEW))


def done(uow: UnitOfWork) -> str | None:
    """The newest decisions. One statement."""
    found = [_decision(row) for row in newest_decisions(uow)]
    return render_part("samenspreker/slots/cards.html", cards=found) if found else None


def _decision(row: Any) -> Card:
    text = _("Gekozen: {title}", title=row.option_title) if row.option_title else _("{who} nam een besluit.", who=row.decided_by)
    date = format_date(row.decided_on or row.published_at)
    return Card(row.title, page_url(table(row.slug, "besluit")), text, date, _("Besloten"), "success")


def about(uow: UnitOfWork, subject_id: uuid.UUID, subject_type: str, **_values: object) -> str | None:
    """The tables about an area with everything in it, a theme or a project. One statement besides that of the atlas."""
    book = atlas(uow)
    ids = book.tree.within(subject_id) if subject_type == "area" else (subject_id,)
    rows = tables_about(uow, subject_type, ids)
    if not rows:
        return None
    filter = {"area": "gebied", "theme": "thema"}.get(subject_type)
    slug = _slug(book, subject_type, subject_id)
    more = page_url(f"{HOME}?{filter}={slug}") if len(rows) > MOST and filter and slug else None
    shown = [question_row(uow, book, row) for row in rows[:MOST]]
    return render_part("samenspreker/slots/about.html", rows=shown, more_url=more)


def _slug(book: Any, subject_type: str, id: uuid.UUID) -> str:
    found = book.tree.get(id) if subject_type == "area" else book.themes.get(id)
    return found.slug if found else ""


def mine(uow: UnitOfWork) -> str | None:
    """The tables that one takes part in, and how. One statement besides that of the atlas."""
    if uow.actor.account_id is None:
        return None
    rows = [_own(uow, row) for row in own_tables(uow, uow.actor.account_id)]
    return render_part("samenspreker/slots/mine.html", rows=rows, list_url=page_url(HOME))


def _own(uow: UnitOfWork, row: Any) -> Row:
    shown = question_row(uow, atlas(uow), row)
    how: list[Text | str] = []
    if row.asked:
        how.append(_("u stelde deze vraag"))
    if row.seats:
        how.append(n_("u zit aan tafel", "u hebt {n} stoelen aan tafel", int(row.seats)))
    if row.given:
        how.append(n_("u gaf {n} bijdrage", "u gaf {n} bijdragen", int(row.given)))
    meta = tuple(("user-check", text) for text in how)
    return Row(shown.title, shown.url, shown.text, shown.badges, meta=meta)


SLOTS = (
    SlotFill("home.join", join, order=40, more=HOME),
    SlotFill("home.propose", propose),
    SlotFill("home.done", done, order=40),
    SlotFill("subject.main", about, order=30, subject_types=("area", "theme", "project")),
    SlotFill("account.overview", mine, order=20),
)

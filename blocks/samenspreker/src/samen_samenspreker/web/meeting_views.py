"""Meetings as pages show them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from citycontent.web.api import Atlas, event_row
from samen_core.api import Text, _, n_
from samen_core.web.api import Row, page_url
from samen_samenspreker.paths import table


def meeting_path(slug: str, id: object, act: str = "") -> str:
    """The page of a meeting of a table, or of something to do with it."""
    return table(slug, f"tafel/bijeenkomsten/{id}/{act}" if act else f"tafel/bijeenkomsten/{id}")


def meeting_row(book: Atlas, row: Any, slug: str, taken: int | None = None) -> Row:
    """A meeting in a list: as in the calendar, with its round, and of one that was held who came."""
    shown = event_row(book, row)
    meta: list[tuple[str, Text | str]] = [*shown.meta]
    if row.round_number is not None:
        meta.append(("refresh-cw", _("Ronde {number}", number=row.round_number)))
    if taken is not None:
        meta.append(("armchair", n_("{n} stoel bezet", "{n} stoelen bezet", taken)))
    if row.visitors is not None:
        meta.append(("users", n_("{n} bezoeker", "{n} bezoekers", row.visitors)))
    badges = (*shown.badges, (_("Verslag"), "success")) if row.reported_at else shown.badges
    return replace(shown, url=page_url(meeting_path(slug, row.id)), badges=badges, meta=tuple(meta))

"""How activities and contributions are put in words on pages."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from samen_core.api import CITY_TIME_ZONE, Text, _, format_date, format_moment, markdown_text, n_
from samen_inbreng import terms
from samen_inbreng.services.activities import activity_state

STATE_LABELS: dict[str, Text] = {"open": _("Open"), "planned": _("Komt nog"), "closed": _("Gesloten")}
STATE_BADGES = {"open": "success", "planned": "info", "closed": "neutral"}
TEASER = 200
_SPACES = re.compile(r"\s+")


def deadline(activity: Any, now: datetime) -> Text:
    """Until when, with what is left of it: "nog 5 dagen, tot en met …"."""
    state = activity_state(activity, now)
    if state == "planned":
        return _("Begint op {when}", when=format_moment(activity.opens_at))
    end = activity.closed_at or activity.closes_at
    if end is None:
        return _("Zonder einddatum")
    last = activity.closed_at or terms.last_moment(end)
    if state == "closed":
        return _("Gesloten op {date}", date=format_date(last))
    days = (last.astimezone(CITY_TIME_ZONE).date() - now.astimezone(CITY_TIME_ZONE).date()).days
    if days == 0:
        return _("Vandaag de laatste dag, {until}", until=terms.until(end))
    return n_("Nog {n} dag, {until}", "Nog {n} dagen, {until}", days, until=terms.until(end))


def takes(activity: Any) -> Text:
    """How long taking part takes."""
    return _("Duurt 1 minuut") if activity.kind == "reactions" else _("Vragenlijst")


def teaser(source: str) -> str:
    """The first words of a Markdown text."""
    words = _SPACES.sub(" ", markdown_text(source[: 4 * TEASER])).strip()
    return words if len(words) <= TEASER else words[:TEASER].rsplit(" ", 1)[0] + "…"

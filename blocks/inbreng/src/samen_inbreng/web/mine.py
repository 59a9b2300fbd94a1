"""One's own contributions in a list: where they were given, what they say, what was done with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from samen_core.api import Text, UnitOfWork, _, format_date, n_
from samen_core.web.api import Row, page_url
from samen_inbreng import paths
from samen_inbreng.labels import OUTCOME_BADGES, OUTCOME_LABELS
from samen_inbreng.models import Activity
from samen_inbreng.queries.answers import outcomes_of
from samen_inbreng.web.words import teaser

STATES: dict[str, tuple[Text, str]] = {
    "withdrawn": (_("Ingetrokken"), "neutral"),
    "hidden": (_("Verborgen"), "warning"),
    "waiting": (_("Wacht op antwoord"), "info"),
}


def rows_of(uow: UnitOfWork, found: Sequence[Any]) -> list[Row]:
    """These contributions as rows. Two statements."""
    if not found:
        return []
    outcomes = outcomes_of(uow, [row.id for row in found if row.answered])
    wanted = {row.activity_id for row in found}
    activities = {
        row.id: row for row in uow.session.execute(select(Activity.id, Activity.slug, Activity.title).where(Activity.id.in_(wanted)))
    }
    return [_row(row, activities[row.activity_id], outcomes.get(row.id)) for row in found]


def _row(row: Any, activity: Any, outcome: Any) -> Row:
    badges: tuple[tuple[Text, str], ...] = ()
    if row.state != "published":
        badges = (STATES[row.state],)
    elif outcome is not None:
        badges = ((OUTCOME_LABELS[outcome.outcome], OUTCOME_BADGES[outcome.outcome]),)
    elif row.parent_id is None:
        badges = (STATES["waiting"],)
    meta: list[tuple[str, Text | str]] = [("calendar-days", format_date(row.at))]
    if row.supports:
        meta.append(("thumbs-up", n_("{n} keer gesteund", "{n} keer gesteund", row.supports)))
    return Row(activity.title, page_url(paths.contribution(activity.slug, row.number)), teaser(row.text), badges, meta=tuple(meta))

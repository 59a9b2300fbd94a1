"""Everything that was contributed to a table: activities, numbers, themes, and the contributions with what became of each."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.api import SECTOR_LABELS
from citycontent.web.api import in_words, list_page
from samen_core.api import Text, UnitOfWork, _, format_number, n_
from samen_core.web.api import Row, current_uow, page_url
from samen_inbreng.api import (
    CHANNEL_LABELS,
    OUTCOME_BADGES,
    OUTCOME_LABELS,
    ContributionFilter,
    Outcome,
    activity_path,
    activity_state,
    contribution_path,
    counts,
    list_contributions,
    outcomes_of,
    said,
    subject_path,
    themes_of,
)
from samen_samenspreker.labels import JOIN_LABELS
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.queries.decisions import AnyRow
from samen_samenspreker.queries.rounds import Counts, activities_of_table, tallies
from samen_samenspreker.web.frame import on_table, pages, table_page
from samen_samenspreker.web.rounds import ACTIVITY_STATES, numbers, total

PATH = f"{HOME}/<slug>/inbreng"
TITLE = _("Inbreng")
SHORT = 240
NO_LONGER: dict[str, Text] = {"withdrawn": _("Deze bijdrage is ingetrokken."), "hidden": _("Deze bijdrage is verborgen.")}


@pages.route(PATH, public=True)
def collected(slug: str) -> ResponseReturnValue:
    """All activities and contributions of the table."""
    uow = current_uow()
    question = on_table(uow, slug)
    where = list_page(table(slug, "inbreng"))
    activities = activities_of_table(uow, question.id)
    per_activity = tallies(uow, [row.id for row in activities])
    overall = counts(uow, [row.id for row in activities])
    found = list_contributions(uow, ContributionFilter(subject_id=question.id), where.request(), with_count=True)
    outcomes = outcomes_of(uow, [row.id for row in found.items])
    known = {row.id: row for row in activities}
    first, pager = not where.values.get("cursor"), where.pager(found)
    return table_page(
        uow,
        question,
        "inbreng",
        "samenspreker/collected.html",
        title=TITLE,
        activities=[_activity_row(uow, row, per_activity.get(row.id, {})) for row in activities] if first else [],
        is_first=first,
        join=next(
            ((row.title, page_url(activity_path(row.slug)), JOIN_LABELS[row.kind]) for row in activities if _is_open(uow, row)), None
        ),
        is_empty=not activities,
        sectors=numbers(overall["sector"], SECTOR_LABELS),
        channels=[(label, format_number(many)) for _code, label, many in numbers(overall["channel"], CHANNEL_LABELS) if many],
        outcomes=[(label, format_number(many)) for _code, label, many in numbers(overall["outcome"], OUTCOME_LABELS) if many],
        waiting=overall["outcome"].get("", 0),
        themes=themes_of(uow, question.id) if first else [],
        count=in_words(found.count, _("bijdrage"), _("bijdragen")),
        rows=[_contribution_row(row, known, outcomes) for row in found.items],
        own_url=page_url(table(slug, "mijn-inbreng")),
        report_url=page_url(subject_path(question.id, "verslag")),
        desk_url=page_url(subject_path(question.id, "beantwoorden")) if FACILITATE.allows(uow.actor, question.id) else "",
        rounds_url=page_url(table(slug, "rondes")),
        previous_url=pager["previous_url"],
        next_url=pager["next_url"],
    )


def _is_open(uow: UnitOfWork, row: AnyRow) -> bool:
    return row.mode != "offline" and activity_state(row, uow.now) == "open"


def _activity_row(uow: UnitOfWork, row: AnyRow, tally: Counts) -> Row:
    offline = row.mode == "offline"
    where = (_("Elders"), "neutral") if offline else ACTIVITY_STATES[activity_state(row, uow.now)]
    meta: list[tuple[str, Text | str]] = [("messages-square", n_("{n} bijdrage", "{n} bijdragen", total(tally)))]
    if row.round_number:
        meta.append(("refresh-cw", _("ronde {number}", number=row.round_number)))
    return Row(row.title, page_url(activity_path(row.slug)), badges=(where,), meta=tuple(meta))


def _contribution_row(row: Any, activities: Mapping[uuid.UUID, AnyRow], outcomes: Mapping[uuid.UUID, Outcome]) -> Row:
    activity = activities[row.activity_id]
    outcome = outcomes.get(row.id)
    text = said(activity.form, row.text, row.answers) if row.state == "published" else NO_LONGER[row.state]
    badge = (OUTCOME_LABELS[outcome.outcome], OUTCOME_BADGES[outcome.outcome]) if outcome else (_("Wacht op antwoord"), "warning")
    return Row(
        _("Bijdrage {number}: {activity}", number=row.number, activity=activity.title),
        page_url(contribution_path(activity.slug, row.number)),
        text=text[:SHORT] + " …" if isinstance(text, str) and len(text) > SHORT else text,
        badges=(badge,) if row.state == "published" else (),
        sector=(row.sector, SECTOR_LABELS[row.sector]),
        meta=(("inbox", CHANNEL_LABELS[row.channel]),),
    )

"""Samenspraak and following on the page of a dossier, and the dossier on the pages of what people have their say at."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import RESULT_LABELS, STAGE_LABELS, STAGES
from samen_beleidsagenda.models import Dossier
from samen_beleidsagenda.periods import Period
from samen_beleidsagenda.queries.participation import Happened, Linked, links_by_subject, outcome_of_dossiers
from samen_beleidsagenda.services.common import may_write
from samen_beleidsagenda.services.participation import NEVER
from samen_beleidsagenda.web.following import follow_button
from samen_beleidsagenda.web.words import phase_badge
from samen_core.api import Text, UnitOfWork, format_date
from samen_core.web.api import SlotFill, page_url, render_part

MOST_EVENTS = 4


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of samenspraak: reached on this day, or still to come (``day`` "")."""

    label: Text
    words: Text | str
    day: str
    url: str


@dataclass(frozen=True, slots=True)
class LinkedView:
    """A linked thing as the template shows it; the addresses of the forms for who writes the dossier."""

    linked: Linked
    url: str
    stages: tuple[Stage, ...]
    news: tuple[tuple[Happened, str], ...]
    edit_url: str
    unlink_url: str


def participation_part(uow: UnitOfWork, dossier: Dossier, linked: Sequence[Linked]) -> Markup:
    """The samenspraak on a dossier, in the order in which it goes. No SQL besides the reader's rights."""
    writes = may_write(uow, dossier)
    return render_part(
        "beleidsagenda/participation.html",
        dossier=dossier,
        items=[_view(dossier, item, writes=writes) for item in linked],
        new_url=page_url(paths.dossier(dossier.slug, "samenspraak/nieuw")) if writes else "",
    )


def follow_part(uow: UnitOfWork, subject_id: uuid.UUID, back: str) -> Markup:
    """The button that follows a thing, for the page at ``back``. One statement; none for who is not logged in."""
    return render_part("beleidsagenda/follow.html", item=follow_button(uow, subject_id, back))


def _view(dossier: Dossier, linked: Linked, *, writes: bool) -> LinkedView:
    url = page_url(linked.card.url) if linked.card.is_live else ""
    own = paths.dossier(dossier.slug, f"samenspraak/{linked.id}")
    stages = tuple(_stage(code, linked, url) for code in STAGES) if linked.reached else ()
    shown = {id(item) for item in linked.reached.values()}
    news = [item for item in linked.happened if id(item) not in shown][:MOST_EVENTS]
    return LinkedView(
        linked,
        url,
        stages,
        tuple((item, _url(item, url)) for item in news),
        page_url(f"{own}/bewerken") if writes else "",
        page_url(f"{own}/losmaken") if writes else "",
    )


def _stage(code: str, linked: Linked, url: str) -> Stage:
    found = linked.reached.get(code)
    if found is None:
        return Stage(STAGE_LABELS[code], "", "", "")
    return Stage(STAGE_LABELS[code], found.words, format_date(found.at), _url(found, url))


def _url(happened: Happened, url: str) -> str:
    return page_url(happened.card.url) if happened.card is not None and happened.card.is_live else url


def on_subject(uow: UnitOfWork, subject_id: uuid.UUID, subject_type: str, **_values: Any) -> str | None:
    """The dossiers that a thing is linked to: where they stand, what comes next, what was decided. One statement, two when it is linked."""
    if subject_type in NEVER:
        return None
    rows = links_by_subject(uow, subject_id)
    if not rows:
        return None
    outcome = outcome_of_dossiers(uow, [row.id for row in rows])
    shown = []
    for row in rows:
        coming, decided = outcome[row.id]
        shown.append(
            {
                "title": row.title,
                "url": page_url(paths.dossier(row.slug)),
                "badge": phase_badge(row.phase),
                "done": row.done,
                "next": [(_period(item), item.title, page_url(paths.planning_item(item.id)), item.body) for item in coming],
                "decisions": [
                    (format_date(item.start_date), item.title, page_url(paths.decision(item.id)), item.body, RESULT_LABELS[item.code])
                    for item in decided
                ],
            }
        )
    return render_part("beleidsagenda/slots/on_subject.html", dossiers=shown)


def _period(row: Any) -> str:
    return str(Period(row.start_date, row.end_date, row.precision))


PARTICIPATION_SLOTS = (SlotFill("subject.main", on_subject, order=20),)

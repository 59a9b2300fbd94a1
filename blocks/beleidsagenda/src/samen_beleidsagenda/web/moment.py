"""The page of one planned moment: what, who, when, how to have a say, and everything it was before."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import area_links, atlas, theme_links
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import (
    CONFIDENCE_LABELS,
    ITEM_KIND_LABELS,
    ITEM_STATUS_LABELS,
    LIGHT_BADGES,
    LIGHT_LABELS,
    STATE_LABELS,
)
from samen_beleidsagenda.models import COMING_STATUSES, AgendaItem, PlanningItem
from samen_beleidsagenda.periods import parse_period, period_of
from samen_beleidsagenda.queries.lights import LIGHTS
from samen_beleidsagenda.queries.planning import areas_of, chain_of, decisions_at, moment_row, theme_names
from samen_beleidsagenda.services.common import get_thing, may_see, may_write, today
from samen_beleidsagenda.services.planning import MOVES
from samen_beleidsagenda.web.approval import acts_of
from samen_beleidsagenda.web.common import LABEL, pages
from samen_beleidsagenda.web.linked import linked as json_ld_of
from samen_beleidsagenda.web.planning import TITLE
from samen_core.api import Text, UnitOfWork, _, latest_lines
from samen_core.web.api import crumbs, current_uow, page_url, render

ONE = f"{paths.PLANNING}/<uuid:id>"
APPROVAL_ICONS = {"openbaar": "circle-check", "voorleggen": "send", "teruggeven": "undo-2", "weghalen": "trash-2"}


@dataclass(frozen=True, slots=True)
class Step:
    """A period that a moment had: of itself, or of what it was before or became later."""

    period: str
    url: str
    words: Text | str
    reason: str
    current: bool


@dataclass(frozen=True, slots=True)
class Act:
    """Something that who plans can do here, with the page of its form."""

    label: Text
    url: str
    icon: str


@pages.route(ONE, public=True)
def moment_page(id: uuid.UUID) -> ResponseReturnValue:
    """One planned moment."""
    uow = current_uow()
    item = get_thing(uow, PlanningItem, id)
    row = moment_row(uow, id)
    book = atlas(uow)
    chain = chain_of(uow, item)
    lines, more_lines = latest_lines(uow, id)
    period = period_of(item.start_date, item.end_date)
    original = period_of(item.original_start, item.original_end)
    successor = chain[-1] if chain and chain[-1].id != id else None
    light = LIGHTS[row.light] if row is not None else "done"
    return render(
        "beleidsagenda/moment.html",
        moment=item,
        json_ld=json_ld_of(uow, item),
        row=row,
        period=period,
        original=original if original != period else None,
        kind=ITEM_KIND_LABELS[item.kind],
        status=ITEM_STATUS_LABELS[item.status],
        status_kind={"scheduled": "info", "treated": "success", "postponed": "warning", "lapsed": "danger"}.get(item.status, "neutral"),
        light=(LIGHT_LABELS[light], LIGHT_BADGES[light]),
        confidence=CONFIDENCE_LABELS[item.confidence] if item.status in COMING_STATUSES else None,
        state=STATE_LABELS[item.state] if item.state != "published" else None,
        is_coming=item.status in COMING_STATUSES,
        dossier_url=page_url(paths.dossier(row.dossier_slug)) if row is not None else "",
        body_url=page_url(f"{paths.BODIES}/{row.body_slug}") if row is not None and row.body_slug else "",
        holder_url=page_url(f"{paths.HOLDERS}/{row.holder_id}") if row is not None and row.holder_id else "",
        areas=area_links(book, areas_of(uow, item.dossier_id)),
        themes=theme_links(book, theme_names(uow, [item.dossier_id]).get(item.dossier_id, [])),
        point=_point(uow, item),
        decisions=[(row.title, page_url(paths.decision(row.id))) for row in decisions_at(uow, id)],
        successor_url=page_url(paths.planning_item(successor.id)) if successor is not None else None,
        successor_period=str(period_of(successor.start_date, successor.end_date)) if successor is not None else "",
        steps=_steps(chain, id),
        acts=_acts(uow, item),
        log=lines,
        more_log=more_lines,
        data_links=[(_("Vaste link"), f"/id/planning_item/{id}"), (_("Gegevens als JSON"), f"/api/v1/beleidsagenda/moments/{id}")],
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.PLANNING), (item.title, None)),
    )


def _point(uow: UnitOfWork, item: PlanningItem) -> tuple[str, str] | None:
    """The point on the agenda of a meeting, for who may see it."""
    point = uow.session.get(AgendaItem, item.agenda_item_id) if item.agenda_item_id else None
    return (point.title, page_url(paths.agenda_item(point.id))) if point is not None and may_see(uow, point) else None


def _steps(chain: list[Any], id: uuid.UUID) -> list[Step]:
    """Every period of the chain, the first one on top; what only became more precise stands before the period it became."""
    found: list[Step] = []
    for step in chain:
        url = page_url(paths.planning_item(step.id)) if step.id != id else ""
        found += [Step(str(parse_period(code)), url, _("Daarna preciezer gemaakt."), "", False) for code in step.narrowed_from]
        words: Text | str = _("Verplaatst.") if step.status == "postponed" else ITEM_STATUS_LABELS[step.status]
        found.append(Step(str(period_of(step.start_date, step.end_date)), url, words, step.slip_reason, step.status != "postponed"))
    return found


def _acts(uow: UnitOfWork, item: PlanningItem) -> list[Act]:
    """What the actor can do with a moment now."""
    if uow.actor.is_anonymous or not may_write(uow, item):
        return []

    def act(label: Text, part: str, icon: str) -> Act:
        return Act(label, page_url(paths.planning_item(item.id, part)), icon)

    found = [act(_("Bewerken"), "bewerken", "pencil")]
    public = item.published_at is not None
    if item.status in MOVES["postpone"].sources and public:
        found.append(act(_("Verplaatsen"), "verplaatsen", "arrow-right"))
    if item.status in MOVES["schedule"].sources:
        found.append(act(_("Zet op een agenda"), "agenderen", "list-ordered"))
    if item.status in MOVES["treat"].sources and public:
        if item.start_date <= today(uow):
            found.append(act(_("Dit is geweest"), "behandeld", "check"))
        found.append(act(_("Laat vervallen"), "vervallen", "x"))
    approval = (act for act in acts_of(uow, item) if not (public and act.name == "weghalen"))
    return found + [Act(step.label, step.url, APPROVAL_ICONS[step.name]) for step in approval]

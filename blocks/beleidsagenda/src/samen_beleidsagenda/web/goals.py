"""Goals: how they stand in lists, the page of one, and its forms."""

from __future__ import annotations

import uuid
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Link, Options, Section, atlas, form_page, theme_choices
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import PROGRESS_LABELS
from samen_beleidsagenda.models import Goal
from samen_beleidsagenda.permissions import SEE_CONFIDENTIAL, WRITE
from samen_beleidsagenda.queries.structure import goals_of, theme_documents
from samen_beleidsagenda.schemas.structure import CreateGoal, CreateGoalSchema, UpdateGoal, UpdateGoalSchema
from samen_beleidsagenda.services.common import get_thing, may_write, require_write
from samen_beleidsagenda.services.goals import create_goal, goal_values, update_goal
from samen_beleidsagenda.web.approval import acts_of
from samen_beleidsagenda.web.common import LABEL, pages
from samen_beleidsagenda.web.words import state_badges
from samen_core.api import Gone, NotFound, SubjectCard, Text, UnitOfWork, _, cards, format_date, latest_lines
from samen_core.web.api import Row, crumbs, current_uow, page_url, render

THEMES = _("Thema's")
PROGRESS_BADGES = {"not_started": "neutral", "on_track": "info", "behind": "warning", "reached": "success", "dropped": "neutral"}


def goal_rows(uow: UnitOfWork, theme_id: uuid.UUID) -> list[Row]:
    """The goals of a theme in a list. One statement."""
    return [goal_row(row) for row in goals_of(uow, theme_id)]


def goal_row(row: Any) -> Row:
    """A goal in a list: what is to be reached, when, and how it stands."""
    meta: list[tuple[str, Text | str]] = []
    if row.target:
        meta.append(("target", row.target))
    if row.target_date:
        meta.append(("calendar-days", _("Uiterlijk {day}", day=format_date(row.target_date))))
    badge = (PROGRESS_LABELS[row.progress], PROGRESS_BADGES[row.progress])
    return Row(row.title, page_url(paths.goal(row.id)), badges=(badge, *state_badges(row)), meta=tuple(meta))


@pages.route(f"{paths.THEMES}/doelen/<uuid:id>", public=True)
def goal_page(id: uuid.UUID) -> ResponseReturnValue:
    """One goal: what the city wants to reach, and how it stands."""
    uow = current_uow()
    found = uow.session.get(Goal, id)
    if found is not None and found.state == "deleted" and found.published_at is not None and not found.confidential:
        raise Gone(_("Dit doel is weggehaald."))
    goal = get_thing(uow, Goal, id)
    theme = atlas(uow).themes.get(goal.theme_id)
    near = cards(uow, [id for id in (goal.document_id, goal.indicator_id) if id])
    lines, more_lines = latest_lines(uow, goal.id)
    theme_path = f"{paths.THEMES}/{theme.slug}" if theme else paths.THEMES
    return render(
        "beleidsagenda/goal.html",
        goal=goal,
        badges=((PROGRESS_LABELS[goal.progress], PROGRESS_BADGES[goal.progress]), *state_badges(goal)),
        acts=acts_of(uow, goal),
        theme=theme,
        theme_url=page_url(theme_path),
        target_date=format_date(goal.target_date) if goal.target_date else "",
        document=_card_link(near, goal.document_id),
        indicator=_card_link(near, goal.indicator_id),
        edit_url=page_url(paths.goal(id, "bewerken")) if may_write(uow, goal) else None,
        data_links=[(_("Vaste link"), f"/id/goal/{id}"), (_("Gegevens als JSON"), f"/id/goal/{id}.json")],
        log=lines,
        more_log=more_lines,
        breadcrumbs=crumbs((LABEL, paths.HOME), (THEMES, paths.THEMES), *([(theme.name, theme_path)] if theme else []), (goal.title, None)),
    )


@pages.route(f"{paths.THEMES}/<slug>/doel", permission=WRITE, methods=["GET", "POST"])
def goal_new(slug: str) -> ResponseReturnValue:
    """Add a goal to a theme."""
    uow = current_uow()
    theme = atlas(uow).theme_by_slug.get(slug)
    if theme is None:
        raise NotFound
    there = f"{paths.THEMES}/{slug}"
    page = FormPage(
        title=_("Een doel toevoegen"),
        lead=_("Het wordt een concept. Pas als iemand het openbaar maakt, ziet iedereen het."),
        submit=_("Bewaar als concept"),
        done=_("Het doel is bewaard als concept."),
        path=f"{there}/doel",
        back=there,
        trail=((LABEL, paths.HOME), (THEMES, paths.THEMES), (theme.name, there), (_("Nieuw doel"), None)),
    )

    def write(command: CreateGoal) -> str:
        return paths.goal(create_goal(uow, command).id)

    values = {"theme_id": theme.id, "progress": "not_started", "position": 0}
    return form_page(uow, page, FormSpec(CreateGoalSchema), _sections(uow), write, values=values, options=_options(uow, theme.id))


@pages.route(f"{paths.THEMES}/doelen/<uuid:id>/bewerken", permission=WRITE, methods=["GET", "POST"])
def goal_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change a goal, or tell how it stands."""
    uow = current_uow()
    goal = get_thing(uow, Goal, id)
    require_write(uow, goal)
    path = paths.goal(id)
    page = FormPage(
        title=_("{name} bewerken", name=goal.title),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=paths.goal(id, "bewerken"),
        back=path,
        trail=((LABEL, paths.HOME), (THEMES, paths.THEMES), (goal.title, path), (_("Bewerken"), None)),
    )

    def write(command: UpdateGoal) -> str:
        return paths.goal(update_goal(uow, id, command).id)

    return form_page(
        uow,
        page,
        FormSpec(UpdateGoalSchema),
        _sections(uow),
        write,
        values=goal_values(goal),
        options=_options(uow, goal.theme_id, goal.document_id),
    )


def _sections(uow: UnitOfWork) -> tuple[Section, ...]:
    secret = ("confidential",) if SEE_CONFIDENTIAL.somewhere(uow.actor) else ()
    return (
        Section(_("Het doel"), ("theme_id", "title", "text", "indicator_id")),
        Section(_("Doelwaarde en voortgang"), ("target", "target_date", "progress")),
        Section(_("Meer gegevens"), ("document_id", "position", *secret), folded=True),
    )


def _options(uow: UnitOfWork, theme_id: uuid.UUID, document_id: uuid.UUID | None = None) -> Options:
    return {"theme_id": theme_choices(atlas(uow)), "document_id": theme_documents(uow, theme_id, document_id)}


def _card_link(near: dict[uuid.UUID, SubjectCard], id: uuid.UUID | None) -> Link | None:
    card = near.get(id) if id else None
    return Link(card.title, page_url(card.url)) if card is not None and card.is_live else None

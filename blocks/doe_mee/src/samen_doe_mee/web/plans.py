"""The list of plans, the page of one, and its process proposal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import (
    Atlas,
    ListPage,
    area_field,
    area_filter,
    area_path,
    atlas,
    chips,
    filters_part,
    in_words,
    list_page,
    one_of,
    select_field,
    small_map,
    theme_field,
    theme_filter,
)
from samen_core.api import Count, Text, UnitOfWork, _, latest_lines
from samen_core.web.api import BoundField, crumbs, current_uow, page_url, render, render_status
from samen_doe_mee import paths
from samen_doe_mee.labels import LEVEL_LABELS, LEVEL_MEANINGS, PLAN_FORM_LABELS
from samen_doe_mee.models import Plan
from samen_doe_mee.permissions import PLAN as MAY_PLAN
from samen_doe_mee.queries.plans import PlanFilter, Surroundings, count_plans, list_plans
from samen_doe_mee.services.plan_documents import documents_of
from samen_doe_mee.services.plan_news import news_of
from samen_doe_mee.services.plans import is_public, may_work, visible_plan, visible_plan_with_surroundings
from samen_doe_mee.services.rounds import rounds_with_activities
from samen_doe_mee.services.sharing import of_plan
from samen_doe_mee.web import plan_parts as parts
from samen_doe_mee.web.common import LABEL, pages, tabs
from samen_doe_mee.web.meeting_parts import meetings_part
from samen_doe_mee.web.share import share_tags

TITLE = _("Plannen")
STANDING = {"": "running", "straks": "coming", "afgerond": "over"}
FILTERS = ("staat", "gebied", "thema", "niveau", "vorm")
MOST_NEWS = 10
EMPTY = {
    "running": (
        _("Er loopt nu geen plan waar u aan mee kunt doen"),
        _("Zodra de gemeente of een organisatie om uw mening vraagt, leest u het hier. Bekijk wat er nog komt, of wat al is afgerond."),
    ),
    "coming": (_("Er staat nog niets klaar"), _("Plannen die binnenkort beginnen, komen hier te staan.")),
    "over": (_("Er is nog geen plan afgerond"), _("Hier leest u straks wat er met de inbreng op plannen is gedaan.")),
}


@pages.route(paths.PLANS, public=True)
def plan_list() -> ResponseReturnValue:
    """The plans that run, that come, or that are over."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.PLANS, *FILTERS)
    chosen = one_of(where.values.get("staat", ""), [name for name in STANDING if name]) or ""
    which = _filter(book, where, STANDING[chosen])
    found = list_plans(uow, which, where.request(), with_count=False)
    numbers = count_plans(uow, replace(which, standing=None))
    area, theme = area_filter(book, where), theme_filter(book, where)
    picked = chips(
        where,
        (
            ("gebied", area.name if area else None),
            ("thema", theme.name if theme else None),
            ("niveau", LEVEL_LABELS[which.level] if which.level else None),
            ("vorm", PLAN_FORM_LABELS[which.form] if which.form else None),
        ),
    )

    def fields() -> list[BoundField]:
        return [
            area_field(book, where),
            theme_field(book, where),
            select_field(where, "niveau", _("Hoeveel invloed"), LEVEL_LABELS.items(), _("Alles")),
            select_field(where, "vorm", _("Vorm"), PLAN_FORM_LABELS.items(), _("Alles")),
        ]

    sorts = [
        (
            _("{label} ({n})", label=parts.STANDING_LABELS[code], n=numbers[code]),
            where.url(staat=name or None),
            name == chosen,
        )
        for name, code in STANDING.items()
    ]
    standing = STANDING[chosen]
    return render(
        "doe_mee/plans.html",
        title=TITLE,
        lead=_("Plannen van de gemeente en van organisaties. U leest wat vaststaat, wat nog kan veranderen en hoe u meedoet."),
        tabs=tabs(uow.actor, paths.PLANS),
        list_url=page_url(paths.PLANS),
        new_url=page_url(f"{paths.DESK_PLANS}/nieuw") if MAY_PLAN.somewhere(uow.actor) else None,
        filters=filters_part(where, fields, len(picked), ("staat",), book=book, key="doe_mee.plans"),
        chips=picked,
        count=_counted(numbers[standing]),
        sorts=sorts,
        rows=[parts.plan_row(uow, book, row) for row in found.items],
        empty=EMPTY[standing],
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
        **where.pager(found),
    )


def _counted(number: int) -> Text:
    return in_words(Count(number), _("plan"), _("plannen"))


def _filter(book: Atlas, where: ListPage, standing: str) -> PlanFilter:
    area, theme = area_filter(book, where), theme_filter(book, where)
    theme_ids = None
    if theme is not None:
        theme_ids = (theme.id, *(under.id for under in book.subthemes(theme)))
    return PlanFilter(
        standing=standing,
        area_ids=tuple(book.tree.within(area.id)) if area else None,
        theme_ids=theme_ids,
        level=one_of(where.values.get("niveau", ""), LEVEL_LABELS),
        form=one_of(where.values.get("vorm", ""), PLAN_FORM_LABELS),
    )


@pages.route(f"{paths.PLANS}/<slug>", public=True)
def plan_page(slug: str) -> ResponseReturnValue:
    """One plan: what can be done now, what it is about, its rounds, and what was done with what people said."""
    uow = current_uow()
    plan, around = visible_plan_with_surroundings(uow, slug)
    works = not uow.actor.is_anonymous and may_work(uow, plan)
    if plan.state == "withdrawn" and not works:
        return _withdrawn(plan)
    return render("doe_mee/plan.html", **plan_context(uow, plan, around, works=works))


def plan_context(uow: UnitOfWork, plan: Plan, around: Surroundings, *, works: bool) -> dict[str, Any]:
    """What the page of a plan shows; also for its preview."""
    book = atlas(uow)
    rounds, activities = rounds_with_activities(uow, plan.id)
    area = book.tree.get(plan.area_id) if plan.area_id else None
    theme = book.themes.get(plan.theme_id) if plan.theme_id else None
    public = is_public(plan)
    return {
        "plan": plan,
        "badge": parts.state_badge(plan, uow.now),
        "now": parts.what_now(uow, plan, rounds, activities),
        "level": LEVEL_LABELS[plan.level],
        "meaning": LEVEL_MEANINGS[plan.level],
        "rounds": parts.round_views(uow, rounds, activities),
        "documents": documents_of(uow, plan),
        "news": news_of(uow, plan, most=MOST_NEWS),
        "meetings": meetings_part(uow, plan),
        "place": parts.place_words(plan),
        "map": small_map(book, [(plan.lat, plan.lon)], _("Waar het is")) if plan.lat is not None and plan.lon is not None else "",
        "area": (area.name, page_url(area_path(area))) if area else None,
        "theme": (theme.name, page_url(theme.path)) if theme else None,
        "around": around,
        "project_url": page_url(f"/projecten/{around.project_slug}"),
        "organization_url": page_url(f"/organisaties/{around.organization_slug}") if around.organization_slug else None,
        "idea_url": page_url(paths.idea(around.idea_slug)) if around.idea_slug else None,
        "proposal_url": page_url(paths.plan(plan.slug, "procesvoorstel")),
        "desk_url": page_url(paths.desk_plan(plan.slug)) if works else None,
        "logbook_url": page_url(f"/logboek/{plan.id}") if public else None,
        "public": public,
        "share": share_tags(of_plan(uow, plan)) if public else None,
        "breadcrumbs": crumbs((LABEL, paths.HOME), (TITLE, paths.PLANS), (plan.title, None)),
    }


@pages.route(f"{paths.PLANS}/<slug>/procesvoorstel", public=True)
def plan_proposal(slug: str) -> ResponseReturnValue:
    """Parts A to F of the process proposal."""
    uow = current_uow()
    plan = visible_plan(uow, slug)
    if plan.state == "withdrawn" and not may_work(uow, plan):
        return _withdrawn(plan)
    book = atlas(uow)
    rounds, activities = rounds_with_activities(uow, plan.id)
    return render(
        "doe_mee/plan_proposal.html",
        plan=plan,
        parts=parts.proposal_parts(book, plan),
        rounds=parts.round_views(uow, rounds, activities),
        changes=latest_lines(uow, plan.id, 5)[0] if is_public(plan) else [],
        plan_url=page_url(paths.plan(plan.slug)),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.PLANS), (plan.title, paths.plan(plan.slug)), (_("Procesvoorstel"), None)),
    )


def _withdrawn(plan: Plan) -> ResponseReturnValue:
    """What everybody may know of a plan that was taken back: that it was, and why."""
    return render_status(
        410,
        "doe_mee/plan_withdrawn.html",
        plan=plan,
        list_url=page_url(paths.PLANS),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.PLANS), (plan.title, None)),
    )

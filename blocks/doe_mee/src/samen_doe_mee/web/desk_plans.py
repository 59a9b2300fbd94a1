"""Plans at the desk: the list, and the overview of one with what waits and what can be done."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import (
    FormPage,
    FormSpec,
    Named,
    Section,
    atlas,
    form_page,
    in_words,
    list_page,
    one_of,
    search_field,
    select_field,
)
from samen_core.api import LOGGED_IN, Invalid, Text, UnitOfWork, _, cards, latest_lines
from samen_core.web.api import crumbs, current_uow, page_url, render
from samen_doe_mee import paths
from samen_doe_mee.labels import PLAN_STATE_LABELS
from samen_doe_mee.models import Plan
from samen_doe_mee.permissions import ANSWER, DEFINE
from samen_doe_mee.permissions import PLAN as MAY_PLAN
from samen_doe_mee.queries.answering import ANSWERERS, WorkFilter, count_work
from samen_doe_mee.queries.plans import PlanFilter, list_desk_plans, part_numbers, surroundings
from samen_doe_mee.schemas.plan_parts import TieByAddress, TieByAddressSchema, TiePlan
from samen_doe_mee.services.plan_publishing import lacking
from samen_doe_mee.services.plan_ties import idea_named, question_named, tie_plan, tie_values
from samen_doe_mee.services.plans import EDITORS, may_work
from samen_doe_mee.services.rounds import rounds_of
from samen_doe_mee.web import plan_parts as parts
from samen_doe_mee.web.common import DESK, LABEL, desk_tabs, pages
from samen_doe_mee.web.desk_plan_frame import desk_frame, plan_at_desk

TITLE = _("Plannen")
MOST_COUNTED = 99
EMPTY = (
    _("U werkt nog niet aan een plan"),
    _("Begin een nieuw plan, of vraag een collega om u bij een plan te zetten."),
)


@pages.route(paths.DESK_PLANS, permission=LOGGED_IN)
def desk_plan_list() -> ResponseReturnValue:
    """The plans that the actor may work at: own ones or all, by state, with search."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.DESK_PLANS, "q", "staat", "wie")
    state = one_of(where.values.get("staat", ""), PLAN_STATE_LABELS)
    all = MAY_PLAN.somewhere(uow.actor)
    whose = one_of(where.values.get("wie", ""), ("ik",)) if all else "ik"
    which = PlanFilter(
        states=(state,) if state else ("draft", "published", "finished"),
        mine=uow.actor.account_id if whose else None,
        text=where.values.get("q", ""),
    )
    found = list_desk_plans(uow, which, where.request())
    fields = [
        search_field(where, _("Zoek in plannen")),
        select_field(where, "staat", _("Staat"), PLAN_STATE_LABELS.items(), _("Alles, behalve ingetrokken")),
    ]
    return render(
        "doe_mee/desk_plans.html",
        title=TITLE,
        tabs=desk_tabs(uow.actor, paths.DESK_PLANS),
        list_url=page_url(paths.DESK_PLANS),
        new_url=page_url(f"{paths.DESK_PLANS}/nieuw") if all else None,
        blueprints_url=page_url(paths.BLUEPRINTS) if DEFINE.somewhere(uow.actor) else None,
        fields=fields,
        hidden=where.hidden("wie"),
        active=sum(name in where.values for name in ("q", "staat")),
        sorts=where.sorts("wie", (("", _("Alle plannen")), ("ik", _("Mijn plannen")))) if all else (),
        count=in_words(found.count, _("plan"), _("plannen")),
        rows=[parts.desk_row(uow, book, row) for row in found.items],
        empty=EMPTY,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, None)),
        **where.pager(found),
    )


@pages.route(f"{paths.DESK_PLANS}/<slug>", permission=LOGGED_IN)
def desk_plan_page(slug: str) -> ResponseReturnValue:
    """How a plan stands, what it lacks, and what can be done with it."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug)
    rounds = rounds_of(uow, plan.id)
    lines, more = latest_lines(uow, plan.id, 8)
    around = surroundings(uow, plan)
    return render(
        "doe_mee/desk_plan.html",
        **desk_frame(uow, plan, "", TITLE),
        numbers=part_numbers(uow, plan.id),
        lacks=len(lacking(uow, plan)) if plan.state == "draft" else 0,
        leads=may_work(uow, plan, "lead"),
        may_define=DEFINE.somewhere(uow.actor),
        may_finish=plan.state == "published" and bool(rounds) and all(found.closed_at is not None for found in rounds),
        waiting=[(view, _closing(plan, view.round)) for view in parts.round_views(uow, rounds, []) if view.state == "waiting"],
        to_answer=_to_answer(uow, plan),
        answers_url=page_url(f"{paths.DESK_ANSWERS}?plan={plan.slug}"),
        around=around,
        question=_question(uow, plan),
        urls={
            name: page_url(paths.desk_plan(slug, name))
            for name in ("afronden", "intrekken", "koppelen", "blauwdruk", "voorbeeld", "posters")
        },
        copy_url=f"{page_url(paths.DESK_PLANS)}/nieuw?van=plan:{plan.id}",
        project_url=page_url(f"/projecten/{around.project_slug}"),
        lines=lines,
        more=more,
    )


def _closing(plan: Plan, found: Any) -> str:
    return page_url(paths.desk_plan(plan.slug, f"rondes/{found.slug}/afsluiten"))


def _to_answer(uow: UnitOfWork, plan: Plan) -> Text | None:
    """How many reactions on the plan wait for an answer that the actor may give; None without any."""
    if not may_work(uow, plan, *ANSWERERS, permission=ANSWER):
        return None
    found = count_work(uow, WorkFilter(plan_id=plan.id), MOST_COUNTED)
    return in_words(found, _("reactie wacht op antwoord"), _("reacties wachten op antwoord")) if found.number else None


def _question(uow: UnitOfWork, plan: Plan) -> Any:
    return cards(uow, [plan.question_id]).get(plan.question_id) if plan.question_id else None


@pages.route(f"{paths.DESK_PLANS}/<slug>/koppelen", permission=LOGGED_IN, methods=["GET", "POST"])
def desk_plan_tie(slug: str) -> ResponseReturnValue:
    """Tie the plan to another project, to the idea that it came from and to a question at the table."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug, *EDITORS)
    id = plan.id
    page = FormPage(
        title=_("Waar hoort het plan bij?"),
        submit=_("Bewaar"),
        done=_("Bewaard."),
        path=paths.desk_plan(slug, "koppelen"),
        back=paths.desk_plan(slug),
        trail=((LABEL, paths.HOME), (DESK, paths.DESK_PLANS), (plan.title, paths.desk_plan(slug)), (_("Koppelen"), None)),
        lead=_("Het plan staat op de pagina van dit project. Wie het project volgt, krijgt bericht."),
    )

    values = tie_values(uow, plan)

    def write(command: TieByAddress) -> str:
        tie_plan(uow, id, _meant(uow, plan, command, values))
        return paths.desk_plan(slug)

    spec = FormSpec(TieByAddressSchema, {"project_id": Named("project")})
    sections = (Section(_("Waar hoort het plan bij?"), ("project_id", "idea", "question")),)
    return form_page(uow, page, spec, sections, write, values=values)


def _meant(uow: UnitOfWork, plan: Plan, command: TieByAddress, shown: dict[str, Any]) -> TiePlan:
    """What was typed, as things of the city; what is as it was ``shown`` stays. Raises Invalid with every address that leads nowhere."""
    found = {"idea": plan.came_from_id, "question": plan.question_id}
    errors: dict[str, list[Text]] = {}
    for name, find in (("idea", idea_named), ("question", question_named)):
        typed = getattr(command, name)
        if typed == shown[name]:
            continue
        try:
            found[name] = find(uow, typed, name)
        except Invalid as error:
            errors |= error.errors
    if errors:
        raise Invalid(errors)
    return TiePlan(project_id=command.project_id, came_from_id=found["idea"], question_id=found["question"], version=command.version)

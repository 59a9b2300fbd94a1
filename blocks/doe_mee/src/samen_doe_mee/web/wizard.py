"""Making a plan: beginning it, writing it step by step, what lacks yet, the preview, publishing it. The same steps change it later."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, ClassVar

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from citycontent.api import SHORT, CommandSchema, line_field, reference_field
from citycontent.web.api import FormPage, FormSpec, Named, Section, area_choices, atlas, form_page, send, show, suggestions, theme_choices
from samen_core.api import LOGGED_IN, Conflict, Invalid, NotFound, PageRequest, Text, UnitOfWork, _, parse
from samen_core.web.api import BoundField, crumbs, current_uow, go, page_url, render, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.labels import LEVEL_MEANINGS
from samen_doe_mee.models import Plan
from samen_doe_mee.permissions import PLAN as MAY_PLAN
from samen_doe_mee.plan_steps import BY_CODE, CHECK, ROUNDS, STEPS, Step
from samen_doe_mee.queries.plans import PlanFilter, list_desk_plans, surroundings
from samen_doe_mee.schemas.plan_parts import DuplicatePlan, PlanVersionSchema, WithdrawPlanSchema
from samen_doe_mee.schemas.plan_steps import SCHEMAS, plan_title_field
from samen_doe_mee.schemas.plans import CreatePlan, PlanVersion, UpdatePlan, WithdrawPlan
from samen_doe_mee.services.blueprints import get_blueprint, offered
from samen_doe_mee.services.plan_copies import begin_from, duplicate_plan
from samen_doe_mee.services.plan_publishing import REQUIRED, Lack, finish_plan, lacking, publish_plan, withdraw_plan
from samen_doe_mee.services.plan_texts import lacks_in_words, progress, update_plan
from samen_doe_mee.services.plan_ties import idea_named
from samen_doe_mee.services.plans import EDITORS, create_plan, may_work, plan_values
from samen_doe_mee.services.rounds import rounds_of
from samen_doe_mee.web.common import DESK, LABEL, pages
from samen_doe_mee.web.desk_plan_frame import desk_frame, plan_at_desk
from samen_doe_mee.web.plans import plan_context

NEW = f"{paths.DESK_PLANS}/nieuw"
ONE = f"{paths.DESK_PLANS}/<slug>"
BLANK, BLUEPRINT, COPY = "leeg", "blauwdruk:", "plan:"
COPIED = 20
FROM_NOW = timedelta(days=14)
STATE_WORDS: dict[str, Text] = {"done": _("klaar"), "begun": _("begonnen"), "empty": _("nog leeg")}
NAMED = {"organization_id": Named("organization")}


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPlan:
    """How a plan begins: its title, with what, at which project, and when its first round begins if it has any."""

    title: str
    begin_with: str = BLANK
    starts_on: date | None = None
    project_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    came_from: str = ""


class StartPlanSchema(CommandSchema):
    """The first page of the wizard."""

    command: ClassVar[type[Any]] = StartPlan

    title = plan_title_field()
    begin_with = fields.String(
        load_default=BLANK,
        validate=validate.Length(max=60),
        metadata={
            "label": _("Waarmee begint u?"),
            "help": _("Een blauwdruk is een voorbeeld met teksten, rondes en activiteiten. U past alles daarna aan."),
            "widget": "radios",
        },
    )
    starts_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={
            "label": _("Wanneer begint de eerste ronde?"),
            "help": _("Alleen nodig bij een blauwdruk of een eerder plan. U kunt alle data daarna nog veranderen."),
            "widget": "date",
        },
    )
    project_id = reference_field(
        _("Bij welk project van de stad hoort het?"),
        _("Typ de naam van het project, of plak het webadres. Leeg: er komt een nieuw project met dezelfde naam als het plan."),
    )
    organization_id = reference_field(_("Van welke organisatie is het plan?"))
    came_from = line_field(_("Komt het plan uit een idee?"), _("Plak het webadres van het idee, of vul het nummer in."), SHORT)


START = FormSpec(StartPlanSchema, {"project_id": Named("project"), **NAMED})


@pages.route(NEW, permission=LOGGED_IN, methods=["GET", "POST"])
def plan_new() -> ResponseReturnValue:
    """Begin a plan: empty, from a blueprint, or from a plan that there is."""
    uow = current_uow()
    if not MAY_PLAN.somewhere(uow.actor):
        MAY_PLAN.require(uow.actor)
    page = FormPage(
        title=_("Nieuw plan"),
        submit=_("Begin met het plan"),
        done=_("Uw plan is begonnen. Niemand anders ziet het, tot u het openbaar maakt."),
        path=NEW,
        back=paths.DESK_PLANS,
        trail=((LABEL, paths.HOME), (DESK, paths.DESK_PLANS), (_("Nieuw plan"), None)),
        lead=_("U schrijft een plan in acht korte stappen. Dat duurt ongeveer een half uur. U kunt elke stap bewaren en later verdergaan."),
    )
    sections = (
        Section(_("Het plan"), ("title", "begin_with", "starts_on")),
        Section(_("Waar hoort het bij?"), ("project_id", "organization_id", "came_from")),
    )
    chosen = request.args.get("van", "")
    values = {"begin_with": chosen or BLANK, "starts_on": (uow.now + FROM_NOW).date(), "came_from": request.args.get("idee", "")}
    options = {"begin_with": _beginnings(uow)}

    def write(command: StartPlan) -> str:
        plan = _begin(uow, command)
        return paths.desk_plan(plan.slug, f"stap/{STEPS[0].code}")

    return form_page(uow, page, START, sections, write, values=values, options=options)


def _beginnings(uow: UnitOfWork) -> list[tuple[str, Text | str]]:
    found: list[tuple[str, Text | str]] = [(BLANK, _("Leeg plan"))]
    found += [(f"{BLUEPRINT}{one.key}", _("Blauwdruk: {name}. {summary}", name=one.name, summary=one.summary)) for one in offered(uow)]
    which = PlanFilter(mine=uow.actor.account_id, states=("draft", "published", "finished"))
    rows = list_desk_plans(uow, which, PageRequest(limit=COPIED)).items
    return [*found, *((f"{COPY}{row.id}", _("Kopie van het plan: {title}", title=row.title)) for row in rows)]


def _begin(uow: UnitOfWork, command: StartPlan) -> Plan:
    known = {value for value, _label in _beginnings(uow)}
    if command.begin_with not in known:
        raise Invalid({"begin_with": [_("Kies waarmee u begint.")]})
    if command.begin_with != BLANK and command.starts_on is None:
        raise Invalid({"starts_on": [_("Kies een dag.")]})
    begin = CreatePlan(
        title=command.title,
        project_id=command.project_id,
        organization_id=command.organization_id,
        came_from_id=idea_named(uow, command.came_from, "came_from"),
    )
    if command.begin_with.startswith(BLUEPRINT) and command.starts_on is not None:
        one = get_blueprint(uow, command.begin_with.removeprefix(BLUEPRINT))
        return begin_from(uow, begin, one.content, command.starts_on)
    if command.begin_with.startswith(COPY) and command.starts_on is not None:
        id = uuid.UUID(command.begin_with.removeprefix(COPY))
        return duplicate_plan(uow, id, DuplicatePlan(title=command.title, starts_on=command.starts_on))
    return create_plan(uow, begin)


@pages.route(f"{ONE}/stap/<code>", permission=LOGGED_IN, methods=["GET", "POST"])
def plan_step(slug: str, code: str) -> ResponseReturnValue:
    """One step. Whatever is filled in is kept; the button says whether one goes on or stops for now."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug, *EDITORS)
    if code not in SCHEMAS:
        raise NotFound
    step = BY_CODE[code]
    book = atlas(uow)
    options = {"area_id": area_choices(book), "theme_id": theme_choices(book)}
    spec = FormSpec(SCHEMAS[code], {name: kind for name, kind in NAMED.items() if name in step.fields})
    id, values, draft = plan.id, plan_values(plan), plan.state == "draft"

    def write(command: UpdatePlan) -> str:
        update_plan(uow, id, command)
        if request.form.get("later") or not draft:
            return paths.desk_plan(slug)
        return _after(slug, step)

    answer = show(uow, spec, values, options) if request.method == "GET" else send(uow, spec, write, options, values)
    if isinstance(answer, str):
        say(_("Bewaard."))
        return go(answer)
    plan = plan_at_desk(uow, slug)
    return render_status(
        answer.status,
        "doe_mee/wizard_step.html",
        **desk_frame(uow, plan, "stap", step.title),
        **steps_view(uow, plan, step),
        form=answer.form,
        fields=[_shown(item) for item in answer.form],
        suggestions=suggestions(uow, spec),
        action=page_url(paths.desk_plan(slug, f"stap/{code}")),
    )


def steps_view(uow: UnitOfWork, plan: Plan, step: Step) -> dict[str, Any]:
    """The steps with how far each is, for the pages of the wizard."""
    missing = lacking(uow, plan)
    fields = {lack.field for lack in missing}
    steps = []
    for other in STEPS:
        own = other.fields or (ROUNDS,)
        state = progress(plan, own, fields) if other.fields else ("empty" if ROUNDS in fields else "done")
        steps.append((other, page_url(step_path(plan.slug, other)), STATE_WORDS[state]))
    return {
        "step": step,
        "steps": steps,
        "position": STEPS.index(step) + 1,
        "is_draft": plan.state == "draft",
        "lacks": lacks_in_words(len(missing)) if missing else None,
        "next_url": page_url(_after(plan.slug, step)),
    }


def step_path(slug: str, step: Step) -> str:
    """The page of a step."""
    return paths.desk_plan(slug, ROUNDS if step.code == ROUNDS else f"stap/{step.code}")


def _after(slug: str, step: Step) -> str:
    place = STEPS.index(step) + 1
    return step_path(slug, STEPS[place]) if place < len(STEPS) else paths.desk_plan(slug, CHECK)


def _shown(item: BoundField) -> BoundField:
    """A field marked as what publication asks; levels say what people may expect of them."""
    if item.name == "level":
        options = tuple(replace(option, help=LEVEL_MEANINGS[option.value]) for option in item.options)
        return replace(item, required=True, options=options)
    return replace(item, required=item.required or item.name in REQUIRED or item.name == "form")


@pages.route(f"{ONE}/{CHECK}", permission=LOGGED_IN)
def plan_check(slug: str) -> ResponseReturnValue:
    """What lacks yet, and when nothing does the button to publish."""
    uow = current_uow()
    return _check(uow, plan_at_desk(uow, slug))


def _check(uow: UnitOfWork, plan: Plan, status: int = 200, problems: list[Text] | None = None) -> ResponseReturnValue:
    missing = lacking(uow, plan) if plan.state == "draft" else []
    return render_status(
        status,
        "doe_mee/wizard_check.html",
        **desk_frame(uow, plan, CHECK, _("Controleren")),
        lacks=[(lack.text, BY_CODE[lack.step], page_url(_mend(plan, lack))) for lack in missing],
        problems=problems or [],
        rounds=rounds_of(uow, plan.id),
        leads=may_work(uow, plan, "lead"),
        preview_url=page_url(paths.desk_plan(plan.slug, "voorbeeld")),
        publish_url=page_url(paths.desk_plan(plan.slug, "publiceren")),
    )


def _mend(plan: Plan, lack: Lack) -> str:
    path = step_path(plan.slug, BY_CODE[lack.step])
    return path if lack.field == ROUNDS else f"{path}#f-{lack.field}"


@pages.route(f"{ONE}/publiceren", permission=LOGGED_IN, methods=["POST"])
def plan_publish(slug: str) -> ResponseReturnValue:
    """Let everybody see it."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug)
    try:
        publish_plan(uow, plan.id, _version())
    except Invalid as error:
        uow.rollback()
        texts = [text for texts in error.errors.values() for text in texts]
        return _check(uow, plan_at_desk(uow, slug), 400, texts)
    except Conflict:
        uow.rollback()
        told = _("Iemand anders heeft het plan intussen gewijzigd. Lees het na en maak het dan openbaar.")
        return _check(uow, plan_at_desk(uow, slug), 409, [told])
    say(_("Het plan is openbaar. Iedereen kan het nu zien en meedoen."))
    return go(paths.desk_plan(slug))


@pages.route(f"{ONE}/voorbeeld", permission=LOGGED_IN)
def plan_preview(slug: str) -> ResponseReturnValue:
    """The page of the plan as it will be, as wide as a phone."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug)
    context = plan_context(uow, plan, surroundings(uow, plan), works=False)
    context |= {"back_url": page_url(paths.desk_plan(slug, CHECK)), "wide_url": page_url(paths.plan(slug)), "public": False}
    context["breadcrumbs"] = crumbs(
        (LABEL, paths.HOME), (DESK, paths.DESK_PLANS), (plan.title, paths.desk_plan(slug)), (_("Voorbeeld"), None)
    )
    return render("doe_mee/wizard_preview.html", **context)


@pages.route(f"{ONE}/intrekken", permission=LOGGED_IN, methods=["GET", "POST"])
def plan_withdraw(slug: str) -> ResponseReturnValue:
    """Ask why, then take the plan back."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug, "lead")
    id, public = plan.id, plan.state == "published"
    title = _("Trek het plan in") if public else _("Gooi het concept weg")
    page = FormPage(
        title=title,
        submit=title,
        done=_("Het plan is ingetrokken."),
        path=paths.desk_plan(slug, "intrekken"),
        back=paths.desk_plan(slug),
        trail=((LABEL, paths.HOME), (DESK, paths.DESK_PLANS), (plan.title, paths.desk_plan(slug)), (title, None)),
        lead=_("Niemand kan meer meedoen. Iedereen die de pagina opent, leest waarom. Dit kunt u niet ongedaan maken."),
    )

    def write(command: WithdrawPlan) -> str:
        withdraw_plan(uow, id, command)
        return paths.DESK_PLANS

    spec = FormSpec(WithdrawPlanSchema, required=("reason",) if public else ())
    return form_page(uow, page, spec, (Section(title, ("reason",)),), write, values={"version": plan.version})


@pages.route(f"{ONE}/afronden", permission=LOGGED_IN, methods=["POST"])
def plan_finish(slug: str) -> ResponseReturnValue:
    """End a plan whose rounds are all closed."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug)
    try:
        finish_plan(uow, plan.id, _version())
    except Invalid as error:
        uow.rollback()
        for texts in error.errors.values():
            for text in texts:
                say(text, "error")
    else:
        say(_("Het plan is afgerond."))
    return go(paths.desk_plan(slug))


def _version() -> PlanVersion:
    version: PlanVersion = parse(PlanVersionSchema, MultiDict({"version": request.form.get("version", "")}))
    return version

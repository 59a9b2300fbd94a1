"""The evaluation of a cycle: reading it, writing it, asking the participants, publishing it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page, send, show
from samen_core.api import Conflict, Invalid, NotFound, Text, UnitOfWork, _, parse
from samen_core.web.api import BoundField, BoundForm, current_uow, go, page_url, render_status, say
from samen_inbreng.api import Activity, activity_path, activity_state, last_moment, questionnaire_results
from samen_samenspreker.labels import GOAL_LABELS, GOAL_REACHED_LABELS
from samen_samenspreker.models import Evaluation, Question
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.queries.evaluations import evaluations_of
from samen_samenspreker.queries.proposals import published_proposal
from samen_samenspreker.queries.reports import reports_of
from samen_samenspreker.schemas.evaluations import (
    OWN_NAMES,
    SURVEY,
    SURVEY_INTRO,
    SURVEY_NAMES,
    SURVEY_TITLE,
    PublishEvaluationSchema,
    SaveEvaluation,
    SaveEvaluationSchema,
    StartSurvey,
    StartSurveySchema,
)
from samen_samenspreker.services.common import find_question, today
from samen_samenspreker.services.evaluations import (
    STEP,
    TEXTS,
    evaluation_values,
    missing_in,
    publish_evaluation,
    published_goals,
    save_evaluation,
    start_survey,
)
from samen_samenspreker.web.frame import pages, table_page, trail

EVALUATION = "evaluatie"
LABEL = _("Evaluatie")
PATH = f"{HOME}/<slug>/{EVALUATION}"
GOAL_BADGES = {"yes": "success", "partly": "warning", "no": "danger"}
OPEN_FOR = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal of the proposal with what came of it; ``badge`` is None while nobody said."""

    label: Text
    reason: str
    badge: tuple[Text, str] | None
    text: str


def goal_views(goals: dict[str, str], found: dict[str, Any]) -> list[GoalView]:
    """The goals of a proposal with the results of an evaluation."""
    views = []
    for code, reason in goals.items():
        told = found.get(code, {})
        reached = told.get("reached")
        badge = (GOAL_REACHED_LABELS[reached], GOAL_BADGES[reached]) if reached else None
        views.append(GoalView(GOAL_LABELS[code], reason, badge, told.get("text", "")))
    return views


@pages.route(PATH, public=True)
def evaluation_page(slug: str) -> ResponseReturnValue:
    """What is published, the survey with its results, and the final report."""
    uow = current_uow()
    question = find_question(uow, slug)
    known = evaluations_of(uow, question.id)
    mine = next((one for one in known if one.cycle == question.cycle), None)
    facilitates = FACILITATE.allows(uow.actor, question.id)
    goals = published_goals(uow, question.id)
    return table_page(
        uow,
        question,
        EVALUATION,
        "samenspreker/evaluation.html",
        title=LABEL,
        published=[
            (one, goal_views({code: goals.get(code, "") for code in GOAL_LABELS if code in one.goals}, one.goals))
            for one in known
            if one.published_at
        ],
        mine=mine,
        survey=_survey(uow, mine),
        reports=reports_of(uow, question.id),
        may_write=facilitates and question.state == "accepted" and question.step == STEP and not (mine and mine.published_at),
        may_report=facilitates,
        part_url=page_url(table(slug, EVALUATION)),
        report_url=page_url(table(slug, "eindverslag")),
    )


def _survey(uow: UnitOfWork, evaluation: Evaluation | None) -> dict[str, Any] | None:
    """The survey of an evaluation with its counted answers. Two statements."""
    activity = uow.session.get(Activity, evaluation.survey_id) if evaluation and evaluation.survey_id else None
    if activity is None:
        return None
    return {
        "title": activity.title,
        "state": activity_state(activity, uow.now),
        "last_day": activity.closed_at or (last_moment(activity.closes_at) if activity.closes_at else None),
        "url": page_url(activity_path(activity.slug)),
        "results": questionnaire_results(uow, activity),
    }


def _writable(uow: UnitOfWork, slug: str) -> tuple[Question, Evaluation | None]:
    question = find_question(uow, slug)
    FACILITATE.require(uow.actor, question.id)
    mine = next((one for one in evaluations_of(uow, question.id) if one.cycle == question.cycle), None)
    return question, mine


@pages.route(f"{PATH}/bewerken", permission=FACILITATE, methods=["GET", "POST"])
def evaluation_form(slug: str) -> ResponseReturnValue:
    """Write the evaluation; it may be unfinished."""
    uow = current_uow()
    question, mine = _writable(uow, slug)
    id = question.id
    goals = published_goals(uow, id)
    values = evaluation_values(mine) if mine else {}
    spec = FormSpec(SaveEvaluationSchema)

    def write(command: SaveEvaluation) -> str:
        save_evaluation(uow, id, command)
        return table(slug, EVALUATION) if request.form.get("later") else table(slug, f"{EVALUATION}/controleren")

    answer = show(uow, spec, values) if request.method == "GET" else send(uow, spec, write, stored=values)
    if isinstance(answer, str):
        say(_("Uw tekst is bewaard."))
        return go(answer)
    form = answer.form
    return render_status(
        answer.status,
        "samenspreker/evaluation_form.html",
        question=question,
        form=form,
        goals=[(GOAL_LABELS[code], reason, *_asked(form, f"goals.{code}.reached", f"goals.{code}.text")) for code, reason in goals.items()],
        texts=_asked(form, *TEXTS),
        survey=_survey(uow, mine),
        action=page_url(table(slug, f"{EVALUATION}/bewerken")),
        cancel_url=page_url(table(slug, EVALUATION)),
        breadcrumbs=trail(question, (LABEL, table(slug, EVALUATION)), (_("Bewerken"), None)),
    )


def _asked(form: BoundForm, *names: str) -> list[BoundField]:
    """These fields, marked as what publication asks."""
    return [replace(form[name], required=True) for name in names]


@pages.route(f"{PATH}/controleren", permission=FACILITATE, methods=["GET", "POST"])
def evaluation_check(slug: str) -> ResponseReturnValue:
    """Everything that the draft says, what it lacks, and the button to publish it."""
    uow = current_uow()
    question, mine = _writable(uow, slug)
    if mine is None or mine.published_at is not None:
        raise NotFound
    id, version, status = question.id, mine.version, 200
    if request.method == "POST":
        try:
            publish_evaluation(uow, id, parse(PublishEvaluationSchema, request.form))
        except Invalid:
            uow.rollback()
            status = 400
        except Conflict as conflict:
            uow.rollback()
            status, version = 409, conflict.version or version
        else:
            say(_("De evaluatie is gepubliceerd. Iedereen kan die nu lezen."))
            return go(table(slug, EVALUATION))
    proposal = published_proposal(uow, id)
    edit_url = page_url(table(slug, f"{EVALUATION}/bewerken"))
    lacks = [(lack.text, f"{edit_url}#f-{lack.field.replace('.', '-')}") for lack in missing_in(proposal, mine)]
    return render_status(
        status,
        "samenspreker/evaluation_check.html",
        question=question,
        evaluation=mine,
        goals=goal_views(published_goals(uow, id), mine.goals),
        version=version,
        changed=status == 409,
        lacks=lacks,
        action=page_url(table(slug, f"{EVALUATION}/controleren")),
        edit_url=edit_url,
        later_url=page_url(table(slug, EVALUATION)),
        breadcrumbs=trail(question, (LABEL, table(slug, EVALUATION)), (_("Controleren"), None)),
    )


@pages.route(f"{PATH}/vragenlijst", permission=FACILITATE, methods=["GET", "POST"])
def survey_form(slug: str) -> ResponseReturnValue:
    """Ask the participants how it went."""
    uow = current_uow()
    question, _mine = _writable(uow, slug)
    id = question.id
    page = FormPage(
        title=_("Vraag de deelnemers hoe het ging"),
        lead=_("Iedereen die meedeed en mail wil, krijgt een uitnodiging. Antwoorden staan los van wie ze gaf."),
        submit=_("Open de vragenlijst en nodig iedereen uit"),
        done=_("De vragenlijst is open. De uitnodigingen worden verstuurd."),
        path=table(slug, f"{EVALUATION}/vragenlijst"),
        back=table(slug, EVALUATION),
        trail=((_("Samenspreker"), HOME), (question.title, table(slug)), (LABEL, table(slug, EVALUATION)), (_("Vragenlijst"), None)),
    )

    def write(command: StartSurvey) -> str:
        start_survey(uow, id, command)
        return table(slug, EVALUATION)

    return form_page(uow, page, FormSpec(StartSurveySchema), _SURVEY_SECTIONS, write, values=_first_survey(uow, question))


_SURVEY_SECTIONS = (
    Section(_("Uitnodiging"), ("title", "intro", "closes_on", "access")),
    Section(_("De vragen: maak leeg wat u niet wilt vragen"), SURVEY_NAMES),
    Section(_("Vragen van uzelf"), OWN_NAMES, folded=True),
)


def _first_survey(uow: UnitOfWork, question: Question) -> dict[str, Any]:
    questions = {name: asked.label.id for name, asked in zip(SURVEY_NAMES, SURVEY, strict=True) if isinstance(asked.label, Text)}
    intro = SURVEY_INTRO.format(title=question.title)
    return {**questions, "title": SURVEY_TITLE, "intro": intro, "closes_on": today(uow) + OPEN_FOR, "access": "everyone"}

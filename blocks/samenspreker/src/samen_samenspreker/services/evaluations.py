"""The evaluation of a cycle: goals against results, how the process went, lessons; published once (DOMAIN.md, step 5)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

from samen_core.api import CITY_TIME_ZONE, Conflict, Gone, Invalid, NotFound, UnitOfWork, _, uuid7
from samen_inbreng.api import Activity, CreateActivity, create_activity
from samen_samenspreker.document_log import EVALUATION_SAVED
from samen_samenspreker.events import EvaluationPublished, SurveyStarted
from samen_samenspreker.labels import GOAL_LABELS
from samen_samenspreker.models import Evaluation, Proposal, Question
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.queries.evaluations import evaluation_of_cycle
from samen_samenspreker.queries.proposals import published_proposal
from samen_samenspreker.schemas.evaluations import PublishEvaluation, SaveEvaluation, StartSurvey
from samen_samenspreker.services.common import check_version, get_question, locked_question, require_active, require_facilitator, today
from samen_samenspreker.services.documents import log_document
from samen_samenspreker.services.mails import mail_participants
from samen_samenspreker.services.proposals import Lack

TEXTS = ("result", "process", "lessons")
STEP = "evaluate"


def get_evaluation(uow: UnitOfWork, id: uuid.UUID) -> Evaluation:
    """An evaluation. Raises NotFound, also for a draft that the actor may not see."""
    found = uow.session.get(Evaluation, id)
    if found is None:
        raise NotFound
    question = get_question(uow, found.question_id)
    if found.published_at is None and not FACILITATE.allows(uow.actor, question.id):
        raise NotFound
    return found


def save_evaluation(uow: UnitOfWork, question_id: uuid.UUID, command: SaveEvaluation) -> Evaluation:
    """Write the draft of this cycle's evaluation, or write it anew; it may be unfinished.

    Raises NotFound, NotAllowed, Gone for one that is published, Invalid (another step, goals that the proposal does not have), and
    Conflict with the texts of now.
    """
    question = _locked(uow, question_id)
    evaluation = evaluation_of_cycle(uow, question_id, question.cycle)
    goals = published_goals(uow, question_id)
    if strange := [code for code in command.goals if code not in goals]:
        raise Invalid({f"goals.{code}": [_("Dit doel staat niet in het procesvoorstel.")] for code in strange})
    if evaluation is None:
        if command.version is not None:
            raise Conflict(_("Dit concept is er niet meer."))
        evaluation = _new(uow, question)
    else:
        _require_draft(evaluation)
        current = evaluation_values(evaluation)
        if command.version is None:
            raise Conflict(_("Er is al een concept. Werk daaraan verder."), current=current, version=evaluation.version)
        check_version(evaluation, command.version, current)
    for name in ("goals", *TEXTS):
        value = getattr(command, name)
        if getattr(evaluation, name) != value:
            setattr(evaluation, name, dict(value) if name == "goals" else value)
    if uow.session.is_modified(evaluation):
        evaluation.updated_at = uow.now
        uow.session.flush()
        uow.record(EVALUATION_SAVED, question_id, after={"cycle": question.cycle})
    return evaluation


def publish_evaluation(uow: UnitOfWork, question_id: uuid.UUID, command: PublishEvaluation) -> Evaluation:
    """Publish the evaluation of this cycle, once. Raises NotFound, NotAllowed, Gone, Conflict, and Invalid with all it lacks."""
    question = _locked(uow, question_id)
    evaluation = evaluation_of_cycle(uow, question_id, question.cycle)
    if evaluation is None:
        raise NotFound
    _require_draft(evaluation)
    check_version(evaluation, command.version, evaluation_values(evaluation))
    lacks = missing_in(published_proposal(uow, question_id), evaluation)
    if lacks:
        raise Invalid({lack.field: [lack.text] for lack in lacks})
    evaluation.published_at = evaluation.updated_at = uow.now
    uow.session.flush()
    log_document(uow, EvaluationPublished, question, {"cycle": question.cycle}, evaluation.id)
    return evaluation


def start_survey(uow: UnitOfWork, question_id: uuid.UUID, command: StartSurvey) -> Activity:
    """Ask the participants how it went, with a questionnaire whose answers are kept apart from who gave them; they get mail about it.

    Raises NotFound, NotAllowed, Gone, and Invalid: another step, a survey that there is already, a day that is past.
    """
    question = _locked(uow, question_id)
    evaluation = evaluation_of_cycle(uow, question_id, question.cycle) or _new(uow, question)
    _require_draft(evaluation)
    if evaluation.survey_id is not None:
        raise Invalid(_("Er is al een vragenlijst in deze ronde. U kunt hem aanpassen op zijn eigen pagina."))
    if command.closes_on <= today(uow):
        raise Invalid({"closes_on": [_("Kies een dag na vandaag.")]})
    end = datetime.combine(command.closes_on + timedelta(days=1), time(), CITY_TIME_ZONE).astimezone(UTC)
    activity = create_activity(
        uow,
        CreateActivity(
            subject_id=question_id,
            kind="questionnaire",
            title=command.title,
            intro=command.intro,
            opens_at=uow.now,
            closes_at=end,
            access=command.access,
            form=command.form,
            asks_text=False,
            allows_replies=False,
            allows_support=False,
        ),
    )
    evaluation.survey_id, evaluation.updated_at = activity.id, uow.now
    uow.session.flush()
    log_document(uow, SurveyStarted, question, {"closes_on": command.closes_on}, activity.id)
    mail_participants(uow, question, "survey", activity.id)
    return activity


def published_goals(uow: UnitOfWork, question_id: uuid.UUID) -> dict[str, str]:
    """The goals of the process proposal that holds, each with its reason, in their fixed order. One statement."""
    proposal = published_proposal(uow, question_id)
    return {code: proposal.goals[code] for code in GOAL_LABELS if code in proposal.goals} if proposal else {}


def evaluation_values(evaluation: Evaluation) -> dict[str, Any]:
    """What the form shows; of goals every one that there is."""
    empty = {"reached": "", "text": ""}
    goals = {code: {**empty, **evaluation.goals.get(code, {})} for code in GOAL_LABELS}
    return {"goals": goals, **{name: getattr(evaluation, name) for name in TEXTS}, "version": evaluation.version}


def missing_in(proposal: Proposal | None, evaluation: Evaluation) -> list[Lack]:
    """What an evaluation still needs before publication."""
    lacks = []
    goals = proposal.goals if proposal else {}
    for code in (code for code in GOAL_LABELS if code in goals):
        found = evaluation.goals.get(code, {})
        if not found.get("reached"):
            lacks.append(Lack(f"goals.{code}.reached", _("Zeg of dit doel gehaald is: {goal}.", goal=GOAL_LABELS[code])))
        if not found.get("text"):
            lacks.append(Lack(f"goals.{code}.text", _("Schrijf waaruit dat blijkt: {goal}.", goal=GOAL_LABELS[code])))
    for name, text in (
        ("result", _("Schrijf wat het heeft opgeleverd.")),
        ("process", _("Schrijf hoe de samenspraak ging.")),
        ("lessons", _("Schrijf wat u hiervan leert. Ging alles goed? Schrijf dan op wat u een volgende keer weer zo doet.")),
    ):
        if not getattr(evaluation, name):
            lacks.append(Lack(name, text))
    return lacks


def _locked(uow: UnitOfWork, question_id: uuid.UUID) -> Question:
    question = locked_question(uow, question_id)
    require_facilitator(uow, question)
    require_active(question, STEP)
    return question


def _require_draft(evaluation: Evaluation) -> None:
    if evaluation.published_at is not None:
        raise Gone(_("Deze evaluatie is gepubliceerd en verandert niet meer."))


def _new(uow: UnitOfWork, question: Question) -> Evaluation:
    evaluation = Evaluation(id=uuid7(), question_id=question.id, cycle=question.cycle, goals={}, updated_at=uow.now)
    uow.session.add(evaluation)
    uow.session.flush()
    return evaluation

"""The evaluation of a cycle: goals against results, lessons, a survey of the participants."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from samen_core.api import Change, Conflict, Gone, Invalid, NotAllowed, NotFound, anonymous, parse
from samen_inbreng.api import Activity, GiveResponse, give_response
from samen_samenspreker.queries.evaluations import evaluation_of_cycle
from samen_samenspreker.schemas.evaluations import SURVEY, PublishEvaluation, SaveEvaluation, StartSurveySchema
from samen_samenspreker.services.evaluations import get_evaluation, missing_in, publish_evaluation, save_evaluation, start_survey
from samen_samenspreker.testing import EVALUATION_VALUES, a_published_evaluation, a_table


@pytest.fixture
def question(platform):
    return a_table(platform, step="evaluate")


@pytest.fixture
def facilitator(actor_as):
    return actor_as("facilitator")


def saved(platform, actor, question, version=None, **values):
    with platform.unit_of_work(actor) as uow:
        return save_evaluation(uow, question.id, SaveEvaluation(**{"goals": {}, **values}, version=version))


def test_an_evaluation_is_published_when_every_goal_is_judged_and_something_is_learnt(platform, facilitator, question, outbox):
    draft = saved(platform, facilitator, question, result="Er gebeuren minder ongelukken.")
    with pytest.raises(Invalid) as refused, platform.unit_of_work(facilitator) as uow:
        publish_evaluation(uow, question.id, PublishEvaluation(version=draft.version))
    goals = [f"goals.{code}.{name}" for code in EVALUATION_VALUES["goals"] for name in ("reached", "text")]
    assert sorted(refused.value.errors) == sorted([*goals, "process", "lessons"])
    draft = saved(platform, facilitator, question, draft.version, **EVALUATION_VALUES)
    assert missing_in(None, draft) == []
    with platform.unit_of_work(facilitator) as uow:
        publish_evaluation(uow, question.id, PublishEvaluation(version=draft.version))
    with platform.read(anonymous()) as uow:
        shown = evaluation_of_cycle(uow, question.id, 1)
        assert {name: getattr(shown, name) for name in EVALUATION_VALUES} == EVALUATION_VALUES
        said = uow.session.execute(select(Change.sentence).where(Change.action == "samenspreker.evaluation.published")).scalar_one()
    assert said == "De evaluatie is gepubliceerd."
    assert len(outbox.events("samenspreker.evaluation.published")) == 1


@pytest.mark.parametrize("missing", ["result", "process", "lessons"])
def test_nothing_may_stay_empty(platform, facilitator, question, missing):
    draft = saved(platform, facilitator, question, **{**EVALUATION_VALUES, missing: ""})
    with pytest.raises(Invalid) as refused, platform.unit_of_work(facilitator) as uow:
        publish_evaluation(uow, question.id, PublishEvaluation(version=draft.version))
    assert list(refused.value.errors) == [missing]


def test_a_published_one_stays_as_it_is(platform, facilitator, question):
    done = a_published_evaluation(platform, question)
    with pytest.raises(Gone):
        saved(platform, facilitator, question, done.version, lessons="Toch niet")
    with pytest.raises(Gone), platform.unit_of_work(facilitator) as uow:
        publish_evaluation(uow, question.id, PublishEvaluation(version=done.version))


def test_who_saves_on_an_older_text_gets_both(platform, facilitator, actor_as, question):
    first = saved(platform, facilitator, question, lessons="Begin eerder.")
    with pytest.raises(Conflict) as clash:
        saved(platform, actor_as("manager"), question, None, lessons="Van de ander")
    assert (clash.value.current["lessons"], clash.value.version) == ("Begin eerder.", first.version)
    saved(platform, actor_as("manager"), question, first.version, lessons="Van de ander")
    with pytest.raises(Conflict) as clash:
        saved(platform, facilitator, question, first.version, lessons="Van mij")
    assert clash.value.current["lessons"] == "Van de ander"


def test_only_goals_of_the_proposal(platform, facilitator, question):
    with pytest.raises(Invalid) as refused:
        saved(platform, facilitator, question, goals={"cohesion": {"reached": "yes", "text": "Ja"}})
    assert list(refused.value.errors) == ["goals.cohesion"]


def test_who_may_and_when(platform, facilitator, actor_as, question):
    with pytest.raises(NotAllowed):
        saved(platform, actor_as("resident"), question)
    draft = saved(platform, facilitator, question)
    with pytest.raises(NotFound), platform.read(actor_as("resident")) as uow:
        get_evaluation(uow, draft.id)
    with pytest.raises(Invalid):
        saved(platform, facilitator, a_table(platform, step="execute"))


def survey(closes_on, **values):
    asked = {f"question_{question.name}": str(question.label) for question in SURVEY}
    given = {"title": "Hoe vond u het?", "intro": "", "closes_on": closes_on.isoformat(), "access": "everyone"}
    return parse(StartSurveySchema, MultiDict({**given, **asked, **values}))


def test_participants_are_asked_once_with_questions_that_the_facilitator_chose(platform, facilitator, question, outbox):
    day = platform.clock().date() + timedelta(days=14)
    command = survey(day, question_again="", question_heard="Luisterden wij goed?", own_1="Wat vond u van de avond?")
    with platform.unit_of_work(facilitator) as uow:
        activity = start_survey(uow, question.id, command)
    asked = {item["name"]: item["label"] for item in activity.form["questions"]}
    assert "again" not in asked
    assert (asked["heard"], asked["own_1"]) == ("Luisterden wij goed?", "Wat vond u van de avond?")
    with platform.read(anonymous()) as uow:
        assert evaluation_of_cycle(uow, question.id, 1).survey_id == activity.id
    (told,) = outbox.events("samenspreker.survey.started")
    assert told["thing_id"] == str(activity.id)
    assert [event["kind"] for event in outbox.events("samenspreker.mails.due")] == ["survey"]
    with platform.unit_of_work(anonymous()) as uow:
        give_response(uow, activity.id, GiveResponse(answers={"heard": "4", "own_1": "Gezellig"}))
    with pytest.raises(Invalid), platform.unit_of_work(facilitator) as uow:
        start_survey(uow, question.id, command)


def test_a_survey_needs_a_question_and_a_day_to_come(platform, facilitator, question):
    today = platform.clock().date()
    with pytest.raises(Invalid) as refused:
        survey(today, **{f"question_{item.name}": "" for item in SURVEY})
    assert list(refused.value.errors) == ["question_information"]
    with pytest.raises(Invalid) as refused, platform.unit_of_work(facilitator) as uow:
        start_survey(uow, question.id, survey(today))
    assert list(refused.value.errors) == ["closes_on"]
    with platform.read(facilitator) as uow:
        assert uow.session.execute(select(Activity.id)).first() is None

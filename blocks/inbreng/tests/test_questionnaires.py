"""Questionnaires: once per account, kept apart from who answered, counted at once, and never telling what one person said."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, text

from citycontent.models import Project
from samen_core.api import Actor, Conflict, Gone, Invalid, NotAllowed, NotFound, anonymous, system
from samen_core.forms import Form, Question
from samen_core.platform import Platform
from samen_core.testing.platforms import Clock
from samen_inbreng.api import GiveResponse, HowItCame, enter_response, give_response
from samen_inbreng.models import Activity, AnswerCount, Respondent, Response
from samen_inbreng.services.apart import lay_apart
from samen_inbreng.services.questionnaires import counted_values, results
from samen_inbreng.testing import FORM, an_activity

As = Callable[..., Actor]
STAFF = system("test")
ALL_KINDS = Form(
    (
        *FORM.questions,
        Question("jaren", "number", "Hoeveel jaar woont u hier?", minimum=0, maximum=120),
        Question("idee", "long_text", "Wat wilt u ons meegeven?"),
        Question("licht", "yes_no", "Wilt u meer licht?"),
        Question("wanneer", "date", "Wanneer kwam u er voor het laatst?"),
        Question("waar", "place", "Waar gaat het over?"),
    )
)


def a_questionnaire(platform: Platform, project: Project, **values: Any) -> Activity:
    return an_activity(platform, project.id, **{"title": "Vragenlijst", "kind": "questionnaire", "form": ALL_KINDS, **values})


def respond(platform: Platform, activity: Activity, actor: Actor | None = None, **answers: Any) -> Response:
    with platform.unit_of_work(actor or anonymous("test")) as uow:
        return give_response(uow, activity.id, GiveResponse(answers=answers))


def test_every_kind_is_stored_and_nothing_tells_who(platform: Platform, project: Project, actor_as: As) -> None:
    activity, resident = a_questionnaire(platform, project), actor_as("resident")
    given = {
        "gebruik": "soms",
        "wensen": ["bank", "boom"],
        "cijfer": 4,
        "jaren": 12,
        "idee": "Meer groen",
        "licht": False,
        "wanneer": "2026-05-01",
        "waar": {"text": "Bij de brug"},
    }
    response = respond(platform, activity, resident, **given)
    assert response.id.version == 4
    with platform.read(STAFF) as uow:
        stored = uow.session.get_one(Response, response.id)
        assert {name: stored.answers[name] for name in given if name != "waar"} == {k: v for k, v in given.items() if k != "waar"}
        assert stored.answers["waar"]["text"] == "Bij de brug"
        key = uow.session.execute(select(Respondent.key)).scalar_one()
        assert str(resident.account_id) not in key
        logged = uow.session.execute(text("select actor_id, after from core__change where action = 'inbreng.response.given'")).one()
        assert logged.actor_id is None
        assert str(response.id) not in str(logged.after)
    with pytest.raises(Conflict), platform.unit_of_work(resident) as uow:
        give_response(uow, activity.id, GiveResponse(answers={"cijfer": 1}))


def test_who_may_and_when(platform: Platform, project: Project, actor_as: As, clock: Clock) -> None:
    closed = a_questionnaire(platform, project, access="logged_in")
    with pytest.raises(NotAllowed):
        respond(platform, closed, cijfer=3)
    respond(platform, closed, actor_as("resident"), cijfer=3)
    with pytest.raises(NotFound):
        respond(platform, an_activity(platform, project.id), cijfer=3)
    with pytest.raises(NotAllowed), platform.unit_of_work(actor_as("resident")) as uow:
        enter_response(uow, closed.id, {"cijfer": 2}, HowItCame(channel="letter", sector="business"))
    clock.forward(days=10)
    with pytest.raises(Gone):
        respond(platform, closed, actor_as("resident"), cijfer=3)
    with platform.unit_of_work(actor_as("facilitator", project.id)) as uow:
        entered = enter_response(uow, closed.id, {"cijfer": 2}, HowItCame(channel="letter", sector="business"))
        assert (entered.channel, entered.sector) == ("letter", "business")


def test_all_mistakes_are_told_at_once(platform: Platform, project: Project) -> None:
    activity = a_questionnaire(platform, project)
    with pytest.raises(Invalid) as wrong:
        respond(platform, activity, gebruik="nooit", cijfer=9, jaren="veel")
    assert sorted(wrong.value.errors) == ["answers.cijfer", "answers.gebruik", "answers.jaren"]
    with pytest.raises(Invalid):
        respond(platform, activity)
    with platform.read(STAFF) as uow:
        assert uow.session.execute(select(AnswerCount)).all() == []


def test_the_kept_counts_equal_a_recount(platform: Platform, project: Project) -> None:
    chance = random.Random(7)
    activity = a_questionnaire(platform, project)
    for _number in range(20):
        answers: dict[str, Any] = {"cijfer": chance.randint(1, 5), "licht": chance.random() < 0.5, "jaren": chance.randint(0, 9)}
        if chance.random() < 0.5:
            answers["wensen"] = chance.sample(["bank", "boom", "licht"], 2)
        respond(platform, activity, **answers)
    with platform.read(STAFF) as uow:
        total: Counter[tuple[str, str]] = Counter()
        for row in uow.session.execute(select(Response.answers)):
            total += counted_values(activity.form, row.answers)
        kept = {
            (row.question, row.value): row.number
            for row in uow.session.execute(select(AnswerCount.question, AnswerCount.value, AnswerCount.number))
        }
        assert kept == dict(total)
        found = {question.name: question for question in results(uow, activity).questions}
        grades = [row.answers["cijfer"] for row in uow.session.execute(select(Response.answers))]
        assert found["cijfer"].average == pytest.approx(sum(grades) / 20)
        assert sum(bar.number for bar in found["licht"].bars) == 20
        assert found["jaren"].bars == ()
        assert found["idee"].bars == ()


def test_few_answers_and_a_running_questionnaire_show_nothing(platform: Platform, project: Project, clock: Clock) -> None:
    activity = a_questionnaire(platform, project)
    for number in range(6):
        with platform.read(STAFF) as uow:
            found = results(uow, activity)
            assert (found.total, bool(found.questions)) == (number, number >= 5)
        with platform.read(anonymous()) as uow:
            assert results(uow, activity).questions == ()
        respond(platform, activity, cijfer=3, **({"gebruik": "soms"} if number < 2 else {}))
    clock.forward(days=10)
    with platform.read(anonymous()) as uow:
        found = {question.name: question for question in results(uow, activity).questions}
        assert found["cijfer"].bars[2].number == 6
        assert (found["gebruik"].too_few, found["gebruik"].bars) == (True, ())


def test_one_account_in_the_same_moment_counts_once(platform: Platform, project: Project, actor_as: As) -> None:
    activity, resident = a_questionnaire(platform, project), actor_as("resident")

    def once(_number: int) -> bool:
        try:
            respond(platform, activity, resident, cijfer=3)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(once, range(4))) == [False, False, False, True]
    with platform.read(STAFF) as uow:
        assert results(uow, activity).total == 1
        assert uow.session.execute(select(Respondent.activity_id)).scalars().all() == [activity.id]


def test_the_order_of_the_rows_does_not_tell_who_said_what(platform: Platform, project: Project, actor_as: As, clock: Clock) -> None:
    activity, other = a_questionnaire(platform, project), a_questionnaire(platform, project)
    given = [respond(platform, activity, actor_as("resident"), jaren=number).answers for number in range(12)]
    respond(platform, other, actor_as("resident"), jaren=99)
    place = "ctid" if platform.engine.dialect.name == "postgresql" else "rowid"

    def stored(model: Any, *columns: Any) -> list[Any]:
        with platform.read(STAFF) as uow:
            return list(uow.session.execute(select(*columns).where(model.activity_id == activity.id).order_by(text(place))))

    before = [row.key for row in stored(Respondent, Respondent.key)]
    assert [row.answers for row in stored(Response, Response.answers)] == given
    clock.forward(days=1)
    with platform.unit_of_work(STAFF) as uow:
        lay_apart(uow)
    assert [row.key for row in stored(Respondent, Respondent.key)] == sorted(before) != before
    responses = stored(Response, Response.id, Response.answers)
    assert [row.id for row in responses] == sorted(row.id for row in responses)
    assert sorted(row.answers["jaren"] for row in responses) == list(range(12))
    if place == "ctid":
        with platform.read(STAFF) as uow:
            numbers = uow.session.execute(text("select distinct xmin::text from inbreng__respondent")).scalars().all()
        assert len(numbers) == 1
    with platform.read(STAFF) as uow:
        assert uow.session.execute(select(Response.answers).where(Response.activity_id == other.id)).scalar_one() == {"jaren": 99}

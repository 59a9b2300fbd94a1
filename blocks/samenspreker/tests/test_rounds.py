"""Rounds: planned, with activities on the website and elsewhere, and closed only when everybody has an answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from samen_core.api import Actor, Conflict, Gone, Invalid, NotAllowed, NotFound, Subject, system
from samen_core.logbook import latest_lines
from samen_core.platform import Platform
from samen_core.testing.platforms import Clock, Outbox
from samen_inbreng.api import Activity, Contribute, EnterContribution, WriteAnswer, contribute, enter_contribution, write_answer
from samen_samenspreker.models import Question, Round, RoundActivity
from samen_samenspreker.queries.gates import load_facts
from samen_samenspreker.queries.rounds import activities_of, tallies, together
from samen_samenspreker.schemas.rounds import (
    AddOfflineActivity,
    AddOnlineActivity,
    AddOnlineActivitySchema,
    CancelRound,
    CloseRound,
    PlanRound,
    PlanRoundSchema,
    UpdateOfflineActivity,
    UpdateRound,
)
from samen_samenspreker.services.round_activities import add_offline_activity, add_online_activity, update_offline_activity
from samen_samenspreker.services.rounds import cancel_round, close_round, missing_to_close, open_round, round_state, update_round
from samen_samenspreker.testing import a_table, in_step

TODAY = datetime.now(UTC).date()
NOW = datetime.now(UTC)
SYSTEM = system("test")


def plan(**values: Any) -> PlanRound:
    given = {"kind": "explore", "title": "Wat speelt er?", "opens_on": TODAY - timedelta(days=3), "ends_on": TODAY + timedelta(days=4)}
    return PlanRound(**{**given, **values})


def a_round(platform: Platform, question: Question, **values: Any) -> Round:
    with platform.unit_of_work(SYSTEM) as uow:
        return open_round(uow, question.id, plan(**values))


def online(platform: Platform, found: Round, **values: Any) -> RoundActivity:
    with platform.unit_of_work(SYSTEM) as uow:
        return add_online_activity(uow, found.id, AddOnlineActivity(**{"title": "Waar is het eng?", "form": "reactions", **values}))


def say(platform: Platform, activity: RoundActivity, text: str = "Bij de school.") -> uuid.UUID:
    with platform.unit_of_work(SYSTEM) as uow:
        entered = EnterContribution(text=text, channel="phone", received_on=TODAY, sector="citizens")
        return enter_contribution(uow, activity.activity_id, entered).contribution.id  # type: ignore[arg-type]


def answer(platform: Platform, question: Question, *ids: uuid.UUID) -> None:
    with platform.unit_of_work(SYSTEM) as uow:
        write_answer(uow, question.id, WriteAnswer(contribution_ids=ids, outcome="adopted", reason="Dat gaan wij doen."))


def close(platform: Platform, found: Round, **values: Any) -> Round:
    texts = {"agreed": "Het moet langzamer.", "disagreed": "geen", "minority": "geen", "version": found.version}
    with platform.unit_of_work(SYSTEM) as uow:
        return close_round(uow, found.id, CloseRound(**{**texts, **values}))


def test_rounds_are_numbered_and_registered(platform: Platform, outbox: Outbox) -> None:
    question = a_table(platform)
    assert [a_round(platform, question).number, a_round(platform, question, kind="ideas").number] == [1, 2]
    with platform.read(SYSTEM) as uow:
        cards = uow.session.execute(select(Subject.title, Subject.url, Subject.public).where(Subject.type == "round")).all()
        assert set(cards) == {(f"Ronde {n}: Wat speelt er?", f"/samenspreker/{question.slug}/rondes/{n}", True) for n in (1, 2)}
        assert "Ronde 2 is gepland: “Wat speelt er?”." in [line.sentence for line in latest_lines(uow, question.id)[0]]
    assert len(outbox.events("samenspreker.round.opened")) == 2


@pytest.mark.parametrize(
    ("opens_on", "closed_at", "agreed", "state"),
    [
        (TODAY, None, "", "open"),
        (TODAY + timedelta(1), None, "", "planned"),
        (TODAY, NOW, "geen", "closed"),
        (TODAY + timedelta(1), NOW, "", "cancelled"),
    ],
)
def test_the_state_follows_from_the_dates(opens_on: date, closed_at: datetime | None, agreed: str, state: str) -> None:
    assert round_state(Round(opens_on=opens_on, closed_at=closed_at, agreed=agreed), TODAY) == state


def call_off(platform: Platform, found: Round, **values: Any) -> Round:
    with platform.unit_of_work(SYSTEM) as uow:
        return cancel_round(uow, found.id, CancelRound(**{"reason": "De zaal is dicht.", "version": found.version, **values}))


def planned(platform: Platform, question: Question) -> Round:
    return a_round(platform, question, opens_on=TODAY + timedelta(5), ends_on=TODAY + timedelta(9))


def test_a_planned_round_can_be_called_off(platform: Platform, outbox: Outbox) -> None:
    question = a_table(platform, step="solve")
    found = planned(platform, question)
    activity = online(platform, found)
    call_off(platform, found)
    with platform.read(SYSTEM) as uow:
        assert round_state(uow.session.get_one(Round, found.id), TODAY) == "cancelled"
        assert uow.session.get_one(Activity, activity.activity_id).closed_at is not None
        line = next(line for line in latest_lines(uow, question.id)[0] if line.sentence == "Ronde 1 gaat niet door: “Wat speelt er?”.")
        assert line.reason == "De zaal is dicht."
    assert len(outbox.events("samenspreker.round.cancelled")) == 1
    for act in (lambda: call_off(platform, found, version=found.version + 1), lambda: online(platform, found)):
        with pytest.raises(Gone):
            act()


def test_a_round_that_was_called_off_stops_no_step_and_counts_for_none(platform: Platform) -> None:
    question = a_table(platform, step="solve")
    call_off(platform, planned(platform, question))
    with platform.read(SYSTEM) as uow:
        facts = load_facts(uow, [uow.session.get_one(Question, question.id)])[question.id]
        assert (facts.closed_rounds, facts.open_rounds) == (0, [])


def test_what_began_or_was_contributed_to_cannot_be_called_off(platform: Platform) -> None:
    question = a_table(platform, step="solve")
    begun, later = a_round(platform, question), planned(platform, question)
    with pytest.raises(Invalid):
        call_off(platform, begun)
    say(platform, online(platform, later))
    with pytest.raises(Invalid):
        call_off(platform, later)
    with pytest.raises(Conflict):
        call_off(platform, later, version=later.version + 1)


def test_only_who_facilitates_calls_a_round_off(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    found = planned(platform, a_table(platform, step="solve"))
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        cancel_round(uow, found.id, CancelRound(reason="Zomaar.", version=found.version))


@pytest.mark.parametrize("step", ["agenda", "decide", "execute", "evaluate", "closed"])
def test_rounds_belong_to_step_2(platform: Platform, step: str) -> None:
    with pytest.raises(Invalid):
        a_round(platform, a_table(platform, step=step))


def test_only_who_facilitates_plans(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    question, other = a_table(platform), a_table(platform, title="Een heel andere vraag over het zwembad")
    with pytest.raises(NotAllowed), platform.unit_of_work(actor_as("decision_maker")) as uow:
        open_round(uow, question.id, plan())
    own = actor_as("facilitator", question.id)
    with platform.unit_of_work(own) as uow:
        assert open_round(uow, question.id, plan()).number == 1
    with pytest.raises(NotAllowed), platform.unit_of_work(own) as uow:
        open_round(uow, other.id, plan())


def test_a_change_is_checked_and_told(platform: Platform) -> None:
    question = a_table(platform)
    found = a_round(platform, question)
    new = UpdateRound(
        **{**{name: getattr(plan(), name) for name in ("kind", "title", "opens_on", "ends_on")}, "purpose": "Beter.", "version": 1}
    )
    with platform.unit_of_work(SYSTEM) as uow:
        assert update_round(uow, found.id, new).purpose == "Beter."
    with pytest.raises(Conflict) as error, platform.unit_of_work(SYSTEM) as uow:
        update_round(uow, found.id, new)
    assert error.value.current["purpose"] == "Beter."
    with pytest.raises(NotFound), platform.unit_of_work(SYSTEM) as uow:
        update_round(uow, uuid.uuid4(), new)


def test_dates_in_the_wrong_order(platform: Platform) -> None:
    errors = PlanRoundSchema().validate({"kind": "explore", "title": "x", "opens_on": "2026-05-02", "ends_on": "2026-05-01"})
    assert list(errors) == ["ends_on"]


def test_an_online_activity_is_one_of_inbreng_and_lasts_as_long_as_the_round(platform: Platform) -> None:
    question = a_table(platform)
    activity = online(platform, a_round(platform, question))
    with platform.read(SYSTEM) as uow:
        made = uow.session.get_one(Activity, activity.activity_id)
        assert (made.subject_id, made.kind, made.access, made.asks_text) == (question.id, "reactions", "everyone", True)
        assert made.opens_at < uow.now < made.closes_at  # type: ignore[operator]


def test_questions_are_typed_one_a_line(platform: Platform) -> None:
    found = a_round(platform, a_table(platform))
    command = AddOnlineActivitySchema().load(
        {"title": "Vragenlijst", "form": "questionnaire", "questions": "Hoe vaak komt u hier? | elke dag | minder\nWat mist u?"}
    )
    with platform.unit_of_work(SYSTEM) as uow:
        made = uow.session.get_one(Activity, add_online_activity(uow, found.id, command).activity_id)
        assert made.kind == "questionnaire"
        assert [(question["kind"], question["label"]) for question in made.form["questions"]] == [
            ("one_choice", "Hoe vaak komt u hier?"),
            ("long_text", "Wat mist u?"),
        ]


@pytest.mark.parametrize(
    ("form", "questions"),
    [
        ("questionnaire", ""),
        ("questions", " \n "),
        ("reactions", "Waarom?"),
        ("questions", "Kies | één antwoord"),
        ("questions", "x" * 161),
        ("questions", "\n".join("abcdefghijklm")),
        ("questions", ["Waarom?"]),
        ("questions", "Leeg | antwoord | "),
    ],
)
def test_questions_that_cannot_be_asked(form: str, questions: Any) -> None:
    assert "questions" in AddOnlineActivitySchema().validate({"title": "x", "form": form, "questions": questions})


def test_what_was_said_elsewhere_is_entered_and_counted(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    question = a_table(platform)
    found = a_round(platform, question)
    told = AddOfflineActivity(title="Wandeling", held_on=TODAY, place="Bij de kerk", people=30)
    with platform.unit_of_work(SYSTEM) as uow:
        activity = add_offline_activity(uow, found.id, told)
    say(platform, activity)
    with platform.read(SYSTEM) as uow:
        rows = activities_of(uow, [found.id])[found.id]
        assert together(tallies(uow, [row.activity_id for row in rows]).values())["channel"] == {"phone": 1}
    with pytest.raises(Gone), platform.unit_of_work(actor_as("resident")) as uow:
        contribute(uow, activity.activity_id, Contribute(text="Ik ook."))  # type: ignore[arg-type]
    new = UpdateOfflineActivity(title="Wandeling", held_on=TODAY, place="Bij de kerk", people=34, report="Mooi weer.", version=1)
    with platform.unit_of_work(SYSTEM) as uow:
        assert update_offline_activity(uow, activity.id, new).report == "Mooi weer."
    with pytest.raises(Conflict), platform.unit_of_work(SYSTEM) as uow:
        update_offline_activity(uow, activity.id, new)
    with pytest.raises(NotFound), platform.unit_of_work(SYSTEM) as uow:
        update_offline_activity(uow, online(platform, found).id, new)


def test_a_round_closes_only_when_every_contribution_has_an_answer_that_was_sent(platform: Platform, clock: Clock) -> None:
    question = a_table(platform)
    found = a_round(platform, question)
    activity = online(platform, found)
    first, second = say(platform, activity), say(platform, activity, "Ook op de hoek.")
    with pytest.raises(Invalid) as error:
        close(platform, found)
    assert "2 bijdragen" in str(error.value.errors[""][0])
    with platform.read(SYSTEM) as uow:
        [item] = missing_to_close(uow, found)
        assert item.path == f"/inbreng/onderwerp/{question.id}/beantwoorden?activiteit={activity.activity_id}"
    answer(platform, question, first, second)
    with pytest.raises(Invalid):  # ten minutes have to pass before an answer is sent
        close(platform, found)
    with platform.read(SYSTEM) as uow:
        assert [item.path for item in missing_to_close(uow, found)] == [f"/inbreng/onderwerp/{question.id}/klaar"], (
            "what is written waits by itself"
        )
        assert uow.session.get_one(Activity, activity.activity_id).closed_at is None
    clock.forward(minutes=11)
    closed = close(platform, found)
    assert (closed.agreed, closed.disagreed) == ("Het moet langzamer.", "geen")
    with platform.read(SYSTEM) as uow:
        assert uow.session.get_one(Activity, activity.activity_id).closed_at is not None
        assert missing_to_close(uow, found) == []


def test_replies_and_what_was_withdrawn_need_no_answer(platform: Platform, actor_as: Callable[..., Actor], clock: Clock) -> None:
    question = a_table(platform)
    found = a_round(platform, question)
    activity = online(platform, found)
    top = say(platform, activity)
    with platform.unit_of_work(actor_as("resident")) as uow:
        contribute(uow, activity.activity_id, Contribute(text="Mee eens.", parent_id=top))  # type: ignore[arg-type]
    answer(platform, question, top)
    clock.forward(minutes=11)
    assert close(platform, found).closed_at is not None


def test_a_closed_round_does_not_change(platform: Platform) -> None:
    question = a_table(platform)
    found = a_round(platform, question)
    closed = close(platform, found)
    for act in (
        lambda: close(platform, closed),
        lambda: online(platform, closed),
    ):
        with pytest.raises(Gone):
            act()


def test_a_round_that_did_not_begin_does_not_close(platform: Platform) -> None:
    with pytest.raises(Invalid):
        close(platform, a_round(platform, a_table(platform), opens_on=TODAY + timedelta(days=2)))


def test_a_round_of_before_may_still_be_closed_in_a_later_step(platform: Platform) -> None:
    question = a_table(platform)
    found = a_round(platform, question)
    in_step(platform, question, "decide")
    with pytest.raises(Invalid):
        online(platform, found)
    assert close(platform, found).closed_at is not None

"""A copy of a plan: every type of activity with what was asked in it, and rounds as long as they were, whatever the clock did meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from samen_core.api import Actor, Form, Platform, Question, form_to_json
from samen_doe_mee.models import Plan, Round
from samen_doe_mee.schemas.plan_parts import DuplicatePlan
from samen_doe_mee.schemas.rounds import CreateRound
from samen_doe_mee.services.activities import activities_of_rounds
from samen_doe_mee.services.activity_types import type_of
from samen_doe_mee.services.paragraphs import paragraphs_of
from samen_doe_mee.services.plan_copies import content_of, day_start, duplicate_plan
from samen_doe_mee.services.poll_outcome import poll_options
from samen_doe_mee.services.rounds import create_round, rounds_of
from samen_doe_mee.testing import make_plan
from samen_doe_mee.testing_activities import a_reaction, a_round, an_activity
from samen_doe_mee.testing_polls import CHOICES

ActorAs = Callable[..., Actor]
TEXT = "# Visie op het park\n\nHet park komt aan het water.\n\n## Verkeer\n\nEr komen fietspaden."
QUESTIONS = form_to_json(Form((Question("mist", "long_text", "Wat mist u?", required=True),)))
OPTIONS = {
    "reactions": {"allows_replies": False},
    "text": {"text": TEXT},
    "map_points": {},
    "questionnaire": {"form": QUESTIONS},
    "poll": {"choices": CHOICES},
    "external": {"choices": ["Meer bomen", "Meer water"]},
}


def test_every_type_of_activity_is_copied_with_what_was_asked(platform: Platform, actor_as: ActorAs) -> None:
    round_id = a_round(platform)
    made = {kind: an_activity(platform, round_id, type=kind, title=f"Soort {kind}", options=options) for kind, options in OPTIONS.items()}
    a_reaction(platform, made["reactions"])
    with platform.unit_of_work(actor_as("manager")) as uow:
        plan = uow.session.get_one(Plan, uow.session.get_one(Round, round_id).plan_id)
        copy = duplicate_plan(uow, plan.id, DuplicatePlan(title="Nog eens", starts_on=(uow.now + timedelta(days=60)).date()))
    with platform.read(actor_as("manager")) as uow:
        found = {activity.type: activity for activity in activities_of_rounds(uow, copy.id)}
        assert list(found) == list(OPTIONS)
        for kind, activity in found.items():
            assert (activity.title, activity.taken_part) == (f"Soort {kind}", 0)
            assert activity.id != made[kind].id
            assert activity.talk_id is None, "what was said before stays where it was; a draft has nothing yet"
            before, after = (type_of(kind).values(uow, one) for one in (made[kind], activity))
            assert after == before
        texts = [[one.text for one in paragraphs_of(uow, id)] for id in (made["text"].id, found["text"].id)]
        assert texts[0] == texts[1] != []
        assert [one.text for one in poll_options(uow, found["poll"].id)] == [one.text for one in poll_options(uow, made["poll"].id)]


@pytest.mark.parametrize(("first", "last"), [(date(2099, 3, 22), date(2099, 4, 4)), (date(2099, 10, 18), date(2099, 10, 31))])
def test_a_round_keeps_its_days_when_the_clock_went_forward_or_back(platform: Platform, actor_as: ActorAs, first: date, last: date) -> None:
    """The clock of the city moves on the last Sunday of March and of October."""
    with platform.unit_of_work(actor_as("manager")) as uow:
        plan = make_plan(uow, state="draft", published_at=None)
        for begins, ends in (
            (first - timedelta(days=20), first - timedelta(days=15)),
            (first, last),
            (last + timedelta(days=8), last + timedelta(days=9)),
        ):
            create_round(
                uow, plan.id, CreateRound(title="Ronde", opens_at=day_start(begins), closes_at=day_start(ends + timedelta(days=1)))
            )
        told = [(one["gap"], one["days"]) for one in content_of(uow, plan)["rounds"]]
        assert told == [(0, 6), (14, 14), (7, 2)]
        copy = duplicate_plan(uow, plan.id, DuplicatePlan(title="Nog eens", starts_on=date(2100, 1, 4)))
        days = [(one.opens_at, one.closes_at) for one in rounds_of(uow, copy.id)]
        assert days == [
            (day_start(date(2100, 1, 4)), day_start(date(2100, 1, 10))),
            (day_start(date(2100, 1, 24)), day_start(date(2100, 2, 7))),
            (day_start(date(2100, 2, 14)), day_start(date(2100, 2, 16))),
        ]

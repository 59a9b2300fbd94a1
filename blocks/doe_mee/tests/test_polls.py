"""Polls: one vote each, exact numbers, an outcome that nobody sees before its moment; and results from other channels beside it."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from samen_core.api import Actor, Conflict, Gone, Grant, Invalid, NotAllowed, NotFound, Platform, anonymous, new_code, system
from samen_doe_mee.models import Activity, PollChoice, PollOption, PollVote, TookPart
from samen_doe_mee.schemas.activities import ActOnActivity, CreateActivity, UpdateActivity
from samen_doe_mee.schemas.external import AddExternalResult, ChangeExternalResult
from samen_doe_mee.schemas.polls import CastVote
from samen_doe_mee.services import activities, external, polls
from samen_doe_mee.services.activity_types import type_of
from samen_doe_mee.services.poll_outcome import data_rows, outcome, own_ballot, poll_options
from samen_doe_mee.testing_polls import a_poll, a_round

ActorAs = Callable[..., Actor]
STAFF = Actor(kind="account", label="Staf", grants=(Grant("facilitator"),), origin="test")


def ids_of(platform: Platform, poll: Activity) -> list[uuid.UUID]:
    with platform.read(system("test")) as uow:
        return [option.id for option in poll_options(uow, poll.id)]


def cast(platform: Platform, actor: Actor, poll: Activity, *options: uuid.UUID, device: str = "", **more: Any) -> None:
    with platform.unit_of_work(actor) as uow:
        polls.vote(uow, poll.id, CastVote(options=options, **more), device)


def numbers(platform: Platform, poll: Activity) -> tuple[int, list[int]]:
    with platform.read(system("test")) as uow:
        taken = uow.session.execute(select(Activity.taken_part).where(Activity.id == poll.id)).scalar_one()
        return taken, [option.votes for option in poll_options(uow, poll.id)]


def counted(platform: Platform, poll: Activity) -> tuple[int, list[int]]:
    """The same, counted again from the rows."""
    with platform.read(system("test")) as uow:
        mine = select(PollVote.id).where(PollVote.activity_id == poll.id)
        rows = uow.session.execute(select(PollChoice.option_id).where(PollChoice.vote_id.in_(mine))).scalars()
        found = Counter(rows)
        people = uow.session.execute(select(func.count()).select_from(PollVote).where(PollVote.activity_id == poll.id)).scalar_one()
        taken = uow.session.execute(select(func.count()).select_from(TookPart).where(TookPart.activity_id == poll.id)).scalar_one()
        assert people == taken
        return people, [found[option.id] for option in poll_options(uow, poll.id)]


def test_one_vote_each_that_may_change_or_be_taken_back(platform: Platform, actor_as: ActorAs) -> None:
    poll = a_poll(platform)
    yes, no, _maybe = ids_of(platform, poll)
    resident, device = actor_as("resident"), new_code()
    cast(platform, resident, poll, yes)
    cast(platform, anonymous("test"), poll, yes, device=device)
    cast(platform, resident, poll, no)
    cast(platform, anonymous("test"), poll, no, device=device)
    assert numbers(platform, poll) == counted(platform, poll) == (2, [0, 2, 0])
    # Who logs in on the device that voted, has that vote.
    neighbour = actor_as("resident")
    cast(platform, neighbour, poll, yes, device=device)
    assert numbers(platform, poll) == counted(platform, poll) == (2, [1, 1, 0])
    with platform.unit_of_work(anonymous("test")) as uow:
        assert own_ballot(uow, poll, device) is None
        assert not polls.take_back(uow, poll.id, device)
    with platform.unit_of_work(neighbour) as uow:
        assert polls.take_back(uow, poll.id)
        assert not polls.take_back(uow, poll.id)
    assert numbers(platform, poll) == counted(platform, poll) == (1, [0, 1, 0])
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Activity, poll.id).version == poll.version


def test_votes_that_cannot_be_are_refused_with_what_is_wrong(platform: Platform, actor_as: ActorAs, clock: Any) -> None:
    poll = a_poll(platform, kind="several", minimum=2, maximum=2)
    other = ids_of(platform, a_poll(platform))
    first, second, third = ids_of(platform, poll)
    who = actor_as("resident")
    for chosen in ((), (first,), (first, second, third), (first, other[0])):
        with pytest.raises(Invalid) as wrong:
            cast(platform, who, poll, *chosen)
        assert set(wrong.value.errors) == {"options"}
    cast(platform, who, poll, first, third)
    with pytest.raises(NotAllowed):
        cast(platform, anonymous("test"), poll, first, second)
    closed = a_poll(platform, accounts_only=True)
    with pytest.raises(NotAllowed) as refused:
        cast(platform, anonymous("test"), closed, ids_of(platform, closed)[0], device=new_code())
    assert refused.value.log_in
    with pytest.raises(NotFound):
        draft = a_poll(platform, public=False)
        cast(platform, who, draft, ids_of(platform, draft)[0])
    clock.shift = timedelta(days=10)
    for act in (lambda: cast(platform, who, poll, first, second), lambda: take_back(platform, who, poll)):
        with pytest.raises(Gone):
            act()
    assert numbers(platform, poll) == counted(platform, poll) == (1, [1, 0, 1])


def take_back(platform: Platform, actor: Actor, poll: Activity, device: str = "") -> None:
    with platform.unit_of_work(actor) as uow:
        polls.take_back(uow, poll.id, device)


@pytest.mark.parametrize("show", ["now", "after_vote", "after_close"])
def test_nobody_sees_the_outcome_before_its_moment(platform: Platform, actor_as: ActorAs, clock: Any, show: str) -> None:
    poll = a_poll(platform, show_results=show)
    yes = ids_of(platform, poll)[0]
    voter, other = actor_as("resident"), actor_as("resident")
    cast(platform, voter, poll, yes)

    def sees(actor: Actor, **more: Any) -> bool:
        with platform.read(actor) as uow:
            found = outcome(uow, uow.session.get_one(Activity, poll.id), **more)
            assert found.people == 1
            assert bool(found.parts) == (found.hidden is None)
            return found.hidden is None

    def in_open_data() -> int:
        with platform.read(system("test")) as uow:
            return len(list(data_rows(uow, uow.session.get_one(Activity, poll.id))))

    assert sees(other) is (show == "now")
    assert sees(anonymous("test")) is (show == "now")
    assert sees(anonymous("test"), voted=True) is (show != "after_close")
    assert sees(voter) is (show != "after_close")
    assert sees(actor_as("facilitator")) is (show != "after_close")
    assert sees(system("test")) is (show != "after_close")
    assert in_open_data() == (3 if show == "now" else 0)
    clock.shift = timedelta(days=10)
    assert sees(other)
    assert sees(anonymous("test"))
    assert in_open_data() == 3


def test_once_open_the_answers_and_the_moment_of_showing_stay(platform: Platform, clock: Any) -> None:
    poll = a_poll(platform, starts=timedelta(days=1), show_results="after_close")

    def change(title: str = "Welk plan?", **options: Any) -> Activity:
        with platform.unit_of_work(STAFF) as uow:
            now = uow.session.get_one(Activity, poll.id)
            shown = {**type_of("poll").values(uow, now), **options}
            term = {"opens_at": now.opens_at, "closes_at": now.closes_at}
            return activities.update_activity(uow, poll.id, UpdateActivity(title=title, options=shown, version=now.version, **term))

    before = ids_of(platform, poll)
    change(choices=["Nee", "Ja", "Later"], show_results="after_vote")
    after = ids_of(platform, poll)
    assert after[:2] == [before[1], before[0]]
    assert after[2] != before[2]
    change(show_results="after_close")
    clock.shift = timedelta(days=2)
    for options in ({"choices": ["Ja", "Nee"]}, {"show_results": "now"}, {"kind": "several", "maximum": 2}):
        with pytest.raises(Invalid) as refused:
            change(**options)
        assert set(options) <= set(refused.value.errors) | {"maximum"}
    assert change(title="Welk plan wilt u?").title == "Welk plan wilt u?"
    clock.shift = timedelta(days=8)
    with platform.unit_of_work(STAFF) as uow:
        activities.close_now(uow, poll.id, ActOnActivity(version=uow.session.get_one(Activity, poll.id).version))
    clock.shift = timedelta(days=8, minutes=1)
    with platform.unit_of_work(STAFF) as uow, pytest.raises(Invalid):
        activities.open_now(uow, poll.id, ActOnActivity(version=uow.session.get_one(Activity, poll.id).version))


@pytest.mark.parametrize("seed", range(4))
def test_random_votes_keep_the_numbers_those_of_a_recount(platform: Platform, actor_as: ActorAs, seed: int) -> None:
    rng = random.Random(seed)
    poll = a_poll(platform, kind="several")
    options = ids_of(platform, poll)
    people: list[tuple[Actor, str]] = [(actor_as("resident"), "") for _number in range(3)]
    devices = [new_code() for _number in range(3)]
    people += [(anonymous("test"), device) for device in devices]
    people += [(people[0][0], devices[0]), (people[1][0], devices[2])]
    for _act in range(60):
        actor, device = rng.choice(people)
        if rng.random() < 0.25:
            take_back(platform, actor, poll, device)
        else:
            cast(platform, actor, poll, *rng.sample(options, rng.randint(1, 3)), device=device)
        if rng.random() < 0.2:
            assert numbers(platform, poll) == counted(platform, poll)
    assert numbers(platform, poll) == counted(platform, poll)


def test_a_result_from_elsewhere_stands_beside_the_online_one_and_is_counted_apart(platform: Platform, actor_as: ActorAs) -> None:
    poll = a_poll(platform)
    cast(platform, actor_as("resident"), poll, ids_of(platform, poll)[0])
    values: dict[str, Any] = {"channel": "social", "held_on": date(2020, 3, 1), "people": 40, "source": "Facebookpagina van de wijk"}
    with platform.unit_of_work(STAFF) as uow:
        row = external.add_external_result(uow, poll.id, AddExternalResult(**values, counts=(("Ja", 30), ("Nee", 10))))
        with pytest.raises(Invalid):
            external.add_external_result(uow, poll.id, AddExternalResult(**{**values, "held_on": date(2999, 1, 1)}))
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        external.remove_external_result(uow, row.id, row.version)
    with platform.unit_of_work(STAFF) as uow:
        external.change_external_result(uow, row.id, ChangeExternalResult(**{**values, "people": 41}, counts=(("Ja", 31),), version=1))
        with pytest.raises(Conflict) as refused:
            external.change_external_result(uow, row.id, ChangeExternalResult(**values, version=1))
        assert refused.value.current["people"] == 41
        assert external.people_elsewhere(uow, [poll.plan_id]) == {poll.plan_id: 41}
        assert numbers(platform, poll)[0] == 1
        external.remove_external_result(uow, row.id, 2, "Dubbel ingevoerd")
        assert external.external_results(uow, poll.id) == []


def test_an_activity_elsewhere_adds_its_results_up(platform: Platform) -> None:
    round_id = a_round(platform)
    with platform.unit_of_work(STAFF) as uow:
        activity = activities.create_activity(uow, round_id, CreateActivity(type="external", title="Avond", options={"choices": "Ja\nNee"}))
        for people, counts in ((20, (("Ja", 12), ("Nee", 8))), (5, (("Ja", 4),))):
            command = AddExternalResult(channel="meeting", held_on=date(2020, 3, 1), people=people, source="Zaal", counts=counts)
            external.add_external_result(uow, activity.id, command)
        found = type_of("external").outcome(uow, activity)
        assert found.people == 25
        assert [(part.label, part.number) for part in found.parts] == [("Ja", 16), ("Nee", 8)]
        assert len(list(type_of("external").open_data(uow, activity))) == 3
        assert uow.session.execute(select(func.count()).select_from(PollOption)).scalar_one() == 0

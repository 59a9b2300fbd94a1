"""What staff does with ideas: answers, owners, hiding, merging doubles exactly; and counts under random acts."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from samen_core.api import Conflict, Gone, Invalid, NotAllowed, NotFound, Platform, anonymous, new_code, system
from samen_doe_mee.models import Idea, IdeaStep, Voice
from samen_doe_mee.schemas.idea_handling import AssignIdea, AssignMany, GiveStatus, HideIdea, MergeIdea, ShowIdea, UnmergeIdea
from samen_doe_mee.schemas.ideas import WithdrawIdea
from samen_doe_mee.schemas.support import GiveVoice
from samen_doe_mee.services.idea_common import today, visible_idea
from samen_doe_mee.services.idea_handling import assign_idea, assign_many, give_status, hide_idea, idea_tasks, show_idea
from samen_doe_mee.services.idea_merging import merge_idea, unmerge_idea
from samen_doe_mee.services.ideas import withdraw_idea
from samen_doe_mee.services.support import give_voice, take_back
from samen_doe_mee.testing_support import an_idea


def now(platform: Platform, idea: Idea) -> Idea:
    with platform.read(system("test")) as uow:
        return uow.session.get_one(Idea, idea.id)


def merge(platform: Platform, actor: Any, idea: Idea, into: Idea) -> None:
    with platform.unit_of_work(actor) as uow:
        version = uow.session.get_one(Idea, idea.id).version
        merge_idea(uow, idea.id, MergeIdea(into=into.number, reason="Hetzelfde", version=version))


def unmerge(platform: Platform, actor: Any, idea: Idea) -> None:
    with platform.unit_of_work(actor) as uow:
        unmerge_idea(uow, idea.id, UnmergeIdea(reason="Toch niet", version=uow.session.get_one(Idea, idea.id).version))


def support(platform: Platform, actor: Any, idea: Idea, device: str = "") -> None:
    with platform.unit_of_work(actor) as uow:
        give_voice(uow, idea.id, GiveVoice(), device=device)


def test_an_answer_needs_a_text_and_ends_or_opens_the_idea(platform: Platform, actor_as: Any) -> None:
    idea, staff = an_idea(platform), actor_as("facilitator")
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        give_status(uow, idea.id, GiveStatus(status="supported", text="Wij doen mee.", version=idea.version))
    with platform.unit_of_work(staff) as uow, pytest.raises(Invalid) as wrong:
        give_status(uow, idea.id, GiveStatus(status="not_possible", text="Nee", version=idea.version))
    assert "text" in wrong.value.errors
    with platform.unit_of_work(staff) as uow:
        ended = give_status(uow, idea.id, GiveStatus(status="not_possible", text="Daar ligt een leiding.", version=idea.version))
        assert (ended.ended_at, ended.owner_id) == (uow.now, staff.account_id)
    with platform.unit_of_work(staff) as uow, pytest.raises(Conflict) as late:
        give_status(uow, idea.id, GiveStatus(status="supported", text="Wij doen mee.", version=idea.version))
    assert late.value.current["text"] == "Daar ligt een leiding."
    with platform.unit_of_work(staff) as uow:
        version = uow.session.get_one(Idea, idea.id).version
        again = give_status(uow, idea.id, GiveStatus(status="in_conversation", text="Wij kijken toch nog eens.", version=version))
        assert again.ended_at is None
        found = uow.session.scalars(select(IdeaStep).where(IdeaStep.idea_id == idea.id).order_by(IdeaStep.at, IdeaStep.id))
        assert [(step.status_before, step.status) for step in found] == [
            ("received", "not_possible"),
            ("not_possible", "in_conversation"),
        ]


def test_owners_are_colleagues_and_what_is_late_waits_for_them(platform: Platform, actor_as: Any, clock: Any) -> None:
    idea, other, staff = an_idea(platform), an_idea(platform), actor_as("facilitator")
    stranger = actor_as("resident")
    with platform.unit_of_work(staff) as uow, pytest.raises(Invalid) as wrong:
        command = AssignIdea(owner_id=stranger.account_id, answer_by=today(uow) - timedelta(days=1), version=idea.version)
        assign_idea(uow, idea.id, command)
    assert set(wrong.value.errors) == {"owner_id", "answer_by"}
    with platform.unit_of_work(staff) as uow:
        assign_idea(uow, idea.id, AssignIdea(owner_id=staff.account_id, answer_by=today(uow), version=idea.version))
        assert assign_many(uow, AssignMany(idea_ids=(idea.id, other.id), owner_id=staff.account_id)) == 1
    clock.forward(days=2)
    with platform.read(staff) as uow:
        assert [(task.count, task.path.partition("?")[2]) for task in idea_tasks(uow)] == [
            (2, "behandelaar=ik&status=received"),
            (1, "te-laat=ja"),
        ]
    with platform.read(stranger) as uow:
        assert idea_tasks(uow) == []


def test_hidden_is_gone_for_everybody_but_who_moderates(platform: Platform, actor_as: Any) -> None:
    idea, staff = an_idea(platform), actor_as("moderator")
    with platform.unit_of_work(actor_as("facilitator")) as uow, pytest.raises(NotAllowed):
        hide_idea(uow, idea.id, HideIdea(code="personal_data", reason="Reclame", version=idea.version))
    with platform.unit_of_work(staff) as uow:
        hidden = hide_idea(uow, idea.id, HideIdea(code="personal_data", reason="Reclame", version=idea.version))
        version = hidden.version
    with platform.read(anonymous()) as uow, pytest.raises(NotFound):
        visible_idea(uow, idea.slug)
    with platform.unit_of_work(anonymous("web")) as uow, pytest.raises((Gone, NotFound)):
        give_voice(uow, idea.id, GiveVoice(), device=new_code())
    with platform.unit_of_work(staff) as uow:
        assert show_idea(uow, idea.id, ShowIdea(reason="Het mag toch", version=version)).state == "published"


def test_a_double_brings_its_voices_once_and_takes_them_back_exactly(platform: Platform, actor_as: Any) -> None:
    double, winner, staff = an_idea(platform, needed=None), an_idea(platform, needed=None), actor_as("facilitator")
    both, one, later = actor_as("resident"), actor_as("resident"), actor_as("resident")
    device = new_code()
    for actor, code in ((both, ""), (one, ""), (anonymous("web"), device)):
        support(platform, actor, double, code)
    support(platform, both, winner)
    merge(platform, staff, double, winner)
    found = now(platform, winner)
    assert (found.supports, found.open_supports, found.all_supports) == (2, 1, 3)
    assert now(platform, double).state == "merged"
    with platform.unit_of_work(one) as uow:
        assert give_voice(uow, winner.id, GiveVoice()).state == "again"
    with platform.unit_of_work(later) as uow, pytest.raises(Gone):
        give_voice(uow, double.id, GiveVoice())
    support(platform, later, winner)
    unmerge(platform, staff, double)
    back, stays = now(platform, double), now(platform, winner)
    assert (back.state, back.merged_into_id, back.supports, back.open_supports) == ("published", None, 2, 1)
    assert (stays.supports, stays.open_supports) == (2, 0)
    with platform.read(system("test")) as uow:
        assert not list(uow.session.scalars(select(Voice.id).where(Voice.came_from_id.is_not(None))))


def test_doubles_of_doubles_go_back_in_order(platform: Platform, actor_as: Any) -> None:
    first, second, third = (an_idea(platform, needed=None) for _number in range(3))
    staff = actor_as("facilitator")
    for idea in (first, second, third):
        support(platform, actor_as("resident"), idea)
    merge(platform, staff, first, second)
    merge(platform, staff, second, third)
    assert now(platform, third).supports == 3
    with pytest.raises(Invalid):
        unmerge(platform, staff, first)
    unmerge(platform, staff, second)
    assert (now(platform, second).supports, now(platform, third).supports) == (2, 1)
    unmerge(platform, staff, first)
    assert [now(platform, idea).supports for idea in (first, second, third)] == [1, 1, 1]


def test_what_cannot_be_merged_says_so(platform: Platform, actor_as: Any) -> None:
    idea, ended, challenge = an_idea(platform), an_idea(platform, status="not_possible"), an_idea(platform, kind="challenge")
    staff = actor_as("facilitator")
    for number in (idea.number, ended.number, challenge.number, 1):
        with platform.unit_of_work(staff) as uow, pytest.raises(Invalid) as wrong:
            merge_idea(uow, idea.id, MergeIdea(into=number, reason="Hetzelfde", version=idea.version))
        assert "into" in wrong.value.errors


@pytest.mark.parametrize("seed", [1, 2])
def test_counts_are_those_of_the_rows_whatever_people_do(platform: Platform, actor_as: Any, seed: int) -> None:
    chance = random.Random(seed)
    staff = actor_as("facilitator")
    author = actor_as("resident")
    people: list[tuple[Any, str]] = [(actor_as("resident"), "") for _number in range(4)]
    people += [(anonymous("web"), new_code()) for _number in range(4)]
    ideas = [an_idea(platform, account_id=author.account_id, needed=3) for _number in range(4)]
    for _act in range(70):
        act, idea = chance.choice(("give", "give", "give", "take", "merge", "unmerge", "withdraw")), chance.choice(ideas)
        actor, device = chance.choice(people)
        try:
            if act == "give":
                support(platform, actor, idea, device)
            elif act == "take":
                with platform.unit_of_work(actor) as uow:
                    take_back(uow, idea.id, device=device)
            elif act == "merge":
                merge(platform, staff, idea, chance.choice(ideas))
            elif act == "unmerge":
                unmerge(platform, staff, idea)
            elif chance.random() < 0.15:
                with platform.unit_of_work(author) as uow:
                    withdraw_idea(uow, idea.id, WithdrawIdea(version=uow.session.get_one(Idea, idea.id).version))
        except (Invalid, Gone, NotFound):
            pass
        check_counts(platform)


def check_counts(platform: Platform) -> None:
    """The counters are those of the rows; nobody is counted twice; what is part of another gave what it could."""
    with platform.read(system("test")) as uow:
        accounts = func.count().filter(Voice.way == "account")
        grouped = select(Voice.idea_id, accounts, func.count()).where(Voice.confirmed_at.is_not(None)).group_by(Voice.idea_id)
        rows = {row[0]: (row[1], row[2]) for row in uow.session.execute(grouped)}
        for idea in uow.session.scalars(select(Idea)):
            with_account, everybody = rows.get(idea.id, (0, 0))
            assert (idea.supports, idea.open_supports, idea.all_supports) == (with_account, everybody - with_account, everybody)
            assert (idea.state == "merged") == (idea.merged_into_id is not None)

"""Proposing ideas, changing them in time, taking them back, and how many somebody may have."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import select

from citycontent.testing import make_area
from samen_core.api import (
    Conflict,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    PlaceValue,
    Platform,
    Subject,
    anonymous,
    change_settings,
    system,
)
from samen_doe_mee.models import Idea, IdeaStep, Voice
from samen_doe_mee.schemas.ideas import Challenge, EditIdea, ProposeIdea, WithdrawIdea
from samen_doe_mee.schemas.support import GiveVoice
from samen_doe_mee.services.idea_common import term_of, today, visible_idea
from samen_doe_mee.services.idea_receipts import token_of
from samen_doe_mee.services.ideas import Proposed, can_edit, confirm_idea, edit_idea, idea_by_code, propose_idea, withdraw_idea
from samen_doe_mee.services.support import give_voice
from samen_doe_mee.settings import CHALLENGE_WEEKS, IDEAS_PER_PERSON, OPEN_IDEAS

WORDS = {"title": "Een bankje bij de vijver", "text": "Dan kunnen mensen daar zitten.", "where": "city"}


def propose(platform: Platform, actor: Any, **values: Any) -> Proposed:
    with platform.unit_of_work(actor) as uow:
        return propose_idea(uow, ProposeIdea(**{**WORDS, **values}))


def set_to(platform: Platform, **values: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        change_settings(uow, {f"doe_mee.{name}": value for name, value in values.items()})


def test_an_idea_of_an_account_is_there_at_once_with_its_own_support(platform: Platform, actor_as: Any, outbox: Any) -> None:
    resident = actor_as("resident")
    first, second = propose(platform, resident), propose(platform, resident, title="Een tweede bankje")
    assert (first.code, first.idea.state, first.idea.status) == ("", "published", "received")
    assert second.idea.number == first.idea.number + 1
    assert first.idea.slug == "een-bankje-bij-de-vijver"
    with platform.read(anonymous()) as uow:
        idea = visible_idea(uow, first.idea.slug)
        assert (idea.supports, idea.open_supports, idea.all_supports) == (1, 0, 1)
        assert (idea.ends_on - today(uow)).days == 90
        assert term_of(idea, today(uow)) == "running"
        assert [step.kind for step in uow.session.scalars(select(IdeaStep).where(IdeaStep.idea_id == idea.id))] == ["received"]
        card = uow.session.get_one(Subject, idea.id)
        assert card.public


def test_without_account_one_gets_a_code_that_opens_it_again(platform: Platform) -> None:
    proposed = propose(platform, anonymous("web"), name="Anna", email="anna@example.org")
    assert proposed.code
    with platform.unit_of_work(anonymous("web")) as uow:
        assert idea_by_code(uow, proposed.code.lower().replace("-", " ")).id == proposed.idea.id
        with pytest.raises(Invalid):
            idea_by_code(uow, "7F4K-9Q2M-X3TB")
        edit = EditIdea(**{**WORDS, "title": "Twee bankjes"}, version=proposed.idea.version)
        with pytest.raises(NotAllowed):
            edit_idea(uow, proposed.idea.id, edit)
        assert edit_idea(uow, proposed.idea.id, edit, code=proposed.code).title == "Twee bankjes"


def test_a_city_may_want_a_mail_or_an_account_first(platform: Platform) -> None:
    set_to(platform, open_ideas="mail")
    with pytest.raises(Invalid) as wrong:
        propose(platform, anonymous("web"))
    assert "email" in wrong.value.errors
    proposed = propose(platform, anonymous("web"), email="anna@example.org")
    with platform.unit_of_work(anonymous("web")) as uow:
        assert proposed.idea.state == "unconfirmed"
        with pytest.raises(NotFound):
            visible_idea(uow, proposed.idea.id)
        with pytest.raises(Gone):
            confirm_idea(uow, proposed.idea.id, "wrong")
        confirmed = confirm_idea(uow, proposed.idea.id, token_of(uow, proposed.idea))
        assert (confirmed.state, confirmed.all_supports) == ("published", 0)
        assert confirm_idea(uow, proposed.idea.id, token_of(uow, confirmed)).state == "published"
    set_to(platform, open_ideas="account")
    with pytest.raises(NotAllowed) as refused:
        propose(platform, anonymous("web"))
    assert refused.value.log_in


def test_everything_that_is_wrong_is_told_at_once(platform: Platform, actor_as: Any) -> None:
    with pytest.raises(Invalid) as wrong:
        propose(platform, actor_as("resident"), kind="challenge", where="place", challenge=Challenge(task="Groen"), email="a@b.nl")
    assert set(wrong.value.errors) == {"place", "challenge.motivation", "challenge.applicant", "email"}


def test_a_place_outside_the_city_is_refused_and_an_area_stays(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        buurt = make_area(uow)
    resident = actor_as("resident")
    assert propose(platform, resident, where="area", area_id=buurt.id).idea.area_id == buurt.id
    words = propose(platform, resident, where="place", place=PlaceValue("bij de brug"), area_id=buurt.id).idea
    assert (words.place, words.area_id, words.whole_city) == ("bij de brug", buurt.id, False)
    with pytest.raises(Invalid) as wrong:
        propose(platform, resident, where="area", area_id=resident.account_id)
    assert "area_id" in wrong.value.errors


def test_a_challenge_has_its_own_term(platform: Platform, actor_as: Any) -> None:
    asked = Challenge(task="Het groen onderhouden", motivation="Wij wonen er", applicant="Bewoners", needs="gereedschap", people=12)
    idea = propose(platform, actor_as("resident"), kind="challenge", challenge=asked).idea
    assert idea.challenge is not None
    assert (idea.challenge["people"], idea.challenge["applicant"]) == (12, "Bewoners")
    with platform.read(anonymous()) as uow:
        assert (idea.decide_by - today(uow)).days == 7 * platform.setting(CHALLENGE_WEEKS)


def test_it_changes_until_somebody_else_supports_it(platform: Platform, actor_as: Any) -> None:
    author, other = actor_as("resident"), actor_as("resident")
    idea = propose(platform, author).idea
    with platform.unit_of_work(author) as uow:
        changed = edit_idea(
            uow, idea.id, EditIdea(**{**WORDS, "title": "Twee bankjes"}, version=uow.session.get_one(Idea, idea.id).version)
        )
        assert changed.slug == "een-bankje-bij-de-vijver"
    with platform.unit_of_work(author) as uow, pytest.raises(Conflict) as late:
        edit_idea(uow, idea.id, EditIdea(**WORDS, version=1))
    assert late.value.current["title"] == "Twee bankjes"
    with platform.unit_of_work(other) as uow:
        give_voice(uow, idea.id, GiveVoice())
    with platform.unit_of_work(author) as uow:
        now = uow.session.get_one(Idea, idea.id)
        assert not can_edit(uow, now)
        with pytest.raises(Gone):
            edit_idea(uow, idea.id, EditIdea(**WORDS, version=now.version))


def test_withdrawing_leaves_the_card_and_nobody_s_name(platform: Platform, actor_as: Any) -> None:
    author = actor_as("resident")
    idea = propose(platform, author).idea
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        withdraw_idea(uow, idea.id, WithdrawIdea(version=idea.version))
    with platform.unit_of_work(author) as uow:
        now = uow.session.get_one(Idea, idea.id)
        gone = withdraw_idea(uow, idea.id, WithdrawIdea(version=now.version, reason="Is er al"))
        assert (gone.state, gone.author_name) == ("withdrawn", "")
        assert withdraw_idea(uow, idea.id, WithdrawIdea(version=1)).state == "withdrawn"
    with platform.read(anonymous()) as uow:
        assert not uow.session.get_one(Subject, idea.id).public
        assert visible_idea(uow, idea.slug).state == "withdrawn"


def test_nobody_gets_past_the_limit_by_asking_at_once(platform: Platform, actor_as: Any) -> None:
    set_to(platform, ideas_per_person=2)
    resident = actor_as("resident")
    results: list[str] = []

    def one(number: int) -> None:
        try:
            propose(platform, resident, title=f"Idee nummer {number}")
            results.append("yes")
        except Invalid:
            results.append("no")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["no", "no", "no", "yes", "yes"]
    with platform.read(anonymous()) as uow:
        numbers = list(uow.session.scalars(select(Idea.number).order_by(Idea.number)))
        assert len(set(numbers)) == 2
        assert len(list(uow.session.scalars(select(Voice.id)))) == 2
    with platform.unit_of_work(resident) as uow:
        first = uow.session.scalars(select(Idea).limit(1)).one()
        withdraw_idea(uow, first.id, WithdrawIdea(version=first.version))
    assert propose(platform, resident, title="Weer plaats").idea.state == "published"


def test_the_same_form_sent_twice_is_one_idea(platform: Platform, actor_as: Any) -> None:
    for actor in (anonymous("web"), actor_as("resident")):
        found = set()
        for _time in range(2):
            with platform.unit_of_work(actor) as uow:
                found.add(propose_idea(uow, ProposeIdea(**WORDS), nonce="abc").idea.id)
        assert len(found) == 1


def test_settings_have_their_names(platform: Platform) -> None:
    assert platform.setting(OPEN_IDEAS) == "code"
    assert platform.setting(IDEAS_PER_PERSON) == 5

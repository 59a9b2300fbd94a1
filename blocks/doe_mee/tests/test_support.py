"""Support for an idea: one voice each however it is given, counted apart, reached once, and never lost."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from samen_core.actor import Actor, anonymous, system
from samen_core.api import Gone, Invalid, NotAllowed, Platform, change_settings, new_code
from samen_core.testing.platforms import Clock, Outbox
from samen_doe_mee.models import Idea, IdeaStep, Voice
from samen_doe_mee.schemas.support import GiveVoice
from samen_doe_mee.services.reaching import reached_tasks
from samen_doe_mee.services.support import confirm_voice, give_voice, hear_news, supports, take_back, voice_at
from samen_doe_mee.services.support_claims import claim_voices
from samen_doe_mee.settings import OPEN_SUPPORT
from samen_doe_mee.testing_support import an_idea

ActorAs = Callable[..., Actor]
MAIL = "noor@example.org"


def numbers(platform: Platform, idea: Idea) -> tuple[int, int, int]:
    """Its voices of accounts, of others and together."""
    with platform.read(system("test")) as uow:
        found = uow.session.get_one(Idea, idea.id)
        return found.supports, found.open_supports, found.all_supports


def give(platform: Platform, actor: Actor, idea: Idea, device: str = "", **values: Any) -> str:
    """Support it; what became of that."""
    with platform.unit_of_work(actor) as uow:
        return give_voice(uow, idea.id, GiveVoice(**values), device=device).state


def key_in(outbox: Outbox, to: str = MAIL) -> str:
    """The key of the link in the newest mail to somebody."""
    body = [mail for mail in outbox.mails() if mail.to == to][-1].text
    found = re.search(r"/doe-mee/bevestigen/(\w+)", body)
    assert found
    return found[1]


def test_each_way_counts_once_and_apart(platform: Platform, actor_as: ActorAs, outbox: Outbox) -> None:
    idea, person, device = an_idea(platform, needed=None), actor_as("resident"), new_code()
    assert [give(platform, person, idea), give(platform, person, idea)] == ["counted", "again"]
    assert [give(platform, anonymous(), idea, device), give(platform, anonymous(), idea, device)] == ["counted", "again"]
    assert give(platform, anonymous(), idea, email=MAIL) == "mailed"
    assert numbers(platform, idea) == (1, 1, 2), "what nobody confirmed does not count"
    key = key_in(outbox)
    for state in ("counted", "again"):
        with platform.unit_of_work(anonymous()) as uow:
            assert confirm_voice(uow, key).state == state
    assert numbers(platform, idea) == (1, 2, 3)
    with platform.read(anonymous()) as uow:
        assert supports(uow, idea.id, device)
        assert not supports(uow, idea.id, new_code())
        assert uow.session.execute(select(Voice.email).where(Voice.way == "mail")).scalar_one() == "", "no news wanted: no address kept"


def test_taking_back_counts_down_once(platform: Platform, actor_as: ActorAs, outbox: Outbox) -> None:
    idea, person, device = an_idea(platform), actor_as("resident"), new_code()
    give(platform, person, idea)
    give(platform, anonymous(), idea, device)
    give(platform, anonymous(), idea, email=MAIL, wants_news=True)
    key = key_in(outbox)
    with platform.unit_of_work(anonymous()) as uow:
        confirm_voice(uow, key)
    for actor, how in ((person, {}), (anonymous(), {"device": device}), (anonymous(), {"key": key})):
        with platform.unit_of_work(actor) as uow:
            assert take_back(uow, idea.id, **how)
        with platform.unit_of_work(actor) as uow:
            assert not take_back(uow, idea.id, **how)
    assert numbers(platform, idea) == (0, 0, 0)
    assert give(platform, person, idea) == "counted"


def test_reaching_happens_once_at_the_last_voice(platform: Platform, actor_as: ActorAs, outbox: Outbox) -> None:
    author, moderator = actor_as("resident"), actor_as("moderator")
    idea = an_idea(platform, account_id=author.account_id)
    people = [actor_as("resident") for _number in range(2)]
    give(platform, people[0], idea, wants_news=True)
    give(platform, people[1], idea)
    assert not outbox.events("doe_mee.idea.reached")
    device = new_code()
    give(platform, anonymous(), idea, device)
    with platform.read(moderator) as uow:
        stored = uow.session.get_one(Idea, idea.id)
        assert stored.reached_at is not None
        assert stored.answer_by is not None
        assert [task.count for task in reached_tasks(uow)] == [1]
    with platform.unit_of_work(anonymous()) as uow:
        take_back(uow, idea.id, device=device)
    give(platform, anonymous(), idea, new_code())
    assert len(outbox.events("doe_mee.idea.reached")) == 1
    with platform.read(author) as uow:
        assert uow.session.execute(select(IdeaStep.kind)).scalars().all() == ["reached"]
        assert reached_tasks(uow) == []
    subjects = [mail.subject for mail in outbox.mails()]
    assert sorted(subjects) == ["Een idee dat u steunt, heeft genoeg steun", "Uw idee heeft genoeg steun"]
    assert all("@" not in mail.text for mail in outbox.mails()), "nobody sees the address of another"


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "values", [{"state": "withdrawn"}, {"state": "merged"}, {"status": "not_possible"}, {"status": "carried_out"}, {"ends_on": -1}]
)
def test_what_is_over_cannot_be_supported(platform: Platform, actor_as: ActorAs, clock: Clock, values: dict[str, Any]) -> None:
    if "ends_on" in values:
        values = {"ends_on": clock().date() - timedelta(days=1)}
    idea = an_idea(platform, **values)
    with pytest.raises(Gone):
        give(platform, actor_as("resident"), idea)
    with pytest.raises(Gone):
        give(platform, anonymous(), idea, new_code())
    assert numbers(platform, idea) == (0, 0, 0)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_who_may_not(platform: Platform, actor_as: ActorAs) -> None:
    author = actor_as("resident")
    idea = an_idea(platform, account_id=author.account_id)
    assert [give(platform, author, idea), give(platform, author, idea)] == ["counted", "again"], "who proposed it is one voice too"
    with pytest.raises(Invalid):
        give(platform, anonymous(), idea, "geen code")
    with platform.unit_of_work(system("test")) as uow:
        change_settings(uow, {OPEN_SUPPORT: False})
    with pytest.raises(NotAllowed) as refused:
        give(platform, anonymous(), idea, new_code())
    assert refused.value.log_in
    assert give(platform, actor_as("resident"), idea) == "counted"


def test_an_account_takes_over_what_its_address_and_its_browser_said(platform: Platform, actor_as: ActorAs, outbox: Outbox) -> None:
    person, device = actor_as("resident"), new_code()
    with platform.read(system("test")) as uow:
        from samen_core.api import ACCOUNT_ADDRESSES

        email = uow.session.execute(select(ACCOUNT_ADDRESSES.c.email).where(ACCOUNT_ADDRESSES.c.id == person.account_id)).scalar_one()
    first, second, third = an_idea(platform, "Een"), an_idea(platform, "Twee"), an_idea(platform, "Drie")
    give(platform, anonymous(), first, device)
    assert give(platform, person, first, device) == "counted"
    assert numbers(platform, first) == (1, 0, 1)
    # Confirmed with the address of an account: at once that of the account, and not a second one.
    give(platform, anonymous(), second, email=email)
    with platform.unit_of_work(anonymous()) as uow:
        confirm_voice(uow, key_in(outbox, email))
    assert numbers(platform, second) == (1, 0, 1)
    assert give(platform, person, second) == "again"
    # Given before the account was there.
    give(platform, anonymous(), third, email=MAIL, wants_news=True)
    with platform.unit_of_work(anonymous()) as uow:
        confirm_voice(uow, key_in(outbox))
    assert numbers(platform, third) == (0, 1, 1)
    give(platform, person, third)
    with platform.unit_of_work(system("test")) as uow:
        from samen_core.accounts.models import User

        uow.session.get_one(User, person.account_id).email = MAIL
        uow.session.flush()
        assert claim_voices(uow, person.account_id) == 0, "the account has a voice already"
    assert numbers(platform, third) == (1, 0, 1)


def test_what_is_not_confirmed_in_time_is_over(platform: Platform, clock: Clock, outbox: Outbox) -> None:
    idea = an_idea(platform)
    give(platform, anonymous(), idea, email=MAIL)
    key = key_in(outbox)
    clock.forward(days=15)
    with platform.unit_of_work(anonymous()) as uow, pytest.raises(Gone):
        confirm_voice(uow, key)
    with platform.unit_of_work(anonymous()) as uow, pytest.raises(Gone):
        voice_at(uow, "verzonnen")
    give(platform, anonymous(), idea, email=MAIL)
    with platform.unit_of_work(anonymous()) as uow:
        assert confirm_voice(uow, key_in(outbox)).state == "counted"


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_who_wants_no_more_news_is_forgotten_as_address(platform: Platform, outbox: Outbox) -> None:
    idea = an_idea(platform)
    give(platform, anonymous(), idea, email=MAIL, wants_news=True)
    with platform.unit_of_work(anonymous()) as uow:
        id = confirm_voice(uow, key_in(outbox)).voice_id
        assert id
        voice = uow.session.get_one(Voice, id)
        assert voice.email
        assert MAIL not in voice.email
        hear_news(uow, id, wants=False)
        assert (voice.email, voice.wants_news) == ("", False)
    assert numbers(platform, idea) == (0, 1, 1)


def test_many_at_once_are_one_voice_each(platform: Platform, actor_as: ActorAs) -> None:
    idea, person, device = an_idea(platform, needed=9), actor_as("resident"), new_code()
    voices: list[tuple[Actor, str]] = [(person, ""), (anonymous(), device)] * 4 + [(anonymous(), new_code()) for _n in range(8)]
    states: list[str] = []

    def one(actor: Actor, code: str) -> None:
        states.append(give(platform, actor, idea, code))

    threads = [threading.Thread(target=one, args=voice) for voice in voices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states) == ["again"] * 6 + ["counted"] * 10
    assert numbers(platform, idea) == (1, 9, 10)
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(IdeaStep.kind)).scalars().all() == ["reached"]

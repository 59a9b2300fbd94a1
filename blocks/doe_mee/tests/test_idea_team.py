"""News of an idea and who carries it: who may, what is mailed and how often, and leaving whatever became of the idea."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from samen_core.actor import Actor, anonymous, system
from samen_core.api import Gone, Invalid, NotAllowed, Platform, cards
from samen_core.testing.platforms import Clock, Outbox
from samen_core.testing.visitors import SAME_SITE, send_form, text_of
from samen_doe_mee import paths
from samen_doe_mee.models import CoInitiator, Idea, IdeaNews
from samen_doe_mee.schemas.idea_team import AskCoInitiator, Carry, WriteIdeaNews
from samen_doe_mee.schemas.support import GiveVoice
from samen_doe_mee.services import co_initiators
from samen_doe_mee.services.idea_news import hide_news, send_waiting, show_news, tell_news, withdraw_news
from samen_doe_mee.services.support import give_voice
from samen_doe_mee.testing_support import an_idea

ActorAs = Callable[..., Actor]
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def tell(platform: Platform, actor: Actor, idea: Idea, text: str) -> IdeaNews:
    with platform.unit_of_work(actor) as uow:
        return tell_news(uow, idea.id, WriteIdeaNews(text=text))


def token_in(outbox: Outbox) -> str:
    found = re.search(r"/doe-mee/meedragen/([\w-]+)", outbox.mails()[-1].text)
    assert found
    return found[1]


def carried_by(platform: Platform, author: Actor, other: Actor, idea: Idea, outbox: Outbox) -> None:
    """Let another carry the idea too."""
    with platform.unit_of_work(author) as uow:
        co_initiators.ask_to_carry(uow, idea.id, AskCoInitiator(email="sam@example.org"))
    with platform.unit_of_work(other) as uow:
        co_initiators.accept(uow, token_in(outbox), Carry(name="Sam"))


def test_news_is_mailed_at_most_once_in_three_days(platform: Platform, actor_as: ActorAs, outbox: Outbox, clock: Clock) -> None:
    author, follower, other = actor_as("resident"), actor_as("resident"), actor_as("resident")
    idea = an_idea(platform, account_id=author.account_id, needed=None)
    for actor, wants in ((follower, True), (other, False)):
        with platform.unit_of_work(actor) as uow:
            give_voice(uow, idea.id, GiveVoice(wants_news=wants))
    tell(platform, author, idea, "Het eerste nieuws.")
    assert len(outbox.mails()) == 1
    clock.forward(hours=5)
    tell(platform, author, idea, "Het tweede nieuws.")
    tell(platform, author, idea, "Het derde nieuws.")
    with platform.unit_of_work(system("test")) as uow:
        assert send_waiting(uow) == 0
    assert len(outbox.mails()) == 1
    clock.forward(days=3)
    for number in (1, 0):
        with platform.unit_of_work(system("test")) as uow:
            assert send_waiting(uow) == number
    mails = outbox.mails()
    assert len(mails) == 2
    assert "Het tweede nieuws.\n\nHet derde nieuws." in mails[-1].text
    assert "Het eerste nieuws." not in mails[-1].text
    assert "/doe-mee/bevestigen/" in mails[-1].text, "with the way to get no more"


def test_who_may_tell_and_take_back(platform: Platform, actor_as: ActorAs, outbox: Outbox) -> None:
    author, sam, stranger = actor_as("resident"), actor_as("resident"), actor_as("resident")
    idea = an_idea(platform, account_id=author.account_id)
    for actor in (stranger, anonymous(), sam):
        with pytest.raises(NotAllowed):
            tell(platform, actor, idea, "Mag niet.")
    carried_by(platform, author, sam, idea, outbox)
    news = tell(platform, sam, idea, "Wij zoeken helpers.")
    with pytest.raises(Invalid):
        tell(platform, author, idea, "  ")
    with platform.unit_of_work(stranger) as uow, pytest.raises(NotAllowed):
        withdraw_news(uow, news.id)
    with platform.unit_of_work(stranger) as uow, pytest.raises(NotAllowed):
        hide_news(uow, news.id, "advertising", "Dit is reclame.")
    hidden = tell(platform, author, idea, "Koop nu.")
    with platform.unit_of_work(actor_as("moderator")) as uow:
        hide_news(uow, hidden.id, "advertising", "Dit is reclame voor een winkel.")
    with platform.unit_of_work(author) as uow:
        withdraw_news(uow, news.id)
        withdraw_news(uow, news.id)
    with platform.unit_of_work(author) as uow, pytest.raises(NotAllowed):
        show_news(uow, hidden.id, "Ik wil het terug.")
    with platform.unit_of_work(actor_as("moderator")) as uow, pytest.raises(Invalid):
        show_news(uow, news.id, "Wie het schreef haalde het zelf weg.")
    with platform.read(system("test")) as uow:
        states = uow.session.execute(select(IdeaNews.state).order_by(IdeaNews.id)).scalars().all()
        assert sorted(states) == ["hidden", "withdrawn"]
    with platform.unit_of_work(actor_as("moderator")) as uow:
        show_news(uow, hidden.id, "Het ging over een rommelmarkt voor het goede doel.")
    with platform.read(anonymous()) as uow:
        assert uow.session.get_one(IdeaNews, hidden.id).state == "published"
        assert list(cards(uow, [hidden.id])) == [hidden.id]
    with platform.read(system("test")) as uow:
        uow.session.get_one(Idea, idea.id)


def test_an_invitation_works_once_and_leaving_always(platform: Platform, actor_as: ActorAs, outbox: Outbox, clock: Clock) -> None:
    author, sam = actor_as("resident"), actor_as("resident")
    idea = an_idea(platform, account_id=author.account_id)
    with platform.unit_of_work(sam) as uow, pytest.raises(NotAllowed):
        co_initiators.ask_to_carry(uow, idea.id, AskCoInitiator(email="iemand@example.org"))
    carried_by(platform, author, sam, idea, outbox)
    with platform.unit_of_work(sam) as uow, pytest.raises(Gone):
        co_initiators.accept(uow, token_in(outbox), Carry())
    with platform.unit_of_work(author) as uow:
        co_initiators.ask_to_carry(uow, idea.id, AskCoInitiator(email="anna@example.org"))
        with pytest.raises(Invalid):
            co_initiators.ask_to_carry(uow, idea.id, AskCoInitiator(email="Anna@example.org"))
    with platform.unit_of_work(sam) as uow, pytest.raises(Invalid):
        co_initiators.accept(uow, token_in(outbox), Carry())
    clock.forward(days=31)
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(Gone):
        co_initiators.accept(uow, token_in(outbox), Carry())
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Idea, idea.id).state = "hidden"
    with platform.unit_of_work(sam) as uow:
        assert [one.id for one in co_initiators.carried(uow)] == [idea.id]
        co_initiators.leave(uow, idea.id)
    with platform.read(system("test")) as uow:
        assert [row.email for row in uow.session.execute(select(CoInitiator)).scalars()] == ["anna@example.org"]


@SQLITE
def test_the_pages(platform: Platform, as_role: Any, client: Any, outbox: Outbox) -> None:
    browser = as_role("resident")
    with platform.unit_of_work(system("test")) as uow:
        from samen_core.accounts.models import User

        author_id = uow.session.execute(select(User.id)).scalar_one()
    idea = an_idea(platform, account_id=author_id)
    page = paths.idea(idea.slug)
    assert send_form(browser, paths.idea(idea.slug, "nieuws"), page=page, text="").status_code == 400
    send_form(browser, paths.idea(idea.slug, "nieuws"), page=page, text="Er is een tekening.")
    assert send_form(browser, paths.idea(idea.slug, "team"), page=page, email="fout").status_code == 400
    send_form(browser, paths.idea(idea.slug, "team"), page=page, email="sam@example.org")
    assert "sam@example.org" in browser.get(page).text, "its author sees who was asked"
    seen = text_of(client.get(page).text)
    assert "Er is een tekening." in seen
    assert "sam@example.org" not in client.get(page).text
    sam, link = as_role("resident"), f"{paths.CARRY}/{token_in(outbox)}"
    assert send_form(sam, link, name="Sam").status_code == 303
    assert "Sam" in text_of(client.get(page).text)
    assert client.get(paths.CARRY).status_code in (302, 303)
    sam.get(paths.CARRY)
    send_form(sam, f"{paths.CARRY}/verlaten/{idea.id}", page=paths.CARRY)
    assert "Wie het mee dragen" not in text_of(client.get(page).text)
    assert client.post(paths.idea(idea.slug, "nieuws"), data={"text": "Ik ben het niet."}, headers=SAME_SITE).status_code in (302, 303, 403)

"""The page of an idea: supporting and reacting on it without account, what was typed kept, and a cost that does not grow."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from samen_core.actor import anonymous, system
from samen_core.api import Platform
from samen_core.testing.platforms import Clock, Outbox
from samen_core.testing.statements import sent_statements
from samen_core.testing.visitors import SAME_SITE, send_form, text_of
from samen_doe_mee import paths
from samen_doe_mee.events.ideas import IdeaMoved
from samen_doe_mee.models import Idea, Trace, Voice
from samen_doe_mee.services.idea_common import locked_idea, tell
from samen_doe_mee.services.idea_mails import carriers
from samen_doe_mee.services.idea_talk import open_talk
from samen_doe_mee.testing_support import an_idea
from samen_inbreng.api import Activity, Contribute, contribute

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def with_talk(platform: Platform, **values: Any) -> Idea:
    """An idea on which people may react."""
    idea = an_idea(platform, **values)
    with platform.unit_of_work(system("test")) as uow:
        open_talk(uow, uow.session.get_one(Idea, idea.id))
    return idea


def react(client: Any, clock: Clock, idea: Idea, **values: str) -> Any:
    """React on it as a visitor who takes some time."""
    mark = re.search(r'name="formulier" value="([^"]+)"', client.get(paths.idea(idea.slug)).text)
    assert mark
    clock.forward(seconds=10)
    sent = {"formulier": mark[1], "website": "", **values}
    return client.post(paths.idea(idea.slug, "reageren"), data=sent, headers=SAME_SITE)


@SQLITE
def test_one_press_supports_it_and_another_takes_it_back(platform: Platform, client: Any) -> None:
    idea = an_idea(platform)
    page = paths.idea(idea.slug)
    answer = send_form(client, paths.idea(idea.slug, "steunen"), page=page)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page}#steun")
    said = text_of(client.get(page).text)
    assert "U steunt dit idee." in said
    assert "0 met een account · 1 zonder account" in said
    code = re.search(r"Uw code is ([0-9A-Z-]{14})", said)
    assert code, "the receipt is shown"
    other = platform_client(client)
    assert "U steunt dit idee." not in text_of(other.get(page).text)
    send_form(other, paths.idea(idea.slug, "steun-intrekken"), page=page, code=code[1].lower())
    assert "0 zonder account" in text_of(client.get(page).text)
    with platform.read(system("test")) as uow:
        trace = uow.session.execute(select(Trace)).scalar_one()
        assert (trace.what, "127.0.0.1" in trace.origin) == ("voice", False)


def platform_client(client: Any) -> Any:
    """Another browser."""
    return client.application.test_client()


@SQLITE
def test_an_address_that_is_wrong_is_kept_as_typed(platform: Platform, client: Any) -> None:
    idea = an_idea(platform)
    for values in ({"email": "geen adres"}, {"email": "", "wants_news": "true"}):
        answer = send_form(client, paths.idea(idea.slug, "steunen"), page=paths.idea(idea.slug), **values)
        assert answer.status_code == 400
        assert "Dit moet nog anders" in answer.text
    assert 'value="geen adres"' in send_form(client, paths.idea(idea.slug, "steunen"), page=paths.idea(idea.slug), email="geen adres").text
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(func.count()).select_from(Voice)).scalar_one() == 0


@SQLITE
def test_the_link_in_the_mail_confirms_only_by_its_button(platform: Platform, client: Any, outbox: Outbox) -> None:
    idea = an_idea(platform)
    send_form(client, paths.idea(idea.slug, "steunen"), page=paths.idea(idea.slug), email="noor@example.org", wants_news="true")
    link = re.search(r"/doe-mee/bevestigen/\w+", outbox.mails()[-1].text)
    assert link
    visitor = platform_client(client)
    for _time in range(2):
        assert "Druk op de knop" in text_of(visitor.get(link[0]).text)
    send_form(visitor, link[0], wat="bevestig")
    assert "U steunt dit idee sinds" in text_of(visitor.get(link[0]).text)
    # The button of a mail program, without any page.
    assert visitor.post(link[0], data={"List-Unsubscribe": "One-Click"}).status_code in (303, 403)
    visitor.post(link[0], data={"wat": "geen-mail"}, headers=SAME_SITE)
    assert "U krijgt geen mail over dit idee" in text_of(visitor.get(link[0]).text)
    visitor.post(link[0], data={"wat": "intrekken"}, headers=SAME_SITE)
    assert visitor.get(link[0]).status_code == 410
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Idea, idea.id).all_supports == 0


@SQLITE
def test_who_has_an_account_supports_with_it(platform: Platform, as_role: Any) -> None:
    idea, client = an_idea(platform), as_role("resident")
    send_form(client, paths.idea(idea.slug, "steunen"), page=paths.idea(idea.slug), wants_news="true")
    assert "1 met een account" in text_of(client.get(paths.idea(idea.slug)).text)
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Voice.wants_news)).scalar_one() is True
        assert uow.session.execute(select(func.count()).select_from(Trace)).scalar_one() == 0, "an account needs no trace"


def test_people_react_on_the_page(platform: Platform, client: Any, clock: Clock) -> None:
    idea = with_talk(platform)
    assert react(client, clock, idea, text="").status_code == 400
    answer = react(client, clock, idea, text="Graag een bankje met rugleuning.")
    assert answer.status_code == 303
    said = text_of(client.get(paths.idea(idea.slug)).text)
    assert "Graag een bankje met rugleuning." in said
    with platform.read(system("test")) as uow:
        talk = uow.session.execute(select(Activity)).scalar_one()
        assert (talk.subject_id, talk.listed, talk.page) == (idea.id, False, paths.idea(idea.slug))
        assert uow.session.execute(select(Trace.what)).scalar_one() == "contribution"
    assert client.get(f"/inbreng/{talk.slug}").headers["Location"] == paths.idea(idea.slug)


def test_reactions_close_and_open_with_the_idea(platform: Platform, client: Any, clock: Clock, outbox: Outbox) -> None:
    idea = with_talk(platform)
    page = client.get(paths.idea(idea.slug)).text
    for status, is_open in (("not_possible", False), ("in_conversation", True)):
        with platform.unit_of_work(system("test")) as uow:
            found = locked_idea(uow, idea.id)
            found.status, found.ended_at = status, None if is_open else uow.now
            tell(uow, IdeaMoved, found)
        outbox.drain()
        with platform.read(system("test")) as uow:
            talk = uow.session.execute(select(Activity)).scalar_one()
            assert ((talk.closed_at is None), (talk.finished_at is None)) == (is_open, is_open)
        if not is_open:
            mark = re.search(r'name="formulier" value="([^"]+)"', page)
            assert mark
            clock.forward(seconds=10)
            sent = {"formulier": mark[1], "website": "", "text": "Toch graag."}
            answer = client.post(paths.idea(idea.slug, "reageren"), data=sent, headers=SAME_SITE)
            assert answer.status_code == 400
            assert "Toch graag." in answer.text, "what was typed too late can be copied"
    assert react(client, clock, idea, text="Fijn.").status_code == 303


@SQLITE
def test_an_idea_with_two_hundred_reactions_costs_what_one_costs(platform: Platform, client: Any) -> None:
    idea = with_talk(platform)
    counts = []
    for number in (2, 200):
        with platform.unit_of_work(anonymous()) as uow:
            talk_id = uow.session.get_one(Idea, idea.id).talk_id
            assert talk_id
            for at in range(number):
                contribute(uow, talk_id, Contribute(text=f"Reactie {at}."))
        client.get(paths.idea(idea.slug))
        with sent_statements(platform) as statements:
            assert client.get(paths.idea(idea.slug)).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[1] <= 10, "\n".join(statements)


@SQLITE
def test_who_proposed_an_idea_ends_the_mail_by_the_button(platform: Platform, client: Any) -> None:
    idea = an_idea(platform, email="noor@example.org", wants_mail=True)
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Idea, idea.id).email_confirmed_at = uow.now
    with platform.read(system("test")) as uow:
        link = carriers(uow, uow.session.get_one(Idea, idea.id))[0].stop
    assert f"geen mail meer over “{idea.title}”" in text_of(client.get(link).text)
    send_form(client, link)
    assert f"U krijgt geen mail meer over “{idea.title}”" in text_of(client.get(link).text)
    assert client.get(f"{paths.NO_IDEA_MAIL}/verlopen").status_code == 410

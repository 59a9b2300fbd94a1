"""The pages of ideas: proposing without account and JavaScript, the list, one idea, and the desk."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from citycontent.testing import make_area
from samen_core.api import Platform, anonymous, system
from samen_core.testing.statements import sent_statements
from samen_core.testing.visitors import Forms
from samen_doe_mee import paths
from samen_doe_mee.models import Idea
from samen_doe_mee.testing_support import an_idea

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def text_of(html: str) -> str:
    body = "<main" + html.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def form_of(html: str, action: str, **values: Any) -> MultiDict[str, str]:
    """The form of a page with these values in it, as a browser sends it."""
    pairs = [pair for pair in Forms(html).pairs(action) if pair[0] not in values]
    return MultiDict([*pairs, *values.items()])


def to_step_2(client: FlaskClient, **values: Any) -> Any:
    first = {"title": "Een bankje <b>bij</b> de vijver", "text": "Dan zit ik daar.", "naar": "verder", **values}
    form = form_of(client.get(paths.NEW_IDEA).text, paths.NEW_IDEA, **first)
    return client.post(paths.NEW_IDEA, data=form, headers=SAME_SITE, content_type="multipart/form-data")


def test_somebody_without_account_proposes_gets_a_code_and_changes_it(platform: Platform, client: FlaskClient, outbox: Any) -> None:
    step = to_step_2(client)
    assert step.status_code == 200
    assert "Een bankje &lt;b&gt;bij&lt;/b&gt; de vijver" in step.text
    wrong = client.post(paths.NEW_IDEA, data=form_of(step.text, paths.NEW_IDEA, naar="versturen", name="Anna"), headers=SAME_SITE)
    assert wrong.status_code == 400
    assert "Dan zit ik daar." in wrong.text
    assert 'value="Anna"' in wrong.text
    sent = client.post(paths.NEW_IDEA, data=form_of(wrong.text, paths.NEW_IDEA, naar="versturen", where="city"), headers=SAME_SITE)
    assert sent.status_code == 303
    receipt = client.get(sent.headers["Location"]).text
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text_of(receipt))
    assert code is not None
    assert code[0] not in client.get(sent.headers["Location"], follow_redirects=True).text
    with platform.read(anonymous()) as uow:
        idea = uow.session.query(Idea).one()
        assert (idea.title, idea.author_name, idea.whole_city) == ("Een bankje <b>bij</b> de vijver", "Anna", True)
    path = paths.idea(idea.slug)
    assert "Wijzig uw idee" in client.get(path).text
    stranger = platform_client(client)
    assert "Wijzig uw idee" not in stranger.get(path).text
    assert stranger.get(f"{path}/bewerken").status_code in (302, 303, 403)
    found = stranger.post(f"{paths.IDEAS}/mijn-code", data={"code": code[0].lower(), "naar": "idee"}, headers=SAME_SITE)
    assert found.headers["Location"].endswith(path)
    edit = stranger.get(f"{path}/bewerken")
    form = form_of(edit.text, f"{path}/bewerken", title="Twee bankjes bij de vijver")
    assert stranger.post(f"{path}/bewerken", data=form, headers=SAME_SITE).status_code == 303
    assert "Twee bankjes bij de vijver" in stranger.get(path).text
    gone = form_of(stranger.get(f"{path}/intrekken").text, f"{path}/intrekken", reason="Is er al")
    assert stranger.post(f"{path}/intrekken", data=gone, headers=SAME_SITE).status_code == 303
    tomb = stranger.get(path)
    assert tomb.status_code == 410
    assert "Is er al" in tomb.text
    assert "Dan zit ik daar" not in tomb.text


def platform_client(client: FlaskClient) -> FlaskClient:
    return client.application.test_client()


def test_wrong_first_steps_keep_what_was_typed(client: FlaskClient) -> None:
    wrong = to_step_2(client, title="Kort", kind="challenge", **{"challenge.task": "Het groen"})
    assert wrong.status_code == 400
    assert "Dan zit ik daar." in wrong.text
    assert "Het groen" in wrong.text
    assert "Schrijf waarom u dit wilt en kunt." in wrong.text
    trapped = to_step_2(client, website="x")
    assert trapped.status_code == 400


def test_the_list_filters_and_sorts_and_leaves_out_what_is_no_idea_for_everybody(platform: Platform, client: FlaskClient) -> None:
    an_idea(platform, "Meer bomen", all_supports=5, status="in_conversation")
    an_idea(platform, "Een speeltuin", all_supports=2)
    an_idea(platform, "Verborgen", state="hidden")
    an_idea(platform, "Dubbel", state="merged")
    page = client.get(paths.IDEAS)
    words = text_of(page.text)
    assert "2 ideeën" in words
    assert "Verborgen" not in words
    assert "Dubbel" not in words
    by_support = client.get(f"{paths.IDEAS}?volgorde=steun").text
    assert by_support.index("Meer bomen") < by_support.index("Een speeltuin")
    assert "Een speeltuin" not in text_of(client.get(f"{paths.IDEAS}?status=in_conversation").text)
    assert "Meer bomen" not in text_of(client.get(f"{paths.IDEAS}?q=speeltuin").text)
    assert client.get(f"{paths.IDEAS}?volgorde=einde&steun=lopend").status_code == 200
    assert client.get(f"{paths.IDEAS}?status=weg").status_code == 400


def test_a_point_outside_the_city_can_be_taken_away(platform: Platform, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        make_area(uow)
    step = to_step_2(client)
    place = {"place.lat": "48,85", "place.lon": "2,35"}
    chosen = client.post(
        paths.NEW_IDEA, data=form_of(step.text, paths.NEW_IDEA, naar="versturen", where="place", **place), headers=SAME_SITE
    )
    assert chosen.status_code == 400
    assert "Het punt dat u koos, ligt niet op de kaart." in text_of(chosen.text)
    assert "dm-chosen" not in chosen.text
    assert 'value="zonder-punt"' in chosen.text
    taken = client.post(paths.NEW_IDEA, data=form_of(chosen.text, paths.NEW_IDEA, naar="zonder-punt"), headers=SAME_SITE)
    assert "Het punt dat u koos" not in text_of(taken.text)
    assert 'value="zonder-punt"' not in taken.text
    assert "48,85" not in taken.text


def test_the_filters_keep_the_order_and_show_no_earlier_choice(platform: Platform, client: FlaskClient) -> None:
    an_idea(platform)
    for query, kept in (("", None), ("?volgorde=steun", "steun"), ("?volgorde=einde", "einde"), ("?volgorde=steun", "steun"), ("", None)):
        page = client.get(f"{paths.IDEAS}{query}", headers={"Cache-Control": "no-cache"}).text
        assert re.findall(r'type="hidden" name="volgorde" value="(\w+)"', page) == ([kept] if kept else []), query
        assert " selected" not in page.split('name="status"')[1].split("</select>")[0].replace('value="" selected', "")
    assert 'value="in_conversation" selected' in client.get(f"{paths.IDEAS}?volgorde=steun&status=in_conversation").text
    assert 'value="in_conversation" selected' not in client.get(f"{paths.IDEAS}?volgorde=steun").text


@SQLITE
def test_pages_ask_few_statements(platform: Platform, client: FlaskClient) -> None:
    for number in range(25):
        idea = an_idea(platform, f"Idee {number}")
    for path, most in ((paths.IDEAS, 8), (f"{paths.IDEAS}?volgorde=steun", 8), (paths.idea(idea.slug), 10)):
        client.get(path)
        with sent_statements(platform) as found:
            assert client.get(path, headers={"Cache-Control": "no-cache"}).status_code == 200
        assert len(found) <= most, (path, found)


def test_staff_answers_with_a_text_and_a_second_one_sees_the_first(platform: Platform, as_role: Any, client: FlaskClient) -> None:
    idea = an_idea(platform)
    desk, path = as_role("facilitator"), paths.desk_idea(idea.slug)
    assert "Een bankje bij de vijver" in desk.get(paths.DESK_IDEAS).text
    page = desk.get(path).text
    empty = desk.post(f"{path}/antwoord", data=form_of(page, f"{path}/antwoord", status="not_possible"), headers=SAME_SITE)
    assert empty.status_code == 400
    first = form_of(page, f"{path}/antwoord", status="supported", text="Wij zetten er een bankje neer.")
    assert desk.post(f"{path}/antwoord", data=first, headers=SAME_SITE).status_code == 303
    second = desk.post(
        f"{path}/antwoord", data=form_of(page, f"{path}/antwoord", status="not_possible", text="Dat gaat niet lukken."), headers=SAME_SITE
    )
    assert second.status_code == 409
    assert "Wij zetten er een bankje neer." in second.text
    assert "Dat gaat niet lukken." in second.text
    public = text_of(client.get(paths.idea(idea.slug)).text)
    assert "Gemeente steunt dit" in public
    assert "Wij zetten er een bankje neer." in public
    assert client.get(paths.DESK_IDEAS).status_code in (302, 303, 401, 403)
    assert as_role("resident").get(path).status_code == 403


def test_doubles_lead_to_the_other_idea(platform: Platform, as_role: Any, client: FlaskClient) -> None:
    double, winner = an_idea(platform, "Bankje"), an_idea(platform, "Bankjes")
    desk, path = as_role("facilitator"), paths.desk_idea(double.slug)
    form = form_of(desk.get(f"{path}/samenvoegen").text, f"{path}/samenvoegen", into=str(winner.number), reason="Hetzelfde")
    assert desk.post(f"{path}/samenvoegen", data=form, headers=SAME_SITE).status_code == 303
    assert client.get(paths.idea(double.slug)).headers["Location"].endswith(paths.idea(winner.slug))
    assert client.get(f"{paths.idea(double.slug)}?bekijk=ja").status_code == 200
    back = form_of(desk.get(f"{path}/losmaken").text, f"{path}/losmaken", reason="Toch niet")
    assert desk.post(f"{path}/losmaken", data=back, headers=SAME_SITE).status_code == 303
    assert client.get(paths.idea(double.slug)).status_code == 200

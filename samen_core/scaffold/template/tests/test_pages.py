"""The pages as visitors, residents and moderators meet them."""

from __future__ import annotations

from collections.abc import Callable

from citycontent.api import Project
from flask.testing import FlaskClient
from samen_core.api import Platform, system
from samen_core.testing.visitors import send_form, text_of

from samen_voorbeeld_blok.testing import a_proposal, make_many

HOME = "/voorbeeld-blok"
As = Callable[..., FlaskClient]


def test_a_resident_makes_a_proposal_at_a_project(client: FlaskClient, as_role: As, project: Project) -> None:
    assert "Er zijn nog geen voorstellen" in text_of(client.get(HOME).text)
    assert client.get(f"{HOME}/nieuw").headers["Location"].startswith("/inloggen")
    resident, form = as_role("resident"), f"{HOME}/nieuw?project={project.id}"
    wrong = send_form(resident, f"{HOME}/nieuw", page=form, title="", text="Om te zitten & te praten.")
    assert wrong.status_code == 400
    assert "Om te zitten &amp; te praten." in wrong.text
    sent = send_form(resident, f"{HOME}/nieuw", page=form, title="Een bankje", text="Om te zitten.", phone="06 12345678")
    assert sent.status_code == 303
    page = client.get(sent.headers["Location"]).text
    assert project.name in text_of(page)
    assert "06 12345678" not in page
    assert "06 12345678" in as_role("moderator").get(sent.headers["Location"]).text
    assert "Een bankje" in text_of(client.get(f"/projecten/{project.slug}").text)
    assert "Make a proposal" in client.get(f"/en{HOME}").text


def test_the_list_goes_on_where_the_page_ended(client: FlaskClient, platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        make_many(uow, 25)
    first = client.get(HOME).text
    assert first.count("samen-rows__item") == 20
    after = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert client.get(after).text.count("samen-rows__item") == 5


def test_a_moderator_hides_a_proposal_for_a_reason(client: FlaskClient, platform: Platform, as_role: As) -> None:
    with platform.unit_of_work(system("test")) as uow:
        path = f"{HOME}/{a_proposal(uow).id}"
    assert as_role("resident").get(f"{path}/verbergen").status_code == 403
    moderator = as_role("moderator")
    assert send_form(moderator, f"{path}/verbergen", code="insult", reason="").status_code == 400
    assert send_form(moderator, f"{path}/verbergen", code="insult", reason="Hier wordt iemand uitgescholden.").status_code == 303
    assert client.get(path).status_code == 404
    assert "Hier wordt iemand uitgescholden." in text_of(moderator.get(path).text)
    assert send_form(moderator, f"{path}/tonen", reason="Het was een grap.").status_code == 303
    assert client.get(path).status_code == 200

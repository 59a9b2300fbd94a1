"""The wizard, the desk of a plan and its public page, as people use them: without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from samen_core.api import Platform
from samen_core.testing.statements import sent_statements
from samen_core.testing.visitors import SAME_SITE, send_form, text_of
from samen_doe_mee import paths
from samen_doe_mee.plan_steps import STEPS
from samen_doe_mee.testing_support import an_idea

if TYPE_CHECKING:
    from flask.testing import FlaskClient

Visit = Callable[..., "FlaskClient"]
SLUG = "de-dorpsstraat-wordt-veiliger"
ACTIVITY = "/doe-mee/werk/activiteiten/nieuw"
TEXTS: dict[str, dict[str, Any]] = {
    "onderwerp": {
        "summary": "De straat wordt veiliger.",
        "about": "Over de straat.",
        "fixed": "De bus blijft.",
        "open": "Waar de fietsers rijden.",
    },
    "doelen": {"goals__collect_ideas": "Bewoners weten het best waar het misgaat."},
    "gebied": {"scale": "city"},
    "deelnemers": {"participants__citizens": "Alle bewoners krijgen een brief."},
    "invloed": {"level": "advise", "form": "participation", "decided_by": "Het college, in maart 2027"},
    "aanpak": {"approach": "Eerst ophalen, dan kiezen.", "methods_online": "Reacties."},
    "contact": {"contact_email": "openbareruimte@gemeente.example"},
}


def post(desk: FlaskClient, path: str, **values: Any) -> Any:
    """Send values that no form of a page names, with the token of this browser."""
    token = desk.get(paths.DESK_PLANS).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    return desk.post(path, data={"csrf_token": token, **values}, headers=SAME_SITE)


def begin(desk: FlaskClient, **values: Any) -> str:
    """Begin a plan on the first page of the wizard; where it goes on."""
    answer = send_form(desk, f"{paths.DESK_PLANS}/nieuw", **{"title": "De Dorpsstraat wordt veiliger", **values})
    assert answer.status_code == 303, text_of(answer.text)
    return answer.location


def write_all(desk: FlaskClient, slug: str = SLUG) -> None:
    """Fill in every step."""
    for code, values in TEXTS.items():
        answer = send_form(desk, paths.desk_plan(slug, f"stap/{code}"), **values)
        assert answer.status_code == 303, (code, text_of(answer.text))


def add_round(desk: FlaskClient, first: str, last: str, slug: str = SLUG) -> str:
    """A round; the address for its first activity."""
    answer = send_form(desk, paths.desk_plan(slug, "rondes/nieuw"), title="Wat kan beter?", first=first, last=last)
    assert answer.status_code == 303, text_of(answer.text)
    page = desk.get(paths.desk_plan(slug, "rondes")).text
    return page.partition(f'href="{ACTIVITY}?ronde=')[2].partition('"')[0]


def test_a_plan_goes_from_the_wizard_to_everybody(as_role: Visit, client: FlaskClient, platform: Platform) -> None:
    desk = as_role("facilitator")
    assert begin(desk).endswith(f"{SLUG}/stap/onderwerp")
    for step in STEPS:
        part = "rondes" if step.code == "rondes" else f"stap/{step.code}"
        assert desk.get(paths.desk_plan(SLUG, part)).status_code == 200, step.code
    check = desk.get(paths.desk_plan(SLUG, "controle"))
    for told in ("Schrijf wat vaststaat", "Kies minstens één doel", "Voeg minstens één ronde toe", "Vul een e-mailadres"):
        assert told in text_of(check.text)
    assert client.get(paths.plan(SLUG)).status_code == 404
    refused = post(desk, paths.desk_plan(SLUG, "publiceren"), version="1")
    assert refused.status_code == 409 or "Voeg minstens één ronde toe" in text_of(refused.text)
    write_all(desk)
    now = platform.clock().date()
    round_id = add_round(desk, now.isoformat(), now.replace(year=now.year + 1).isoformat())
    assert "nog niets te doen" in text_of(desk.get(paths.desk_plan(SLUG, "rondes")).text)
    address = f"{ACTIVITY}?ronde={round_id}&soort=reactions"
    answer = send_form(desk, address, title="Waar voelt u zich onveilig?")
    assert answer.status_code == 303, text_of(answer.text)
    assert "Alles is ingevuld" in text_of(desk.get(paths.desk_plan(SLUG, "controle")).text)
    assert "Waar voelt u zich onveilig?" in text_of(desk.get(paths.desk_plan(SLUG, "voorbeeld")).text)
    answer = send_form(desk, paths.desk_plan(SLUG, "publiceren"), page=paths.desk_plan(SLUG, "controle"))
    assert answer.status_code == 303, text_of(answer.text)
    page = client.get(paths.plan(SLUG))
    said = text_of(page.text)
    for told in (
        "Waar voelt u zich onveilig?",
        "De bus blijft.",
        "Adviseren",
        "Loopt nu",
        "openbareruimte@gemeente.example",
        "Het college",
    ):
        assert told in said
    assert "De Dorpsstraat wordt veiliger" in text_of(client.get(paths.PLANS).text)
    proposal = text_of(client.get(paths.plan(SLUG, "procesvoorstel")).text)
    assert "Bewoners weten het best" in proposal
    assert client.get(f"/en{paths.plan(SLUG)}").status_code == 200


def test_every_part_of_a_plan_opens(as_role: Visit) -> None:
    desk = as_role("facilitator")
    begin(desk)
    page = desk.get(paths.desk_plan(SLUG)).text
    parts = re.findall(r'href="([^"]+)"', page.partition('aria-label="Onderdelen van dit plan"')[2].partition("</nav>")[0])
    assert len(parts) == 10
    assert {part: desk.get(part).status_code for part in map(unescape, parts)} == dict.fromkeys(map(unescape, parts), 200)


def test_a_step_keeps_what_was_typed_and_shows_what_somebody_else_stored(as_role: Visit) -> None:
    desk, other = as_role("facilitator"), as_role("facilitator")
    begin(desk)
    here = paths.desk_plan(SLUG, "stap/onderwerp")
    wrong = send_form(desk, here, title="", about="Dit blijft staan")
    assert wrong.status_code == 400
    assert "Dit blijft staan" in wrong.text
    old = desk.get(here).text
    version = old.partition('name="version" value="')[2].partition('"')[0]
    assert send_form(other, here, about="Van de ander").status_code == 303
    late = post(desk, here, title="De Dorpsstraat wordt veiliger", about="Van mij", version=version)
    assert late.status_code == 409
    assert "Van de ander" in late.text
    assert "Van mij" in late.text


def test_later_goes_back_to_the_plan_and_a_link_of_inspraak_is_asked_for(as_role: Visit) -> None:
    desk = as_role("facilitator")
    begin(desk)
    answer = send_form(desk, paths.desk_plan(SLUG, "stap/invloed"), form="inspraak", later="1")
    assert answer.location.endswith(paths.desk_plan(SLUG))
    assert "bezwaar kunnen maken" in text_of(desk.get(paths.desk_plan(SLUG, "controle")).text)


@pytest.mark.parametrize("key", ["straat-herinrichten", "park-of-speelplek", "beleid-of-visie", "bouwplan"])
def test_a_blueprint_gives_a_plan_its_rounds_and_activities(as_role: Visit, platform: Platform, key: str) -> None:
    desk = as_role("facilitator")
    first = platform.clock().date().isoformat()
    begin(desk, begin_with=f"blauwdruk:{key}", starts_on=first)
    lacks = text_of(desk.get(paths.desk_plan(SLUG, "controle")).text)
    assert "Schrijf wat vaststaat" not in lacks
    assert "Voeg minstens één" not in lacks
    assert desk.get(paths.desk_plan(SLUG, "rondes")).text.count('class="doe-round"') == 2


def test_news_documents_and_colleagues_have_pages(as_role: Visit, client: FlaskClient) -> None:
    desk = as_role("facilitator")
    begin(desk)
    assert send_form(desk, paths.desk_plan(SLUG, "nieuws"), title="De kraam staat er", text="Zaterdag.").status_code == 303
    assert "De kraam staat er" in text_of(desk.get(paths.desk_plan(SLUG, "nieuws")).text)
    added = send_form(desk, paths.desk_plan(SLUG, "documenten/nieuw"), title="Tekening", url="https://voorbeeld.example/tekening")
    assert added.status_code == 303, text_of(added.text)
    assert "Tekening" in text_of(desk.get(paths.desk_plan(SLUG, "documenten")).text)
    empty = send_form(desk, paths.desk_plan(SLUG, "documenten/nieuw"), title="Niets")
    assert empty.status_code == 400
    unknown = send_form(desk, paths.desk_plan(SLUG, "collegas"), email="niemand@samen.example", role="editor")
    assert unknown.status_code == 400
    assert "niemand@samen.example" in unknown.text
    assert "Trekker" in text_of(desk.get(paths.desk_plan(SLUG, "collegas")).text)
    assert as_role("resident").get(paths.desk_plan(SLUG)).status_code == 404
    assert client.get(paths.desk_plan(SLUG)).status_code in (302, 303, 401, 403)
    for part in ("", "nieuws", "documenten", "collegas", "rondes", "koppelen", "intrekken"):
        assert desk.get(paths.desk_plan(SLUG, part)).status_code == 200, part


def test_a_plan_is_tied_to_an_idea_and_a_question_by_their_addresses(as_role: Visit, platform: Platform) -> None:
    desk, here = as_role("facilitator"), paths.desk_plan(SLUG, "koppelen")
    begin(desk)
    idea = an_idea(platform)
    # A project of the city stands for the question: of a thing of another block no more is known than its card.
    wrong = send_form(desk, here, idea="999999", question="https://voorbeeld.example/bestaat-niet")
    assert wrong.status_code == 400
    for told in ("Wij kennen geen idee met dit nummer of adres.", "Op dit adres staat geen vraag.", "bestaat-niet"):
        assert told in wrong.text
    project = "/projecten/de-dorpsstraat-wordt-veiliger"
    assert send_form(desk, here, idea=str(idea.number), question=f"https://stad.example{project}").status_code == 303
    page = text_of(desk.get(paths.desk_plan(SLUG)).text)
    assert f"Komt uit het idee: {idea.title}" in page
    assert "Vraag aan de tafel: De Dorpsstraat wordt veiliger" in page
    assert f'value="{project}"' in desk.get(here).text
    assert send_form(desk, here, question="").status_code == 303
    page = text_of(desk.get(paths.desk_plan(SLUG)).text)
    assert f"Komt uit het idee: {idea.title}" in page
    assert "Vraag aan de tafel" not in page


def test_a_manager_changes_a_blueprint_that_came_with_it_and_switches_it_off(as_role: Visit) -> None:
    manager, desk = as_role("manager"), as_role("facilitator")
    here = f"{paths.BLUEPRINTS}/bouwplan"
    assert manager.get(here).status_code == 200
    assert desk.get(here).status_code == 403
    assert send_form(manager, here, name="Bouwen in de wijk", rounds="Zorgen | 30 | 0").status_code == 303
    assert "Bouwen in de wijk" in text_of(desk.get(paths.BLUEPRINTS).text)
    wrong = send_form(manager, here, rounds="| 9")
    assert wrong.status_code == 400
    page = manager.get(here).text
    version = page.partition('name="version" value="')[2].partition('"')[0]
    off = post(manager, here, name="Bouwen in de wijk", rounds="Zorgen | 30", version=version)
    assert off.status_code == 303, text_of(off.text)
    assert "Bouwen in de wijk" not in text_of(desk.get(paths.BLUEPRINTS).text)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_pages_ask_no_more_when_there_is_more(as_role: Visit, client: FlaskClient, platform: Platform) -> None:
    desk = as_role("facilitator")
    begin(desk)
    write_all(desk)
    now = platform.clock().date()
    round_id = add_round(desk, now.isoformat(), now.replace(year=now.year + 1).isoformat())
    address = f"{ACTIVITY}?ronde={round_id}&soort=reactions"
    for number in range(2):
        assert send_form(desk, address, title=f"Vraag {number}").status_code == 303
    poll = f"{ACTIVITY}?ronde={round_id}&soort=poll"
    wizard = [paths.desk_plan(SLUG, part) for part in ("", "stap/onderwerp", "rondes", "controle")]
    asked = {}
    for number in range(3):
        assert send_form(desk, poll, title=f"Peiling {number}", choices="Ja\nNee").status_code == 303
        for path in wizard:
            desk.get(path)
            with sent_statements(platform) as sent:
                assert desk.get(path).status_code == 200
            assert len(sent) == asked.setdefault(path, len(sent)), path
    assert send_form(desk, paths.desk_plan(SLUG, "publiceren"), page=paths.desk_plan(SLUG, "controle")).status_code == 303
    few = {}
    for path in (paths.PLANS, paths.plan(SLUG)):
        client.get(path)
        with sent_statements(platform) as sent:
            assert client.get(path).status_code == 200
        few[path] = len(sent)
    assert few[paths.PLANS] <= 8
    assert few[paths.plan(SLUG)] <= 10
    for number in range(4):
        assert send_form(desk, address, title=f"Nog een {number}").status_code == 303
        send_form(desk, paths.desk_plan(SLUG, "nieuws"), title=f"Nieuws {number}")
    for path, before in few.items():
        with sent_statements(platform) as sent:
            client.get(path)
        assert len(sent) == before, path

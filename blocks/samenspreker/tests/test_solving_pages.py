"""The pages of rounds, options, decisions and what was done with contributions, as people use them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from samen_core.accounts.schemas import GrantRole
from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.accounts.services.grants import grant_role
from samen_core.api import Actor, anonymous, system
from samen_core.app import SamenFlask
from samen_core.platform import Platform
from samen_core.testing.platforms import Clock
from samen_inbreng.api import (
    Activity,
    AddTheme,
    ChooseContributions,
    Contribute,
    Contribution,
    Theme,
    WriteAnswer,
    add_theme,
    contribute,
    put_in_theme,
    write_answer,
)
from samen_samenspreker.models import Question
from samen_samenspreker.queries.decisions import decisions_of
from samen_samenspreker.queries.options import option_by_number
from samen_samenspreker.queries.support import support_of
from samen_samenspreker.testing import a_seat, a_table, an_option, in_step

PASSWORD = "vier paarse olifanten zingen"
TODAY = datetime.now(UTC).date()
SYSTEM = system("test")
Browser = Callable[..., tuple[FlaskClient, uuid.UUID]]

NOBODY = uuid.UUID("0190a000-0000-7000-8000-000000000000")


@pytest.fixture
def browser(app: SamenFlask, platform: Platform) -> Browser:
    """``browser("facilitator")``: a client that is logged in with a new account of this role, and the account's id."""

    def make(role: str = "resident") -> tuple[FlaskClient, uuid.UUID]:
        email = f"{role}-{uuid.uuid4().hex[:8]}@samen.example"
        with platform.unit_of_work(SYSTEM) as uow:
            user = create_account(uow, CreateAccount(email, f"Test {role}", PASSWORD))
            if role != "resident":
                grant_role(uow, GrantRole(account_id=user.id, role=role, scope=None, reason="test"))
        client = app.test_client()
        answer = client.post("/inloggen", data={"email": email, "password": PASSWORD}, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 303, answer.text
        return client, user.id

    return make


def text_of(html: str) -> str:
    body = "<main" + html.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def read(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return text_of(answer.text)


def post(client: FlaskClient, path: str, from_path: str = "", **values: Any) -> Any:
    """Send a form with the token, and the hidden version, of the page that it is on."""
    html = client.get(from_path or path).text
    hidden = dict(re.findall(r'name="(csrf_token|version|option_version|formulier)"(?: id="[^"]*")? value="([^"]+)"', html))
    hidden |= dict(re.findall(r'type="hidden" name="(version_\w+)" id="[^"]*" value="([^"]+)"', html))
    return client.post(path, data={**hidden, **values}, headers={"Sec-Fetch-Site": "same-origin"})


def base(question: Question) -> str:
    return f"/samenspreker/{question.slug}"


PLAN = {
    "kind": "explore",
    "title": "Waar gaat het mis?",
    "purpose": "Wij willen het *weten*.",
    "opens_on": str(TODAY - timedelta(days=2)),
    "ends_on": str(TODAY + timedelta(days=5)),
}


@pytest.mark.parametrize("part", ["rondes", "opties", "besluit", "inbreng", "mijn-inbreng"])
def test_empty_pages_say_what_will_come(client: FlaskClient, platform: Platform, part: str) -> None:
    question = a_table(platform)
    assert read(client, f"{base(question)}/{part}")
    assert read(client, f"/en{base(question)}/{part}")
    assert client.get(f"/samenspreker/geen-vraag/{part}").status_code == 404


@pytest.mark.parametrize("path", ["rondes/9", "opties/9", "opties/1/versies/1", f"besluit/{NOBODY}", f"inbreng/{NOBODY}"])
def test_what_is_not_there_is_not_found(client: FlaskClient, platform: Platform, path: str) -> None:
    question = a_table(platform)
    an_option(platform, question)
    assert client.get(f"{base(question)}/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("rondes/nieuw", "opties/nieuw", "opties/criteria", "opties/1/bewerken", "opties/1/intrekken", "opties/1/beoordelen"),
        *("besluit/bewerken", "besluit/publiceren"),
    ],
)
def test_what_a_resident_may_not_do(client: FlaskClient, platform: Platform, browser: Browser, path: str) -> None:
    question = a_table(platform)
    an_option(platform, question)
    assert browser()[0].get(f"{base(question)}/{path}").status_code == 403
    assert client.get(f"{base(question)}/{path}").status_code in (302, 303, 401)


def test_a_round_from_plan_to_conclusions(client: FlaskClient, platform: Platform, browser: Browser) -> None:
    question, staff = a_table(platform), browser("facilitator")[0]
    rounds = f"{base(question)}/rondes"
    wrong = post(staff, f"{rounds}/nieuw", **{**PLAN, "title": "", "ends_on": "2020-01-01"})
    assert wrong.status_code == 400
    assert "Wij willen het *weten*." in wrong.text
    assert text_of(wrong.text).count("De laatste dag ligt voor de eerste dag.") == 2  # above and at the field
    assert post(staff, f"{rounds}/nieuw", **PLAN).headers["Location"].endswith(f"{rounds}/1")
    assert "Ronde 1: Waar gaat het mis?" in read(client, rounds)
    assert post(staff, f"{rounds}/1/online", title="Waar voelt u zich onveilig?", form="questions").status_code == 400
    assert post(staff, f"{rounds}/1/online", title="Waar voelt u zich onveilig?", form="reactions", access="everyone").status_code == 303
    assert post(staff, f"{rounds}/1/elders", title="Wandeling", people="veel").status_code == 400
    assert post(staff, f"{rounds}/1/elders", title="Wandeling", people="30", held_on=str(TODAY)).status_code == 303
    record = client.get(f"{rounds}/1").text
    assert "Geef uw mening" in record
    assert "30 deelnemers" in text_of(record)
    edit = re.search(rf"{rounds}/activiteit/[0-9a-f-]+", staff.get(f"{rounds}/1").text)
    assert edit is not None
    assert post(staff, edit[0], title="Wandeling", people="31", report="Het regende.").status_code == 303
    assert "Het regende." in read(client, f"{rounds}/1")
    stale = staff.get(f"{rounds}/1/bewerken").text
    assert post(staff, f"{rounds}/1/bewerken", **{**PLAN, "purpose": "Anders."}).status_code == 303
    version = re.search(r'name="version" value="(\d+)"', stale)
    assert version is not None
    late = post(staff, f"{rounds}/1/bewerken", **{**PLAN, "purpose": "Te laat.", "version": version[1]})
    assert late.status_code == 409
    assert "Anders." in late.text
    assert "Te laat." in late.text
    half = post(staff, f"{rounds}/1/afronden", agreed="Het moet langzamer.")
    assert half.status_code == 400
    assert "Het moet langzamer." in half.text
    done = post(staff, f"{rounds}/1/afronden", agreed="Het moet langzamer.", disagreed="geen", minority="De bakker wil niets.")
    assert done.status_code == 303
    closed = read(client, f"{rounds}/1")
    for words in ("Het moet langzamer.", "De bakker wil niets.", "Afgerond"):
        assert words in closed
    assert staff.get(f"{rounds}/1/afronden").status_code == 200
    assert post(staff, f"{rounds}/1/afronden", agreed="x", disagreed="x", minority="x").status_code == 410


def test_what_is_missing_to_close_a_round_has_links(client: FlaskClient, platform: Platform, browser: Browser) -> None:
    question, (staff, _id) = a_table(platform), browser("facilitator")
    rounds = f"{base(question)}/rondes"
    post(staff, f"{rounds}/nieuw", **PLAN)
    post(staff, f"{rounds}/1/online", title="Waar voelt u zich onveilig?", form="reactions", access="everyone")
    activity = re.search(r'href="/inbreng/([\w-]+)"', staff.get(f"{rounds}/1").text)
    assert activity is not None
    entry = f"/inbreng/{activity[1]}/invoeren"
    mark = re.search(r'name="formulier" value="([^"]+)"', staff.get(entry).text)
    assert mark is not None
    said = {"text": "Bij de school.", "channel": "phone", "received_on": str(TODAY), "sector": "citizens"}
    post(staff, entry, formulier=mark[1], **said)
    page = post(staff, f"{rounds}/1/afronden", agreed="a", disagreed="b", minority="c")
    assert page.status_code == 400
    assert f"/inbreng/onderwerp/{question.id}/beantwoorden?activiteit=" in page.text
    assert "beantwoord nog 1 bijdrage" in text_of(page.text)
    with platform.unit_of_work(system("test")) as uow:
        [contribution] = uow.session.scalars(select(Contribution.id))
        write_answer(uow, question.id, WriteAnswer(contribution_ids=(contribution,), outcome="adopted", reason="Dat gaan wij doen."))
    page = staff.get(f"{rounds}/1/afronden")
    assert f"/inbreng/onderwerp/{question.id}/klaar" in page.text
    assert "wacht tot het antwoord op 1 bijdrage is verstuurd" in text_of(page.text)
    needs = text_of(client.get(f"{base(question)}/stap").text)
    assert "Wacht tot 1 antwoord is verstuurd" in needs


def test_a_planned_round_is_called_off_after_a_confirmation(client: FlaskClient, platform: Platform, browser: Browser) -> None:
    question, (staff, _id) = a_table(platform), browser("facilitator")
    rounds = f"{base(question)}/rondes"
    later = {**PLAN, "opens_on": str(TODAY + timedelta(days=3)), "ends_on": str(TODAY + timedelta(days=9))}
    post(staff, f"{rounds}/nieuw", **later)
    assert f"{rounds}/1/afgelasten" in staff.get(f"{rounds}/1").text
    assert f"{rounds}/1/afgelasten" not in client.get(f"{rounds}/1").text
    assert "Waarom gaat deze ronde niet door?" in text_of(staff.get(f"{rounds}/1/afgelasten").text)
    assert post(staff, f"{rounds}/1/afgelasten", reason="").status_code == 400
    assert post(staff, f"{rounds}/1/afgelasten", reason="De zaal is dicht.").headers["Location"].endswith(f"{rounds}/1")
    page = client.get(f"{rounds}/1").text
    assert "Deze ronde gaat niet door" in text_of(page)
    assert f"/logboek/{question.id}" in page
    assert "Conclusies" not in text_of(page)
    assert "Gaat niet door" in text_of(client.get(rounds).text)
    assert "De zaal is dicht." in text_of(client.get(f"/logboek/{question.id}").text)
    assert f"{rounds}/1/afgelasten" not in staff.get(f"{rounds}/1").text


def test_options_from_text_to_a_new_version(client: FlaskClient, platform: Platform, browser: Browser) -> None:
    question, (member, account_id) = a_table(platform), browser()
    a_seat(platform, question, account_id=account_id)
    options = f"{base(question)}/opties"
    assert post(member, f"{options}/nieuw", title="Fietsstraat").status_code == 400
    assert post(member, f"{options}/nieuw", title="Fietsstraat", text="Auto is **te gast**.").headers["Location"].endswith("/opties/1")
    assert "<strong>te gast</strong>" in client.get(f"{options}/1").text
    assert post(member, f"{options}/1/bewerken", text="Auto is te gast.").status_code == 400
    new = {"title": "Fietsstraat", "text": "Auto is te gast, 20 km per uur.", "note": "Snelheid erbij."}
    assert post(member, f"{options}/1/bewerken", **new).status_code == 303
    assert "20 km" in read(client, f"{options}/1/versies/2")
    assert "<ins>" in client.get(f"{options}/1/versies/2").text
    assert post(member, f"{options}/criteria", new_1="Veiligheid", new_2="Kosten").status_code == 303
    form = member.get(f"{options}/1/beoordelen").text
    scores = re.findall(r'name="(score_\w+)"', form)
    assert len(scores) == 2
    assert post(member, f"{options}/1/beoordelen", **{scores[0]: "9"}).status_code == 400
    assert (
        post(member, f"{options}/1/beoordelen", **{scores[0]: "4", scores[0].replace("score", "text"): "Overal langzaam."}).status_code
        == 303
    )
    assert "4 - goed" in read(client, options)
    titles = re.findall(r'name="(title_\w+)"', member.get(f"{options}/criteria").text)
    assert post(member, f"{options}/criteria", **{titles[0]: "Veiligheid", titles[1]: ""}).status_code == 303
    assert "Kosten" not in read(client, options)
    staff = browser("facilitator")[0]
    assert post(staff, f"{options}/1/intrekken").status_code == 400
    assert post(staff, f"{options}/1/intrekken", reason="Kan hier niet.").status_code == 303
    assert "Kan hier niet." in read(client, f"{options}/1")
    assert post(member, f"{options}/1/bewerken", **new).status_code == 410


def test_saying_what_one_thinks(client: FlaskClient, platform: Platform, browser: Browser) -> None:
    question, (resident, _id) = a_table(platform), browser()
    an_option(platform, question)
    one = f"{base(question)}/opties/1"
    assert "Log in om te zeggen" in read(client, one)
    against = post(resident, f"{one}/mening", one, position="against")
    assert against.status_code == 400
    assert "Schrijf waarom u tegen bent." in text_of(against.text)
    assert post(resident, f"{one}/mening", one).status_code == 400
    assert post(resident, f"{one}/mening", one, position="perhaps").status_code == 400
    assert post(resident, f"{one}/mening", one, position="against", reason="Te druk voor mijn deur.").status_code == 303
    assert "Te druk voor mijn deur." not in read(client, one)  # reasons of people without a seat are for the table
    assert "Te druk voor mijn deur." in read(browser("facilitator")[0], one)
    assert "U zei: Tegen" in read(resident, f"{base(question)}/opties")
    stale = post(resident, f"{one}/mening", one, position="for", option_version="0")
    assert stale.status_code == 400
    assert post(resident, f"{one}/mening/terugnemen", one).status_code == 303
    assert "Nog niemand sprak zich uit." in read(client, one)


def test_a_new_version_asks_for_confirmation(platform: Platform, browser: Browser) -> None:
    question, (member, account_id) = a_table(platform), browser()
    a_seat(platform, question, account_id=account_id, sector="business")
    an_option(platform, question)
    one = f"{base(question)}/opties/1"
    post(member, f"{one}/mening", one, position="for")
    post(member, f"{one}/bewerken", title="Fietsstraat", text="Anders.", note="Beter.")
    page = read(member, one)
    assert "U sprak zich uit over een eerdere versie." in page
    assert "1 stoel sprak zich uit over een eerdere versie." in page
    late = post(member, f"{one}/mening", one, position="against", reason="Nee.", option_version="1")
    assert late.status_code == 409
    assert "Er is een nieuwe versie" in text_of(late.text)
    assert "Nee." in late.text
    assert post(member, f"{one}/mening", one, position="for").status_code == 303
    assert "over een eerdere versie" not in read(member, one)
    with platform.read(SYSTEM) as uow:
        option = option_by_number(uow, question.id, 1)
        assert option is not None
        assert support_of(uow, [option.id])[option.id].seats == {("business", "for"): 1}


def decided(platform: Platform, organization: Any, decider: FlaskClient, question: Question) -> None:
    """Write and publish a decision with the pages."""
    path = f"{base(question)}/besluit"
    form = decider.get(f"{path}/bewerken").text
    weighed = dict.fromkeys(re.findall(r'<textarea[^>]* name="((?:option|theme)_[0-9a-f]{32})"', form), "Zo gewogen.")
    chosen = re.search(r'<option value="([0-9a-f-]{36})"', form)
    assert chosen is not None
    values = {
        "organization_id": organization.name,
        "decided_by": "college",
        "decided_on": str(TODAY - timedelta(days=1)),
        "option_id": chosen[1],
        "text": "De straat wordt een fietsstraat.",
        "reasons": "Dat is het veiligst.",
        **weighed,
    }
    assert post(decider, f"{path}/bewerken", **values).status_code == 303
    answer = post(decider, f"{path}/publiceren")
    assert answer.status_code == 303, text_of(answer.text)


def test_a_decision_from_draft_to_publication(client: FlaskClient, platform: Platform, organization: Any, browser: Browser) -> None:
    question = a_table(platform)
    an_option(platform, question)
    with platform.unit_of_work(SYSTEM) as uow:
        theme = add_theme(uow, question.id, AddTheme(title="Te hard rijden", summary=""))
        uow.session.execute(update(Theme).where(Theme.id == theme.id).values(contributions=3))
    in_step(platform, question, "decide")
    decider, path = browser("decision_maker")[0], f"{base(question)}/besluit"
    assert post(decider, f"{path}/bewerken", organization_id="Bestaat Niet", decided_on="gisteren", text="Bewaar mij.").status_code == 400
    assert post(decider, f"{path}/bewerken", text="Nog niet af.", deviates="true").status_code == 303
    page = decider.get(f"{path}/publiceren")
    assert "Er ontbreken nog" in text_of(page.text)
    assert f"{path}/bewerken#f-decided_by" in page.text
    assert "Nog niet af." not in client.get(path).text
    refused = post(decider, f"{path}/publiceren", version="1")
    assert refused.status_code in (400, 409)
    staff = browser("facilitator")[0]
    assert "Nog niet af." in read(staff, f"{path}/publiceren")
    assert post(staff, f"{path}/publiceren", version="1").status_code == 403
    decider.get(f"{path}/bewerken")
    post(decider, f"{path}/bewerken", text="Opnieuw.")
    decided(platform, organization, decider, question)
    public = read(client, path)
    for words in ("De straat wordt een fietsstraat.", "Dat is het veiligst.", "Te hard rijden Zo gewogen.", organization.name):
        assert words in public
    assert decider.get(f"{path}/publiceren").status_code == 410
    decided(platform, organization, decider, question)
    with platform.read(SYSTEM) as uow:
        earlier = decisions_of(uow, question.id).superseded[0].id
    assert "Er is een nieuwer besluit" in read(client, f"{path}/{earlier}")
    assert "Eerdere besluiten" in read(client, path)


def test_a_stale_draft_shows_both_texts(platform: Platform, browser: Browser) -> None:
    question = a_table(platform)
    an_option(platform, question)
    in_step(platform, question, "decide")
    staff, path = browser("facilitator")[0], f"{base(question)}/besluit/bewerken"
    post(staff, path, text="Eerste.")
    post(staff, path, text="Tweede.")
    late = post(staff, path, text="Derde.", version="1")
    assert late.status_code == 409
    assert "Tweede." in late.text
    assert "Derde." in late.text


def contributed(platform: Platform, question: Question, staff: FlaskClient, actor: Actor, text: str) -> tuple[uuid.UUID, str]:
    """A contribution of an actor in an online activity of the table, and its receipt code."""
    rounds = f"{base(question)}/rondes"
    if staff.get(f"{rounds}/1").status_code == 404:
        post(staff, f"{rounds}/nieuw", **PLAN)
        post(staff, f"{rounds}/1/online", title="Waar voelt u zich onveilig?", form="reactions", access="everyone")
    with platform.unit_of_work(actor) as uow:
        activity = uow.session.execute(select(Activity).where(Activity.subject_id == question.id)).scalars().first()
        assert activity is not None
        given = contribute(uow, activity.id, Contribute(text=text))
        return given.contribution.id, given.receipt_code


def test_what_was_done_with_my_contributions(
    client: FlaskClient, platform: Platform, organization: Any, browser: Browser, clock: Clock
) -> None:
    question, (staff, _staff), (resident, account_id) = a_table(platform, level="consult"), browser("facilitator"), browser()
    actor = Actor(kind="account", account_id=account_id, origin="test")
    mine, _code = contributed(platform, question, staff, actor, "Bij de school is het eng.")
    other, code = contributed(platform, question, staff, anonymous("test"), "Leg een drempel.")
    own = f"{base(question)}/mijn-inbreng"
    assert "Wacht op antwoord" in read(resident, own)
    with platform.unit_of_work(SYSTEM) as uow:
        theme = add_theme(uow, question.id, AddTheme(title="Te hard rijden", summary=""))
        put_in_theme(uow, theme.id, ChooseContributions(contribution_ids=(mine, other)))
        write_answer(uow, question.id, WriteAnswer(contribution_ids=(mine, other), outcome="partly", reason="Er komt één drempel."))
    assert "Er komt één drempel." not in read(resident, own)  # it can be withdrawn for ten minutes
    clock.forward(minutes=11)
    page = read(resident, own)
    for words in ("Bij de school is het eng.", "Deels overgenomen", "Er komt één drempel.", "Het besluit moet hier nog antwoord op geven."):
        assert words in page
    assert "Leg een drempel." not in page
    an_option(platform, question)
    in_step(platform, question, "decide")
    decided(platform, organization, browser("decision_maker")[0], question)
    page = read(resident, own)
    for words in ("De straat wordt een fietsstraat.", "Het besluit zegt hierover: Zo gewogen.", "Uw bijdrage heeft een antwoord."):
        assert words in page
    assert post(client, own, code="nergens op lijkend").status_code == 400
    assert post(client, own, code="7F4K-9Q2M-X3TB").status_code == 400
    behind = post(client, own, code=code)
    assert behind.status_code == 200
    for words in ("Leg een drempel.", "Er komt één drempel.", "Zo gewogen."):
        assert words in text_of(behind.text)
    assert code not in behind.text
    stranger = browser()[0]
    assert "nog niets ingebracht" in read(stranger, own)
    assert "Bij de school" not in read(stranger, own)


def test_a_code_of_another_table_opens_nothing(client: FlaskClient, platform: Platform, browser: Browser) -> None:
    staff = browser("facilitator")[0]
    question, other = a_table(platform), a_table(platform, title="Wat doen wij met het zwembad in de winter?")
    _id, code = contributed(platform, question, staff, anonymous("test"), "Leg een drempel.")
    answer = post(client, f"{base(other)}/mijn-inbreng", code=code)
    assert answer.status_code == 400
    assert "Leg een drempel." not in answer.text


def test_a_code_works_where_tries_are_counted(client: FlaskClient, platform: Platform, browser: Browser) -> None:
    question = a_table(platform)
    _id, code = contributed(platform, question, browser("facilitator")[0], anonymous("test"), "Leg een drempel.")
    path, config = f"{base(question)}/mijn-inbreng", platform.config
    client.get(path)
    object.__setattr__(platform, "config", replace(config, limits=replace(config.limits, enabled=True)))
    assert "Leg een drempel." in post(client, path, code=code).text
    tries = [post(client, path, code="0000-0000-0000").status_code for _try in range(10)]
    assert tries == [400] * 9 + [429]


def test_the_way_of_one_contribution(client: FlaskClient, platform: Platform, organization: Any, browser: Browser, clock: Clock) -> None:
    question, staff = a_table(platform, level="consult"), browser("facilitator")[0]
    id, _code = contributed(platform, question, staff, anonymous("test"), "Leg een drempel.")
    trail = f"{base(question)}/inbreng/{id}"
    first = read(client, trail)
    for words in ("Leg een drempel.", "Deze bijdrage wacht op een antwoord.", "Er is nog geen besluit.", "ronde 1"):
        assert words in first
    with platform.unit_of_work(SYSTEM) as uow:
        write_answer(uow, question.id, WriteAnswer(contribution_ids=(id,), outcome="adopted", reason="Die komt er."))
    clock.forward(minutes=11)
    an_option(platform, question)
    in_step(platform, question, "decide")
    decided(platform, organization, browser("decision_maker")[0], question)
    for words in ("Die komt er.", "is besloten.", "Er zijn nog geen acties.", "De evaluatie komt nog."):
        assert words in read(client, trail)
    assert read(client, f"/en{trail}")
    number = re.search(r'href="(/inbreng/[\w-]+/bijdragen/\d+)"', client.get(trail).text)
    assert number is not None
    assert trail in client.get(number[1]).text  # and back, from the contribution to its way


def test_everything_that_was_contributed(client: FlaskClient, platform: Platform, browser: Browser) -> None:
    question, staff = a_table(platform), browser("facilitator")[0]
    for number in range(23):
        contributed(platform, question, staff, anonymous("test"), f"Dit is bijdrage {number}.")
    page = client.get(f"{base(question)}/inbreng")
    assert "23 bijdragen" in text_of(page.text)
    following = re.search(r'rel="next" href="([^"]+)"', page.text)
    assert following is not None
    assert "Dit is bijdrage 0." in read(client, unescape(following[1]))
    assert client.get(f"{base(question)}/inbreng?cursor=nergens").status_code == 400
    assert "wachten op een antwoord" in read(staff, f"{base(question)}/inbreng")


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_page_costs_the_same_number_of_statements_whatever_stands_on_it(platform: Platform, browser: Browser) -> None:
    question, (staff, account_id) = a_table(platform, level="consult"), browser("manager")
    actor = Actor(kind="account", account_id=account_id, origin="test")

    def more(times: int) -> None:
        in_step(platform, question, "solve")
        for number in range(times):
            post(staff, f"{base(question)}/rondes/nieuw", **PLAN)
            post(staff, f"{base(question)}/rondes/1/online", title=f"Vraag {number}", form="reactions", access="everyone")
            an_option(platform, question, title=f"Oplossing {uuid.uuid4()}")
            contributed(platform, question, staff, actor, f"Bijdrage {number}.")
            with platform.unit_of_work(SYSTEM) as uow:
                theme = add_theme(uow, question.id, AddTheme(title=f"Thema {uuid.uuid4()}", summary=""))
                uow.session.execute(update(Theme).where(Theme.id == theme.id).values(contributions=1))
        in_step(platform, question, "decide")

    def cost(part: str) -> int:
        said: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if "samenspreker__" in statement or "inbreng__" in statement:  # settings are read again every two seconds
                said.append(statement)

        event.listen(platform.engine, "before_cursor_execute", note)
        assert staff.get(f"{base(question)}/{part}").status_code == 200
        event.remove(platform.engine, "before_cursor_execute", note)
        return len(said)

    parts = ("rondes", "rondes/1", "opties", "opties/1", "besluit/publiceren", "inbreng", "mijn-inbreng")
    more(2)
    post(staff, f"{base(question)}/besluit/bewerken", text="Nog niet af.")
    for part in parts:
        cost(part)
    before = {part: cost(part) for part in parts}
    more(3)
    assert {part: cost(part) for part in parts} == before

"""The pages of the table over HTTP: who sees what, wrong input, links that do not hold, and no address anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from citycontent.models import Organization, Person
from citycontent.schemas import CreatePerson
from citycontent.services.persons import create_person
from samen_core.accounts.schemas import GrantRole
from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.accounts.services.grants import grant_role
from samen_core.api import system, uuid7
from samen_core.app import SamenFlask
from samen_core.db.changes import Change
from samen_core.platform import Platform
from samen_core.testing.platforms import PASSWORD, Clock, Outbox
from samen_samenspreker.models import Question, Seat
from samen_samenspreker.testing import a_question, a_seat, an_accepted_question, an_offer, queued_mail, token_of

ADDRESS = "sam.bakker@dorpsstraat.example"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def question(platform: Platform) -> Question:
    return an_accepted_question(platform, sectors=("citizens", "business"))


@pytest.fixture
def logged_in(app: SamenFlask, platform: Platform) -> Callable[..., FlaskClient]:
    """``logged_in(email, role="", scope=None)``: a browser that is logged in with a new account."""

    def make(email: str = "", role: str = "", scope: Any = None) -> FlaskClient:
        email = email or f"iemand-{uuid7().hex}@samen.example"
        with platform.unit_of_work(system("test")) as uow:
            account = create_account(uow, CreateAccount(email, "Sam Bakker", PASSWORD))
            if role:
                grant_role(uow, GrantRole(account_id=account.id, role=role, scope=scope, reason="test"))
        client = app.test_client()
        assert client.post("/inloggen", data={"email": email, "password": PASSWORD}, headers=SAME_SITE).status_code == 303
        return client

    return make


def post(client: FlaskClient, page: str, path: str = "", **values: Any) -> Any:
    """Send a form as its page would: with the token and the version that stand in it."""
    html = client.get(page).text
    hidden = dict(re.findall(r'name="(csrf_token|version)" value="([^"]+)"', html))
    return client.post(path or page, data={**hidden, **values}, headers=SAME_SITE)


def stored(platform: Platform, seat: Seat) -> Seat:
    with platform.read(system("test")) as uow:
        return uow.session.get_one(Seat, seat.id)


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0])).split())


def test_an_empty_table_says_what_comes(client: FlaskClient, question: Question) -> None:
    answer = client.get(f"/samenspreker/{question.slug}/tafel")
    assert answer.status_code == 200
    assert "Er zit nog niemand aan tafel" in text_of(answer.text)
    assert '<svg class="samenspreker-round' not in answer.text


def test_a_question_without_table_has_no_seats(client: FlaskClient, platform: Platform) -> None:
    submitted = a_question(platform, title="Nog niet gelezen")
    for path in ("", "/bijeenkomsten"):
        assert client.get(f"/samenspreker/{submitted.slug}/tafel{path}").status_code == 404
        assert client.get(f"/samenspreker/bestaat-niet/tafel{path}").status_code == 404


def test_the_round_table_has_words_beside_it(
    client: FlaskClient, platform: Platform, question: Question, organization: Organization
) -> None:
    whose = {"organization_id": organization.id, "sector": "civil_society", "holder_name": "Robin de Wit"}
    a_seat(platform, question, **whose, responsibility="Denk mee")
    a_seat(platform, question, title="Winkelier", sector="business", holder_name="")
    an_offer(platform, question, ADDRESS)
    html = client.get(f"/samenspreker/{question.slug}/tafel").text
    assert re.search(r'<svg class="samenspreker-round__picture"[^>]* role="img" aria-labelledby="ronde-tafel"', html)
    assert '<title id="ronde-tafel">Ronde tafel met 3 stoelen, waarvan 2 bezet.</title>' in html
    assert re.findall(r"<text[^>]*>([^<]+)</text>", html) == ["WI", "BS"]
    text = text_of(html)
    for words in ("Buurthuis De Ster", "Hier zit: Robin de Wit", "Denk mee", "Winkelier", "Bewoner van de Dorpsstraat", "Gevraagd"):
        assert words in text
    assert "1 van de 3 stoelen is van ondernemers." in text
    assert "style=" not in html.partition("<main")[2]


def test_a_person_is_named_only_after_yes(
    client: FlaskClient, platform: Platform, question: Question, logged_in: Callable[..., FlaskClient]
) -> None:
    with platform.unit_of_work(system("test")) as uow:
        person = create_person(uow, CreatePerson(given_name="Anna", family_name="Berg"))
    seat, _token = an_offer(platform, question, ADDRESS, person_id=person.id, title="")
    page = f"/samenspreker/{question.slug}/tafel"
    assert "Anna Berg" not in client.get(page).text
    assert "Iemand uit deze sector" in client.get(page).text
    assert "Anna Berg" in logged_in(role="facilitator", scope=question.id).get(page).text
    with platform.unit_of_work(system("test")) as uow:
        found = uow.session.get_one(Seat, seat.id)
        found.state, found.email, found.token_hash = "accepted", "", None
    assert "Anna Berg" in client.get(page).text
    assert isinstance(person, Person)


def test_a_facilitator_puts_a_seat_at_the_table_and_offers_it(
    platform: Platform, question: Question, logged_in: Callable[..., FlaskClient], organization: Organization
) -> None:
    staff = logged_in(role="facilitator", scope=question.id)
    table = f"/samenspreker/{question.slug}/tafel"
    assert "Sector “Bedrijfsleven” hoort bij deze vraag, maar heeft nog geen stoel." in text_of(staff.get(table).text)
    answer = post(staff, f"{table}/stoel/nieuw", organization_id="Buurthuis De Ster", role="participant", responsibility="Denk mee.")
    assert answer.status_code == 303
    seat_page = answer.headers["Location"]
    answer = post(staff, f"{seat_page}/aanbieden", email=ADDRESS, name="Sam", language="nl")
    assert answer.status_code == 303
    html = staff.get(seat_page).text
    assert ADDRESS in html, "who facilitates sees where the mail went"
    assert "De link in de mail werkt tot en met" in html
    assert post(staff, seat_page, f"{seat_page}/herinneren").status_code == 400
    assert post(staff, seat_page, f"{seat_page}/intrekken").status_code == 303
    assert ADDRESS not in staff.get(seat_page).text


def test_wrong_input_says_everything_and_keeps_it(platform: Platform, question: Question, logged_in: Callable[..., FlaskClient]) -> None:
    staff = logged_in(role="facilitator")
    table = f"/samenspreker/{question.slug}/tafel"
    answer = post(staff, f"{table}/stoel/nieuw", organization_id="Bestaat Niet", role="koning", responsibility="Blijft staan")
    assert answer.status_code == 400
    assert "Wij kennen geen organisatie met de naam “Bestaat Niet”." in unescape(answer.text)
    assert "Blijft staan" in answer.text
    assert 'href="#f-role"' in answer.text
    seat, _token = an_offer(platform, question, ADDRESS)
    page = f"{table}/stoel/{seat.id}"
    answer = post(staff, f"{page}/aanbieden", email="geen adres", name="http://spam.example", language="nl")
    assert answer.status_code == 400
    assert {'href="#f-email"', 'href="#f-name"'} <= set(re.findall(r'href="#f-\w+"', answer.text))
    assert post(staff, f"{page}/beeindigen", reason="").status_code == 400
    assert post(staff, f"{page}/aanbieden", email=ADDRESS, language="fr").status_code == 400
    assert staff.get(f"{table}/stoel/{uuid7()}").status_code == 404
    assert staff.get(f"{table}/stoel/{uuid7()}/bewerken").status_code == 404
    for act in ("herinneren", "intrekken", "zonder-vervanger"):
        assert post(staff, page, f"{page}/{act}", version="x").status_code == 400


def test_a_seat_of_another_table_is_not_there(platform: Platform, question: Question, logged_in: Callable[..., FlaskClient]) -> None:
    other = an_accepted_question(platform, title="Waar komt de markt?")
    seat = a_seat(platform, other)
    staff = logged_in(role="facilitator", scope=question.id)
    assert staff.get(f"/samenspreker/{question.slug}/tafel/stoel/{seat.id}").status_code == 404
    assert staff.get(f"/samenspreker/{other.slug}/tafel/stoel/{seat.id}/bewerken").status_code == 403


def test_a_conflict_shows_both_texts(platform: Platform, question: Question, logged_in: Callable[..., FlaskClient]) -> None:
    staff = logged_in(role="facilitator")
    seat = a_seat(platform, question, state="open", holder_name="", title="Bewoner")
    page = f"/samenspreker/{question.slug}/tafel/stoel/{seat.id}/bewerken"
    old = dict(re.findall(r'name="(csrf_token|version)" value="([^"]+)"', staff.get(page).text))
    assert post(staff, page, title="Bewoner", sector="citizens", role="participant", responsibility="Van een ander").status_code == 303
    answer = staff.post(
        page, data={**old, "title": "Bewoner", "sector": "citizens", "role": "participant", "responsibility": "Van mij"}, headers=SAME_SITE
    )
    assert answer.status_code == 409
    assert "Van mij" in answer.text
    assert "Van een ander" in answer.text


@pytest.mark.parametrize("path", ["stoel/nieuw", "bijeenkomsten/nieuw"])
def test_others_cannot_change_the_table(
    client: FlaskClient, platform: Platform, question: Question, logged_in: Callable[..., FlaskClient], path: str
) -> None:
    other = an_accepted_question(platform, title="Waar komt de markt?")
    page = f"/samenspreker/{question.slug}/tafel/{path}"
    assert client.get(page).status_code == 303, "who is not logged in may log in"
    assert client.post(page, headers=SAME_SITE).status_code == 403
    for visitor in (logged_in(), logged_in(role="facilitator", scope=other.id)):
        assert visitor.get(page).status_code == 403
    assert "Zet een stoel bij" not in logged_in().get(f"/samenspreker/{question.slug}/tafel").text


def test_links_that_do_not_hold_say_what_to_do(client: FlaskClient, platform: Platform, question: Question, clock: Clock) -> None:
    _seat, token = an_offer(platform, question, ADDRESS)
    for made_up in ("verzonnen", "x" * 400, token[:-1]):
        answer = client.get(f"/samenspreker/uitnodiging/{made_up}")
        assert answer.status_code == 410
        assert "Deze uitnodiging werkt niet meer" in answer.text
        assert client.post(f"/samenspreker/uitnodiging/{made_up}", headers=SAME_SITE).status_code == 410
        assert client.post(f"/samenspreker/uitnodiging/{made_up}/nee", headers=SAME_SITE).status_code == 410
    assert client.get(f"/samenspreker/uitnodiging/{token}").status_code == 200
    clock.forward(days=22)
    answer = client.get(f"/samenspreker/uitnodiging/{token}")
    assert (answer.status_code, "verlopen" in answer.text) == (410, True)


def test_opening_the_link_changes_nothing(client: FlaskClient, platform: Platform, question: Question) -> None:
    seat, token = an_offer(platform, question, ADDRESS, responsibility="Vertel wat u ziet.")
    for _time in range(3):
        answer = client.get(f"/samenspreker/uitnodiging/{token}")
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"] or "private" in answer.headers["Cache-Control"]
        assert ADDRESS not in answer.text
    text = text_of(answer.text)
    for words in (question.title, "Vertel wat u ziet.", "Ja, ik doe mee", "Nee, ik doe niet mee"):
        assert words in text
    assert stored(platform, seat).state == "offered"


def test_yes_goes_by_an_account_with_the_address(client: FlaskClient, app: SamenFlask, platform: Platform, question: Question) -> None:
    seat, token = an_offer(platform, question, ADDRESS)
    page = f"/samenspreker/uitnodiging/{token}"
    for wrong in ("", "S", "kijk op www.spam.example"):
        answer = client.post(page, data={"display_name": wrong}, headers=SAME_SITE)
        assert (answer.status_code, 'href="#f-display_name"' in answer.text) == (400, True)
    answer = client.post(page, data={"display_name": "Sam Bakker"}, headers=SAME_SITE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/samenspreker/uitnodiging/verstuurd")
    mail = queued_mail(platform)[-1]
    assert mail.recipient == ADDRESS
    confirm = re.search(r"http://[^/]+(/registreren/bevestigen/\S+)", mail.body)
    assert confirm
    answer = client.post(confirm[1], data={"password": ""}, headers=SAME_SITE)
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    html = client.get(page).text
    assert 'value="Sam Bakker"' in html, "the name of the account is filled in"
    assert post(client, page, name="Sam B.", wants_mail="true").status_code == 303
    found = stored(platform, seat)
    assert (found.state, found.holder_name, found.email, found.wants_mail) == ("accepted", "Sam B.", "", True)
    assert client.get(page).status_code == 410
    assert "Sam B." in app.test_client().get(f"/samenspreker/{question.slug}/tafel").text


def test_a_link_in_other_hands_gives_no_seat(platform: Platform, question: Question, logged_in: Callable[..., FlaskClient]) -> None:
    seat, token = an_offer(platform, question, ADDRESS)
    other, page = logged_in(), f"/samenspreker/uitnodiging/{token}"
    html = other.get(page).text
    assert "een ander e-mailadres" in html
    assert "Ja, ik neem de stoel aan" not in html
    assert ADDRESS not in html
    answer = post(other, page, name="Dief")
    assert (answer.status_code, ADDRESS in answer.text) == (403, False)
    assert other.get(f"/samenspreker/{question.slug}/tafel/stoel/{seat.id}").status_code == 403
    assert stored(platform, seat).state == "offered"


def test_no_needs_no_account(client: FlaskClient, platform: Platform, question: Question, logged_in: Callable[..., FlaskClient]) -> None:
    seat, token = an_offer(platform, question, ADDRESS)
    page = f"/samenspreker/uitnodiging/{token}"
    assert client.post(f"{page}/nee", data={"reason": "x" * 501}, headers=SAME_SITE).status_code == 400
    answer = client.post(f"{page}/nee", data={"reason": "Ik heb geen tijd."}, headers=SAME_SITE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/samenspreker/uitnodiging/beantwoord")
    assert client.get("/samenspreker/uitnodiging/beantwoord").status_code == 200
    table = f"/samenspreker/{question.slug}/tafel"
    for visitor, shown in ((client, False), (logged_in(), False), (logged_in(role="facilitator"), True)):
        assert ("Zeiden nee" in visitor.get(table).text) is shown
        assert "Ik heb geen tijd." not in visitor.get(table).text
    assert "Ik heb geen tijd." in logged_in(role="facilitator").get(f"{table}/stoel/{seat.id}").text


def test_who_is_asked_finds_it_at_the_table(platform: Platform, question: Question, logged_in: Callable[..., FlaskClient]) -> None:
    seat, _token = an_offer(platform, question, ADDRESS)
    sam = logged_in(ADDRESS)
    table = f"/samenspreker/{question.slug}/tafel"
    assert "U bent gevraagd voor een stoel aan deze tafel" in sam.get(table).text
    page = f"{table}/stoel/{seat.id}"
    assert post(sam, page, f"{page}/ja", name="@" * 3).status_code == 400
    answer = post(sam, page, f"{page}/ja", name="Sam", wants_mail="true")
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    assert "U zit aan deze tafel." in sam.get(table).text
    assert post(sam, f"{page}/mijn", name="Sam Bakker").status_code == 303
    assert (stored(platform, seat).holder_name, stored(platform, seat).wants_mail) == ("Sam Bakker", False)
    assert post(sam, f"{page}/beeindigen", reason="Ik verhuis.").status_code == 303
    assert "Zaten eerder aan tafel" in sam.get(table).text
    assert "Sam Bakker" not in text_of(sam.get(table).text)


def test_an_alternate_by_mail(platform: Platform, question: Question, logged_in: Callable[..., FlaskClient], client: FlaskClient) -> None:
    seat, _token = an_offer(platform, question, ADDRESS)
    sam, robin = logged_in(ADDRESS), logged_in("robin@dorpsstraat.example")
    page = f"/samenspreker/{question.slug}/tafel/stoel/{seat.id}"
    post(sam, page, f"{page}/ja", name="Sam")
    assert post(sam, f"{page}/vervanger", email=ADDRESS).status_code == 400
    assert post(sam, f"{page}/vervanger", email="robin@dorpsstraat.example").status_code == 303
    assert "robin@dorpsstraat.example" not in sam.get(page).text
    link = f"/samenspreker/uitnodiging/{token_of(queued_mail(platform)[-1].body)}"
    assert "Wilt u vervanger zijn aan tafel?" in client.get(link).text
    assert post(robin, link, name="Robin").status_code == 303
    assert "Vervanger: Robin" in text_of(client.get(f"/samenspreker/{question.slug}/tafel").text)
    assert post(robin, page, f"{page}/zonder-vervanger").status_code == 303
    assert "Vervanger: Robin" not in text_of(client.get(f"/samenspreker/{question.slug}/tafel").text)
    assert robin.get(page).status_code == 403


def test_an_address_is_in_no_page_log_event_or_url(
    app: SamenFlask, client: FlaskClient, platform: Platform, question: Question, logged_in: Callable[..., FlaskClient], outbox: Outbox
) -> None:
    """The whole way of an invitation and an alternate; then everything that is kept or shown is searched for the addresses."""
    addresses = (ADDRESS, "robin@dorpsstraat.example", "noor@dorpsstraat.example")
    table = f"/samenspreker/{question.slug}/tafel"
    urls: list[str] = []
    app.before_request(lambda: urls.append(_url()))
    first, _token = an_offer(platform, question, ADDRESS)
    second, _token = an_offer(platform, question, addresses[2])
    sam, robin, staff = logged_in(ADDRESS), logged_in(addresses[1]), logged_in(role="facilitator")
    page = f"{table}/stoel/{first.id}"
    post(sam, page, f"{page}/ja", name="Sam")
    post(sam, f"{page}/vervanger", email=addresses[1])
    link = f"/samenspreker/uitnodiging/{token_of(queued_mail(platform)[-1].body)}"
    seen = [client.get(link), robin.get(link), post(robin, link, name="Robin")]
    offer = f"{table}/stoel/{second.id}/aanbieden"
    seen.append(post(staff, offer, email=addresses[2], language="nl"))
    for visitor in (client, sam, robin):
        seen += [visitor.get(path) for path in (table, f"{table}/bijeenkomsten", f"/samenspreker/{question.slug}", page, f"{page}/mijn")]
        seen.append(visitor.get(f"/logboek/{question.id}"))
        seen.append(visitor.get(f"/api/v1/samenspreker/questions/{question.id}/seats"))
    seen.append(staff.get(table))
    for answer in seen:
        own_page = answer.text.partition("<main")[2]
        assert [address for address in addresses if address in own_page or address in answer.headers.get("Location", "")] == []
    assert [address for address in addresses for url in urls if address in url] == []
    with platform.read(system("test")) as uow:
        rows = uow.session.execute(select(Change)).scalars().all()
    kept = " ".join(f"{row.before} {row.after} {row.reason} {row.sentence}" for row in rows) + str(outbox.events())
    assert [address for address in addresses if address in kept] == []


def _url() -> str:
    from flask import request

    return request.url


def test_the_pages_cost_the_same_for_a_full_table(
    client: FlaskClient, platform: Platform, question: Question, organization: Organization
) -> None:
    from sqlalchemy import event

    def cost() -> int:
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            sent.append(statement)

        event.listen(platform.engine, "before_cursor_execute", note)
        try:
            assert client.get(f"/samenspreker/{question.slug}/tafel").status_code == 200
        finally:
            event.remove(platform.engine, "before_cursor_execute", note)
        return len(sent)

    a_seat(platform, question)
    client.get(f"/samenspreker/{question.slug}/tafel")
    few = cost()
    for number in range(25):
        a_seat(platform, question, title=f"Stoel {number}", sector=("business", "citizens", "government", "civil_society")[number % 4])
    a_seat(platform, question, organization_id=organization.id, sector="civil_society")
    assert cost() == few


def test_where_an_organization_and_a_person_sit(
    client: FlaskClient, platform: Platform, question: Question, organization: Organization
) -> None:
    with platform.unit_of_work(system("test")) as uow:
        person = create_person(uow, CreatePerson(given_name="Anna", family_name="Berg"))
    a_seat(platform, question, organization_id=organization.id, person_id=person.id, sector="civil_society")
    a_seat(platform, an_accepted_question(platform, title="Nog gevraagd"), organization_id=organization.id, state="open", holder_name="")
    for path in (f"/organisaties/{organization.slug}", f"/personen/{person.slug}"):
        html = client.get(path).text
        assert "Zit aan tafel bij" in html
        assert f"/samenspreker/{question.slug}" in html
        assert "Nog gevraagd" not in html


def test_in_english(client: FlaskClient, platform: Platform, question: Question) -> None:
    a_seat(platform, question, title="Bewoner")
    _seat, token = an_offer(platform, question, ADDRESS)
    for path in (f"/en/samenspreker/{question.slug}/tafel", f"/en/samenspreker/uitnodiging/{token}"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "stoel" not in re.sub(r'(<[^>]*lang="nl"[^>]*>[^<]*<|<[^>]+>|Bewoner[^<]*)', " ", answer.text.partition("<main")[2]).lower()

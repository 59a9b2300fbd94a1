"""The block as its users meet it: pages and REST."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from samen_gereedschap.models import Loan, Tool
from samen_gereedschap.permissions import BORROW
from sqlalchemy import select

from citycontent.api import Organization, Project
from citycontent.testing import make_representative
from samen_core.api import ACCOUNT_ADDRESSES, Actor, Platform, system
from samen_core.testing.callers import Caller, make_token
from samen_core.testing.visitors import send_form, text_of

from .conftest import day

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from samen_core.app import SamenFlask

As = Callable[..., Actor]
Lend = Callable[..., Loan]
Visit = Callable[..., "FlaskClient"]
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def test_a_neighbour_borrows_a_ladder(
    platform: Platform, client: FlaskClient, as_role: Visit, tool: Tool, organization: Organization
) -> None:
    assert "1 ding te leen" in text_of(client.get("/gereedschap").text)
    page = text_of(client.get("/gereedschap/schuifladder").text)
    assert "Hoogstens 5 dagen" in page
    assert "breng het schoon en heel terug" in page
    asked = client.get("/gereedschap/schuifladder/lenen")
    assert asked.headers["Location"].startswith("/inloggen?volgende=/gereedschap/schuifladder/lenen")
    resident, lender = as_role("resident"), as_role("facilitator", organization.id)
    assert "U leent nu niets" in text_of(resident.get("/gereedschap/mijn").text)
    wrong = send_form(resident, "/gereedschap/schuifladder/lenen", first_day="2020-01-02", last_day="2020-01-01", phone="nul", name="Sanne")
    assert wrong.status_code == 400
    for words in ("De laatste dag ligt voor de eerste dag.", "Vul een telefoonnummer in", "Ga akkoord met de afspraken"):
        assert words in wrong.text
    assert 'value="2020-01-02"' in wrong.text
    assert 'value="nul"' in wrong.text
    first, last = str(day(platform, 1)), str(day(platform, 2))
    values = {"first_day": first, "last_day": last, "phone": "06 12345678", "name": "Sanne", "note": "De goot.", "rules": "true"}
    sent = send_form(resident, "/gereedschap/schuifladder/lenen", **values)
    assert sent.status_code == 303, text_of(sent.text)
    path = sent.headers["Location"]
    assert "Uw aanvraag is verstuurd." in resident.get(path).text
    assert client.get(path).status_code == 303
    assert as_role("resident").get(path).status_code == 404
    refused = send_form(lender, f"{path}/refuse", page=path, answer="")
    assert refused.status_code == 400
    assert send_form(lender, f"{path}/agree", page=path, answer="Vanaf tien uur.").status_code == 303
    again = lender.post(f"{path}/agree", data={"version": "1", "csrf_token": ""}, headers={"Sec-Fetch-Site": "same-origin"})
    assert again.status_code in (400, 403, 409)
    mine = text_of(resident.get(path).text)
    assert "Vanaf tien uur." in mine
    assert "Hebt u het niet meer nodig?" in mine
    assert "Is het opgehaald?" not in mine
    desk = text_of(lender.get("/gereedschap/balie?staat=klaar").text)
    assert "Sanne" in desk
    assert "Klaar om mee te geven (1)" in desk
    free = client.get(f"/gereedschap?van={first}")
    assert "Niets past bij wat u zoekt" in free.text
    assert client.get("/gereedschap?van=morgen").status_code == 400
    assert client.get(f"/gereedschap?van={last}&tot={first}").status_code == 400


@SQLITE
def test_who_lends_keeps_the_list(platform: Platform, as_role: Visit, organization: Organization, client: FlaskClient) -> None:
    lender = as_role("facilitator", organization.id)
    path = f"/gereedschap/nieuw?organisatie={organization.id}"
    made = send_form(lender, "/gereedschap/nieuw", page=path, name="Bakfiets", kind="transport")
    assert made.headers["Location"] == "/gereedschap/bakfiets", text_of(made.text)
    beside = text_of(client.get(f"/organisaties/{organization.slug}").text)
    assert "Bakfiets" in beside
    assert "Nieuw te leen: Bakfiets." in beside
    assert "Lend something out" in lender.get(f"/en/organisaties/{organization.slug}").text
    changed = send_form(lender, "/gereedschap/bakfiets/bewerken", name="Bakfiets met huif")
    assert changed.status_code == 303
    assert "Bakfiets met huif" in client.get("/gereedschap").text
    gone = send_form(lender, "/gereedschap/bakfiets/weghalen")
    assert gone.headers["Location"] == "/gereedschap"
    assert client.get("/gereedschap/bakfiets").status_code == 410
    assert client.get("/gereedschap/nergens").status_code == 404
    stranger = as_role("resident")
    assert stranger.get("/gereedschap/nieuw").status_code == 403
    assert "U leent nog niets uit" in stranger.get("/gereedschap/balie").text
    beside = f"/organisaties/{organization.slug}"
    assert "Leen iets uit" not in stranger.get(beside).text
    with platform.unit_of_work(system("test")) as uow:
        address = ACCOUNT_ADDRESSES.c
        account_id = uow.session.execute(select(address.id).where(address.email.like("resident-%"))).scalar_one()
        make_representative(uow, account_id, organization.id)
    assert "Leen iets uit" in stranger.get(beside).text, "who may act for the organisation lends as well"


@SQLITE
def test_a_project_says_what_it_needs(client: FlaskClient, as_role: Visit, project: Project, tool: Tool, lend: Lend, actor_as: As) -> None:
    page = f"/projecten/{project.slug}"
    assert "Gereedschap voor dit project" not in client.get(page).text
    manager = as_role("manager")
    assert "Gereedschapslijst bijhouden" in manager.get(page).text
    path = f"/gereedschap/projecten/{project.id}"
    assert client.get(path).status_code == 303
    assert send_form(manager, path, ladder="100").status_code == 400
    assert send_form(manager, path, ladder="2", open="true", note="Zaterdag").status_code == 303
    lend(actor_as("resident"), 1, 1, "agree", project_id=project.id)
    shown = text_of(client.get(page).text)
    assert "Ladders en trappen 1 van 2 toegezegd" in shown
    assert "Leen voor dit project" in shown


@SQLITE
def test_the_lists_cost_the_same_however_long_they_are(platform: Platform, client: FlaskClient, organization: Organization) -> None:
    from samen_gereedschap.queries.tools import ToolFilter, list_tools
    from samen_gereedschap.schemas import OfferTool
    from samen_gereedschap.services.tools import offer_tool

    from samen_core.api import PageRequest

    with platform.unit_of_work(system("test")) as uow:
        for number in range(25):
            offer_tool(uow, OfferTool(organization_id=organization.id, name=f"Ding {number:02}", kind="other"))
    with platform.read(system("test")) as uow:
        first = list_tools(uow, ToolFilter(text="ding"), PageRequest(limit=20))
        second = list_tools(uow, ToolFilter(text="ding"), PageRequest(limit=20, cursor=first.next or ""))
    assert [row.name for row in (*first.items, *second.items)] == [f"Ding {number:02}" for number in range(25)]
    assert str(first.count) == "25"
    assert client.get("/gereedschap").text.count("samen-rows__item") == 20


def test_the_block_over_rest(
    app: SamenFlask, platform: Platform, tool: Tool, lend: Lend, actor_as: As, project: Project, organization: Organization
) -> None:
    api = "/api/v1/gereedschap"
    resident, visitor = actor_as("resident"), Caller(app)
    borrower, reader = Caller(app, make_token(platform, resident, BORROW.name)), Caller(app, make_token(platform, resident))
    one = visitor("GET", f"{api}/tools/{tool.id}").get_json()
    assert (one["name"], one["max_days"], one["organization_id"]) == ("Schuifladder", 5, str(organization.id))
    assert visitor("GET", f"{api}/tools?q=ladder&kind=ladder").get_json() == [one]
    assert visitor("GET", f"{api}/tools?kind=raket").status_code == 400
    assert visitor("GET", f"{api}/tools/{uuid.uuid4()}").status_code == 404
    assert visitor("GET", f"{api}/projects/{project.id}").status_code == 404
    body = {"first_day": str(day(platform, 1)), "last_day": str(day(platform, 2)), "name": "Sanne", "phone": "06 12345678", "rules": True}
    for caller, status in ((visitor, 401), (reader, 403)):
        refused = caller("POST", f"{api}/tools/{tool.id}/loans", json=body)
        assert (refused.status_code, refused.content_type) == (status, "application/problem+json")
        assert caller("GET", f"{api}/loans").status_code == status
    wrong = borrower("POST", f"{api}/tools/{tool.id}/loans", json={**body, "rules": False, "phone": "x", "last_day": str(day(platform, 0))})
    assert {error["pointer"] for error in wrong.get_json()["errors"]} == {"#/rules", "#/phone", "#/last_day"}
    made = borrower("POST", f"{api}/tools/{tool.id}/loans", json=body)
    assert (made.status_code, made.get_json()["state"]) == (201, "requested")
    assert borrower("GET", made.headers["Location"]).get_json() == made.get_json()
    assert borrower("GET", f"{api}/loans").get_json() == [made.get_json()]
    assert "name" not in made.get_json()
    assert visitor("GET", f"{api}/tools?free_from={day(platform, 2)}").get_json() == []
    assert "/gereedschap/tools/{id}/loans" in str(list(visitor("GET", "/api/v1/openapi.json").get_json()["paths"]))


@SQLITE
def test_the_block_is_described_where_cities_choose(client: FlaskClient, as_role: Visit) -> None:
    assert "Gereedschap" in client.get("/bouwstenen").text
    page = client.get("/bouwstenen/gereedschap").text
    assert "Zo gaat het met gereedschap" in page
    assert "Buurtspullen Software" in page
    settings: Any = as_role("manager").get("/beheer/instellingen/gereedschap")
    assert "Hoeveel dagen mag iemand gereedschap hoogstens lenen?" in settings.text

"""Projects, themes, the home page and the account page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from citycontent.models import PartialDate
from citycontent.schemas import CreateEvent, CreateMembership, CreateProject, CreateTheme, LinkAccount
from citycontent.services.events import create_event
from citycontent.services.memberships import create_membership
from citycontent.services.persons import link_account
from citycontent.services.projects import create_project
from citycontent.services.themes import create_theme
from tests.citycontent.web.conftest import links, read, send, text_of, titles

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def test_project_page(uow, client, zoetermeer, make_organization):
    lead, partner = make_organization("Afdeling", "government"), make_organization("Buurtclub")
    dorp = next(area for area in zoetermeer.current if area.name == "Dorp")
    values = {"summary": "Een plein", "budget": 1500000, "start_date": PartialDate("2026-03"), "area_ids": (dorp.id,)}
    project = create_project(
        uow,
        CreateProject(name="Plein", status="preparation", lead_organization_id=lead.id, partner_organization_ids=(partner.id,), **values),
    )
    for name, days in (("Start", -5), ("Schetsen", 5), ("Vervolg", 9)):
        create_event(uow, CreateEvent(name=name, start_date=uow.now + timedelta(days=days), project_id=project.id))
    uow.commit()
    page = client.get("/projecten/plein")
    said = text_of(page.text)
    for words in ("Voorbereiding", "Een plein", "€ 1.500.000", "maart 2026"):
        assert words in said
    assert said.index("Komende bijeenkomsten Schetsen") < said.index("Vervolg") < said.index("Eerdere bijeenkomsten Start")
    assert {"/organisaties/afdeling", "/organisaties/buurtclub", "/wijken/dorp", "/agenda/start"} <= set(links(page.text))
    assert "/projecten/plein" in links(client.get("/organisaties/buurtclub").text), "a partner shows the project too"
    assert "€ 1,500,000" in read(client, "/en/projecten/plein")


def test_project_list(uow, client, zoetermeer):
    dorp = next(area for area in zoetermeer.current if area.name == "Dorp")
    create_project(uow, CreateProject(name="Plein", status="execution", area_ids=(dorp.id,)))
    create_project(uow, CreateProject(name="Brug", status="completed"))
    uow.commit()
    assert titles(client.get("/projecten").text) == ["Brug", "Plein"]
    assert titles(client.get("/projecten?status=execution").text) == ["Plein"]
    assert titles(client.get("/projecten?gebied=wijk-centrum").text) == ["Plein"]
    assert "Uitvoering (1)" in client.get("/projecten").text
    assert client.get("/projecten?status=klaar").status_code == 400


def test_themes(uow, client, as_role, make_organization):
    living = create_theme(uow, CreateTheme(name="Wonen", description="Alles over huizen"))
    create_theme(uow, CreateTheme(name="Nieuwbouw", parent_id=living.id))
    make_organization("Woonclub", theme_ids=(living.id,))
    uow.commit()
    assert {"/themas/wonen", "/themas/nieuwbouw"} <= set(links(client.get("/themas").text))
    page = client.get("/themas/wonen")
    assert titles(page.text) == ["Woonclub"]
    assert "/themas/nieuwbouw" in links(page.text)
    assert "/themas" in links(client.get("/projecten").text)
    manager = as_role("manager")
    assert send(manager, "/themas/nieuw", name="Groen").location == "/themas/groen"
    assert send(manager, "/themas/groen/bewerken", name="Groen en water").location == "/themas/groen-en-water"
    assert client.get("/themas/groen").location == "/themas/groen-en-water"
    answer = send(manager, "/themas/wonen/verwijderen")
    assert answer.status_code == 400
    assert "Onder dit thema vallen andere thema's." in text_of(answer.text)
    assert send(manager, "/themas/groen-en-water/verwijderen").status_code == 303
    assert client.get("/themas/groen-en-water").status_code == 410


def test_home_shows_the_city(uow, client, zoetermeer):
    project = create_project(uow, CreateProject(name="Plein", status="preparation", summary="Denk mee"))
    create_project(uow, CreateProject(name="Klaar", status="completed"))
    create_event(uow, CreateEvent(name="Schetsen", start_date=uow.now + timedelta(days=3), project_id=project.id))
    create_event(uow, CreateEvent(name="Ver weg", start_date=uow.now + timedelta(days=300)))
    uow.commit()
    page = client.get("/")
    said = text_of(page.text)
    assert "Denk mee" in said
    assert "Schetsen:" in said
    assert "Ver weg" not in said
    assert "Klaar" not in said
    assert {"/projecten/plein", "/agenda/schetsen", "/agenda", "/wijken"} <= set(links(page.text))
    assert 'aria-label="Rokkeveen"' in page.text
    assert "Nu meedoen" in said


def test_home_of_an_empty_city_says_what_will_come(client):
    said = read(client, "/")
    assert "Er staan geen bijeenkomsten gepland" in said
    assert "Kies uw wijk" not in said


def test_account_shows_on_whose_behalf_one_may_act(uow, platform, as_role, make_person, make_organization):
    from sqlalchemy import select

    from samen_core.accounts.models import User

    organization, anna = make_organization("Wijkraad"), make_person("Anna")
    create_membership(uow, CreateMembership(person_id=anna.id, organization_id=organization.id, role="voorzitter"))
    uow.commit()
    visitor = as_role("resident")
    assert "U spreekt alleen voor uzelf" in read(visitor, "/account")
    link_account(uow, anna.id, LinkAccount(email=uow.session.execute(select(User.email)).scalar_one()))
    uow.commit()
    assert "/organisaties/wijkraad" in links(visitor.get("/account").text)


def test_logbook_of_a_thing(uow, client, as_role, make_organization):
    organization = make_organization("Wijkraad")
    uow.commit()
    manager = as_role("manager")
    for number in range(6):
        assert send(manager, "/organisaties/wijkraad/bewerken", abstract=f"Versie {number}").status_code == 303
    page = client.get("/organisaties/wijkraad")
    whole = f"/logboek/{organization.id}"
    assert whole in links(page.text)
    said = read(client, whole)
    assert said.count("Gewijzigd: korte beschrijving.") == 6
    assert said.index("Gewijzigd") < said.index("Deze organisatie is toegevoegd.")
    assert "Changed: short description." in read(client, f"/en{whole}")
    assert client.get(f"/logboek/{organization.id}?cursor=x").status_code == 400


def test_public_pages_are_answered_from_their_validator(uow, client, make_organization):
    make_organization("Wijkraad")
    uow.commit()
    for path in ("/organisaties", "/organisaties/wijkraad", "/agenda", "/wijken", "/"):
        first = client.get(path)
        assert first.headers["Cache-Control"] == "public, no-cache"
        assert "Set-Cookie" not in first.headers
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    make_organization("Nog een")
    uow.commit()
    assert client.get("/organisaties", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200

"""The list of organisations and the page of one."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import insert, update

from citycontent.models import Organization, PartialDate
from citycontent.schemas import CreateMembership, CreatePost, Delete, UpdateOrganization
from citycontent.services.memberships import create_membership, create_post
from citycontent.services.organizations import delete_organization, organization_values, update_organization
from samen_core.api import Subject
from tests.citycontent.web.conftest import links, read, text_of, titles

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def rename(uow, organization, name):
    values = {**organization_values(uow, organization), "name": name, "address": None}
    values = {key: () if key in ("other_names", "links", "sources", "identifiers") else value for key, value in values.items()}
    update_organization(uow, organization.id, UpdateOrganization(**{**values, "theme_ids": ()}))
    uow.commit()


def test_list_narrows_pages_and_keeps_filters(uow, client, zoetermeer, make_organization):
    palenstein = next(area for area in zoetermeer.current if area.name == "Palenstein")
    for number in range(23):
        make_organization(f"Wijkgroep {number:02}", area_id=palenstein.id if number % 2 else None)
    make_organization("Bakkerij Één", "business", abstract="Brood & koek")
    uow.commit()
    page = client.get("/organisaties?sector=citizens")
    assert titles(page.text) == [f"Wijkgroep {number:02}" for number in range(20)]
    assert "23 organisaties" in text_of(page.text)
    following = next(link for link in links(page.text) if "cursor=" in link)
    assert "sector=citizens" in following
    second = client.get(following)
    assert titles(second.text) == ["Wijkgroep 20", "Wijkgroep 21", "Wijkgroep 22"]
    back = next(link for link in links(second.text) if "cursor=" in link)
    assert titles(client.get(back).text) == titles(page.text)

    assert titles(client.get("/organisaties?q=een").text) == ["Bakkerij Één"]
    assert len(titles(client.get("/organisaties?gebied=palenstein").text)) == 11
    assert len(titles(client.get("/organisaties?gebied=wijk-centrum&q=wijkgroep+1").text)) == 7
    assert titles(client.get("/organisaties?volgorde=nieuwste").text)[0] == "Bakkerij Één"


def test_list_says_what_is_chosen_and_how_to_undo_it(uow, client, zoetermeer, make_organization):
    make_organization("Bakkerij", "business")
    uow.commit()
    page = client.get("/organisaties?q=vis&sector=business")
    assert "Niets past bij wat u zoekt" in text_of(page.text)
    assert "/organisaties?sector=business" in links(page.text)
    assert "/organisaties?q=vis" in links(page.text)
    assert 'value="business" selected' in page.text
    assert "Bedrijfsleven (1)" in page.text, "the number beside a filter comes from its counter"


@SQLITE
@pytest.mark.parametrize("query", ["sector=army", "gebied=atlantis", "thema=vis", "volgorde=lengte", "cursor=x"])
def test_a_filter_that_does_not_exist_is_refused(client, zoetermeer, query):
    answer = client.get(f"/organisaties?{query}")
    assert answer.status_code == 400
    assert "bestaat niet" in text_of(answer.text)


@SQLITE
def test_empty_list_offers_a_start_to_who_may(client, as_role):
    assert "Er staan nog geen organisaties in" in read(client, "/organisaties")
    assert "/organisaties/nieuw" not in links(client.get("/organisaties").text)
    assert "/organisaties/nieuw" in links(as_role("manager").get("/organisaties").text)


def test_page_shows_what_is_known(uow, client, zoetermeer, make_organization, make_person):
    palenstein = next(area for area in zoetermeer.current if area.name == "Palenstein")
    city = make_organization("Gemeente", "government")
    organization = make_organization(
        "Wijkraad",
        abstract="Praat mee",
        description="Wij zijn **er** <b>wel</b>.",
        area_id=palenstein.id,
        parent_id=city.id,
        email="raad@wijk.example",
        phone="079 123 45 67",
        homepage="https://wijk.example/",
        founding_date=PartialDate("1999-05"),
        identifiers=(("kvk", "12345678"),),
        sources=({"url": "https://bron.example/", "note": "Register"},),
    )
    chair = create_post(uow, CreatePost(organization_id=organization.id, label="Voorzitter", portfolio="Groen"))
    create_post(uow, CreatePost(organization_id=organization.id, label="Penningmeester"))
    anna, bram, secret = make_person("Anna"), make_person("Bram"), make_person("Geheim", visibility="private")
    create_membership(uow, CreateMembership(person_id=anna.id, organization_id=organization.id, post_id=chair.id))
    create_membership(uow, CreateMembership(person_id=secret.id, organization_id=organization.id))
    past = {"start_date": PartialDate("2001"), "end_date": PartialDate("2002")}
    create_membership(uow, CreateMembership(person_id=bram.id, organization_id=organization.id, **past))
    uow.commit()

    page = client.get("/organisaties/wijkraad")
    said = text_of(page.text)
    for words in ("Praat mee", "Voorzitter Anna Berg Groen", "Penningmeester Nog niemand", "KVK 12345678", "mei 1999", "Palenstein"):
        assert words in said
    assert "Bram" not in said, "who left is not shown"
    assert "Geheim" not in said, "a private person is not shown"
    assert "<strong>er</strong>" in page.text
    assert "<b>" not in page.text, "HTML in a description is shown as text"
    found = links(page.text)
    assert {"/organisaties/gemeente", "/wijken/palenstein", "/personen/anna-berg"} <= set(found)
    assert {"mailto:raad@wijk.example", "tel:0791234567", "https://wijk.example/", "https://bron.example/"} <= set(found)
    assert f"/id/organization/{organization.id}.json" in found
    assert "Deze organisatie is toegevoegd." in said
    assert "/organisaties/wijkraad" in links(client.get("/organisaties/gemeente").text), "the whole leads to its parts"


def test_earlier_addresses_lead_on(uow, client, make_organization):
    organization, gone, loser = make_organization("Oude naam"), make_organization("Weg"), make_organization("Dubbel")
    uow.commit()
    rename(uow, organization, "Nieuwe naam")
    delete_organization(uow, gone.id, Delete(version=gone.version))
    uow.session.execute(update(Organization).where(Organization.id == loser.id).values(state="merged", merged_into_id=organization.id))
    uow.session.execute(update(Subject).where(Subject.id == loser.id).values(state="merged", successor_id=organization.id))
    uow.commit()
    for path in ("/organisaties/oude-naam", "/organisaties/dubbel"):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (301, "/organisaties/nieuwe-naam")
    assert client.get("/en/organisaties/oude-naam").location == "/en/organisaties/nieuwe-naam"
    assert client.get("/organisaties/weg").status_code == 410
    assert client.get("/organisaties/nooit").status_code == 404


@SQLITE
def test_a_page_has_the_buttons_that_its_reader_may_use(uow, client, as_role, make_organization):
    organization, other = make_organization("Wijkraad"), make_organization("Ander")
    uow.commit()
    edit = "/organisaties/wijkraad/bewerken"
    assert edit not in links(client.get("/organisaties/wijkraad").text)
    assert edit not in links(as_role("manager", other.id).get("/organisaties/wijkraad").text)
    assert edit in links(as_role("manager", organization.id).get("/organisaties/wijkraad").text)


def fill(uow, prefix, number):
    """Put this many organisations in the tables, past the services."""
    rows = [
        {"id": uuid.uuid4(), "slug": f"{prefix}{n}", "name": f"{prefix}{n:04}", "sort_name": f"{prefix}{n:04}", "sector": "business"}
        for n in range(number)
    ]
    subjects = [{"id": row["id"], "type": "organization", "owner": "citycontent", "title": row["name"]} for row in rows]
    uow.session.execute(insert(Subject), [{**row, "updated_at": uow.now} for row in subjects])
    uow.session.execute(insert(Organization), [{**row, "version": 1, "created_at": uow.now, "updated_at": uow.now} for row in rows])
    uow.commit()


@SQLITE
@pytest.mark.parametrize("path", ["/organisaties", "/organisaties?q=0&sector=business&gebied=palenstein"])
def test_list_costs_as_many_statements_with_200_rows_as_with_20(uow, client, as_role, zoetermeer, statements, path):
    uow.commit()
    manager = as_role("manager")
    counts = []
    for prefix, number in (("o", 20), ("p", 180)):
        fill(uow, prefix, number)
        for visitor, most in ((client, 7), (manager, 8)):
            visitor.get(path)
            with statements() as sent:
                assert visitor.get(path).status_code == 200
            assert len(sent) <= most, sent
            counts.append(len(sent))
    assert counts[:2] == pytest.approx(counts[2:], abs=1), "one more at most: the count, once there is a second page"


@SQLITE
def test_page_costs_as_many_statements_with_many_members(uow, client, make_organization, make_person, statements):
    organization = make_organization("Wijkraad")
    counts = []
    for number in (3, 40):
        for at in range(number):
            person = make_person(f"P{number}x{at}")
            create_membership(uow, CreateMembership(person_id=person.id, organization_id=organization.id, role=f"Rol {at}"))
        uow.commit()
        client.get("/organisaties/wijkraad")
        with statements() as sent:
            assert client.get("/organisaties/wijkraad").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert counts[0] <= 9

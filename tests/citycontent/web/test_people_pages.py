"""Pages of persons, and the posts and members of an organisation."""

from __future__ import annotations

import re

import pytest

from citycontent.models import PartialDate
from citycontent.schemas import CreateMembership, CreatePost, Delete
from citycontent.services.memberships import create_membership, create_post
from citycontent.services.organizations import delete_organization
from tests.citycontent.web.conftest import links, read, send, text_of, titles

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def test_private_persons_are_only_there_for_who_may_see_them(uow, client, as_role, make_person, make_organization):
    organization = make_organization("Wijkraad")
    anna, secret = make_person("Anna"), make_person("Geheim", "Zeer", visibility="private")
    for person in (anna, secret):
        create_membership(uow, CreateMembership(person_id=person.id, organization_id=organization.id, role="voorzitter"))
    uow.commit()
    manager = as_role("manager")
    page = client.get("/personen")
    assert titles(page.text) == ["Anna Berg"]
    assert "Voorzitter, Wijkraad" in text_of(page.text)
    assert "Niet openbaar" not in page.text
    assert titles(manager.get("/personen").text) == ["Anna Berg", "Geheim Zeer"]
    assert titles(manager.get("/personen?rol=private").text) == ["Geheim Zeer"]
    assert titles(client.get("/personen?rol=private").text) == []
    path = f"/personen/{secret.slug}"
    assert client.get(path).status_code == 404
    assert manager.get(path).status_code == 200
    assert as_role("resident").get(path).status_code == 404
    assert "geheim" not in path


@SQLITE
def test_roles_now_and_before(uow, client, make_person, make_organization):
    anna = make_person("Anna", summary="Doet mee", honorific_prefix="dr.")
    raad, club = make_organization("Raad", "government"), make_organization("Club")
    create_membership(
        uow, CreateMembership(person_id=anna.id, organization_id=raad.id, label="Raadslid", start_date=PartialDate("2022-03"))
    )
    past = CreateMembership(person_id=anna.id, organization_id=club.id, start_date=PartialDate("1999"), end_date=PartialDate("2001"))
    create_membership(uow, past)
    uow.commit()
    page = client.get("/personen/anna-berg")
    said = text_of(page.text)
    assert said.index("Raadslid") < said.index("Eerder") < said.index("van 1999 tot en met 2001")
    assert "dr. Anna Berg" in said
    assert "vanaf maart 2022" in said
    assert {"/organisaties/raad", "/organisaties/club"} <= set(links(page.text))


@SQLITE
def test_contact_details_follow_the_setting(uow, client, as_role, make_person):
    make_person("Anna", email="anna@stad.example", visibility="known")
    make_person("Bram", email="bram@stad.example", visibility="public_officer")
    uow.commit()
    assert "anna@stad.example" not in client.get("/personen/anna-berg").text
    assert "bram@stad.example" in client.get("/personen/bram-berg").text
    assert "anna@stad.example" in as_role("facilitator").get("/personen/anna-berg").text


@SQLITE
def test_add_change_and_take_away_a_person(uow, client, as_role):
    manager = as_role("manager")
    answer = send(manager, "/personen/nieuw", email="geen")
    assert answer.status_code == 400
    assert "Vul een naam in." in text_of(answer.text)
    answer = send(manager, "/personen/nieuw", given_name="Anna", family_name_prefix="van der", family_name="Berg", visibility="known")
    assert (answer.status_code, answer.location) == (303, "/personen/anna-van-der-berg")
    assert send(manager, "/personen/anna-van-der-berg/bewerken", family_name="Dal", name="").location == "/personen/anna-van-der-dal"
    assert client.get("/personen/anna-van-der-berg").location == "/personen/anna-van-der-dal"
    assert send(manager, "/personen/anna-van-der-dal/verwijderen").status_code == 303
    assert client.get("/personen/anna-van-der-dal").status_code == 410


def test_posts_and_members(uow, client, as_role, make_person, make_organization):
    organization, other = make_organization("Wijkraad"), make_organization("Ander")
    make_person("Anna")
    uow.commit()
    own = as_role("manager", organization.id)
    base = "/organisaties/wijkraad"
    assert "Er zijn nog geen leden" in read(own, f"{base}/mensen")
    assert own.get("/organisaties/ander/mensen").status_code == 403
    assert client.get(f"{base}/mensen").status_code == 303

    assert send(own, f"{base}/functies/nieuw", label="Voorzitter").location == f"{base}/mensen"
    new = f"{base}/mensen/nieuw"
    answer = send(own, new, person_id="Niemand", start_date="gisteren")
    assert answer.status_code == 400
    assert "Wij kennen geen persoon met de naam “Niemand”." in text_of(answer.text)
    post_id = re.search(r'<option value="([0-9a-f-]{36})">Voorzitter', own.get(new).text)[1]
    assert send(own, new, person_id="Anna Berg", post_id=post_id, start_date="2024").location == f"{base}/mensen"
    assert "Voorzitter Anna Berg" in read(client, base)

    edit = next(link for link in links(own.get(f"{base}/mensen").text) if re.search("mensen/.*/bewerken", link))
    assert send(own, edit, end_date="2025").status_code == 303
    assert "Voorzitter Nog niemand" in read(client, base)
    assert "van 2024 tot en met 2025" in read(own, f"{base}/mensen")
    assert own.get(edit.replace("wijkraad", "ander")).status_code == 403
    assert send(own, edit, organization_id=str(other.id)).status_code in (400, 403), "a member stays with its organisation"

    assert send(own, edit.replace("bewerken", "verwijderen")).status_code == 303
    post = next(link for link in links(own.get(f"{base}/mensen").text) if re.search("functies/.*/verwijderen", link))
    assert send(own, post).status_code == 303
    assert "Er zijn nog geen functies" in read(own, f"{base}/mensen")
    assert own.get(edit).status_code == 404


@SQLITE
def test_a_post_that_is_held_is_not_taken_away(uow, as_role, make_person, make_organization):
    organization, anna = make_organization("Wijkraad"), make_person("Anna")
    post = create_post(uow, CreatePost(organization_id=organization.id, label="Voorzitter"))
    create_membership(uow, CreateMembership(person_id=anna.id, organization_id=organization.id, post_id=post.id))
    uow.commit()
    answer = send(as_role("manager"), f"/organisaties/wijkraad/functies/{post.id}/verwijderen")
    assert answer.status_code == 400
    assert "Er zijn nog lidmaatschappen met deze functie." in text_of(answer.text)


@SQLITE
def test_a_role_in_an_organization_that_is_gone_has_no_link(uow, client, make_person, make_organization):
    anna, club = make_person("Anna"), make_organization("Club")
    create_membership(uow, CreateMembership(person_id=anna.id, organization_id=club.id, start_date=PartialDate("1999")))
    delete_organization(uow, club.id, Delete(version=club.version))
    uow.commit()
    page = client.get(f"/personen/{anna.slug}").text
    assert "Club" in text_of(page)
    assert f"/organisaties/{club.slug}" not in links(page)

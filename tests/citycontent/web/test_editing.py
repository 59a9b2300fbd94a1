"""Adding, changing and taking away with forms: what was typed stays, mistakes are told all at once, nobody overwrites unseen."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from citycontent.models import Organization, Project, Relation
from citycontent.schemas import CreateProject, UpdateOrganization
from citycontent.services.organizations import organization_values, update_organization
from citycontent.services.projects import create_project
from tests.citycontent.web.conftest import form_values, post, read, send, text_of

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def stored(platform, slug):
    with platform.engine.connect() as connection:
        return connection.execute(select(*Organization.__table__.columns).where(Organization.slug == slug)).one()


@pytest.fixture
def wijkraad(uow, zoetermeer, make_organization):
    found = make_organization("Wijkraad", abstract="Praat mee", other_names=({"name": "WR"},))
    uow.commit()
    return found


def test_new_organization(platform, uow, zoetermeer, as_role):
    uow.commit()
    manager = as_role("manager")
    dorp = next(area for area in zoetermeer.current if area.name == "Dorp")
    values = {"name": "De Brug", "sector": "civil_society", "area_id": str(dorp.id), "founding_date": "5-1999", "other_names": "Brug\r\nDB"}
    answer = send(
        manager, "/organisaties/nieuw", address__street="Kade", address__house_number="3", homepage="https://brug.example", **values
    )
    assert (answer.status_code, answer.location) == (303, "/organisaties/de-brug")
    said = read(manager, "/organisaties/de-brug")
    assert "De organisatie staat erin." in said
    assert "Kade 3" in said
    row = stored(platform, "de-brug")
    assert (row.founding_date, row.area_id, [name["name"] for name in row.other_names]) == ("1999-05", dorp.id, ["Brug", "DB"])


@SQLITE
@pytest.mark.parametrize("part", ["a\x14b", "a\uffffb"])
def test_a_name_that_is_not_known_comes_back_as_text(uow, zoetermeer, as_role, part):
    uow.commit()
    manager = as_role("manager")
    for path, field in (("/organisaties/nieuw", "parent_id"), ("/projecten/nieuw", "partner_organization_ids")):
        answer = send(manager, path, **{field: part})
        assert answer.status_code == 400
        assert "met de naam “ab”" in text_of(answer.text)
        assert part not in answer.text


@SQLITE
def test_mistakes_come_all_at_once_and_nothing_typed_is_lost(uow, zoetermeer, as_role):
    uow.commit()
    manager = as_role("manager")
    path = "/organisaties/nieuw"
    typed = {"description": "Lange tekst\r\nmet regels", "email": "geen adres", "homepage": "ftp://x", "identifiers": "kvk 1"}
    answer = send(manager, path, parent_id="Bestaat Niet", founding_date="ooit", **typed)
    assert answer.status_code == 400
    said = text_of(answer.text)
    for field in (
        "Naam: Vul dit in",
        "Sector: Vul dit in",
        "E-mailadres van de organisatie:",
        "Website:",
        "Opgericht:",
        "Nummers in registers:",
    ):
        assert field in said
    assert "Wij kennen geen organisatie met de naam “Bestaat Niet”." in said
    again = dict(form_values(answer.text, path))
    assert again["description"].split() == typed["description"].split()
    assert {name: again[name] for name in ("email", "homepage", "identifiers")} == {
        name: typed[name] for name in ("email", "homepage", "identifiers")
    }
    assert (again["parent_id"], again["founding_date"]) == ("Bestaat Niet", "ooit")
    assert "<title>Fout: " in answer.text
    assert '<details class="samen-fold" open>' in answer.text, "a folded part with a mistake in it stands open"


def test_change(platform, wijkraad, as_role):
    manager = as_role("manager")
    answer = send(manager, "/organisaties/wijkraad/bewerken", name="Wijkraad Dorp", classification="wijkraad")
    assert (answer.status_code, answer.location) == (303, "/organisaties/wijkraad-dorp")
    row = stored(platform, "wijkraad-dorp")
    assert (row.classification, row.abstract, row.other_names) == ("wijkraad", "Praat mee", [{"name": "WR"}])
    said = read(manager, "/organisaties/wijkraad-dorp")
    assert "Uw wijzigingen zijn bewaard." in said
    assert "Gewijzigd: naam, soort." in said


def test_two_editors(platform, uow, wijkraad, as_role):
    path = "/organisaties/wijkraad/bewerken"
    first = as_role("manager")
    opened = form_values(first.get(path).text, path)
    values = {**organization_values(uow, wijkraad), "abstract": "Van de ander", "address": None, "theme_ids": (), "other_names": ()}
    values |= {"identifiers": (), "links": (), "sources": ()}
    update_organization(uow, wijkraad.id, UpdateOrganization(**values))
    uow.commit()

    mine = [(name, value) for name, value in opened if name != "abstract"] + [("abstract", "Van mij")]
    answer = post(first, path, mine)
    assert answer.status_code == 409
    said = text_of(answer.text)
    assert "Iemand anders heeft dit intussen gewijzigd" in said
    assert "Nu opgeslagen door iemand anders: Van de ander" in said
    again = form_values(answer.text, path)
    assert dict(again)["abstract"] == "Van mij"
    assert stored(platform, "wijkraad").abstract == "Van de ander", "nothing was overwritten unseen"

    assert post(first, path, again).status_code == 303
    assert stored(platform, "wijkraad").abstract == "Van mij", "the second time it is meant"


@SQLITE
def test_who_may_edit(platform, uow, client, as_role, wijkraad, make_organization):
    other = make_organization("Ander")
    uow.commit()
    path = "/organisaties/wijkraad/bewerken"
    answer = client.get(path)
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/inloggen")
    assert client.post(path, data={"name": "Gekaapt"}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 403
    assert as_role("resident").get(path).status_code == 403
    assert as_role("manager", other.id).get(path).status_code == 403
    own = as_role("manager", wijkraad.id)
    assert own.get(path).status_code == 200
    assert own.get("/organisaties/nieuw").status_code == 403
    assert own.post(path, data={"name": "Zonder token"}).status_code == 403
    assert stored(platform, "wijkraad").name == "Wijkraad"


@SQLITE
def test_delete_asks_first(platform, wijkraad, as_role, outbox):
    manager = as_role("manager")
    path = "/organisaties/wijkraad/verwijderen"
    assert "alle functies en lidmaatschappen eindigen vandaag" in read(manager, path)
    assert stored(platform, "wijkraad").state == "active"
    answer = send(manager, path, reason="Opgeheven")
    assert (answer.status_code, answer.location) == (303, "/organisaties")
    assert manager.get("/organisaties/wijkraad").status_code == 410
    assert manager.get(path).status_code == 410
    assert len(outbox.events("citycontent.organization.deleted")) == 1


@SQLITE
def test_names_for_what_a_thing_refers_to(platform, uow, zoetermeer, as_role, make_organization):
    one, two = make_organization("Politie"), make_organization("Wijkraad")
    twin, _twin = make_organization("Tweeling"), make_organization("Tweeling")
    uow.commit()
    manager = as_role("manager")
    path = "/projecten/nieuw"
    answer = send(
        manager, path, name="Plein", status="idea", lead_organization_id="tweeling", partner_organization_ids="Politie\r\nwijkraad"
    )
    assert answer.status_code == 400
    assert "“tweeling” is de naam van meer dan één organisatie." in text_of(answer.text)
    assert 'value="tweeling"' in answer.text
    page = "http://localhost/organisaties/tweeling-2"
    answer = send(manager, path, name="Plein", status="idea", lead_organization_id=page, partner_organization_ids="Politie\r\nwijkraad")
    assert answer.status_code == 303, text_of(answer.text)
    with platform.engine.connect() as connection:
        project = connection.execute(select(Project.id, Project.lead_organization_id)).one()
        partners = set(connection.execute(select(Relation.object_id).where(Relation.subject_id == project.id)).scalars())
    assert project.lead_organization_id == _twin.id
    assert partners == {one.id, two.id}
    edit = "/projecten/plein/bewerken"
    shown = dict(form_values(manager.get(edit).text, edit))
    assert shown["lead_organization_id"] == "Tweeling"
    assert sorted(shown["partner_organization_ids"].split("\n")) == ["Politie", "Wijkraad"]
    assert send(manager, edit, summary="Mooi").status_code == 303, "of two with one name, the one that is referred to already is meant"
    assert twin.id != _twin.id


@SQLITE
def test_project_of_an_own_organization(uow, wijkraad, as_role):
    create_project(uow, CreateProject(name="Van ons", status="idea", lead_organization_id=wijkraad.id))
    create_project(uow, CreateProject(name="Van hen", status="idea"))
    uow.commit()
    own = as_role("facilitator", wijkraad.id)
    assert send(own, "/projecten/van-ons/bewerken", status="execution").status_code == 303
    assert own.get("/projecten/van-hen/bewerken").status_code == 403
    assert send(own, "/projecten/nieuw", name="Nieuw", status="idea", lead_organization_id="Wijkraad").status_code == 303
    assert send(own, "/projecten/nieuw", name="Los", status="idea").status_code == 403

"""Who holds an account sees which person of the city it is, and can end that."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from citycontent.models import AccountPerson, Organization, Person
from citycontent.schemas import CreateMembership, LinkAccount
from citycontent.services.memberships import create_membership
from citycontent.services.persons import link_account
from samen_core.accounts.models import User, UserSession
from samen_core.actor import system
from samen_core.db.changes import Change
from tests.citycontent.web.conftest import form_values, links, post, read, send, text_of

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
PATH = "/account/persoon"


@pytest.fixture
def visitor(uow, as_role, make_person, make_organization, request):
    """Who is Anna Berg of the Wijkraad in the city, logged in."""
    visibility = getattr(request, "param", "known")
    anna, council = make_person("Anna", "Berg", visibility=visibility), make_organization("Wijkraad")
    create_membership(uow, CreateMembership(organization_id=council.id, person_id=anna.id, can_represent=True))
    uow.commit()
    client = as_role("resident")
    link_account(uow, anna.id, LinkAccount(email=uow.session.execute(select(User.email)).scalar_one()))
    uow.commit()
    return client


def rows(platform, *columns):
    with platform.read(system("test")) as reader:
        return reader.session.execute(select(*columns)).all()


def test_the_account_page_says_who_one_is(visitor):
    page = visitor.get("/account")
    assert "U bent verbonden met Anna Berg" in text_of(page.text)
    assert {"/personen/anna-berg", PATH} <= set(links(page.text))
    assert "You are linked to Anna Berg" in read(visitor, "/en/account")


@pytest.mark.parametrize("visitor", ["private"], indirect=True)
def test_a_private_person_has_no_page_to_go_to(visitor, platform):
    slug = rows(platform, Person.slug)[0].slug
    page = visitor.get("/account")
    assert "U bent verbonden met Anna Berg" in text_of(page.text)
    assert f"/personen/{slug}" not in links(page.text)


def test_looking_asks_first_and_changes_nothing(visitor, platform):
    said = read(visitor, PATH)
    assert "Koppeling met Anna Berg losmaken" in said
    assert "niet meer namens de organisaties" in said
    assert len(rows(platform, AccountPerson.person_id)) == 1


def test_letting_go_ends_acting_for_the_organisations(visitor, platform, uow):
    council = rows(platform, Organization.id)[0].id
    act_for = dict(form_values(visitor.get("/account").text, "/account/namens")) | {"subject": str(council)}
    assert post(visitor, "/account/namens", list(act_for.items())).status_code == 303
    assert [row.on_behalf_of_id is not None for row in rows(platform, UserSession.on_behalf_of_id)] == [True]
    answer = send(visitor, PATH)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    said = read(visitor, "/account")
    assert "De koppeling met Anna Berg is losgemaakt." in said
    assert "U bent verbonden met" not in said
    assert "U spreekt alleen voor uzelf" in said
    assert rows(platform, AccountPerson.person_id) == []
    assert [row.on_behalf_of_id for row in rows(platform, UserSession.on_behalf_of_id)] == [None]
    assert ("citycontent.account.unlinked",) in rows(platform, Change.action)


def test_who_is_nobody_is_told_so(as_role):
    client = as_role("resident")
    assert "verbonden met" not in read(client, "/account")
    token = form_values(client.get("/account").text, "/uitloggen")
    for answer in (client.get(PATH), post(client, PATH, token)):
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert "Uw account is met niemand verbonden." in read(client, "/account")


def test_who_is_not_logged_in_is_asked_to(client):
    answer = client.get(PATH)
    assert answer.status_code == 303
    assert "/inloggen" in answer.headers["Location"]

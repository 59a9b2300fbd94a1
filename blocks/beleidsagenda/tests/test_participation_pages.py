"""The pages on which samenspraak is tied to a dossier, and where it shows."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from citycontent.api import CreateEvent, create_event
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import ParticipationLink
from samen_beleidsagenda.schemas.participation import LinkParticipation
from samen_beleidsagenda.services.participation import link
from samen_beleidsagenda.testing import a_body, a_decision, a_dossier, a_moment
from samen_core.accounts.models import User
from samen_core.actor import system
from samen_core.api import Subject
from samen_core.testing.platforms import PASSWORD


@pytest.fixture
def evening(platform):
    with platform.unit_of_work(system("test")) as uow:
        return create_event(uow, CreateEvent(name="Inloopavond <b>", start_date=uow.now + timedelta(days=3)))


@pytest.fixture
def staff(platform, client, actor_as):
    actor = actor_as("facilitator")
    with platform.read(system("test")) as uow:
        email = uow.session.get_one(User, actor.account_id).email
    client.post("/inloggen", data={"email": email, "password": PASSWORD}, headers={"Sec-Fetch-Site": "same-origin"})
    return client


def send(client, path, **data):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)[1]
    return client.post(path, data={"csrf_token": token, **data}, headers={"Sec-Fetch-Site": "same-origin"})


def tie(platform, dossier, thing, **values):
    with platform.unit_of_work(system("test")) as uow:
        return link(uow, dossier.id, LinkParticipation(thing=str(thing.id), **values))


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_policy_officer_links_explains_and_unlinks(platform, staff, app, evening):
    dossier = a_dossier(platform)
    page = paths.dossier(dossier.slug)
    visitor = app.test_client()
    assert "Koppel samenspraak" in staff.get(page).text
    assert "Koppel samenspraak" not in visitor.get(page).text
    new = f"{page}/samenspraak/nieuw"
    wrong = send(staff, new, thing="/nergens", asked="Wat vindt u van de straat?")
    assert wrong.status_code == 400
    assert "Wij vinden hier niets dat iedereen kan zien" in wrong.text
    assert "Wat vindt u van de straat?" in wrong.text, "what was typed stays"
    assert send(staff, new, thing=f"/agenda/{evening.slug}", asked="Wat vindt u?").location == f"{page}#samenspraak"
    shown = visitor.get(page).text
    assert "Inloopavond &lt;b&gt;" in shown
    assert "Wat vindt u?" in shown
    with platform.read(system("test")) as uow:
        id = uow.session.execute(select(ParticipationLink.id)).scalar_one()
    edit = f"{page}/samenspraak/{id}/bewerken"
    assert send(staff, edit, version="1", asked="Wat vindt u?", done="Er komen **bankjes**.").status_code == 303
    assert "<strong>bankjes</strong>" in visitor.get(page).text
    late = send(staff, edit, version="1", asked="", done="Iets anders")
    assert late.status_code == 409
    assert "Iets anders" in late.text
    gone = f"{page}/samenspraak/{id}/losmaken"
    assert send(staff, gone, version="2", reason="").status_code == 400
    assert send(staff, gone, version="2", reason="Hoort er niet bij").location == page
    assert f'href="/agenda/{evening.slug}"' not in visitor.get(page).text
    assert staff.get(edit).status_code == 404


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_forms_of_a_link_belong_to_its_dossier_and_its_writers(platform, staff, app, evening):
    dossier, other = a_dossier(platform), a_dossier(platform, title="Ander dossier")
    made = tie(platform, dossier, evening)
    assert staff.get(paths.dossier(other.slug, f"samenspraak/{made.id}/bewerken")).status_code == 404
    assert staff.get(paths.dossier(other.slug, f"samenspraak/{made.id}/losmaken")).status_code == 404
    for part in ("nieuw", f"{made.id}/bewerken", f"{made.id}/losmaken"):
        assert app.test_client().get(paths.dossier(dossier.slug, f"samenspraak/{part}")).status_code in (303, 401, 403)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_page_of_a_linked_thing_shows_the_dossier_its_next_moment_and_what_was_decided(platform, client, evening):
    council = a_body(platform)
    dossier = a_dossier(platform, phase="decision")
    secret = a_dossier(platform, title="Geheim plan", confidential=True)
    on = {"dossier_id": dossier.id, "body_id": council.organization_id}
    a_moment(platform, dossier, title="De raad besluit", body_id=council.organization_id)
    a_moment(platform, dossier, title="Besloten moment", confidential=True)
    old = a_decision(platform, title="Het oude besluit", **on)
    a_decision(platform, title="Het nieuwe besluit", replaces_id=old.id, **on)
    a_decision(platform, title="Vertrouwelijk besluit", confidential=True, **on)
    for about in (dossier, secret):
        tie(platform, about, evening)
    page = client.get(f"/agenda/{evening.slug}").text
    for text in (
        "Op de beleidsagenda",
        "Een veilige Dorpsstraat",
        "Besluitvorming",
        "De raad besluit",
        "Het nieuwe besluit",
        "Gemeenteraad",
    ):
        assert text in page, text
    for text in ("Geheim plan", "Besloten moment", "Vertrouwelijk besluit", "Het oude besluit"):
        assert text not in page, text
    english = client.get(f"/en/agenda/{evening.slug}").text
    assert 'lang="nl"><a class="nl-link" href="/en/beleidsagenda/dossiers/' in english


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_what_is_linked_to_nothing_shows_nothing(platform, client, evening):
    assert "Op de beleidsagenda" not in client.get(f"/agenda/{evening.slug}").text


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_thing_that_is_gone_keeps_its_name_on_the_dossier(platform, client, evening):
    dossier = a_dossier(platform)
    tie(platform, dossier, evening, asked="Wat vindt u?", done="Er komen bankjes.")
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(Subject.__table__.update().where(Subject.id == evening.id).values(state="gone"))
    page = client.get(paths.dossier(dossier.slug)).text
    assert "Inloopavond" in page
    assert "Deze pagina is er niet meer." in page
    assert "Er komen bankjes." in page
    assert f'href="/agenda/{evening.slug}"' not in page

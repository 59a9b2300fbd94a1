"""The pages of promises, motions and questions, as visitors and the clerk's office use them."""

from __future__ import annotations

import csv
import io
import re
import uuid
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from citycontent.schemas import CreateMembership
from citycontent.services.memberships import create_membership
from citycontent.testing import make_organization, make_person
from samen_beleidsagenda.models import Commitment, CouncilQuestion, GroupVote, Motion, Reminder, Vote
from samen_beleidsagenda.services.promise_links import set_submitters
from samen_beleidsagenda.testing import a_body, a_commitment, a_document, a_dossier, a_meeting, a_motion, a_point, a_post, a_question
from samen_core.api import system
from samen_core.mail.models import QueuedMail
from samen_core.testing.visitors import text_of

HOME = "/beleidsagenda/toezeggingen-en-moties"
LATE = "/beleidsagenda/werk/te-laat"
SETTLE = "/beleidsagenda/werk/afdoen"
QUESTIONS = "/beleidsagenda/raadsvragen"
SECRET = "Xylofoonkwestie"

# What differs by database is tried in test_promises.py.
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def read(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return text_of(answer.text)


def post(client, path: str, from_path: str = "", **values):
    """Send a form with the token and version of the page that it is on."""
    page = client.get(from_path or path).text
    hidden = {}
    for tag in re.findall(r'<input type="hidden"[^>]+>', page):
        name, value = re.search(r'name="([^"]+)"', tag)[1], re.search(r'value="([^"]*)"', tag)[1]
        if name in ("csrf_token", "version", "step", "key"):
            hidden[name] = value
    return client.post(path, data={**hidden, **values}, headers={"Sec-Fetch-Site": "same-origin"})


def stored(platform, model, id=None):
    with platform.read(system("test")) as uow:
        statement = select(model) if id is None else select(model).where(model.id == id)
        return uow.session.execute(statement).scalar_one()


@contextmanager
def statements(platform):
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(platform.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(platform.engine, "before_cursor_execute", note)


def day(platform, days: int):
    return platform.clock().date() + timedelta(days=days)


def test_the_register_shows_late_ones_first_with_counts_and_filters(client, platform):
    assert "Er is nog niets toegezegd of gevraagd" in read(client, HOME)
    body, post_ = a_body(platform), a_post(platform)
    a_commitment(
        platform, body, title="Vlotte brief", due_date=day(platform, 40), number="T-1", made_to="Fractie Groen", holder_id=post_.id
    )
    a_commitment(platform, body, title="Trage brief", due_date=day(platform, -3))
    a_motion(platform, body, title="Nog te stemmen")
    page = read(client, HOME)
    assert page.index("Trage brief") < page.index("Vlotte brief")
    assert "1 van 2 lopende toezeggingen en moties met een datum zijn op tijd." in page
    assert "Fractie Groen" in page
    assert "Vlotte brief" not in read(client, f"{HOME}?licht=late")
    assert "1 toezegging of motie" in read(client, f"{HOME}?portefeuille={post_.id}")
    assert "Niets past bij wat u zoekt" in read(client, f"{HOME}?q=zwembad")
    for wrong in ("licht=paars", "staat=x", "soort=x", "orgaan=x", "cursor=x"):
        read(client, f"{HOME}?{wrong}", 400)
    assert "Commitments" in read(client, f"/en{HOME}")
    rows = list(csv.reader(io.StringIO(client.get(f"{HOME}.csv?q=t-1").text.lstrip("\ufeff")), delimiter=";"))
    assert [row[2] for row in rows[1:]] == ["Vlotte brief"]
    assert rows[1][-1].startswith("http")


def test_the_register_costs_the_same_however_much_is_promised(client, platform):
    body = a_body(platform)

    def make(number):
        with platform.unit_of_work(system("test")) as uow:
            for at in range(number):
                a_commitment(uow, body, title=f"Zaak {at}", dossier_id=a_dossier(uow).id)
                motion = a_motion(uow, body)
                set_submitters(uow, motion.id, [make_organization(uow, f"Fractie {number}-{at}").id], ())

    costs = []
    for number in (2, 8):
        make(number)
        client.get(HOME)
        with statements(platform) as seen:
            client.get(f"{HOME}?licht=")
        costs.append(sum(line.startswith(("SELECT", "WITH")) for line in seen))
    assert costs == [8, 8]


def test_what_is_confidential_is_on_no_page_of_who_may_not_see_it(client, platform, as_role):
    body = a_body(platform)
    late = {"due_date": day(platform, -5), "title": f"{SECRET} over geld", "confidential": True}
    things = {
        f"{HOME}/toezeggingen": a_commitment(platform, body, **late),
        f"{HOME}/moties": a_motion(platform, body, status="adopted", **late),
        QUESTIONS: a_question(platform, **late),
    }
    facilitator, clerk = as_role("facilitator"), as_role("decision_maker")
    for path in (HOME, f"{HOME}.csv", QUESTIONS, f"/zoeken?q={SECRET}"):
        for visitor in (client, facilitator):
            assert f"{SECRET} over" not in visitor.get(path).text
    assert SECRET not in facilitator.get(LATE).text
    assert SECRET in clerk.get(LATE).text
    assert SECRET in clerk.get(HOME).text
    for path, thing in things.items():
        read(client, f"{path}/{thing.id}", 404)
        read(facilitator, f"{path}/{thing.id}", 404)
        assert SECRET in read(clerk, f"{path}/{thing.id}")


def test_a_page_names_no_dossier_that_is_not_public(client, platform):
    dossier = a_dossier(platform, title=SECRET, confidential=True)
    commitment = a_commitment(platform, dossier_id=dossier.id)
    assert SECRET not in client.get(f"{HOME}/toezeggingen/{commitment.id}").text


def test_a_motion_is_entered_voted_on_confirmed_and_followed(client, platform, as_role):
    clerk = as_role("decision_maker")
    body, holder = a_body(platform), a_post(platform)
    with platform.unit_of_work(system("test")) as uow:
        group = make_organization(uow, "Fractie Groen", "citizens")
        members = [make_person(uow, name, "Lid", visibility="public_officer") for name in ("Ada", "Bob", "Cas")]
        for member in members:
            create_membership(
                uow,
                CreateMembership(person_id=member.id, organization_id=body.organization_id, on_behalf_of_id=group.id, can_represent=False),
            )
        create_membership(uow, CreateMembership(person_id=members[0].id, organization_id=body.organization_id, label="Voorzitter"))
        make_organization(uow, "Fractie Rood", "citizens", parent_id=body.organization_id, classification="fractie")
        blue = make_organization(uow, "Fractie Blauw", "citizens", parent_id=body.organization_id, classification="fractie")
        alone = make_person(uow, "Dee", "Lid", visibility="public_officer")
        for place in (body.organization_id, blue.id):
            create_membership(uow, CreateMembership(person_id=alone.id, organization_id=place))
    values = {
        "kind": "motion",
        "type": "proposal",
        "title": "Meer bankjes",
        "submitted_on": "2026-11-02",
        "body_id": str(body.organization_id),
        "group_ids": "Fractie Groen",
        "publish": "true",
    }
    assert "Tekst (niet verplicht)" not in text_of(clerk.get(f"{HOME}/moties/nieuw").text)
    wrong = post(clerk, f"{HOME}/moties/nieuw", **{**values, "kind": "amendment", "group_ids": "Fractie Geel"})
    assert wrong.status_code == 400
    assert "Fractie Geel" in wrong.text
    for message in ("Kies het voorstel", "Vul de tekst in", "Wij kennen geen organisatie"):
        assert message in text_of(wrong.text), "all at once"
    made = post(clerk, f"{HOME}/moties/nieuw", **values, text="Verzoekt het college om bankjes.")
    assert made.status_code == 303, made.text
    page = made.location
    assert "Fractie Groen" in read(client, page)

    form = read(clerk, f"{page}/stemmen")
    assert "Fractie Rood" in form
    assert form.count("Ada Lid") == 1, "also who is in the body twice"
    assert form.index("Fractie Blauw") < form.index("Dee Lid") < form.index("Fractie Groen"), (
        "a member of a group below the body is of that group"
    )
    with platform.read(system("test")) as uow:
        groups = {row.name: row.id for row in uow.session.execute(select(type(group)).where(type(group).name.like("Fractie%"))).scalars()}
    green, red = groups["Fractie Groen"], groups["Fractie Rood"]
    half = post(clerk, f"{page}/stemmen", **{f"heel-{green}": "", f"lid-{members[0].id}": "for", f"for-{red}": "x"})
    assert half.status_code == 400
    assert "Van 2 leden weten wij nog niet" in text_of(half.text)
    assert 'value="x"' in half.text, "what was typed stays"
    voted = post(clerk, f"{page}/stemmen", **{f"heel-{green}": "for", f"lid-{members[1].id}": "against", f"against-{red}": "1"})
    assert voted.status_code == 303
    with platform.read(system("test")) as uow:
        assert sorted(uow.session.execute(select(Vote.value)).scalars()) == ["against", "for", "for"]
        found = uow.session.execute(select(GroupVote.votes_for, GroupVote.votes_against).order_by(GroupVote.votes_for.desc())).all()
    assert [tuple(row) for row in found] == [(2, 1), (0, 1)]
    again = clerk.get(f"{page}/stemmen").text
    assert re.search(rf'name="heel-{green}" value="for" checked', again)
    assert re.search(r'<option value="against" selected', again)
    assert post(clerk, f"{page}/stemmen", **{f"for-{green}": "9"}).status_code == 303
    assert 'value="9"' in clerk.get(f"{page}/stemmen").text, "numbers of more people than are known stay numbers"
    post(clerk, f"{page}/stemmen", **{f"heel-{green}": "for", f"against-{red}": "1"})
    seen = read(client, page)
    assert "3 voor, 1 tegen" in seen
    assert "Volgens de stemmen is de uitkomst: Aangenomen" in seen

    outcome = post(clerk, f"{page}/uitkomst", move="reject")
    assert outcome.status_code == 400, "another outcome than the votes needs a reason"
    assert re.search(r'value="adopt" checked', clerk.get(f"{page}/uitkomst").text), "what follows from the votes is filled in"
    done = post(clerk, f"{page}/uitkomst", move="adopt", due_date=str(day(platform, 90)), holder_id=str(holder.id))
    assert done.status_code == 303, done.text
    for step, given in (("beginnen", {"note": "De bankjes zijn besteld."}), ("afdoening", {"note": "Er staan tien bankjes."})):
        assert post(clerk, f"{page}/opvolging/{step}", **given).status_code == 303
    point = a_point(platform, a_meeting(platform, body, start=platform.clock()))
    assert post(clerk, f"{page}/opvolging/afdoen").status_code == 400
    assert post(clerk, f"{page}/opvolging/afdoen", agenda_item_id=str(point.id)).status_code == 303
    seen = read(client, page)
    for words in ("Afgedaan", "Er staan tien bankjes.", "Aangenomen", point.title):
        assert words in seen
    read(clerk, f"{page}/opvolging/toveren", 404)


def test_a_motion_shows_nothing_to_do_to_who_may_not_do_it(client, platform, as_role):
    motion = a_motion(platform)
    page = f"{HOME}/moties/{motion.id}"
    assert "Wat kunt u doen?" not in read(client, page)
    facilitator = read(as_role("facilitator"), page)
    assert "Bewerken" in facilitator
    assert "Stemmen vastleggen" not in facilitator
    resident = as_role("resident")
    for part in ("bewerken", "stemmen", "uitkomst"):
        assert client.get(f"{page}/{part}").status_code in (302, 303, 403)
        assert resident.get(f"{page}/{part}").status_code == 403


def test_a_changed_day_and_a_conflict_are_shown(client, platform, as_role):
    clerk = as_role("facilitator")
    commitment = a_commitment(platform, due_date=day(platform, 5))
    page = f"{HOME}/toezeggingen/{commitment.id}"
    assert post(clerk, f"{page}/datum", due_date=str(day(platform, 30)), reason="").status_code == 400
    assert post(clerk, f"{page}/datum", due_date=str(day(platform, 30)), reason="Onderzoek loopt").status_code == 303
    seen = read(client, page)
    assert "Onderzoek loopt" in seen
    assert "Eerst:" in seen
    late = post(clerk, f"{page}/datum", due_date=str(day(platform, 60)), reason="Weer later", version="1")
    assert late.status_code == 409
    assert "Weer later" in late.text
    assert str(day(platform, 30)) in late.text, "what was stored in the meantime is told"
    form = {"title": "Mijn woorden", "made_on": str(commitment.made_on)}
    assert post(clerk, f"{page}/bewerken", **{**form, "title": "De woorden van een ander"}).status_code == 303
    stale = post(clerk, f"{page}/bewerken", **form, version="1")
    assert stale.status_code == 409
    assert 'value="Mijn woorden"' in stale.text
    assert stale.text.count("De woorden van een ander") > 2, "also beside the field"


def test_a_commitment_is_entered_afterwards(platform, as_role, client):
    officer = as_role("facilitator")
    body = a_body(platform)
    values = {"title": "Een brief", "made_on": "2026-11-01", "body_id": str(body.organization_id)}
    made = post(officer, f"{HOME}/toezeggingen/nieuw", **values)
    assert made.status_code == 303, made.text
    assert "Concept" in read(officer, made.location)
    assert "1 concept is nog niet openbaar" in read(officer, HOME)
    assert "Een brief" not in read(client, HOME)
    read(client, made.location, 404)
    refused = post(
        officer, f"{HOME}/toezeggingen/nieuw", title="Een brief", made_on="2026-11-01", body_id=str(body.organization_id), publish="true"
    )
    assert refused.status_code == 403
    edited = post(officer, f"{made.location}/bewerken", title="Een lange brief", made_on="2026-11-01", made_to="de raad")
    assert edited.status_code == 303
    assert "Een lange brief" in read(officer, made.location)


def test_a_commitment_is_caught_during_the_meeting(platform, as_role, client):
    meeting = a_meeting(platform, start=platform.clock())
    running = a_point(platform, meeting, title="Nu aan de beurt", started_at=platform.clock())
    clerk, page = as_role("decision_maker"), f"/beleidsagenda/vergaderingen/{meeting.event_id}/vastleggen"
    form = clerk.get(page).text
    assert re.search(rf'<option value="{running.id}" selected>', form), "the point that is being treated is chosen"
    key = re.search(r'name="key"[^>]* value="([^"]+)"', form)[1]
    assert post(clerk, page, said="").status_code == 400
    values = {"said": "Ik stuur een brief over de bankjes.", "agenda_item_id": str(running.id), "term": str(day(platform, 14)), "key": key}
    for _time in range(2):
        sent = post(clerk, page, **values, made_to="Fractie Groen", publish="true")
        assert sent.status_code == 303, sent.text
    made = stored(platform, Commitment)
    assert (made.title, made.due_date, made.agenda_item_id) == (values["said"], day(platform, 14), running.id)
    assert (made.state, made.made_to, str(made.id)) == ("published", "Fractie Groen", key)
    again = clerk.get(sent.location).text
    assert f'data-noted="{made.id}"' in again
    assert values["said"] in again
    assert f'<option value="{running.id}" selected>' in again, "the next one is at the same point"
    assert client.get(page).status_code in (302, 303, 403)
    assert as_role("resident").get(page).status_code == 403
    assert clerk.get(f"/beleidsagenda/vergaderingen/{uuid.uuid4()}/vastleggen").status_code == 404


def test_a_question_is_asked_extended_and_answered(platform, as_role, client):
    clerk = as_role("decision_maker")
    assert "Er zijn nog geen vragen" in read(client, QUESTIONS)
    assert post(clerk, f"{QUESTIONS}/nieuw", kind="written", title="Bankjes", asked_on=str(day(platform, -20))).status_code == 400
    made = post(
        clerk, f"{QUESTIONS}/nieuw", kind="written", title="Bankjes", text="Wanneer?", asked_on=str(day(platform, -20)), publish="true"
    )
    assert made.status_code == 303, made.text
    page = made.location
    assert post(clerk, f"{page}/uitstellen", due_date=str(day(platform, 5)), reason="Te vroeg").status_code == 400
    assert post(clerk, f"{page}/uitstellen", due_date=str(day(platform, 50)), reason="Onderzoek loopt").status_code == 303
    seen = read(client, page)
    assert "Onderzoek loopt" in seen
    assert "Dat was eerst" in seen
    assert post(clerk, f"{page}/bewerken", kind="written", title="Bankjes in het park", text="Wanneer?").status_code == 303
    assert post(clerk, f"{page}/beantwoorden", answered_on=str(day(platform, 0))).status_code == 400
    assert post(clerk, f"{page}/beantwoorden", answered_on=str(day(platform, 0)), answer="In mei.").status_code == 303
    assert "In mei." in read(client, page)
    assert "Beantwoord" in read(client, f"{QUESTIONS}?staat=beantwoord")
    assert "Niets past" in read(client, f"{QUESTIONS}?staat=laat")
    read(client, f"{QUESTIONS}?staat=x", 400)
    read(clerk, f"{page}/intrekken", 404)
    assert stored(platform, CouncilQuestion).original_due == day(platform, 10)


def test_what_is_late_is_reminded_of_once_a_day(platform, as_role, clock, client):
    clerk = as_role("decision_maker")
    assert "Er is niets te laat" in read(clerk, LATE)
    holder = a_post(platform, "Wethouder verkeer")
    body = a_body(platform)
    a_commitment(platform, body, title="Brief over licht", due_date=day(platform, -8), holder_id=holder.id)
    a_motion(platform, body, title=SECRET, status="adopted", due_date=day(platform, -2), holder_id=holder.id, confidential=True)
    a_question(platform, title="Hoe staat het?", asked_on=day(platform, -45), holder_id=holder.id)
    a_commitment(platform, body, title="Van niemand", due_date=day(platform, -1))
    assert "3 toezeggingen" not in read(clerk, LATE)
    assert "4 toezeggingen, moties of vragen zijn te laat." in read(clerk, LATE)
    button = f"{LATE}/{holder.id}/herinner"
    unknown = post(clerk, button, LATE)
    assert unknown.status_code == 400
    assert "geen e-mailadres bekend" in text_of(unknown.text)
    assert post(clerk, f"{LATE}/{holder.id}/adres", email="geen adres").status_code == 400
    assert post(clerk, f"{LATE}/{holder.id}/adres", email="verkeer@stad.example").status_code == 303
    assert post(clerk, button, LATE).status_code == 303
    with platform.read(system("test")) as uow:
        mail = uow.session.execute(select(QueuedMail)).scalar_one()
        assert len(uow.session.execute(select(Reminder.id)).all()) == 3
    body_text = "\n".join(mail.body) if isinstance(mail.body, list | tuple) else mail.body
    assert mail.recipient == "verkeer@stad.example"
    assert "Brief over licht" in body_text
    assert "Hoe staat het?" in body_text
    assert SECRET not in body_text, "a mailbox may be read by many"
    assert "Van niemand" not in body_text
    assert post(clerk, button, LATE).status_code == 400
    assert "Vandaag herinnerd" in read(clerk, LATE)
    clock.forward(hours=25)
    clerk = as_role("decision_maker")
    assert post(clerk, button, LATE).status_code == 303
    assert client.post(button, headers={"Sec-Fetch-Site": "same-origin"}).status_code in (302, 303, 400, 403)
    assert "4 toezeggingen, moties of vragen zijn te laat" in read(clerk, "/")


def test_the_council_agrees_with_what_is_ticked(platform, as_role, client):
    clerk, body = as_role("decision_maker"), a_body(platform)
    assert "Er wacht niets op de raad" in read(clerk, SETTLE)
    answer = a_document(platform, type="information_letter")
    proposed = {"follow_up": "settlement_proposed", "follow_up_note": "Gedaan."}
    first = a_commitment(platform, body, title="Eerste", answer_document_id=answer.id, **proposed)
    second = a_motion(platform, body, title="Tweede", status="adopted", follow_up="settlement_proposed")
    point = a_point(platform, a_meeting(platform, body, start=platform.clock()))
    seen = read(clerk, SETTLE)
    assert "Gedaan." in seen
    assert answer.title in seen
    nothing = post(clerk, SETTLE)
    assert nothing.status_code == 400
    assert 'href="#f-items"' in nothing.text
    assert 'href="#f-agenda_item_id"' in nothing.text
    assert 'id="f-items-error"' in nothing.text, "also beside the field"
    items = [f"commitment:{first.id}:{first.version}", f"motion:{second.id}:{second.version}"]
    assert post(clerk, SETTLE, items=[items[0], f"motion:{second.id}:9"], agenda_item_id=str(point.id)).status_code == 400
    assert stored(platform, Commitment).follow_up == "settlement_proposed", "all or none"
    assert post(clerk, SETTLE, items=items, agenda_item_id=str(point.id)).status_code == 303
    assert {stored(platform, model).follow_up for model in (Commitment, Motion)} == {"settled"}
    assert as_role("facilitator").get(SETTLE).status_code == 403


def test_work_is_for_who_has_the_right(client, as_role):
    resident = as_role("resident")
    for path in (f"{HOME}/moties/nieuw", f"{HOME}/toezeggingen/nieuw", f"{QUESTIONS}/nieuw", LATE, SETTLE):
        assert client.get(path).status_code in (302, 303, 403)
        assert resident.get(path).status_code == 403

"""Pages of papers and decisions, and the REST of meetings, papers and decisions."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from citycontent.testing import make_organization
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import Decision, Document
from samen_beleidsagenda.schemas.documents import EnterDocument
from samen_beleidsagenda.schemas.votes import GroupNumbers, RecordVotes
from samen_beleidsagenda.services.documents import enter_document
from samen_beleidsagenda.services.votes import record_votes
from samen_beleidsagenda.testing import a_body, a_decision, a_document, a_dossier, a_meeting, a_moment, a_point, points_of
from samen_core.api import FileValue, Platform, store_upload, system
from samen_core.testing.callers import Caller, make_token, problem_of
from samen_core.testing.visitors import SAME_SITE, Forms, send_form, text_of

pytestmark = pytest.mark.parametrize("db_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True)
"""What does not differ by database is tried on one; on the other in the long run."""

Visit = Callable[..., FlaskClient]
API = "/beleidsagenda"


def _only(platform: Platform, model: Any) -> Any:
    with platform.read(system("test")) as uow:
        return uow.session.execute(select(model).order_by(model.id.desc()).limit(1)).scalar_one()


def test_papers_are_listed_searched_and_filtered(platform: Platform, client: FlaskClient, as_role: Visit) -> None:
    a_document(platform, title="Startnotitie Dorpsstraat", type="start_note", reference="2026-17")
    a_document(platform, title="Brief over bomen", type="information_letter", woo_category="c_8c840238")
    a_document(platform, title="Nog in de maak", state="draft")
    said = text_of(client.get(paths.DOCUMENTS).text)
    assert "2 stukken" in said
    assert "Nog in de maak" not in said
    assert "1 stuk " in text_of(client.get(f"{paths.DOCUMENTS}?soort=start_note").text)
    assert "Brief over bomen" in text_of(client.get(f"{paths.DOCUMENTS}?categorie=c_8c840238").text)
    assert "Startnotitie" in text_of(client.get(f"{paths.DOCUMENTS}?q=dorpsstraat").text)
    assert client.get(f"{paths.DOCUMENTS}?toestand=concept").status_code == 400
    assert "Nog in de maak" in text_of(as_role("facilitator").get(f"{paths.DOCUMENTS}?toestand=concept").text)
    assert client.get(f"{paths.DOCUMENTS}?soort=gerucht").status_code == 400
    assert client.get(f"/en{paths.DOCUMENTS}").status_code == 200


def test_a_paper_is_entered_with_its_file_and_made_public(platform: Platform, client: FlaskClient, as_role: Visit) -> None:
    dossier = a_dossier(platform)
    clerk = as_role("decision_maker")
    page = clerk.get(f"{paths.DOCUMENTS}/nieuw?dossier={dossier.id}").text
    values = dict(Forms(page).pairs(f"{paths.DOCUMENTS}/nieuw"))
    assert values["dossier_ids"] == str(dossier.id)
    values |= {"type": "proposal", "title": "Voorstel fietsstraat", "file": (io.BytesIO(b"Voorstel"), "voorstel.txt")}
    made = clerk.post(f"{paths.DOCUMENTS}/nieuw", data=values, headers=SAME_SITE)
    assert made.status_code == 303, text_of(made.text)
    path = made.location
    assert client.get(path).status_code == 404
    document = _only(platform, Document)
    assert "openbaar" in text_of(clerk.get(path).text)
    assert send_form(clerk, f"{paths.DESK}/akkoord/document/{document.id}/openbaar").status_code == 303
    said = client.get(path).text
    for words in ("Voorstel fietsstraat", "Versie 1", dossier.title, "Vergaderstukken van decentrale overheden"):
        assert words in text_of(said)
    added = send_form(clerk, f"{path}/versie", url="https://stukken.example/2.pdf", note="Bedragen verbeterd")
    assert added.status_code == 303, text_of(added.text)
    assert text_of(client.get(path).text).index("Versie 2") < text_of(client.get(path).text).index("Versie 1")
    assert send_form(clerk, f"{path}/versies/1/weghalen", reason="Naam van een bewoner").status_code == 303
    assert "Versie 1" not in text_of(client.get(path).text)
    assert send_form(clerk, f"{paths.DESK}/akkoord/document/{document.id}/weghalen", reason="Verkeerd").status_code == 303
    assert client.get(path).status_code == 410


def test_a_decision_is_written_down_at_its_point_and_replaced(platform: Platform, client: FlaskClient, as_role: Visit) -> None:
    meeting = a_meeting(platform)
    point = points_of(platform, meeting)[1]
    moment = a_moment(platform, body_id=meeting.body_id, status="scheduled", agenda_item_id=point.id)
    clerk = as_role("decision_maker", meeting.body_id)
    where = f"{paths.DECISIONS}/nieuw?punt={point.id}"
    made = send_form(clerk, where, title="Het wordt een fietsstraat", result="adopted", participation="Uw zorgen over parkeren tellen mee.")
    assert made.status_code == 303, text_of(made.text)
    closed = a_point(platform, meeting, title="Grondaankoop", confidential=True)
    behind = f"{paths.DECISIONS}/nieuw?punt={closed.id}"
    offered = dict(Forms(clerk.get(behind).text).pairs(f"{paths.DECISIONS}/nieuw"))
    assert ("confidential" in offered, "publish" in offered) == (True, False), "public only when somebody says so"
    decision = _only(platform, Decision)
    assert (decision.agenda_item_id, decision.planning_item_id, decision.state) == (point.id, moment.id, "published")
    path = paths.decision(decision.id)
    said = text_of(client.get(path).text)
    for words in ("Aangenomen", "Uw zorgen over parkeren tellen mee.", point.title):
        assert words in said
    assert "Hoe is er gestemd?" not in said
    assert f'href="{path}/stemmen"' in clerk.get(path).text
    with platform.unit_of_work(system("test")) as uow:
        group = make_organization(uow, "Fractie De Linde")
        numbers = GroupNumbers(group_id=group.id, votes_for=5, votes_against=1)
        record_votes(uow, Decision, decision.id, RecordVotes(version=decision.version, groups=(numbers,)))
    said = text_of(client.get(path).text)
    assert "Hoe is er gestemd?" in said
    assert "5 voor, 1 tegen." in said
    assert "Fractie De Linde" in said
    assert "Het wordt een fietsstraat" in text_of(client.get(paths.agenda_item(point.id)).text)
    assert client.get(f"{path}/bewerken").status_code in (303, 403)
    assert send_form(clerk, f"{path}/bewerken", title="Toch niet").status_code == 400
    replaced = send_form(clerk, f"{path}/vervangen", title="Het wordt een woonerf", result="amended", publish="true")
    assert replaced.status_code == 303, text_of(replaced.text)
    twice = send_form(clerk, f"{path}/vervangen", title="Het wordt een plein", result="amended", publish="true")
    assert twice.status_code == 409
    assert "Dit besluit is al vervangen." in text_of(twice.text)
    assert 'value="Het wordt een plein"' in twice.text
    old, new = text_of(client.get(path).text), text_of(client.get(replaced.location).text)
    assert "Dit besluit geldt niet meer" in old
    assert "Het wordt een woonerf" in old
    assert "Het wordt een fietsstraat" in new
    listed = text_of(client.get(paths.DECISIONS).text)
    assert "2 besluiten" in listed
    assert "Vervangen" in listed


def test_the_file_of_a_draft_is_for_who_may_see_the_draft(platform: Platform, client: FlaskClient, as_role: Visit) -> None:
    dossier, other = a_dossier(platform), a_dossier(platform, title="Iets anders")
    with platform.unit_of_work(system("test")) as uow:
        file = FileValue(store_upload(uow, io.BytesIO(b"Voorstel"), "voorstel.txt").id)
        facts = {"type": "proposal", "title": "Voorstel", "date": uow.now.date(), "dossier_ids": (dossier.id,), "file": file}
        document = enter_document(uow, EnterDocument(**facts))
    path = f"/files/{file.id}"
    officer = as_role("facilitator", dossier.id)
    answer = officer.get(path)
    assert (answer.status_code, answer.data) == (200, b"Voorstel")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert path in officer.get(paths.document(document.id)).text
    for visitor in (client, as_role("facilitator", other.id)):
        assert visitor.get(path).status_code == 404
    own = f"/id/document/{document.id}"
    assert [visitor.get(own).status_code for visitor in (officer, client, as_role("facilitator", other.id))] == [303, 404, 404]


@pytest.mark.soak
def test_decisions_are_listed_searched_and_filtered(platform: Platform, client: FlaskClient) -> None:
    a_decision(platform, a_body(platform, "college", "College"), title="Subsidie voor de speeltuin")
    a_decision(platform, title="Geen windmolen", result="rejected")
    assert "2 besluiten" in text_of(client.get(paths.DECISIONS).text)
    for query in ("q=speeltuin", "orgaan=college", "uitkomst=adopted"):
        said = text_of(client.get(f"{paths.DECISIONS}?{query}").text)
        assert "Subsidie voor de speeltuin" in said, query
        assert "Geen windmolen" not in said, query
    assert "Niets past" in text_of(client.get(f"{paths.DECISIONS}?jaar=2019").text)
    assert client.get(f"{paths.DECISIONS}?jaar=99999").status_code == 400
    assert client.get(f"/en{paths.DECISIONS}").status_code == 200


def test_a_resident_does_not_write(platform: Platform, as_role: Visit) -> None:
    document, decision, meeting = a_document(platform), a_decision(platform), a_meeting(platform)
    resident = as_role("resident")
    for path in (
        f"{paths.DOCUMENTS}/nieuw",
        paths.document(document.id, "bewerken"),
        f"{paths.DECISIONS}/nieuw",
        paths.decision(decision.id, "vervangen"),
        f"{paths.MEETINGS}/nieuw",
        paths.meeting(meeting.event_id, "agenda"),
        paths.meeting(meeting.event_id, "bewerken"),
    ):
        assert resident.get(path).status_code == 403, path


def test_a_program_reads_and_writes_meetings(platform: Platform, app: Any, actor_as: Any) -> None:
    body = a_body(platform)
    scopes = ("beleidsagenda.record", "beleidsagenda.approve", "citycontent.edit_event", "beleidsagenda.decide", "beleidsagenda.write")
    caller = Caller(app, make_token(platform, actor_as("manager"), *scopes))
    anybody = Caller(app)
    planned = {"body_id": str(body.organization_id), "type": "council_meeting", "start_date": "2027-02-01T19:30:00+01:00"}
    made = caller("POST", f"{API}/meetings", json=planned)
    assert made.status_code == 201, made.text
    meeting = made.json
    for title in ("Opening", "Fietsstraat"):
        assert caller("POST", f"{API}/meetings/{meeting['id']}/items", json={"title": title}).status_code == 201
    assert anybody("GET", f"{API}/meetings/{meeting['id']}").json["items"] == []
    now = caller("GET", f"{API}/meetings/{meeting['id']}").json
    order = [item["id"] for item in reversed(now["items"])]
    stale = caller("PUT", f"{API}/meetings/{meeting['id']}/agenda/order", json={"order": order, "version": 1})
    assert problem_of(stale, 409)["version"] == now["version"]
    moved = caller("PUT", f"{API}/meetings/{meeting['id']}/agenda/order", json={"order": order, "version": now["version"]})
    version = {"version": moved.json["version"]}
    assert caller("POST", f"{API}/meetings/{meeting['id']}/agenda/publication", json=version).status_code == 200
    public = anybody("GET", f"{API}/meetings/{meeting['id']}").json
    assert [item["title"] for item in public["items"]] == ["Fietsstraat", "Opening"]
    assert public["status"] == "planned"
    assert [row["id"] for row in anybody("GET", f"{API}/meetings?bodyId={body.organization_id}").json] == [meeting["id"]]
    assert problem_of(anybody("POST", f"{API}/meetings", json=planned), 401)
    wrong = problem_of(caller("POST", f"{API}/meetings", json={**planned, "type": "feest", "end_date": "2027-01-01T10:00"}), 400)
    assert {error["pointer"] for error in wrong["errors"]} == {"#/type", "#/end_date"}
    assert anybody("GET", f"{API}/meetings/{uuid.uuid4()}").status_code == 404


def test_a_program_reads_and_writes_papers_and_decisions(platform: Platform, app: Any, actor_as: Any) -> None:
    meeting = a_meeting(platform)
    point = points_of(platform, meeting)[1]
    hidden = a_dossier(platform, title="Geheim", confidential=True)
    scopes = ("beleidsagenda.record", "beleidsagenda.approve", "beleidsagenda.decide", "beleidsagenda.write")
    caller, anybody = Caller(app, make_token(platform, actor_as("manager"), *scopes)), Caller(app)
    paper = {"type": "proposal", "title": "Voorstel", "date": "2026-11-22", "url": "https://stukken.example/1.pdf"}
    made = caller("POST", f"{API}/documents", json=paper).json
    assert anybody("GET", f"{API}/documents/{made['id']}").status_code == 404
    public = caller("POST", f"{API}/documents/{made['id']}/publication", json={"version": made["version"]}).json
    assert [version["url"] for version in public["versions"]] == ["https://stukken.example/1.pdf"]
    assert [row["id"] for row in anybody("GET", f"{API}/documents").json] == [made["id"]]
    treated = caller("POST", f"{API}/agenda-items/{point.id}/treatments", json={"document_id": made["id"], "role": "decision"})
    assert treated.json["authoritative"] is True
    decided = {"title": "Ja", "result": "adopted", "decided_on": "2026-11-22", "treatment_id": treated.json["id"], "publish": True}
    decision = caller("POST", f"{API}/decisions", json=decided).json
    assert (decision["agenda_item_id"], decision["replaced_by_id"]) == (str(point.id), None)
    again = caller("POST", f"{API}/decisions/{decision['id']}/replacement", json={**decided, "title": "Nee", "result": "rejected"}).json
    seen = anybody("GET", f"{API}/decisions/{decision['id']}").json
    assert (seen["replaced_by_id"], again["replaces_id"]) == (again["id"], decision["id"])
    a_decision(platform, title="Met een geheim dossier", dossier_id=hidden.id)
    listed = anybody("GET", f"{API}/decisions?limit=1&order=newest")
    assert [row["dossier_id"] for row in listed.json] == [None]
    assert 'rel="next"' in listed.headers["Link"]

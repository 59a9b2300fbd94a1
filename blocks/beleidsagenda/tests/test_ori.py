"""The ORI addresses, against the field names and codes of the standard (VNG Open Raadsinformatie 2.0.0-beta.4 and its small variant)."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator
from sqlalchemy import select

from citycontent.api import Delete, Event
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import AgendaItem, Document, Meeting, Motion, Treatment
from samen_beleidsagenda.services.approval import Approve, remove
from samen_beleidsagenda.services.common import keep_card, set_confidential
from samen_beleidsagenda.testing import a_body, a_commitment, a_document, a_meeting, a_motion, a_point, a_question, points_of
from samen_core.api import CITY_TIME_ZONE, Platform, system, uuid7
from samen_core.testing.callers import make_token
from tests.rest.fuzz import call_everything
from tests.rest.rules import broken

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
BASE = f"http://127.0.0.1:8000{paths.ORI}"
SHARED = {"id", "url", "gemeente", "organisatie", "wooInformatiecategorie", "webpaginaLink", "wijziging", "wijzigingsdatum"}
FIELDS = {
    "vergaderingen": SHARED
    | {"aanvangVergadering", "agendapunten", "bijlagen", "deelvergaderingen", "eindeVergadering", "georganiseerdDoorGremium"}
    | {"geplandeAanvangVergadering", "geplandeEindeVergadering", "geplandeVergaderdatum", "hoofdvergadering", "informatieobject"}
    | {"locatie", "mediabronnen", "naam", "status", "vergaderdatum", "vergaderingstype", "vergadertoelichting"},
    "agendapunten": SHARED
    | {"agendapuntKenmerk", "agendapuntOmschrijving", "agendapuntTitel", "agendapuntvolgnummer", "eindtijd", "starttijd"}
    | {"geplandAgendapuntvolgnummer", "geplandeEindtijd", "geplandeStarttijd", "hoofdagendapunt", "indicatieHamerstuk"}
    | {"indicatorBehandeld", "indicatorBesloten", "informatieobjecten", "stemmingen", "subagendapunten", "vergadering"},
    "informatieobjecten": SHARED
    | {"auteur", "bronorganisatie", "creatiedatum", "datumIngediend", "formaat", "informatieobjecttype", "inhoud", "link", "omschrijving"}
    | {"taal", "titel", "motietype", "vraagtype", "vergaderingen", "versie", "agendapunten", "genotuleerdeVergadering"}
    | {"gerelateerdInformatieobject", "zaken", "natuurlijkePersonen", "vertrouwelijkheidsaanduiding", "portefeuillehouder", "toelichting"},
}
REQUIRED = {
    "vergaderingen": {"url", "id", "vergaderingstype", "geplandeAanvangVergadering", "webpaginaLink", "wooInformatiecategorie"},
    "agendapunten": {"url", "id", "vergadering", "agendapuntvolgnummer", "indicatieHamerstuk", "indicatorBesloten", "indicatorBehandeld"},
    "informatieobjecten": {"url", "id", "titel", "datumIngediend", "webpaginaLink", "wooInformatiecategorie"},
}
LONGEST = {"naam": 100, "locatie": 100, "agendapuntTitel": 100, "agendapuntvolgnummer": 3, "agendapuntKenmerk": 20, "titel": 200, "id": 40}
CODES = {
    "status": {"gepland", "gehouden", "geannuleerd"},
    "wijziging": {"Toevoeging", "Aanpassing", "Verwijdering"},
    "informatieobjecttype": {"vraag", "antwoord", "motie", "besluitvormingsstuk", "ingekomen_stuk", "toezegging", "mededeling"}
    | {"amendement", "voorstel"},
    "motietype": {"voorstel", "afkeuring", "treurnis", "wantrouwen", "vreemd", "overig"},
    "vraagtype": {"technische_vraag", "mondelinge_politieke_vraag", "schriftelijke_politieke_vraag"},
}


@pytest.fixture
def samen_config():
    return {
        "blocks": ["citycontent", "beleidsagenda"],
        "city": {"name": "Zoetermeer", "code": "GM0637"},
        "web": {"api_origins": ["https://kaart.example"]},
    }


@pytest.fixture
def city(platform: Platform):
    """A meeting with a point below a point and papers at it, and things that nobody may see."""
    with platform.unit_of_work(system("test")) as uow:
        council = a_body(uow, "council")
        meeting = a_meeting(uow, council, name="Raad " + "lang " * 30, points=("Opening", "Woonvisie"))
        opening, main = points_of(uow, meeting)
        below = a_point(uow, meeting, title="x" * 150, parent_id=main.id, hammer_item=True)
        closed = a_point(uow, meeting, title="Geheim punt", confidential=True)
        paper, minutes = a_document(uow), a_document(uow, type="minutes", title="Verslag")
        secret = a_document(uow, title="Geheim stuk", confidential=True)
        a_document(uow, title="Concept van een stuk", state="draft")
        for document, point in ((paper, main), (secret, main), (paper, closed)):
            uow.session.add(Treatment(id=uuid7(), document_id=document.id, agenda_item_id=point.id))
        meeting.minutes_id = minutes.id
        on = {"agenda_item_id": main.id}
        motion = a_motion(uow, council, kind="amendment", amends_id=paper.id, **on)
        a_motion(uow, council, title="Motie", type="outside_agenda", **on)
        a_commitment(uow, council, **on)
        answer = a_document(uow, type="answer", title="Antwoord")
        question = a_question(uow, kind="oral", answer_document_id=answer.id)
        return SimpleNamespace(
            meeting=meeting.event_id,
            opening=opening.id,
            main=main.id,
            below=below.id,
            closed=closed.id,
            paper=paper.id,
            minutes=minutes.id,
            secret=secret.id,
            amendment=motion.id,
            answer=answer.id,
            question=question.id,
        )


def walk(client, resource, **query):
    """Every result of a list, page by page, and back again."""
    url, seen, pages = f"{paths.ORI}/{resource}", [], 0
    answer = client.get(url, query_string=query)
    while True:
        assert answer.status_code == 200, answer.text
        assert set(answer.json) == {"next", "previous", "results"}
        seen += answer.json["results"]
        pages += 1
        if answer.json["next"] is None:
            break
        answer = client.get(answer.json["next"].removeprefix("http://127.0.0.1:8000"))
    for _page in range(pages - 1):
        answer = client.get(answer.json["previous"].removeprefix("http://127.0.0.1:8000"))
    if pages > 1:
        assert answer.json["results"][0]["id"] == seen[0]["id"]
    return seen


def test_answers_have_the_names_and_codes_of_the_standard(client, city):
    document = client.get(f"{paths.ORI}/openapi.json").json
    for resource, name in (("vergaderingen", "Vergadering"), ("agendapunten", "Agendapunt"), ("informatieobjecten", "Informatieobject")):
        described = set(document["components"]["schemas"][f"Beleidsagenda{name}"]["properties"])
        assert described <= FIELDS[resource]
        assert {name for item in check_answers(client, resource) for name in item} <= described


def check_answers(client, resource):
    """Every answer of a resource, in its list and alone."""
    found = walk(client, resource, limit=2)
    assert found
    assert len({item["id"] for item in found}) == len(found)
    for item in found:
        assert set(item) <= FIELDS[resource], set(item) - FIELDS[resource]
        assert set(item) >= REQUIRED[resource], REQUIRED[resource] - set(item)
        assert item["url"] == f"{BASE}/{resource}/{item['id']}"
        assert item["gemeente"] == {"gemeentecode": "0637", "gemeentenaam": "Zoetermeer"}
        assert item["organisatie"] == {"gemeente": "gm0637"}
        for name, most in LONGEST.items():
            assert len(item.get(name, "")) <= most, name
        for name, codes in CODES.items():
            assert item.get(name, next(iter(codes))) in codes, name
        one = client.get(item["url"].removeprefix("http://127.0.0.1:8000"))
        assert one.status_code == 200
        assert one.json == item
    return found


@SQLITE
def test_things_point_to_each_other_and_never_to_secrets(client, city):
    meeting = walk(client, "vergaderingen")[0]
    assert meeting["agendapunten"] == [f"{BASE}/agendapunten/{id}" for id in (city.opening, city.main, city.below)]
    assert meeting["informatieobject"] == {"id": str(city.minutes), "url": f"{BASE}/informatieobjecten/{city.minutes}"}
    assert meeting["vergaderingstype"] == "raadsvergadering"
    assert meeting["status"] == "gepland"
    points = {item["id"]: item for item in walk(client, "agendapunten")}
    assert set(points) == {str(id) for id in (city.opening, city.main, city.below)}
    main, below = points[str(city.main)], points[str(city.below)]
    assert main["subagendapunten"] == [below["url"]]
    assert below["hoofdagendapunt"] == {"id": main["id"], "url": main["url"]}
    assert below["indicatieHamerstuk"] is True
    assert below["agendapuntOmschrijving"] == "x" * 150
    assert main["informatieobjecten"][0] == f"{BASE}/informatieobjecten/{city.paper}"
    assert len(main["informatieobjecten"]) == 4
    papers = {item["id"]: item for item in walk(client, "informatieobjecten")}
    paper = papers[str(city.paper)]
    assert [item["id"] for item in paper["agendapunten"]] == [main["id"]]
    assert [item["id"] for item in paper["vergaderingen"]] == [str(city.meeting)]
    assert paper["link"] == "https://stukken.zoetermeer.example/1.pdf"
    assert papers[str(city.minutes)]["genotuleerdeVergadering"] == meeting["url"]
    assert papers[str(city.amendment)]["gerelateerdInformatieobject"] == {
        "informatieobject": {"id": paper["id"], "url": paper["url"]},
        "rol": "voorstel",
    }
    assert papers[str(city.answer)]["gerelateerdInformatieobject"]["informatieobject"]["id"] == str(city.question)
    assert papers[str(city.question)]["vraagtype"] == "mondelinge_politieke_vraag"
    everything = "".join(client.get(f"{paths.ORI}/{name}", query_string={"gewijzigdSinds": "2000-01-01T00:00:00Z"}).text for name in FIELDS)
    for hidden in ("eheim", "oncept", str(city.secret), str(city.closed)):
        assert hidden not in everything
    for path in (f"agendapunten/{city.closed}", f"informatieobjecten/{city.secret}", f"vergaderingen/{city.main}"):
        assert client.get(f"{paths.ORI}/{path}").status_code == 404


def test_what_was_public_leaves_a_tombstone_and_nothing_more(platform, client, city, clock, outbox):
    since = platform.clock() + timedelta(minutes=1)
    clock.forward(minutes=5)
    with platform.unit_of_work(system("test")) as uow:
        paper = uow.session.get_one(Document, city.paper)
        remove(uow, Document, paper.id, Approve(version=paper.version, reason="Het stuk klopte niet."))
        motion = uow.session.get_one(Motion, city.amendment)
        set_confidential(uow, motion, confidential=True)
        keep_card(uow, motion)
        never = uow.session.get_one(Document, city.secret)
        remove(uow, Document, never.id, Approve(version=never.version, reason="Weg."))
        point = uow.session.get_one(AgendaItem, city.opening)
        remove(uow, AgendaItem, point.id, Approve(version=point.version, reason="Vervalt."))
    told = {event["thing_id"] for event in outbox.events("beleidsagenda.thing.removed")}
    assert told == {str(city.paper), str(city.opening)}
    changed = {item["id"]: item for item in walk(client, "informatieobjecten", gewijzigdSinds=since.isoformat())}
    assert set(changed) == {str(city.paper), str(city.amendment)}
    for item in changed.values():
        assert set(item) == {"id", "url", "wijziging", "wijzigingsdatum"}
        assert item["wijziging"] == "Verwijdering"
        gone = client.get(item["url"].removeprefix("http://127.0.0.1:8000"))
        assert gone.status_code == 410
        assert gone.content_type == "application/problem+json"
    assert [item["wijziging"] for item in walk(client, "agendapunten", gewijzigdSinds=since.isoformat())] == ["Verwijdering"]
    assert not {str(city.paper), str(city.amendment)} & {item["id"] for item in walk(client, "informatieobjecten")}
    assert walk(client, "vergaderingen", gewijzigdSinds=since.isoformat()) == []
    # A filter may not be a way to guess what a thing says that nobody may read any more: it is gone for every filter.
    guesses = (
        {"titel": "zo heet niets"},
        {"omschrijving": "x"},
        {"informatieobjecttype": "vraag"},
        {"taal": "en"},
        {"datumIngediend": "1999-01-01"},
    )
    for guess in (*guesses, {"vergaderingsIdentificatie": city.main}, {"agendapuntIdentificatie": city.meeting}):
        found = walk(client, "informatieobjecten", gewijzigdSinds=since.isoformat(), **guess)
        assert {item["id"] for item in found} == set(changed), guess
    for guess in ({"agendapuntOmschrijving": "zo heet niets"}, {"vergaderingsIdentificatie": city.main}):
        found = walk(client, "agendapunten", gewijzigdSinds=since.isoformat(), **guess)
        assert [item["id"] for item in found] == [str(city.opening)], guess


@SQLITE
def test_a_meeting_that_the_calendar_took_away_is_a_tombstone_with_its_points(platform, client, city, clock, outbox):
    from citycontent.services.events import delete_event

    since = platform.clock() + timedelta(minutes=1)
    clock.forward(minutes=5)
    with platform.unit_of_work(system("test")) as uow:
        delete_event(uow, city.meeting, Delete(version=uow.session.get_one(Event, city.meeting).version, reason="Dubbel ingevoerd."))
    outbox.drain()
    assert [item["wijziging"] for item in walk(client, "vergaderingen", gewijzigdSinds=since.isoformat())] == ["Verwijdering"]
    assert len(walk(client, "vergaderingen", gewijzigdSinds=since.isoformat(), naam="zo heet niets", status="gehouden")) == 1
    assert {item["wijziging"] for item in walk(client, "agendapunten", gewijzigdSinds=since.isoformat())} == {"Verwijdering"}
    assert walk(client, "vergaderingen") == []
    assert walk(client, "agendapunten") == []
    assert client.get(f"{paths.ORI}/vergaderingen/{city.meeting}").status_code == 410


FOUND = [
    ("vergaderingen", {"vergaderingstype": "raadsvergadering"}, 1),
    ("vergaderingen", {"vergaderingstype": "presidium"}, 0),
    ("vergaderingen", {"status": "gepland"}, 1),
    ("vergaderingen", {"status": "gehouden"}, 0),
    ("vergaderingen", {"naam": "RAAD"}, 1),
    ("vergaderingen", {"naam": "%"}, 0),
    ("vergaderingen", {"gemeentecode": "0637"}, 1),
    ("vergaderingen", {"gemeentecode": "0363"}, 0),
    ("agendapunten", {"agendapuntOmschrijving": "woonvisie"}, 1),
    ("agendapunten", {"vergaderingsIdentificatie": "meeting"}, 3),
    ("agendapunten", {"bovenliggendAgendapuntIdentificatie": "main"}, 1),
    ("agendapunten", {"vergaderingsIdentificatie": "main"}, 0),
    ("informatieobjecten", {"informatieobjecttype": "toezegging"}, 1),
    ("informatieobjecten", {"informatieobjecttype": "vraag"}, 1),
    ("informatieobjecten", {"titel": "verslag"}, 1),
    ("informatieobjecten", {"agendapuntIdentificatie": "main"}, 4),
    ("informatieobjecten", {"vergaderingsIdentificatie": "meeting"}, 5),
    ("informatieobjecten", {"agendapuntIdentificatie": "closed"}, 0),
    ("informatieobjecten", {"taal": "en"}, 0),
]


def test_filters_of_the_standard(platform, client, city):
    ids = vars(city)
    for resource, query, number in FOUND:
        found = walk(client, resource, **{name: ids.get(value, value) for name, value in query.items()})
        assert len(found) == number, (resource, query)
    with platform.read(system("test")) as uow:
        day = uow.session.execute(select(Event.start_date).join(Meeting, Meeting.event_id == Event.id)).scalar_one()
    local = day.astimezone(CITY_TIME_ZONE).date()
    numbers = [len(walk(client, "vergaderingen", vergaderdatum=str(local + timedelta(days=shift)))) for shift in (-1, 0, 1)]
    assert numbers == [0, 1, 0]


@SQLITE
def test_it_answers_as_the_rest_of_the_api(client, city):
    url = f"{paths.ORI}/vergaderingen"
    answer = client.get(url, headers={"Origin": "https://kaart.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://kaart.example"
    assert answer.content_type == "application/json"
    assert client.get(url, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert "Access-Control-Allow-Origin" not in client.get(url, headers={"Origin": "https://boef.example"}).headers
    for wrong in ({"onzin": "1"}, {"gewijzigdSinds": "gisteren"}, {"status": "klaar"}, {"limit": "0"}, {"cursor": "x"}):
        refused = client.get(url, query_string=wrong)
        assert (refused.status_code, refused.content_type) == (400, "application/problem+json")
    missing = client.get(f"{paths.ORI}/besluiten")
    assert (missing.status_code, missing.content_type) == (404, "application/problem+json")
    refused = client.post(url, json={})
    assert (refused.status_code, refused.content_type) == (405, "application/problem+json")


@SQLITE
def test_the_description_is_right(app, client, city):
    document = client.get(f"{paths.ORI}/openapi.json").json
    assert [error.message for error in OpenAPIV30SpecValidator(document).iter_errors()] == []
    assert set(broken(document)) == {"naming-collections"}, "the plurals of the standard are Dutch"
    assert {f"/{name}{one}" for name in FIELDS for one in ("", "/{id}")} == set(document["paths"])
    assert not any("vergaderingen" in path for path in client.get("/api/v1/openapi.json").json["paths"])


@SQLITE
@pytest.mark.soak
@pytest.mark.timeout(240)
def test_generated_calls_are_answered_as_the_description_says(platform, app, city, actor_as):
    token = make_token(platform, actor_as("resident"))
    seen = call_everything(app, token, document=f"{paths.ORI}/openapi.json")
    for name in FIELDS:
        assert {200, 400} <= seen[f"GET /{name}"]
        assert 404 in seen[f"GET /{name}/{{id}}"]

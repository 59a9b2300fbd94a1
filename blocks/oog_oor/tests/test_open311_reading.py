"""GeoReport v2, reading: services, definitions and requests in both formats, no more than everybody may know."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.event import listen

from samen_core.api import Invalid, Platform, StoredFile, UnitOfWork, store_upload, system
from samen_oog_oor.georeport import WINDOW, read_asked, read_moment, write, write_moment
from samen_oog_oor.models import Case, ShownPicture
from samen_oog_oor.schemas.categories import SaveCategory
from samen_oog_oor.schemas.publishing import ShowPicture
from samen_oog_oor.services.categories import remove_category, update_category
from samen_oog_oor.services.publishing import show_picture, take_back_picture
from samen_oog_oor.testing import LAT, LON, a_case, a_category, a_signal, an_organization, an_update, make_cases

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from samen_core.testing.platforms import Clock

BASE = "/open311/v2"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
FORM = {
    "questions": [
        {
            "name": "kleur",
            "kind": "one_choice",
            "label": "Welke kleur?",
            "required": True,
            "options": [{"value": "r", "label": "Rood"}, {"value": "b", "label": "Blauw"}],
        },
        {"name": "nummer", "kind": "short_text", "label": "Welk nummer staat erop?", "help": "Op een sticker.", "required": False},
    ]
}
REQUEST = (
    *("service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible"),
    *("service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode"),
    *("lat", "long", "media_url"),
)


def get(client: FlaskClient, path: str, status: int = 200) -> Any:
    """The JSON at an address below the base."""
    response = client.get(f"{BASE}/{path}")
    assert response.status_code == status, response.text
    assert response.content_type == "application/json; charset=utf-8"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return json.loads(response.data)


def xml(client: FlaskClient, path: str, status: int = 200) -> ElementTree.Element:
    """The XML at an address below the base."""
    response = client.get(f"{BASE}/{path}")
    assert response.status_code == status, response.text
    assert response.content_type == "text/xml; charset=utf-8"
    assert response.data.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return ElementTree.fromstring(response.data)


def a_picture(uow: UnitOfWork, owner: uuid.UUID, *, public: bool) -> StoredFile:
    """A stored picture of a signal or a case."""
    stream = io.BytesIO()
    Image.new("RGB", (20, 10), "white").save(stream, "PNG")
    stream.seek(0)
    return store_upload(uow, stream, "foto.png", alt="Een straat", owner=owner, public=public)


def original_of(uow: UnitOfWork, case_id: uuid.UUID) -> uuid.UUID:
    """The picture of a signal that everybody sees a copy of."""
    return uow.session.execute(select(ShownPicture.original_id).where(ShownPicture.case_id == case_id)).scalar_one()


def ids(found: list[dict[str, Any]]) -> set[str]:
    """The ids of requests."""
    return {item["service_request_id"] for item in found}


# ---------------------------------------------------------------- the line itself


def test_moments_are_written_in_whole_seconds_of_utc() -> None:
    assert write_moment(datetime(2026, 5, 1, 12, 0, 0, 123456, UTC)) == "2026-05-01T12:00:00Z"
    assert write_moment(None) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-01T12:00:00Z", NOW),
        ("2026-05-01T14:00:00+02:00", NOW),
        ("2026-05-01T14:00:00 02:00", NOW),
        ("2026-05-01T07:00:00-0500", NOW),
        ("2026-05-01T12:00:00.999999999Z", NOW + timedelta(microseconds=999999)),
        ("2026-05-01T14:00", NOW),
        ("2026-05-01", datetime(2026, 4, 30, 22, tzinfo=UTC)),
    ],
)
def test_moments_are_read_as_people_send_them(text: str, expected: datetime) -> None:
    assert read_moment(text, "start_date") == expected


@pytest.mark.parametrize(
    "text", ["gisteren", "2026-13-01", "0001-01-01T00:00:00+14:00", "2026-W18-5", "20260501", "2026-05-01T25:00:00Z", "٢٠٢٦-٠٥-٠١x"]
)
def test_what_is_no_moment_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_moment(text, "start_date")
    assert list(refused.value.errors) == ["start_date"]


def test_the_window_is_the_last_90_days_or_follows_the_one_moment_that_was_given() -> None:
    assert read_asked({}, NOW).since == NOW - WINDOW
    start = read_asked({"start_date": "2026-01-01T00:00:00Z"}, NOW)
    assert (start.since, start.until) == (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    end = read_asked({"end_date": "2026-04-01T00:00:00Z", "start_date": " "}, NOW)
    assert end.since == datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert end.until == datetime(2026, 4, 1, 0, 0, 1, tzinfo=UTC)
    assert read_asked({"updated_after": "2026-04-01T00:00:00Z"}, NOW).since is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"start_date": "2026-01-01", "end_date": "2026-04-05"}, "end_date"),
        ({"start_date": "2026-02-01", "end_date": "2026-01-05"}, "end_date"),
        ({"start_date": "9999-12-31T00:00:00Z"}, "start_date"),
        ({"status": "open,dicht"}, "status"),
        ({"page": "0"}, "page"),
        ({"page_size": "1001"}, "page_size"),
        ({"page_size": "-1"}, "page_size"),
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "1,2,3,nan"}, "bbox"),
        ({"lat": "91", "long": "4", "radius": "10"}, "lat"),
        ({"lat": "52", "long": "4", "radius": "inf"}, "radius"),
    ],
)
def test_parameters_that_make_no_sense_are_refused_by_their_names(query: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_asked(query, NOW)
    assert field in refused.value.errors


def test_xml_has_no_attributes_empties_are_empty_and_nothing_breaks_it() -> None:
    text = write("xml", "services", [{"a": "x < y & \x00z", "b": None, "c": True, "values": [], "keywords": ["een"]}])
    root = ElementTree.fromstring(text)
    assert [child.tag for child in root] == ["service"]
    assert [(child.tag, child.text) for child in root[0]] == [
        ("a", "x < y & z"),
        ("b", None),
        ("c", "true"),
        ("values", None),
        ("keywords", None),
    ]
    assert not any(element.attrib for element in root.iter())
    assert write("xml", "service_requests", []).endswith("<service_requests/>")
    assert write("json", "service_requests", []) == "[]"


@pytest.mark.parametrize(
    "rows",
    [
        [{"a": "1 < 2", "b": None, "c": 1.5}, {"a": "1 < 2", "b": "", "c": -0.0}, {"a": "é\x0b&", "b": "y", "c": 0.0}],
        [{"a": "x", "b": ["y", None]}, {"a": None, "b": [{"c": True}]}, {"b": [], "a": "x"}],
        ["x", None, {"a": "y"}],
    ],
    ids=["alike", "in another order", "of several kinds"],
)
def test_a_list_in_xml_holds_of_each_what_it_is_alone(rows: list[Any]) -> None:
    def inside(some: list[Any]) -> str:
        return write("xml", "service_requests", some).partition("<service_requests>")[2].removesuffix("</service_requests>")

    assert inside(rows) == "".join(inside([row]) for row in rows)


# ---------------------------------------------------------------- services


def test_discovery_is_the_same_in_both_formats_and_at_both_addresses(platform: Platform, client: FlaskClient) -> None:
    a_category(platform)
    found = get(client, "discovery.json")
    root = json.loads(client.get("/discovery.json").data)
    assert root == found
    assert list(found) == ["changeset", "contact", "key_service", "endpoints"]
    assert datetime.fromisoformat(found["changeset"]) <= datetime.now(UTC)
    endpoint = found["endpoints"][0]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"].endswith(BASE)
    assert endpoint["type"] == "test"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    tree = xml(client, "discovery.xml")
    assert tree.findtext("contact") == found["contact"]
    assert [item.text for item in tree.findall("endpoints/endpoint/formats/format")] == endpoint["formats"]
    assert client.get("/discovery.xml").content_type == "text/xml; charset=utf-8"


def test_the_changeset_moves_on_with_every_change_of_a_service(platform: Platform, client: FlaskClient, clock: Clock) -> None:
    seen = [get(client, "discovery.json")["changeset"]]

    def moves_on() -> None:
        seen.append(get(client, "discovery.json")["changeset"])
        assert seen[-1] > seen[-2]
        clock.forward(minutes=1)

    main = a_category(platform, "Straat", main=True)
    kept, gone = a_category(platform, parent=main), a_category(platform, "Weg", parent=main)
    moves_on()
    with platform.unit_of_work(system("test")) as uow:
        update_category(uow, kept.id, SaveCategory(name="Lantaarn", parent_id=main.id, publication="full", version=kept.version))
    moves_on()
    with platform.unit_of_work(system("test")) as uow:
        remove_category(uow, gone.id, gone.version)
    moves_on()


def test_services_are_what_can_be_reported_from_outside(platform: Platform, client: FlaskClient) -> None:
    shown = a_category(platform, "Lantaarn", code="lamp", words="licht\npaal, mast", form=FORM, description="Een lamp brandt niet.")
    a_category(platform, "Mailt", code="mailt", confirm_by_mail=True)
    a_category(platform, "Geheim", code="geheim", confidential=True)
    a_category(platform, "Brand", code="brand", stop="emergency", stop_text="Bel 112.")
    a_category(platform, "Oud", code="oud", active=False)
    found = {item["service_code"]: item for item in get(client, "services.json")}
    assert set(found) == {"lamp", "mailt"}
    assert found["lamp"] == {
        "service_code": "lamp",
        "service_name": shown.name,
        "description": "Een lamp brandt niet.",
        "metadata": True,
        "type": "realtime",
        "keywords": "licht,paal  mast",
        "group": "Hoofdgroep van Lantaarn",
    }
    assert (found["mailt"]["metadata"], found["mailt"]["type"], found["mailt"]["keywords"]) == (False, "batch", None)
    tree = xml(client, "services.xml")
    assert [[child.tag for child in service] for service in tree] == [list(found["lamp"])] * 2
    assert {service.findtext("metadata") for service in tree} == {"true", "false"}
    for code in ("geheim", "brand", "oud", "bestaatniet"):
        assert get(client, f"services/{code}.json", 404)[0]["code"] == 404


def test_a_definition_asks_the_questions_in_their_order(platform: Platform, client: FlaskClient) -> None:
    a_category(platform, "Lantaarn", code="lamp", form=FORM)
    a_category(platform, "Kuil", code="kuil")
    found = get(client, "services/lamp.json")
    assert found["service_code"] == "lamp"
    assert [(item["code"], item["datatype"], item["required"], item["order"]) for item in found["attributes"]] == [
        ("kleur", "singlevaluelist", True, 1),
        ("nummer", "string", False, 2),
    ]
    assert found["attributes"][0]["values"] == [{"key": "r", "name": "Rood"}, {"key": "b", "name": "Blauw"}]
    assert found["attributes"][1]["datatype_description"] == "Op een sticker."
    assert get(client, "services/kuil.json") == {"service_code": "kuil", "attributes": []}
    tree = xml(client, "services/lamp.xml")
    assert [item.findtext("key") for item in tree.findall("attributes/attribute/values/value")] == ["r", "b"]
    assert tree.findtext("attributes/attribute/required") == "true"


# ---------------------------------------------------------------- requests


def test_a_request_has_every_element_and_what_its_level_allows(platform: Platform, client: FlaskClient) -> None:
    category = a_category(platform, "Lantaarn", code="lamp", promise="Binnen vijf dagen.")
    team = an_organization(platform, "Team Licht")
    full = a_case(
        platform,
        category,
        number="2026-1",
        public_text="Het is donker.",
        organization_id=team.id,
        public_place="Markt 10",
        address_id="0637200000000001",
    )
    point = a_case(
        platform,
        category,
        number="2026-2",
        publication="point",
        public_text="Niet voor iedereen.",
        state="resolved",
        answer="Geheim antwoord.",
    )
    ended = NOW + timedelta(microseconds=5)
    closed = a_case(platform, category, number="2026-3", state="resolved", answer="De lamp is vervangen.", closed_at=ended)
    found = {item["service_request_id"]: item for item in get(client, "requests.json")}
    assert set(found) == {full.number, point.number, closed.number}
    assert all(tuple(item) == REQUEST for item in found.values())
    one = found["2026-1"]
    assert (one["status"], one["description"], one["agency_responsible"], one["service_notice"]) == (
        "open",
        "Het is donker.",
        "Team Licht",
        "Binnen vijf dagen.",
    )
    assert (one["lat"], one["long"], one["address"], one["address_id"]) == (LAT, LON, "Markt 10", "0637200000000001")
    assert (one["requested_datetime"], one["updated_datetime"]) == (write_moment(full.reported_at), write_moment(full.changed_at))
    other = found["2026-2"]
    assert (other["description"], other["address"], other["status"]) == (None, None, "closed")
    assert (other["status_notes"], other["lat"]) == ("Opgelost", LAT)
    assert (found["2026-3"]["status_notes"], found["2026-3"]["updated_datetime"]) == ("De lamp is vervangen.", "2026-05-01T12:00:00Z")
    assert other["updated_datetime"] == write_moment(point.changed_at)
    tree = xml(client, "requests/2026-1.xml")
    assert [child.tag for child in tree[0]] == list(REQUEST)
    assert tree[0].findtext("media_url") == ""


def test_a_picture_is_the_copy_that_was_cleared_for_everybody(platform: Platform, client: FlaskClient) -> None:
    category = a_category(platform, "Lantaarn", code="lamp")
    full, point = a_case(platform, category, number="2026-1"), a_case(platform, category, number="2026-2", publication="point")
    with platform.unit_of_work(system("test")) as uow:
        for case in (full, point):
            signal = a_signal(uow, case)
            original = a_picture(uow, signal.id, public=False)
            if case is full:
                copy = show_picture(
                    uow, case.id, original.id, ShowPicture(alt="Een straat", version=uow.session.get_one(Case, case.id).version)
                )
            else:
                a_picture(uow, case.id, public=True)
    found = {item["service_request_id"]: item["media_url"] for item in get(client, "requests.json")}
    assert found == {"2026-1": f"{platform.config.web.base_url.rstrip('/')}/files/{copy.id}", "2026-2": None}
    assert client.get(found["2026-1"]).status_code == 200
    assert xml(client, "requests/2026-1.xml")[0].findtext("media_url") == found["2026-1"]
    with platform.unit_of_work(system("test")) as uow:
        take_back_picture(uow, full.id, original_of(uow, full.id), uow.session.get_one(Case, full.id).version)
    assert get(client, "requests/2026-1.json")[0]["media_url"] is None


def test_who_knows_of_no_pages_gets_as_many_as_the_standard_says(platform: Platform, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        make_cases(uow, a_category(uow), 101)
    assert len(get(client, "requests.json")) == 101
    assert read_asked({}, NOW).page_size == 1_000


def test_what_is_not_public_is_nowhere(platform: Platform, client: FlaskClient) -> None:
    category = a_category(platform, code="lamp")
    into = a_case(platform, category, number="2026-1")
    a_case(platform, category, number="2026-2", publication="count")
    a_case(platform, category, number="2026-3", confidential=True)
    a_case(platform, category, number="2026-4", merged_into_id=into.id)
    for number in ("2026-2", "2026-3", "2026-4", "bestaatniet"):
        assert get(client, f"requests/{number}.json", 404)[0]["code"] == 404
        assert xml(client, f"requests/{number}.xml", 404).findtext("error/code") == "404"
        assert get(client, f"requests.json?service_request_id={number}") == []
    assert ids(get(client, "requests.json")) == {"2026-1"}


def test_filters_choose_and_an_id_overrides_them(platform: Platform, client: FlaskClient) -> None:
    lamp, kuil = a_category(platform, "Lamp", code="lamp"), a_category(platform, "Kuil", code="kuil")
    with platform.read(_anyone()) as uow:
        now = uow.now
    a_case(platform, lamp, number="2026-1")
    a_case(platform, kuil, number="2026-2", state="resolved", lat=LAT + 0.01)
    a_case(platform, lamp, number="2025-1", reported_at=now - timedelta(days=100))
    asked = "requests.json?"
    assert ids(get(client, asked + "service_code=kuil")) == {"2026-2"}
    assert ids(get(client, asked + "service_code=kuil,lamp,onbekend")) == {"2026-1", "2026-2"}
    assert get(client, asked + "service_code=onbekend") == []
    assert ids(get(client, asked + "status=closed")) == {"2026-2"}
    assert ids(get(client, asked + "status=open,closed")) == {"2026-1", "2026-2"}
    assert ids(get(client, asked + "status=&service_code=")) == {"2026-1", "2026-2"}
    assert ids(get(client, asked + "service_request_id=2025-1,2026-2&status=open")) == {"2025-1", "2026-2"}
    old = write_moment(now - timedelta(days=120))
    assert ids(get(client, asked + f"start_date={old}")) == {"2025-1"}
    exact = write_moment(now - timedelta(days=100))
    assert ids(get(client, asked + f"start_date={exact}&end_date={exact}")) == {"2025-1"}
    assert ids(get(client, asked + f"updated_after={old}")) == {"2025-1", "2026-1", "2026-2"}
    assert ids(get(client, asked + f"lat={LAT}&long={LON}&radius=500")) == {"2026-1"}
    assert ids(get(client, asked + f"bbox={LON - 1},{LAT + 0.005},{LON + 1},{LAT + 1}")) == {"2026-2"}
    assert len(get(client, asked + "page_size=1")) == 1
    assert ids(get(client, asked + "page_size=1")) | ids(get(client, asked + "page_size=1&page=2")) == {"2026-1", "2026-2"}
    assert get(client, asked + "page=7") == []
    assert ids(get(client, asked + "onbekend=1")) == {"2026-1", "2026-2"}


def test_extensions_add_what_everybody_may_read(platform: Platform, client: FlaskClient) -> None:
    category = a_category(platform, "Lantaarn", code="lamp", form=FORM)
    full = a_case(platform, category, number="2026-1", state="in_progress")
    point = a_case(platform, category, number="2026-2", publication="point")
    for case in (full, point):
        a_signal(platform, case, answers={"kleur": "r", "nummer": "bel Noor 06-12345678"})
        an_update(platform, case, "Wij kijken ernaar.")
        an_update(platform, case, "Alleen voor de melder.", public=False)
    found = {item["service_request_id"]: item for item in get(client, "requests.json?extensions=true")}
    assert found["2026-1"]["attributes"] == {"kleur": "r"}
    assert [(note["description"], note["type"]) for note in found["2026-1"]["notes"]] == [("Wij kijken ernaar.", "in_progress")]
    assert found["2026-1"]["extended_attributes"] == {"state": "in_progress", "signals": 1, "supports": 0}
    assert (found["2026-2"]["attributes"], found["2026-2"]["notes"]) == ({}, [])
    tree = xml(client, "requests/2026-1.xml?extensions=true")
    assert tree.findtext("request/notes/note/description") == "Wij kijken ernaar."
    assert tree.findtext("request/attributes/kleur") == "r"


def test_updates_are_those_of_cases_with_a_page(platform: Platform, client: FlaskClient) -> None:
    category = a_category(platform)
    full, point = a_case(platform, category, number="2026-1"), a_case(platform, category, number="2026-2", publication="point")
    shown = an_update(platform, full, "Het is hersteld.", state="resolved")
    an_update(platform, full, "Stil.", public=False)
    an_update(platform, point, "Niet voor iedereen.")
    found = get(client, "servicerequestupdates.json")
    assert [(item["update_id"], item["service_request_id"], item["status"]) for item in found] == [(str(shown.id), "2026-1", "FIXED")]
    assert get(client, "servicerequestupdates.json?service_request_id=2026-2") == []
    assert xml(client, "servicerequestupdates.xml").findtext("request_update/description") == "Het is hersteld."


def test_a_list_costs_the_same_few_statements_however_long(platform: Platform, client: FlaskClient) -> None:
    category = a_category(platform, "Lantaarn", code="lamp", form=FORM)
    with platform.unit_of_work(system("test")) as uow:
        make_cases(uow, category, 100)
    seen: list[str] = []
    listen(platform.engine, "before_cursor_execute", lambda _c, _k, statement, *_more: seen.append(statement))
    counted = {}
    for path in ("services.json", "services/lamp.json", "requests.json", "requests.json?page_size=1", "requests.xml?extensions=true"):
        client.get(f"{BASE}/{path}")
        seen.clear()
        answer = client.get(f"{BASE}/{path}")
        assert answer.status_code == 200
        counted[path] = len([one for one in seen if one.lstrip().upper().startswith("SELECT") and "core__setting" not in one])
    assert len(get(client, "requests.json")) == 100
    assert counted["services.json"] <= 3
    assert counted["services/lamp.json"] <= 3
    assert counted["requests.json"] == counted["requests.json?page_size=1"] <= 2
    assert counted["requests.xml?extensions=true"] <= 4


# ---------------------------------------------------------------- errors, jurisdiction, validators


def test_errors_are_in_the_format_that_was_asked(client: FlaskClient) -> None:
    assert get(client, "requests.json?status=x", 400)[0]["code"] == 400
    assert xml(client, "requests.xml?status=x&page=0", 400).findtext("error/code") == "400"
    assert len(xml(client, "requests.xml?status=x&page=0", 400)) == 2
    for path, status in (
        ("services.csv", 400),
        ("services", 400),
        ("requests/2026-1", 400),
        ("requests/2026-1.txt", 400),
        ("onbekend.xml", 404),
        ("services/a/b.xml", 404),
        ("services/%0A.csv", 400),
        ("%0A.xml", 404),
    ):
        assert xml(client, path, status).findtext("error/code") == str(status), path
    assert get(client, "onbekend.json", 404)[0]["code"] == 404
    response = client.put(f"{BASE}/requests.json")
    assert (response.status_code, json.loads(response.data)[0]["code"]) == (400, 400)
    assert client.delete(f"{BASE}/services.xml").status_code == 400


def test_a_jurisdiction_that_is_named_must_be_ours(platform: Platform, client: FlaskClient) -> None:
    a_category(platform, code="lamp")
    host = platform.config.web.base_url.split("//")[1].split(":")[0].strip("/")
    for given in ("", host, f"www.{host}".upper()):
        assert len(get(client, f"services.json?jurisdiction_id={given}")) == 1
    for path in ("services.json", "services/lamp.json", "requests.json", "requests/1.json", "tokens/x.json", "servicerequestupdates.json"):
        assert get(client, f"{path}?jurisdiction_id=elders.nl", 404)[0]["code"] == 404


def test_an_answer_that_is_the_same_is_not_sent_again(platform: Platform, client: FlaskClient) -> None:
    a_category(platform, code="lamp")
    first = client.get(f"{BASE}/services.xml")
    again = client.get(f"{BASE}/services.xml", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"{BASE}/services.json", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_services_have_english_names_below_en(platform: Platform, client: FlaskClient) -> None:
    a_category(platform, "Lantaarn", code="lamp", name_en="Street light")
    assert json.loads(client.get(f"/en{BASE}/services.json").data)[0]["service_name"] == "Street light"


# ---------------------------------------------------------------- the public schemas of the standard


def test_answers_fit_the_schemas_of_the_standard(platform: Platform, client: FlaskClient, shared_data: Path) -> None:
    category = a_category(platform, "Lantaarn", code="lamp", form=FORM)
    a_category(platform, "Kuil", code="kuil")
    a_case(platform, category, number="2026-1", public_text="Donker.")
    a_case(platform, category, number="2026-2", publication="point", lat=None, lon=None, state="resolved")
    folder = shared_data / "open311-requests" / "georeport-v2-schema"
    fits(folder, "services.json", get(client, "services.json"))
    fits(folder, "service-definition.json", get(client, "services/lamp.json"))
    fits(folder, "service-definition.json", get(client, "services/kuil.json"))
    fits(folder, "requests.json", get(client, "requests.json?extensions=true"))
    fits(folder, "requests.json", get(client, "requests/2026-1.json"))
    with pytest.raises(AssertionError):
        fits(folder, "requests.json", [{"service_request_id": 1}])


def fits(folder: Path, name: str, found: Any) -> None:
    """Assert that an answer fits a schema; its references are to files beside it."""
    from jsonschema import Draft4Validator, FormatChecker

    schema = json.loads((folder / name).read_text("utf-8"))
    if "items" in schema and "$ref" in schema["items"]:
        schema["items"] = json.loads((folder / schema["items"]["$ref"]).read_text("utf-8"))
    assert [error.message for error in Draft4Validator(schema, format_checker=FormatChecker()).iter_errors(found)] == []


def _anyone() -> Any:
    from samen_core.api import anonymous

    return anonymous()

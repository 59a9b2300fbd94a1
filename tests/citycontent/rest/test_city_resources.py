"""The city's data over REST: reading, writing, privacy, GeoJSON, and the number of statements."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from citycontent.rest import answers
from citycontent.schemas import CreateEventSchema, CreateOrganizationSchema, CreatePersonSchema, CreateProjectSchema, CreateThemeSchema
from citycontent.schemas.membership import CreateMembershipSchema, CreatePostSchema
from samen_core.actor import Actor
from samen_core.app import SamenFlask
from samen_core.platform import Platform
from samen_core.testing.callers import Caller, problem_of
from samen_core.testing.statements import sent_statements
from tests.rest.fuzz import call_everything
from tests.rest.rules import broken

First = Callable[..., dict[str, Any]]

COLLECTIONS: dict[str, tuple[type[Any], type[Any]]] = {
    "organizations": (answers.OrganizationItemSchema, answers.OrganizationSchema),
    "persons": (answers.PersonItemSchema, answers.PersonSchema),
    "posts": (answers.PostSchema, answers.PostSchema),
    "memberships": (answers.MembershipSchema, answers.MembershipSchema),
    "projects": (answers.ProjectItemSchema, answers.ProjectSchema),
    "events": (answers.EventItemSchema, answers.EventSchema),
    "areas": (answers.AreaItemSchema, answers.AreaSchema),
    "themes": (answers.ThemeItemSchema, answers.ThemeSchema),
}
WRITABLE: dict[str, type[Any]] = {
    "organizations": CreateOrganizationSchema,
    "persons": CreatePersonSchema,
    "posts": CreatePostSchema,
    "memberships": CreateMembershipSchema,
    "projects": CreateProjectSchema,
    "events": CreateEventSchema,
    "themes": CreateThemeSchema,
}


def new_thing(collection: str, first: First) -> dict[str, Any]:
    """What a new thing of a collection can be made from."""
    organization, area, theme = first("organizations")["id"], first("areas", classification="buurt")["id"], first("themes")["id"]
    bodies: dict[str, dict[str, Any]] = {
        "organizations": {
            "name": "Buurtkas",
            "sector": "citizens",
            "theme_ids": [theme],
            "area_id": area,
            "address": {"street": "Dorpsstraat", "house_number": 1, "postcode": "2712 AB"},
            "identifiers": [{"scheme": "kvk", "identifier": "87654321"}],
            "links": [{"url": "https://buurtkas.example", "note": "site"}],
            "other_names": [{"name": "De Kas"}],
            "founding_date": "2020-05",
        },
        "persons": {"given_name": "Noor", "family_name_prefix": "de", "family_name": "Tester", "email": "noor@tester.example"},
        "posts": {"organization_id": organization, "label": "Penningmeester", "area_id": area},
        "memberships": {"organization_id": organization, "person_id": first("persons")["id"], "role": "lid", "start_date": "2026"},
        "projects": {
            "name": "Groene daken",
            "status": "idea",
            "area_ids": [area],
            "theme_ids": [theme],
            "partner_organization_ids": [organization],
        },
        "events": {
            "name": "Schouw",
            "start_date": "2027-03-01T19:30:00+01:00",
            "end_date": "2027-03-01T21:00:00+01:00",
            "theme_ids": [theme],
        },
        "themes": {"name": "Geluid", "alternative_names": ["Lawaai"], "parent_id": theme},
    }
    return bodies[collection]


# --- the document --------------------------------------------------------------------------------------------------------------


def test_the_document_is_valid_and_keeps_the_rules(nobody: Caller) -> None:
    document = nobody("GET", "/openapi.json").get_json()
    assert [error.message for error in OpenAPIV30SpecValidator(document).iter_errors()] == []
    assert broken(document) == {}


def test_every_input_field_has_a_form_in_the_document(nobody: Caller) -> None:
    schemas = nobody("GET", "/openapi.json").get_json()["components"]["schemas"]
    shapeless = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, content in schema["properties"].items()
        if not {"type", "$ref", "allOf", "anyOf", "oneOf"} & content.keys()
    ]
    assert shapeless == []
    assert schemas["CitycontentCreateOrganization"]["properties"]["links"]["items"]["required"] == ["url"]


@pytest.mark.timeout(280)
def test_every_operation_answers_as_the_document_says(
    app: SamenFlask, first: First, actor_as: Callable[..., Actor], token_of: Callable[..., str]
) -> None:
    scopes = ("citycontent.edit_organization", "citycontent.edit_person", "citycontent.edit_project", "citycontent.edit_event")
    seen = call_everything(app, token_of(actor_as("manager"), *scopes, "citycontent.edit_theme"), examples=6)
    for collection in WRITABLE:
        assert 200 in seen[f"GET /citycontent/{collection}"]
        assert 400 in seen[f"POST /citycontent/{collection}"]
        assert seen[f"DELETE /citycontent/{collection}/{{id}}"] & {404, 428}
    assert 201 in seen["POST /citycontent/organizations"]


# --- reading -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_list_and_its_things_are_as_their_schemas_say(nobody: Caller, collection: str) -> None:
    item_schema, schema = COLLECTIONS[collection]
    answer = nobody("GET", f"/citycontent/{collection}?limit=100")
    assert answer.status_code == 200
    items = answer.get_json()
    assert items
    assert all(set(item) == set(item_schema().fields) for item in items)
    one = nobody("GET", f"/citycontent/{collection}/{items[0]['id']}")
    assert set(one.get_json()) == set(schema().fields)
    assert {name: one.get_json()[name] for name in items[0]} == items[0]
    assert one.headers["ETag"].startswith(f'"{items[0]["version"]}-')


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_the_pages_of_a_list_hold_everything_once(nobody: Caller, collection: str) -> None:
    whole = [item["id"] for item in nobody("GET", f"/citycontent/{collection}?limit=100").get_json()]
    path, found = f"/citycontent/{collection}?limit=7", []
    while path and len(found) < len(whole):
        answer = nobody("GET", path)
        found += [item["id"] for item in answer.get_json()]
        following = [part for part in answer.headers["Link"].split(", <") if 'rel="next"' in part]
        path = following[0].partition(">")[0].lstrip("<").partition("127.0.0.1:8000")[2] if following else ""
    assert found[: len(whole)] == whole
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_reading_costs_few_statements(nobody: Caller, platform: Platform, collection: str, first: First) -> None:
    one = f"/citycontent/{collection}/{first(collection)['id']}"
    with sent_statements(platform) as for_list:
        assert nobody("GET", f"/citycontent/{collection}").status_code == 200
    with sent_statements(platform) as for_one:
        assert nobody("GET", one).status_code == 200
    assert len(for_list) == 1
    assert len(for_one) <= 2


FILTERS = [
    ("organizations", "sector", "business", lambda item, value: item["sector"] == value),
    ("projects", "status", "preparation", lambda item, value: item["status"] == value),
    ("events", "status", "confirmed", lambda item, value: item["status"] == value),
    ("areas", "classification", "wijk", lambda item, value: item["classification"] == value),
    ("events", "startFrom", "2026-12-01T00:00:00Z", lambda item, value: item["start_date"] >= value),
]


@pytest.mark.parametrize(("collection", "name", "value", "fits"), FILTERS)
def test_a_filter_gives_only_what_fits(nobody: Caller, collection: str, name: str, value: str, fits: Callable[..., bool]) -> None:
    everything = nobody("GET", f"/citycontent/{collection}?limit=100").get_json()
    chosen = nobody("GET", f"/citycontent/{collection}", query_string={name: value, "limit": "100"}).get_json()
    assert [item["id"] for item in chosen] == [item["id"] for item in everything if fits(item, value)]
    assert 0 < len(chosen) < len(everything)


def test_a_filter_on_an_area_holds_everything_in_it(nobody: Caller, first: First) -> None:
    city = first("areas", classification="gemeente")
    wijk = first("areas", classification="wijk")
    everything = nobody("GET", f"/citycontent/organizations?areaId={city['id']}&limit=100").get_json()
    part = nobody("GET", f"/citycontent/organizations?areaId={wijk['id']}&limit=100").get_json()
    assert {item["id"] for item in part} <= {item["id"] for item in everything}
    assert nobody("GET", f"/citycontent/organizations?areaId={uuid.uuid4()}").get_json() == []


def test_references_narrow_to_what_belongs_together(nobody: Caller, first: First) -> None:
    membership = first("memberships")
    for name in ("person", "organization"):
        found = nobody("GET", f"/citycontent/memberships?{name}Id={membership[f'{name}_id']}").get_json()
        assert membership["id"] in [item["id"] for item in found]
        assert {item[f"{name}_id"] for item in found} == {membership[f"{name}_id"]}
    people = nobody("GET", f"/citycontent/persons?organizationId={membership['organization_id']}&limit=100").get_json()
    assert membership["person_id"] in [item["id"] for item in people]
    posts = nobody("GET", f"/citycontent/posts?organizationId={first('posts')['organization_id']}").get_json()
    assert {post["organization_id"] for post in posts} == {first("posts")["organization_id"]}


def test_a_word_finds_an_organization(nobody: Caller, first: First) -> None:
    name = first("organizations")["name"]
    assert name in [item["name"] for item in nobody("GET", "/citycontent/organizations", query_string={"q": name}).get_json()]
    assert nobody("GET", "/citycontent/organizations", query_string={"q": "zzzqqq"}).get_json() == []


# --- writing -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("collection", WRITABLE)
def test_a_thing_is_made_changed_and_taken_away(manager: Caller, nobody: Caller, first: First, collection: str) -> None:
    body = new_thing(collection, first)
    made = manager("POST", f"/citycontent/{collection}", json=body)
    assert made.status_code == 201, made.get_data(as_text=True)
    path = made.headers["Location"]
    read = manager("GET", path)
    assert read.get_json() == made.get_json()
    assert read.headers["ETag"] == made.headers["ETag"]
    field = "label" if "label" in made.get_json() else "name"
    changed = manager("PUT", path, {"If-Match": made.headers["ETag"]}, json={**body, field: "Anders"})
    assert changed.status_code == 200, changed.get_data(as_text=True)
    assert (changed.get_json()[field], changed.get_json()["version"]) == ("Anders", 2)
    assert manager("GET", path).get_json() == changed.get_json()
    problem_of(manager("PUT", path, json={**body, "version": 1}), 409)
    problem_of(manager("DELETE", path), 428)
    problem_of(manager("DELETE", path, {"If-Match": made.headers["ETag"]}), 412)
    gone = manager("DELETE", path, {"If-Match": changed.headers["ETag"]})
    assert (gone.status_code, gone.get_data()) == (204, b"")
    problem_of(nobody("GET", path), 410)
    assert made.get_json()["id"] not in [item["id"] for item in nobody("GET", f"/citycontent/{collection}?limit=100").get_json()]


@pytest.mark.parametrize("collection", WRITABLE)
def test_what_is_read_can_be_sent_back_without_loss(manager: Caller, first: First, collection: str) -> None:
    found = manager("GET", f"/citycontent/{collection}/{first(collection)['id']}").get_json()
    body = {name: found[name] for name in WRITABLE[collection]().fields}
    again = manager("PUT", f"/citycontent/{collection}/{found['id']}", json={**body, "version": found["version"]})
    assert again.status_code == 200, again.get_data(as_text=True)
    assert again.get_json() == found


@pytest.mark.parametrize("collection", WRITABLE)
def test_writing_needs_the_permission(nobody: Caller, app: SamenFlask, first: First, collection: str, actor_as: Any, token_of: Any) -> None:
    body = new_thing(collection, first)
    problem_of(nobody("POST", f"/citycontent/{collection}", json=body), 401)
    resident = Caller(app, token_of(actor_as("resident")))
    problem_of(resident("POST", f"/citycontent/{collection}", json=body), 403)
    path = f"/citycontent/{collection}/{first(collection)['id']}"
    problem_of(resident("PUT", path, json={**body, "version": 1}), 403)
    problem_of(resident("DELETE", path, {"If-Match": '"1"'}), 403)


def test_a_grant_on_one_organization_holds_for_it_alone(
    app: SamenFlask, nobody: Caller, actor_as: Callable[..., Actor], token_of: Callable[..., str]
) -> None:
    mine, other = nobody("GET", "/citycontent/organizations?limit=2").get_json()
    editor = Caller(app, token_of(actor_as("manager", uuid.UUID(mine["id"])), "citycontent.edit_organization"))
    body = {"name": "Nieuwe naam", "sector": mine["sector"], "version": mine["version"]}
    assert editor("PUT", f"/citycontent/organizations/{mine['id']}", json=body).status_code == 200
    problem_of(editor("PUT", f"/citycontent/organizations/{other['id']}", json={**body, "version": other["version"]}), 403)
    problem_of(editor("POST", "/citycontent/organizations", json={"name": "x", "sector": "business"}), 403)


def test_wrong_references_and_fields_are_told_at_once(manager: Caller) -> None:
    wrong = {"name": "", "sector": "anders", "founding_date": "2026-02-30", "links": ["geen adres"], "address": {"house_number": 0}}
    content = problem_of(manager("POST", "/citycontent/organizations", json=wrong), 400)
    pointers = {error["pointer"] for error in content["errors"]}
    assert {"#/name", "#/sector", "#/founding_date", "#/links", "#/address/house_number"} <= pointers
    unknown = {"name": "x", "sector": "business", "parent_id": str(uuid.uuid4()), "theme_ids": [str(uuid.uuid4())]}
    content = problem_of(manager("POST", "/citycontent/organizations", json=unknown), 400)
    assert {error["pointer"] for error in content["errors"]} == {"#/parent_id", "#/theme_ids"}


@pytest.mark.parametrize("collection", ["organizations", "events", "projects"])
def test_a_write_costs_few_statements(manager: Caller, platform: Platform, first: First, collection: str) -> None:
    body = {name: value for name, value in new_thing(collection, first).items() if name in ("name", "sector", "status", "start_date")}
    assert manager("POST", f"/citycontent/{collection}", json=body).status_code == 201
    with sent_statements(platform) as seen:
        assert manager("POST", f"/citycontent/{collection}", json={**body, "name": "Nog een"}).status_code == 201
    assert len(seen) <= 10, "\n".join(seen)


def test_an_event_is_moved_and_called_off(manager: Caller, first: First) -> None:
    made = manager("POST", "/citycontent/events", json=new_thing("events", first)).get_json()
    path = f"/citycontent/events/{made['id']}"
    moved = manager("POST", f"{path}/moves", json={"start_date": "2027-04-01T18:00:00Z", "version": 1}).get_json()
    assert (moved["status"], moved["start_date"], moved["previous_start_date"]) == (
        "rescheduled",
        "2027-04-01T18:00:00Z",
        "2027-03-01T18:30:00Z",
    )
    assert moved["end_date"] == "2027-04-01T19:30:00Z"
    off = manager("POST", f"{path}/cancellations", {"If-Match": f'"{moved["version"]}"'}, json={"reason": "storm"}).get_json()
    assert (off["status"], off["sequence"]) == ("cancelled", 2)
    problem_of(manager("POST", f"{path}/cancellations", json={"version": 1}), 409)


# --- privacy -------------------------------------------------------------------------------------------------------------------


def test_a_private_person_is_not_there_for_others(manager: Caller, nobody: Caller, first: First) -> None:
    person = manager(
        "POST", "/citycontent/persons", json={"family_name": "Geheim", "visibility": "private", "email": "a@b.example"}
    ).get_json()
    body = {"person_id": person["id"], "organization_id": first("organizations")["id"], "role": "lid"}
    membership = manager("POST", "/citycontent/memberships", json=body).get_json()
    for path in (f"/citycontent/persons/{person['id']}", f"/citycontent/memberships/{membership['id']}"):
        assert manager("GET", path).status_code == 200
        problem_of(nobody("GET", path), 404)
    listed = nobody("GET", "/citycontent/persons?limit=100").get_data(as_text=True)
    assert "Geheim" not in listed
    of_person = f"/citycontent/memberships?personId={person['id']}"
    assert nobody("GET", of_person).get_json() == []
    assert [item["id"] for item in manager("GET", of_person).get_json()] == [membership["id"]]


def test_contact_of_a_known_person_is_for_staff_and_for_who_may_edit(manager: Caller, nobody: Caller) -> None:
    body = {"family_name": "Bekend", "visibility": "known", "email": "bekend@voorbeeld.example", "phone": "079 123 45 67"}
    person = manager("POST", "/citycontent/persons", json=body).get_json()
    shown = nobody("GET", f"/citycontent/persons/{person['id']}").get_json()
    assert (shown["email"], shown["phone"], shown["contact_details"]) == ("", "", [])
    assert [item["id"] for item in nobody("GET", "/citycontent/persons?visibility=known").get_json()] == [person["id"]]
    assert manager("GET", f"/citycontent/persons/{person['id']}").get_json()["email"] == "bekend@voorbeeld.example"


# --- places --------------------------------------------------------------------------------------------------------------------


def test_areas_come_as_geojson(nobody: Caller, first: First) -> None:
    accept = {"Accept": "application/geo+json"}
    answer = nobody("GET", "/citycontent/areas?classification=buurt&limit=100", accept)
    assert answer.content_type == "application/geo+json"
    collection = answer.get_json()
    assert collection["type"] == "FeatureCollection"
    assert len(collection["features"]) == 26
    assert all(feature["geometry"]["type"] in ("Polygon", "MultiPolygon") for feature in collection["features"])
    longitude, latitude = collection["features"][0]["geometry"]["coordinates"][0][0][:2]
    assert (4 < longitude < 5, 51 < latitude < 53) == (True, True)
    area = first("areas", classification="buurt")
    feature = nobody("GET", f"/citycontent/areas/{area['id']}", accept).get_json()
    whole = nobody("GET", f"/citycontent/areas/{area['id']}").get_json()
    assert feature["properties"] == area
    assert feature["geometry"] == whole["geometry"]


def test_an_area_is_found_by_its_code(nobody: Caller) -> None:
    found = nobody("GET", "/citycontent/areas?identifier=GM0637").get_json()
    assert [area["classification"] for area in found] == ["gemeente"]
    assert nobody("GET", f"/citycontent/areas?identifier=GM0637&year={found[0]['year']}").get_json() == found
    assert nobody("GET", "/citycontent/areas?identifier=GM0637&year=1999").get_json() == []
    problem_of(nobody("GET", "/citycontent/areas?identifier=x"), 400)


def test_the_buurt_of_an_address(nobody: Caller, platform: Platform) -> None:
    from sqlalchemy import select

    from citycontent.models import AddressBookEntry

    with platform.engine.connect() as connection:
        row = connection.execute(select(AddressBookEntry.postcode, AddressBookEntry.house_number, AddressBookEntry.area_id).limit(1)).one()
    asked = {"postcode": f"{row.postcode[:4]} {row.postcode[4:].lower()}", "house_number": row.house_number}
    assert nobody("POST", "/citycontent/addresses/_zoek", json=asked).get_json() == {
        "area_id": str(row.area_id),
        "exact": True,
        "choices": [],
    }
    likely = nobody("POST", "/citycontent/addresses/_zoek", json={**asked, "house_number": "99999"}).get_json()
    assert likely["exact"] is False
    assert likely["area_id"] == likely["choices"][0]
    content = problem_of(nobody("POST", "/citycontent/addresses/_zoek", json={"postcode": "1011AB", "house_number": 1}), 400)
    assert content["errors"][0]["pointer"] == "#/postcode"
    problem_of(nobody("GET", "/citycontent/addresses/_zoek"), 405)


def test_a_written_address_is_answered_as_it_is_stored(manager: Caller, nobody: Caller) -> None:
    address = {"street": "Dorpsstraat", "house_number": 1, "bag_num": "0637200000000001"}
    body = {"name": "Een", "sector": "citizens", "address": address}
    assert manager("POST", "/citycontent/organizations", json=body).status_code == 201
    again = {**body, "name": "Twee", "address": {**address, "street": "Dorpstraat"}}
    answer = manager("POST", "/citycontent/organizations", json=again).get_json()
    assert answer["address"]["street"] == "Dorpsstraat"
    assert nobody("GET", f"/citycontent/organizations/{answer['id']}").get_json()["address"] == answer["address"]

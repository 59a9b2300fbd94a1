"""The demonstration content of Zoetermeer: pure data, checked without the kernel."""

import csv
import datetime
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point, shape

DATA = Path(__file__).resolve().parents[2] / "citycontent" / "data"
Record = dict[str, Any]

SECTORS = {"government", "business", "civil_society", "citizens"}
PROJECT_STATUSES = {"idea", "preparation", "execution", "completed", "stopped"}
EVENT_STATUSES = {"tentative", "confirmed", "cancelled", "postponed", "rescheduled"}
EVENT_CODES = {"meeting", "consultation", "walk", "information", "course", "celebration", "volunteering", "other"}
ROLES = {"resident", "facilitator", "decision_maker", "moderator", "manager"}
CONTACT_TYPES = {"email", "voice", "url", "address"}
PARKS = {"Balijbos", "Westerpark c.a.", "Scheidingszone", "Van Tuyllpark"}
PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
MAIL_OR_HOST = re.compile(r"[\w.+-]+@([\w.-]+\w)|https?://([\w.-]+\w)")
JARGON = re.compile(r"\b(input|stakeholders?|pilot|implement\w+|co-?creatie|inwonerparticipatie|lorem)\b", re.IGNORECASE)

# file -> its prose fields with (fewest, most) characters and (fewest, most) sentences
PROSE = {
    "organizations": {"abstract": (40, 160, 1, 1), "description": (120, 450, 2, 4)},
    "persons": {"summary": (40, 140, 1, 1)},
    "projects": {"summary": (60, 180, 1, 1), "description": (400, 1200, 4, 8)},
    "events": {"summary": (40, 140, 1, 1), "description": (100, 400, 2, 4), "accessibility": (30, 160, 1, 3)},
}


def load(name: str) -> list[Record]:
    """The records of one demonstration file."""
    records: list[Record] = json.loads((DATA / "demo" / f"{name}.json").read_text("utf-8"))
    return records


def features(level: str) -> list[Record]:
    """The GeoJSON features of `gemeente`, `wijken` or `buurten`."""
    found: list[Record] = json.loads((DATA / f"zoetermeer_{level}_2022.geojson").read_text("utf-8"))["features"]
    return found


ADDRESSES, EVENTS, MEMBERSHIPS = load("addresses"), load("events"), load("memberships")
ORGANIZATIONS, PERSONS, POSTS = load("organizations"), load("persons"), load("posts")
PROJECTS, THEMES, USERS = load("projects"), load("themes"), load("users")
KEYED = {
    "addresses": ADDRESSES,
    "events": EVENTS,
    "organizations": ORGANIZATIONS,
    "persons": PERSONS,
    "posts": POSTS,
    "projects": PROJECTS,
    "themes": THEMES,
}
KEYS = {name: {record["key"] for record in records} for name, records in KEYED.items()}
BUURTEN = {f["properties"]["buurtcode"]: f for f in features("buurten")}
AREAS = (
    set(BUURTEN)
    | {f["properties"]["wijkcode"] for f in features("wijken")}
    | {f["properties"]["gemeentecode"] for f in features("gemeente")}
)


def words_per_sentence(text: str) -> list[int]:
    """Number of words of every sentence, Markdown emphasis left out."""
    plain = re.sub(r"\*\*[^*]+:\*\*|\*", "", text)
    plain = plain.replace("B en W", "B&W")
    return [len(s.split()) for s in re.split(r"(?<=[.!?])\s+", plain.strip()) if s]


def prose() -> Iterator[tuple[str, str, str, tuple[int, int, int, int]]]:
    """Every written text as (where, field, text, limits)."""
    for name, fields in PROSE.items():
        for record in KEYED[name]:
            for field, limits in fields.items():
                yield f"{name}/{record['key']}", field, record[field], limits


def covered(code: str, area: str) -> bool:
    """Whether a buurt lies in an area: itself, its wijk or the municipality."""
    return code == area or area == BUURTEN[code]["properties"]["wijkcode"] or area.startswith("GM")


def first_day(partial: str) -> datetime.date:
    """The first day that a partial date (YYYY, YYYY-MM, YYYY-MM-DD) can mean."""
    return datetime.date.fromisoformat((partial + "-01-01")[:10])


def test_counts() -> None:
    assert 38 <= len(ORGANIZATIONS) <= 46
    assert len(PERSONS) == 60
    assert len(PROJECTS) == 15
    assert len(EVENTS) == 30
    assert len(ADDRESSES) == 40
    assert 13 <= len(THEMES) <= 16
    assert len(POSTS) >= 40


@pytest.mark.parametrize("name", sorted(KEYED))
def test_keys_are_unique_slugs(name: str) -> None:
    keys = [record["key"] for record in KEYED[name]]
    assert [k for k, n in Counter(keys).items() if n > 1] == []
    assert [k for k in keys if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", k)] == []


@pytest.mark.parametrize("name", sorted(KEYED))
def test_names_are_unique(name: str) -> None:
    field = {"addresses": "label", "posts": "label"}.get(name, "name")
    names = Counter(record[field] for record in KEYED[name])
    assert [n for n, count in names.items() if count > 1 or n != n.strip()] == []


def references() -> Iterator[tuple[str, str, str | None]]:
    """Every reference as (from, file it points into, key)."""
    for o in ORGANIZATIONS:
        yield o["key"], "organizations", o["parent"]
        yield o["key"], "addresses", o["address"]
        yield from ((o["key"], "themes", t) for t in o["themes"])
    for p in POSTS:
        yield p["key"], "organizations", p["organization"]
    for m in MEMBERSHIPS:
        yield "membership", "persons", m["person"]
        yield "membership", "organizations", m["organization"]
        yield "membership", "posts", m["post"]
    for p in PROJECTS:
        yield p["key"], "organizations", p["lead_organization"]
        yield from ((p["key"], "organizations", o) for o in p["partner_organizations"])
        yield from ((p["key"], "themes", t) for t in p["themes"])
    for e in EVENTS:
        yield e["key"], "organizations", e["organization"]
        yield e["key"], "projects", e["project"]
        yield e["key"], "addresses", e["address"]
    for u in USERS:
        yield u["email"], "persons", u["person"]
        yield u["email"], "organizations", u["organization"]
    for t in THEMES:
        yield t["key"], "themes", t["parent"]


def test_references_resolve() -> None:
    assert [r for r in references() if r[2] is not None and r[2] not in KEYS[r[1]]] == []


def test_area_codes_exist() -> None:
    used = [(r["key"], r["area"]) for r in [*ORGANIZATIONS, *POSTS, *EVENTS, *ADDRESSES]]
    used += [(p["key"], a) for p in PROJECTS for a in p["areas"]]
    assert [u for u in used if u[1] not in AREAS] == []
    assert all(p["areas"] for p in PROJECTS)


def test_every_buurt_has_something() -> None:
    used = Counter([r["area"] for r in [*ORGANIZATIONS, *EVENTS]] + [a for p in PROJECTS for a in p["areas"]])
    names = {code: f["properties"]["buurtnaam"] for code, f in BUURTEN.items()}
    assert set(names.values()) >= PARKS
    assert [n for code, n in names.items() if used[code] < (1 if n in PARKS else 2)] == []


def test_sectors_are_balanced() -> None:
    sectors = Counter(o["sector"] for o in ORGANIZATIONS)
    assert set(sectors) == SECTORS
    assert min(sectors.values()) >= 9
    assert max(sectors.values()) <= 14
    represented = {o["key"]: o["sector"] for o in ORGANIZATIONS}
    assert {represented[m["organization"]] for m in MEMBERSHIPS} == SECTORS
    assert {represented[e["organization"]] for e in EVENTS} == SECTORS
    assert {represented[p["lead_organization"]] for p in PROJECTS} == SECTORS


def test_parents_and_themes_form_trees() -> None:
    for records in (ORGANIZATIONS, THEMES):
        parent = {r["key"]: r["parent"] for r in records}
        for key, above in parent.items():
            seen, up = {key}, above
            while up is not None:
                assert up not in seen, f"{key} is its own ancestor"
                seen.add(up)
                up = parent[up]
    top = {t["key"] for t in THEMES if t["parent"] is None}
    assert {t["parent"] for t in THEMES} - {None} <= top, "themes have two levels"


def test_every_theme_is_used_and_statuses_are_known() -> None:
    used = {t for r in [*ORGANIZATIONS, *PROJECTS] for t in r["themes"]}
    assert used == KEYS["themes"]
    assert {p["status"] for p in PROJECTS} == PROJECT_STATUSES
    assert {e["status"] for e in EVENTS} == EVENT_STATUSES


def test_partial_dates() -> None:
    ranges = [(p["key"], p["start_date"], p["end_date"]) for p in PROJECTS]
    ranges += [(m["person"], m["start_date"], m["end_date"]) for m in MEMBERSHIPS]
    ranges += [(o["key"], o["founding_date"], None) for o in ORGANIZATIONS]
    for key, start, end in ranges:
        for value in (start, end):
            if value is not None:
                assert PARTIAL_DATE.fullmatch(value), (key, value)
                first_day(value)
        if start and end:
            assert first_day(start) <= first_day(end), key
    assert all(p["start_date"] for p in PROJECTS)
    assert all(p["end_date"] for p in PROJECTS if p["status"] in {"completed", "stopped"})
    assert all(p["budget"] is None or p["budget"] > 0 for p in PROJECTS)


def test_memberships_start_after_the_founding() -> None:
    founded = {o["key"]: o["founding_date"] for o in ORGANIZATIONS}
    early = [m for m in MEMBERSHIPS if founded[m["organization"]] and m["start_date"][:4] < founded[m["organization"]][:4]]
    assert early == []


def test_every_person_holds_a_current_function() -> None:
    current = {m["person"] for m in MEMBERSHIPS if m["end_date"] is None}
    assert current == KEYS["persons"]
    post_of = {p["key"]: p["organization"] for p in POSTS}
    wrong = [m for m in MEMBERSHIPS if m["post"] is not None and post_of[m["post"]] != m["organization"]]
    assert wrong == []
    vacant = KEYS["posts"] - {m["post"] for m in MEMBERSHIPS if m["end_date"] is None}
    assert 1 <= len(vacant) <= 5, "a few vacant functions show that state, no more"


def test_person_names_are_whole() -> None:
    for p in PERSONS:
        parts = [p["given_name"], p["tussenvoegsel"], p["family_name"]]
        assert p["name"] == " ".join(x for x in parts if x)
        tail = f" {p['tussenvoegsel']}" if p["tussenvoegsel"] else ""
        assert p["sort_name"] == f"{p['family_name']}, {p['given_name']}{tail}"
        assert p["visibility"] == "public_officer"
        assert p["name"] in p["summary"] or p["family_name"] in p["summary"]


def test_addresses_occur_and_lie_in_their_buurt() -> None:
    with (DATA / "pc6hnr_synthetisch.csv").open(encoding="utf-8", newline="") as file:
        rows = {(r["PC6"], int(r["Huisnummer"])): f"BU{int(r['Buurt2022']):08d}" for r in csv.DictReader(file, delimiter=";")}
    for a in ADDRESSES:
        assert rows.get((a["postcode"], a["house_number"])) == a["area"], a["key"]
        assert shape(BUURTEN[a["area"]]["geometry"]).contains(Point(a["lon"], a["lat"])), a["key"]
    assert len({a["area"] for a in ADDRESSES}) == len(set(rows.values())), "a venue in every buurt that has addresses"
    assert len({(a["lat"], a["lon"]) for a in ADDRESSES}) == len(ADDRESSES)


def test_contact_details() -> None:
    streets = {a["key"]: f"{a['street']} {a['house_number']}, {a['postcode'][:4]} {a['postcode'][4:]} {a['locality']}" for a in ADDRESSES}
    for o in ORGANIZATIONS:
        details = {d["type"]: d["value"] for d in o["contact_details"]}
        assert set(details) <= CONTACT_TYPES
        assert {"email", "url"} <= set(details), o["key"]
        assert details.get("address") == streets.get(o["address"]), o["key"]
        assert all(d["label"] for d in o["contact_details"])


def test_every_mail_and_web_address_is_reserved() -> None:
    for file in sorted((DATA / "demo").glob("*.json")):
        text = file.read_text("utf-8")
        hosts = {mail or host for mail, host in MAIL_OR_HOST.findall(text)}
        assert [h for h in hosts if not h.endswith(".example")] == [], file.name
        assert text.count("@") == len(re.findall(r"@[\w.-]+\.example\"", text)), file.name
        assert not re.search(r"\b0\d{1,3}[- ]?\d{6,7}\b", text), f"a telephone number in {file.name}"


def test_events_are_planned_soundly() -> None:
    offsets = [e["day_offset"] for e in EVENTS]
    assert min(offsets) >= -120
    assert max(offsets) <= 120
    # The loader moves on to the named weekday, at most 6 days: past stays past.
    assert [o for o in offsets if -7 <= o <= 0] == []
    assert sum(o < 0 for o in offsets) >= 10
    assert sum(o > 0 for o in offsets) >= 14
    address_area = {a["key"]: a["area"] for a in ADDRESSES}
    for e in EVENTS:
        start, end = (datetime.time.fromisoformat(e[f]) for f in ("start_time", "end_time"))
        assert start < end, e["key"]
        assert 1 <= e["weekday"] <= 7
        assert e["location"].strip()
        assert e["classification"].strip()
        assert e["classification_code"] in EVENT_CODES
        assert e["capacity"] is None or e["capacity"] > 0
        if e["address"]:
            assert covered(address_area[e["address"]], e["area"]), e["key"]
        if e["day_offset"] < 0:
            assert e["status"] in {"confirmed", "cancelled"}, f"{e['key']} is past"


def test_events_of_a_project_lie_in_its_areas() -> None:
    areas = {p["key"]: p["areas"] for p in PROJECTS}
    for e in EVENTS:
        if e["project"] and e["area"] in BUURTEN:
            assert any(covered(e["area"], a) for a in areas[e["project"]]), e["key"]


def test_accounts() -> None:
    assert {u["role"] for u in USERS} == ROLES
    assert len({u["email"] for u in USERS}) == len(USERS) == len(ROLES) + 1
    member = {(m["person"], m["organization"]) for m in MEMBERSHIPS if m["end_date"] is None}
    for u in USERS:
        assert u["email"].endswith("@samen.example"), "core makes the accounts, under its own domain"
        assert u["scope"] == "city"
        assert u["display_name"]
        assert u["label"]
        if u["person"] is not None:
            assert (u["person"], u["organization"]) in member, u["email"]
            assert u["display_name"] == next(p["name"] for p in PERSONS if p["key"] == u["person"])


def test_texts_have_sane_lengths() -> None:
    wrong = []
    for where, field, text, (few, most, fewest, longest) in prose():
        sentences = len(words_per_sentence(text))
        if not few <= len(text) <= most or not fewest <= sentences <= longest or text != text.strip():
            wrong.append((where, field, len(text), sentences))
    assert wrong == []


def test_sentences_are_short_and_plain() -> None:
    hard = []
    for where, field, text, _ in prose():
        counts = words_per_sentence(text)
        if sum(counts) / len(counts) > 22 or max(counts) > 30 or JARGON.search(text):
            hard.append((where, field, counts))
    assert hard == []


def test_no_text_is_used_twice() -> None:
    sentences = Counter(s for _, _, text, _ in prose() for s in re.split(r"(?<=[.!?])\s+", text) if len(s.split()) > 5)
    assert [s for s, n in sentences.items() if n > 1] == []


def test_project_texts_say_where_it_stands() -> None:
    for p in PROJECTS:
        heads = re.findall(r"^\*\*([^*]+):\*\* ", p["description"], re.MULTILINE)
        assert len(heads) == 4, p["key"]
        assert heads[0] in {"Waar gaat het over", "Waar ging het over"}
        assert heads[-1] == "Hoe gaat het verder"

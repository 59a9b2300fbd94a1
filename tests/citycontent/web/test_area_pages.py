"""Wijken and buurten: map and list, what there is in each, and "mijn buurt"."""

from __future__ import annotations

import re

import pytest

from citycontent.exchange.addresses import import_address_book, import_postcode_areas
from citycontent.schemas import CreateProject
from citycontent.services.addresses import BookRow, replace_address_book
from citycontent.services.projects import create_project
from tests.citycontent.conftest import DATA
from tests.citycontent.web.conftest import links, read, text_of, titles

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.fixture
def addresses(uow, zoetermeer):
    """The invented address book and the reference points of four-digit postcodes."""
    import_address_book(uow, DATA / "pc6hnr_synthetisch.csv", municipality="GM0637")
    import_postcode_areas(uow, DATA / "zoetermeer_pc4.csv")
    uow.commit()


def find(client, postcode, number):
    return client.post("/mijn-buurt", data={"postcode": postcode, "house_number": number}, headers={"Sec-Fetch-Site": "same-origin"})


def test_every_area_is_on_the_map_and_in_the_list(uow, client, zoetermeer):
    uow.commit()
    page = client.get("/wijken").text
    svg = (
        page.partition("<svg")[2].partition("</svg>")[0]
        if "samen-map" not in page
        else re.search(r'<svg class="samen-map".*?</svg>', page, re.DOTALL)[0]
    )
    on_map = set(re.findall(r'<a href="([^"]+)" aria-label="[^"]+">', svg))
    assert len(on_map) == 9
    listed = set(links(page))
    assert on_map <= listed
    assert len({link for link in listed if link.startswith("/wijken/")}) == 35
    assert "Kaart: CBS, Kadaster" in text_of(page)


def test_area_shows_what_is_in_it_and_beside_it(uow, client, zoetermeer, make_organization):
    dorp = next(area for area in zoetermeer.current if area.name == "Dorp")
    make_organization("Dorpsraad", area_id=dorp.id)
    make_organization("Elders")
    create_project(uow, CreateProject(name="Plein", status="idea", area_ids=(dorp.id,)))
    uow.commit()
    buurt = client.get("/wijken/dorp")
    assert titles(buurt.text) == ["Plein", "Dorpsraad"]
    said = text_of(buurt.text)
    assert "Buurt in de wijk Centrum" in said
    for name in ("Stadscentrum", "Palenstein", "Driemanspolder", "Rokkeveen-West"):
        assert name in said
    assert "Meerpolder" not in said.partition("Grenst aan")[2].partition("Oppervlakte")[0]
    assert titles(client.get("/wijken/wijk-centrum").text) == ["Plein", "Dorpsraad"], "a wijk holds what its buurten hold"
    assert titles(client.get("/wijken/zoetermeer").text) == ["Plein", "Dorpsraad"]
    assert "Hier is nog niets bekend" in read(client, "/wijken/meerpolder")
    assert client.get("/wijken/atlantis").status_code == 404


def test_a_new_organization_shows_at_once(uow, client, zoetermeer, make_organization):
    uow.commit()
    assert titles(client.get("/wijken/dorp").text) == []
    make_organization("Dorpsraad", area_id=next(area.id for area in zoetermeer.current if area.name == "Dorp"))
    uow.commit()
    assert titles(client.get("/wijken/dorp").text) == ["Dorpsraad"]


def test_my_area_by_a_known_address(client, addresses):
    answer = find(client, " 2712 ab ", "104 hs")
    assert (answer.status_code, answer.location) == (303, "/wijken/dorp")
    assert "Set-Cookie" not in answer.headers
    english = client.post("/en/mijn-buurt", data={"postcode": "2712AB", "house_number": "104"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert english.location == "/en/wijken/dorp"


def test_my_area_by_an_address_that_is_not_in_the_book(uow, client, zoetermeer):
    dorp, palenstein = (next(area for area in zoetermeer.current if area.name == name) for name in ("Dorp", "Palenstein"))
    rows = [BookRow("2712AB", number, area.id) for number, area in ((1, palenstein), (3, palenstein), (2, dorp))]
    replace_address_book(uow, [*rows, BookRow("2799AB", 1, dorp.id)])
    uow.commit()
    answer = find(client, "2712ZZ", "1")
    assert answer.status_code == 200
    assert "Wij kennen dit adres niet precies." in text_of(answer.text)
    choices = [link for link in links(answer.text) if re.fullmatch("/wijken/.+", link)]
    assert choices == ["/wijken/palenstein", "/wijken/dorp"], "the likely one first"
    assert 'value="2712ZZ"' in answer.text
    assert find(client, "2799ZZ", "1").location == "/wijken/dorp", "one possibility is no choice"


@pytest.mark.parametrize(
    ("postcode", "number", "problem"),
    [
        ("1012AB", "1", "Postcode 1012 AB ligt niet in"),
        ("27", "1", "Vul een postcode in van vier cijfers en twee letters"),
        ("", "", "Vul dit in."),
        ("2712AB", "nul", "Vul een huisnummer in"),
        ("<b>", "'", "Vul een postcode in"),
    ],
)
def test_my_area_with_a_mistake_keeps_what_was_typed(client, addresses, postcode, number, problem):
    answer = find(client, postcode, number)
    assert answer.status_code == 400
    assert problem in text_of(answer.text)
    values = dict(re.findall(r'name="(postcode|house_number)" value="([^"]*)"', answer.text))
    assert values == {"postcode": postcode.replace("<", "&lt;").replace(">", "&gt;"), "house_number": number.replace("'", "&#39;")}


def test_the_form_sends_no_address_in_the_url(client, addresses):
    for path in ("/", "/mijn-buurt"):
        page = client.get(path).text
        form = re.search(r'<form[^>]*action="/mijn-buurt"[^>]*>', page)[0]
        assert 'method="post"' in form
    assert "/wijken" in links(client.get("/mijn-buurt").text)


def test_a_city_without_areas(client):
    assert "De wijken zijn nog niet ingelezen" in read(client, "/wijken")
    assert client.get("/").status_code == 200
    assert find(client, "2712AB", "1").status_code == 400


def test_nothing_beside_the_map_can_get_the_focus(client, zoetermeer):
    """A map of one wijk cuts off what lies further away: a link there would be invisible but still on the way of the Tab key."""
    page = client.get("/wijken/wijk-bedrijventerreinen").text
    svg = re.search(r'<svg class="samen-map" viewBox="([^"]+)".*?</svg>', page, re.DOTALL)
    left, top, width, height = map(float, svg[1].split())
    paths = re.findall(r' d="([^"]+)"', svg[0])
    assert 4 < len(paths) < 26
    for path in paths:
        points = [tuple(map(float, pair.split())) for pair in re.findall(r"[\d.-]+ [\d.-]+", path)]
        assert min(x for x, _y in points) < left + width
        assert max(x for x, _y in points) > left
        assert min(y for _x, y in points) < top + height
        assert max(y for _x, y in points) > top

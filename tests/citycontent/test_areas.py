"""Areas and addresses: importing, finding, drawing."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from citycontent.exchange.addresses import import_address_book, import_postcode_areas
from citycontent.exchange.areas import import_areas
from citycontent.geo import area_map, find_area
from citycontent.models import AddressBookEntry, Area, Identifier
from citycontent.paths import page
from citycontent.queries.areas import AreaTree, area_tree, common_area
from citycontent.queries.neighbourhood import find_neighbourhood
from citycontent.schemas import FindNeighbourhood, FindNeighbourhoodSchema
from samen_core.actor import anonymous
from samen_core.api import load
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Invalid, NotAllowed
from samen_core.platform import Platform
from samen_core.subjects import Subject
from tests.citycontent.conftest import DATA, geojson, square


def test_zoetermeer_is_complete(uow: UnitOfWork, zoetermeer: AreaTree) -> None:
    assert [len(zoetermeer.of(kind)) for kind in ("gemeente", "wijk", "buurt")] == [1, 9, 26]
    buurt = zoetermeer.find("BU06370003")
    assert buurt is not None
    assert [area.name for area in zoetermeer.trail(buurt.id)] == ["Zoetermeer", "Centrum", "Palenstein"]
    assert buurt.slug == "palenstein"
    assert zoetermeer.by_slug["wijk-centrum"].code == "WK063700"
    assert len(zoetermeer.within(zoetermeer.by_slug["wijk-centrum"].id)) == 5
    card = uow.session.get(Subject, buurt.id)
    assert card is not None
    assert (card.url, card.area_ref) == (page("area", "palenstein"), buurt.parent_id)
    identifiers = uow.session.execute(select(Identifier.scheme).distinct()).scalars().all()
    assert sorted(identifiers) == ["cbs-bu", "cbs-gm", "cbs-wk"]
    assert [label.strip() for _id, label in zoetermeer.choices()][:2] == ["Zoetermeer", "Bedrijventerreinen"]


def test_importing_again_changes_nothing(uow: UnitOfWork, zoetermeer: AreaTree) -> None:
    before = {area.id: uow.session.get(Area, area.id).version for area in zoetermeer.current}  # type: ignore[union-attr]
    for name in ("gemeente", "wijken", "buurten"):
        import_areas(uow, DATA / f"zoetermeer_{name}_2022.geojson")
    uow.commit()
    assert {area.id: area.version for area in uow.session.execute(select(Area)).scalars()} == before


def test_a_point_lies_in_its_buurt(platform: Platform, uow: UnitOfWork, zoetermeer: AreaTree) -> None:
    with platform.read(anonymous()) as reader:
        for area in zoetermeer.of("buurt"):
            assert area.lat is not None
            assert area.lon is not None
            assert find_area(reader, area.lat, area.lon) == area.id
        assert find_area(reader, 52.37, 4.89) is None


def test_another_city_starts_with_buurten_only(tmp_path: Path, uow: UnitOfWork) -> None:
    path = geojson(
        tmp_path / "leiden.geojson",
        square("BU05460001", "Pieterswijk", 4.48, 52.15, wijkcode="WK054600", wijknaam="Binnenstad-Zuid", gemeentenaam="Leiden"),
        square("BU05460002", "Academiewijk", 4.49, 52.15, wijkcode="WK054600", wijknaam="Binnenstad-Zuid", gemeentenaam="Leiden"),
        square("BU05461000", "Stationskwartier", 4.48, 52.16),
        square("BU99990000", "Ergens anders", 5.0, 52.0),
    )
    assert import_areas(uow, path, municipality="GM0546") == 6
    uow.commit()
    tree = area_tree(uow)
    assert {area.code: area.name for area in tree.current} == {
        "GM0546": "Leiden",
        "WK054600": "Binnenstad-Zuid",
        "WK054610": "WK054610",
        "BU05460001": "Pieterswijk",
        "BU05460002": "Academiewijk",
        "BU05461000": "Stationskwartier",
    }
    wijk = tree.find("WK054600")
    assert wijk is not None
    assert wijk.hectares == pytest.approx(2 * 0.01**2 * 111_320**2 * 0.6135 / 10_000, rel=0.01)
    drawn = area_map(uow)
    assert [shape.code for shape in drawn.of("buurt")] == ["BU05460002", "BU05460001", "BU05461000"]


def test_the_next_year_takes_over_the_page_addresses(tmp_path: Path, uow: UnitOfWork) -> None:
    def of(year: int) -> Path:
        features = (
            square("GM0546", "Leiden", 4.4, 52.1, 0.1),
            square("WK054600", "Zuid", 4.4, 52.1),
            square("BU05460001", "Hof", 4.4, 52.1),
        )
        return geojson(tmp_path / f"{year}.geojson", *(_with_year(feature, year) for feature in features))

    import_areas(uow, of(2023))
    old = area_tree(uow).by_slug["hof"]
    import_areas(uow, of(2024))
    import_areas(uow, of(2020))
    uow.commit()
    tree = area_tree(uow)
    assert {(area.slug, area.year, area.valid_until) for area in tree.by_id.values() if area.code == "BU05460001"} == {
        ("hof", 2024, None),
        ("hof-2023", 2023, "2023"),
        ("hof-2020", 2020, "2020"),
    }
    assert tree.find("BU05460001", 2023) == tree.get(old.id)
    new = tree.by_slug["hof"]
    assert new.parent_id == tree.by_slug["wijk-zuid"].id
    assert set(tree.within(new.id)) == {area.id for area in tree.by_id.values() if area.code == "BU05460001"}
    card = uow.session.get(Subject, old.id)
    assert card is not None
    uow.session.refresh(card)
    assert card.url == page("area", "hof-2023")
    owner = uow.session.execute(select(Identifier.subject_id).where(Identifier.identifier == "BU05460001")).scalar_one()
    assert owner == new.id


def _with_year(feature: dict[str, Any], year: int) -> dict[str, Any]:
    feature["properties"]["jaar"] = year
    return feature


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "niet te lezen"),
        ("[]", "geen GeoJSON"),
        ('{"features": []}', "geen gebied"),
        ('{"features": [{"properties": {"naam": "X"}}]}', "gebied 1: er is geen CBS-code"),
        ('{"features": [{"properties": {"statcode": "BU05460001"}}]}', "BU05460001 heeft geen naam"),
        ('{"features": [{"properties": {"statcode": "BU05460001", "statnaam": "X"}, "geometry": {"type": "Point"}}]}', "geen vlak"),
        (
            '{"features": [{"properties": {"statcode": "BU05460001", "statnaam": "X"},'
            ' "geometry": {"type": "Polygon", "coordinates": [[[1]]]}}]}',
            "niet te lezen",
        ),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong(tmp_path: Path, uow: UnitOfWork, content: str, told: str) -> None:
    path = tmp_path / "fout.geojson"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Invalid) as caught:
        import_areas(uow, path)
    assert told in " ".join(str(text) for texts in caught.value.errors.values() for text in texts)


def test_rijksdriehoek_is_refused_with_the_way_out(tmp_path: Path, uow: UnitOfWork) -> None:
    with pytest.raises(Invalid) as caught:
        import_areas(uow, geojson(tmp_path / "rd.geojson", square("GM0546", "Leiden", 93_000, 463_000, 1000)))
    assert "ogr2ogr -t_srs EPSG:4326" in str(caught.value.errors[""][0])


def test_a_file_without_a_year_needs_one(tmp_path: Path, uow: UnitOfWork) -> None:
    path = geojson(tmp_path / "a.geojson", square("GM0546", "Leiden", 4, 52, jaar=None))
    with pytest.raises(Invalid):
        import_areas(uow, path)
    assert import_areas(uow, path, year=2025) == 1
    statcode = geojson(tmp_path / "b.geojson", square("GM0546", "Leiden", 4, 52, jaar=None, jrstatcode="2026GM0546"))
    assert import_areas(uow, statcode) == 1
    assert area_tree(uow).of("gemeente")[0].year == 2026


def test_only_a_manager_imports(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(actor_as("facilitator")) as unit, pytest.raises(NotAllowed):
        import_areas(unit, DATA / "zoetermeer_gemeente_2022.geojson")


def test_the_common_area(uow: UnitOfWork, zoetermeer: AreaTree) -> None:
    def common(*codes: str) -> str | None:
        found = zoetermeer.get(common_area(uow, [area.id for code in codes if (area := zoetermeer.find(code))]))
        return found.code if found else None

    assert common() is None
    assert common("BU06370003") == "BU06370003"
    assert common("BU06370003", "BU06370001") == "WK063700"
    assert common("BU06370003", "WK063700") == "WK063700"
    assert common("BU06370003", "BU06370100") == "GM0637"


def test_the_map_is_the_same_each_time_and_fits(platform: Platform, uow: UnitOfWork, zoetermeer: AreaTree, statements: Any) -> None:
    with platform.read(anonymous()) as reader:
        drawn = area_map(reader)
    with platform.read(anonymous()) as reader, statements() as sent:
        assert area_map(reader) is drawn
    assert len(sent) == 1
    assert len(drawn.shapes) == 36
    _left, _top, width, height = (float(part) for part in drawn.view_box.split())
    for shape in drawn.shapes:
        assert shape.path.startswith("M")
        assert shape.path.endswith("Z")
        assert 0 <= shape.x <= width
        assert 0 <= shape.y <= height
    wijk = zoetermeer.by_slug["wijk-centrum"]
    left, top, part_width, part_height = (float(part) for part in drawn.box(zoetermeer.within(wijk.id)).split())
    assert part_width < width / 2
    assert part_height < height
    assert left + part_width <= width + 20
    assert top >= -20
    assert drawn.box([uuid.uuid4()]) == drawn.view_box


class TestAddressBook:
    """Importing the address book, and asking it."""

    @pytest.fixture
    def book(self, uow: UnitOfWork, zoetermeer: AreaTree) -> int:
        number = import_address_book(uow, DATA / "pc6hnr_synthetisch.csv", municipality="GM0637")
        import_postcode_areas(uow, DATA / "zoetermeer_pc4.csv")
        uow.commit()
        return number

    def test_every_line_is_stored(self, uow: UnitOfWork, book: int) -> None:
        assert book == 1224
        assert len(uow.session.execute(select(AddressBookEntry.postcode)).all()) == 1224

    def test_a_national_file_gives_only_this_city(self, tmp_path: Path, uow: UnitOfWork, zoetermeer: AreaTree) -> None:
        path = tmp_path / "alles.csv"
        path.write_text(
            "PC6,Huisnummer,Buurt2022,Wijk2022,Gemeente2022\n1011AB,1,3630000,36300,363\n"
            "2711 aa,12,6370002,63700,637\n2711AA,12,6370001,63700,637\n"
        )
        assert import_address_book(uow, path, municipality="GM0637") == 1
        row = uow.session.execute(select(AddressBookEntry)).scalar_one()
        dorp = zoetermeer.find("BU06370001")
        assert dorp is not None
        assert (row.postcode, row.house_number, row.area_id) == ("2711AA", 12, dorp.id)

    def test_a_known_address_is_exact(self, uow: UnitOfWork, zoetermeer: AreaTree, book: int) -> None:
        found = find_neighbourhood(uow, load(FindNeighbourhoodSchema, {"postcode": "2711 aa", "house_number": "126 bis"}))
        assert (found.area.name, found.exact, found.choices) == ("Stadscentrum", True, ())

    def test_an_unknown_number_is_likely_where_its_postcode_lies(self, uow: UnitOfWork, book: int) -> None:
        found = find_neighbourhood(uow, FindNeighbourhood(postcode="2711AA", house_number=9999))
        assert (found.area.name, found.exact) == ("Stadscentrum", False)
        assert found.choices[0] == found.area

    def test_an_unknown_postcode_gives_the_buurten_of_its_digits(self, uow: UnitOfWork, book: int) -> None:
        found = find_neighbourhood(uow, FindNeighbourhood(postcode="2716ZZ", house_number=1))
        assert not found.exact
        assert len(found.choices) == len(set(found.choices)) > 0
        assert "Westerpark c.a." in [area.name for area in found.choices], "its reference point lies there"

    def test_another_city_is_told_kindly(self, uow: UnitOfWork, book: int) -> None:
        with pytest.raises(Invalid) as caught:
            find_neighbourhood(uow, FindNeighbourhood(postcode="1011AB", house_number=1))
        assert "1011 AB ligt niet in Gemeente Zoetermeer" in str(caught.value.errors["postcode"][0])

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            ("", "is leeg"),
            ("Huisnummer;Buurt2022\n", "geen kolom pc6"),
            ("PC6;Huisnummer\n", "geen kolom Buurt"),
            ("PC6;Huisnummer;Buurt1999\n", "nog geen buurten van 1999"),
            ("PC6;Huisnummer;Buurt2022\n0711AA;1;6370002\n", "regel 2: “0711AA” is geen postcode"),
            ("PC6;Huisnummer;Buurt2022\n2711AA;0;6370002\n", "regel 2: 0 is geen huisnummer"),
            ("PC6;Huisnummer;Buurt2022\n2711AA;x;6370002\n", "“x” is geen heel getal"),
            ("PC6;Huisnummer;Buurt2022\n2711AA;1;1\n", "regel 2: buurt 1 is niet bekend"),
            ("PC6;Huisnummer;Buurt2022\n2711AA;1\n", "regel 2"),
        ],
    )
    def test_a_wrong_file_is_told_line_by_line(self, tmp_path: Path, uow: UnitOfWork, book: int, content: str, told: str) -> None:
        path = tmp_path / "fout.csv"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(Invalid) as caught:
            import_address_book(uow, path)
        assert told in " ".join(str(text) for texts in caught.value.errors.values() for text in texts)
        uow.rollback()
        assert len(uow.session.execute(select(AddressBookEntry.postcode)).all()) == book, "nothing is lost"

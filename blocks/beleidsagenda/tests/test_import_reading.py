"""The readers by themselves: periods as people write them, spreadsheets with their quirks, ORI and Popolo in their shapes."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from samen_beleidsagenda.exchange.reading.content import load_json, moment
from samen_beleidsagenda.exchange.reading.formats import read_json
from samen_beleidsagenda.exchange.reading.guess import find_header, guess_mapping
from samen_beleidsagenda.exchange.reading.periods import UnclearPeriod, read_period
from samen_beleidsagenda.exchange.reading.table import read_table, unknown_words
from samen_beleidsagenda.schemas.import_mapping import Column, TableMapping, mapping_from
from samen_beleidsagenda.schemas.import_plan import LONGEST_KEY, PLAN_KINDS, Plan, Words, make_key
from samen_core.api import MAX_SPREADSHEET_ROWS, Grid, Invalid, read_grid

PERIODS = {
    "Q3 2027": "2027-Q3",
    "2027 Q3": "2027-Q3",
    "2027-Q3": "2027-Q3",
    "Q3-27": "2027-Q3",
    "3e kwartaal 2027": "2027-Q3",
    "3e kw. 2027": "2027-Q3",
    "kwartaal 4 van 2027": "2027-Q4",
    "K1 2028": "2028-Q1",
    "jun-27": "2027-06",
    "juni '27": "2027-06",
    "06-2027": "2027-06",
    "2027-06": "2027-06",
    "mrt 2027": "2027-03",
    "15-6-2027": "2027-06-15",
    "1/7/27": "2027-07-01",
    "15 juni 2027": "2027-06-15",
    "di 15 juni 2027": "2027-06-15",
    "woensdag 16-06-2027": "2027-06-16",
    "2027-06-15 00:00:00": "2027-06-15",
    "week 14 2027": "2027-W14",
    "wk 14-2027": "2027-W14",
    "2027-W14": "2027-W14",
    "2027": "2027",
    "n.t.b.": None,
    "P.M.": None,
    "nog te bepalen": None,
    " - ": None,
    "": None,
}


@pytest.mark.parametrize(("text", "code"), PERIODS.items())
def test_periods_as_people_write_them(text: str, code: str | None) -> None:
    found = read_period(text)
    assert (found.code if found else None) == code


@pytest.mark.parametrize("text", ["ooit", "voorjaar 2027", "31-02-2027", "week 60 2027", "12", "Q5 2027", "13-2027", "eerste helft 2027"])
def test_what_is_no_period_is_said_so(text: str) -> None:
    with pytest.raises(UnclearPeriod) as caught:
        read_period(text)
    assert not caught.value.year_missing


@pytest.mark.parametrize(
    ("text", "code"), [("week 14", "2027-W14"), ("2e kwartaal", "2027-Q2"), ("juni", "2027-06"), ("15 juni", "2027-06-15")]
)
def test_the_year_may_be_that_of_the_list(text: str, code: str) -> None:
    found = read_period(text, 2027)
    assert found is not None
    assert found.code == code
    with pytest.raises(UnclearPeriod) as caught:
        read_period(text)
    assert caught.value.year_missing


@given(st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_text_is_a_period_or_is_not(text: str) -> None:
    try:
        found = read_period(text, 2027)
    except UnclearPeriod:
        return
    assert found is None or found.start <= found.end


def a_book(rows: list[list[Any]], formats: dict[str, str] | None = None) -> bytes:
    """A spreadsheet."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cell, format in (formats or {}).items():
        book.active[cell].number_format = format
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_date_counts_as_it_is_shown() -> None:
    content = a_book(
        [["Onderwerp", "Maand", "Jaar", "Dag"], ["a", date(2027, 6, 1), date(2027, 1, 1), date(2027, 6, 15)]],
        {"B2": "mmm-yy", "C2": "yyyy", "D2": "d-m-yyyy"},
    )
    assert read_grid(content).rows[1] == ("a", "2027-06", "2027", "2027-06-15")


def test_numbers_and_formulas_are_values() -> None:
    content = a_book([["a", "b", "c"], [3.0, True, "=1+1"]])
    assert read_grid(content).rows[1][:2] == ("3", "ja")
    assert "=1+1" not in str(read_grid(content).rows)


@pytest.mark.parametrize(
    "content",
    [
        b"Onderwerp;Wanneer\nWoonvisie;Q2 2027\n",
        "\ufeffOnderwerp,Wanneer\r\nWoonvisie,Q2 2027\r\n".encode(),
        "Onderwerp\tWanneer\nWoonvisie\tQ2 2027\n".encode("utf-16"),
        '"Onderwerp";"Wanneer"\n"Woonvisie";"Q2 2027"'.encode("cp1252"),
    ],
)
def test_csv_of_every_kind(content: bytes) -> None:
    assert read_grid(content).rows == (("Onderwerp", "Wanneer"), ("Woonvisie", "Q2 2027"))


def test_what_is_merged_downwards_counts_for_every_row_of_it() -> None:
    """A title over the whole width does not become the text of every column."""
    book = Workbook()
    for row in (
        ["Termijnagenda", "", ""],
        ["Onderwerp", "Wanneer", "Orgaan"],
        ["a", date(2027, 6, 1), "Raad"],
        ["b"],
        ["c", "", "College"],
    ):
        book.active.append(row)
    book.active["B3"].number_format = "mmm-yy"
    for range in ("A1:C1", "B3:B4", "C3:C4"):
        book.active.merge_cells(range)
    target = io.BytesIO()
    book.save(target)
    rows = read_grid(target.getvalue()).rows
    assert rows[0] == ("Termijnagenda",)
    assert rows[2:] == (("a", "2027-06", "Raad"), ("b", "2027-06", "Raad"), ("c", "", "College"))


def test_a_title_above_a_csv_does_not_say_what_stands_between_cells() -> None:
    for between in ";\t":
        text = "Termijnagenda 2026, gemeente Voorbeeld\nOnderwerp;Wanneer;Orgaan\nWoonvisie, deel 1;jun-27;Raad, plenair\n"
        rows = read_grid(text.replace(";", between).encode()).rows
        assert rows[1:] == (("Onderwerp", "Wanneer", "Orgaan"), ("Woonvisie, deel 1", "jun-27", "Raad, plenair"))


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(Invalid):
        read_grid(("a;b\n" * (MAX_SPREADSHEET_ROWS + 1)).encode())


def test_a_small_file_with_endless_xml_is_refused_before_it_is_parsed() -> None:
    """Within the bound of its size, but of more cells than memory and patience have."""
    target, content = io.BytesIO(), io.BytesIO(a_book([["a"]]))
    with zipfile.ZipFile(content) as book, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in book.namelist():
            archive.writestr(name, b"<row/>" * 3_100_000 if name == "xl/worksheets/sheet1.xml" else book.read(name))
    with pytest.raises(Invalid) as refused:
        read_grid(target.getvalue())
    assert "te veel" in str(refused.value.errors["file"][0])


HEADS = ("Zaaknr", "Onderwerp", "Portefeuillehouder", "Orgaan", "Soort besluit", "Planning", "Opmerkingen", "Steller")
LIST = Grid(
    (
        ("Termijnagenda", "", "", "", "", "", "", ""),
        HEADS,
        ("Z1", "Woonvisie", "Weth. A", "Raad", "Besluit", "Q2 2027", "Let op", "Jan"),
        ("Z2", "Nota sport", "", "Cie Zorg", "informerend", "jun-27", "", "Piet"),
        ("Z3", "Cultuur", "", "Onbekend", "iets raars", "week 3", "", ""),
        ("Z1", "Nog eens", "", "Raad", "Besluit", "2027", "", ""),
        ("Z4", "", "", "Raad", "Besluit", "2027", "", ""),
    )
)
WORDS = Words(bodies={"raad": "1", "cie zorg": "2"}, holders={"weth a": "9"})


def test_columns_are_guessed_and_found_back() -> None:
    assert find_header(LIST) == 2
    mapping = guess_mapping(LIST, WORDS.bodies)
    assert [item.field for item in mapping.columns] == ["key", "title", "holder", "body", "kind", "period", "text", ""]
    assert mapping_from(json.loads(json.dumps(mapping.to_json()))) == mapping
    moved = Grid(tuple(tuple(reversed(row)) for row in LIST.rows))
    again = guess_mapping(moved, WORDS.bodies, known=mapping)
    assert [item.field for item in again.columns] == list(reversed([item.field for item in mapping.columns]))


def test_a_column_for_every_body() -> None:
    grid = Grid((("Onderwerp", "College", "Datum raad"), ("Woonvisie", "week 2 2027", "Q2 2027")))
    mapping = guess_mapping(grid, {"college": "5", "raad": "1"})
    assert [(item.field, item.body) for item in mapping.columns] == [("title", None), ("period", "5"), ("period", "1")]
    moments = [thing.values for thing in read_table(grid, mapping, Words()).things if thing.kind == "moment"]
    assert [(item["body"], item["period"]) for item in moments] == [("5", "2027-W02"), ("1", "2027-Q2")]


def test_every_row_comes_in_or_says_why_not() -> None:
    mapping = guess_mapping(LIST, WORDS.bodies)
    plan = read_table(LIST, mapping, WORDS)
    moments = {thing.key: thing.values for thing in plan.things if thing.kind == "moment"}
    assert [(item["title"], item["body"], item["kind"], item["period"]) for item in moments.values()] == [
        ("Woonvisie", "1", "decision", "2027-Q2"),
        ("Nota sport", "2", "information", "2027-06"),
    ]
    told = [(problem.line, str(problem.message)) for problem in plan.problems if not problem.only_note]
    assert [line for line, _text in told] == [5, 5, 5, 6, 7]
    assert any("geen jaar" in text for _line, text in told)
    assert unknown_words(LIST, mapping, WORDS) == {"body": ["Onbekend"], "kind": ["iets raars"]}
    assert "Jan" not in str(plan.things)


def test_a_list_without_its_columns_is_refused() -> None:
    with pytest.raises(Invalid):
        read_table(LIST, TableMapping(columns=(Column(name="Onderwerp", field="title"),), header=2), WORDS)


ORI_MEETING = {
    "id": "v1",
    "naam": "Raadsvergadering",
    "vergaderingstype": "raadsvergadering",
    "status": "gepland",
    "geplandeAanvangVergadering": "2027-03-01T19:30:00Z",
    "geplandeEindeVergadering": "2027-03-01T22:00:00Z",
    "georganiseerdDoorGremium": {"gremiumidentificatie": "g1", "gremiumnaam": "Gemeenteraad"},
}
ORI_POINT = {
    "id": "a1",
    "agendapuntTitel": "Woonvisie",
    "agendapuntvolgnummer": "2",
    "indicatieHamerstuk": True,
    "indicatorBesloten": False,
    "vergadering": {"id": "v1"},
}
ORI_PAPER = {
    "id": "d1",
    "titel": "Voorstel woonvisie",
    "informatieobjecttype": "voorstel",
    "datumIngediend": "2027-02-01",
    "link": "https://stukken.example/d1.pdf",
    "wooInformatiecategorie": "c_db4862c3",
    "agendapunten": ["https://ori.example/ori/v2/agendapunten/a1"],
}


@pytest.mark.parametrize(
    "data",
    [
        {"vergaderingen": [ORI_MEETING], "agendapunten": [ORI_POINT], "informatieobjecten": [ORI_PAPER]},
        {"results": [ORI_PAPER, ORI_POINT, ORI_MEETING]},
        {"vergaderingen": {"results": [ORI_MEETING]}, "agendapunten": {"results": [ORI_POINT]}, "informatieobjecten": [ORI_PAPER]},
        [{**ORI_MEETING, "agendapunten": [{**ORI_POINT, "informatieobjecten": [ORI_PAPER]}]}],
    ],
)
def test_ori_in_every_shape(data: Any) -> None:
    plan = read_json("ori", json.dumps(data).encode(), Words(bodies={"gemeenteraad": "7"}))
    things = {thing.kind: thing for thing in plan.things}
    assert list(things) == ["meeting", "agenda_item", "document", "treatment"]
    assert (things["meeting"].values["body"], things["meeting"].values["type"]) == ("7", "council_meeting")
    assert things["meeting"].values["start"] == "2027-03-01T20:30:00+01:00"
    assert things["agenda_item"].values["hammer_item"]
    assert things["agenda_item"].parent == "meeting:v1"
    assert (things["document"].values["type"], things["document"].values["url"]) == ("proposal", "https://stukken.example/d1.pdf")
    assert things["treatment"].values["agenda_item"] == "agenda_item:a1"


def test_ori_tombstones_and_calling_off() -> None:
    data = [{**ORI_MEETING, "status": "geannuleerd"}, {**ORI_POINT, "wijziging": "Verwijdering"}]
    meeting, point = read_json("ori", json.dumps(data).encode(), Words()).things
    assert meeting.values["cancelled"]
    assert point.gone


def test_popolo_reads_no_more_of_people_than_their_roles() -> None:
    data = {
        "persons": [
            {
                "id": "p1",
                "name": "Mw. drs. A. Voorbeeld",
                "email": "a@example.nl",
                "gender": "female",
                "birth_date": "1970-01-01",
                "memberships": [
                    {"organization_id": "o1", "role": "Raadslid", "organization": {"name": "Raad", "classification": "Council"}}
                ],
            }
        ]
    }
    plan = read_json("popolo", json.dumps(data).encode(), Words())
    assert [(thing.kind, thing.title) for thing in plan.things] == [
        ("organization", "Raad"),
        ("person", "A. Voorbeeld"),
        ("membership", "Raadslid"),
    ]
    assert "example.nl" not in str(plan)
    assert "1970" not in str(plan)
    assert plan.things[0].values["body_kind"] == "council"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *(
                        "id",
                        "plannings",
                        "agenda_items",
                        "documents",
                        "type_data",
                        "attributes",
                        "order",
                        "start_date",
                        "types",
                        "versions",
                    ),
                    *(
                        "vergaderingstype",
                        "agendapuntTitel",
                        "agendapunten",
                        "informatieobjecten",
                        "titel",
                        "results",
                        "vergadering",
                        "naam",
                    ),
                    *(
                        "name",
                        "persons",
                        "organizations",
                        "memberships",
                        "classification",
                        "organization",
                        "person_id",
                        "start_date",
                        "value",
                    ),
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(json_values)
@settings(max_examples=60, deadline=None)
def test_any_json_is_read_or_refused(data: Any) -> None:
    content = json.dumps(data).encode()
    for format in ("ori", "notubiz", "popolo"):
        try:
            plan = read_json(format, content, Words())
        except Invalid:
            continue
        assert isinstance(plan, Plan)
        assert all(thing.kind in PLAN_KINDS and len(thing.key) <= LONGEST_KEY for thing in plan.things)
        json.dumps([dict(thing.values) for thing in plan.things])


def test_moments_that_are_in_no_calendar_are_none() -> None:
    for text in ("0001-01-01T00:00+10:00", "9999-12-31T23:59-10:00", "2027-01-01T00:00+99:00", "1899-12-31T12:00", True, None):
        assert moment(text) is None
    assert str(moment("2027-01-01 19:30")) == "2027-01-01 19:30:00+01:00"


def test_depth_is_bounded_also_inside_texts() -> None:
    assert load_json(b'{"a": "[[[[' + b"[" * 200 + b'"}') == {"a": "[" * 204}
    with pytest.raises(Invalid):
        load_json(b"[" * 61 + b"]" * 61)


def test_long_keys_stay_apart() -> None:
    keys = {make_key("moment", "x" * 300, at) for at in range(5)}
    assert len(keys) == 5
    assert all(len(key) <= LONGEST_KEY for key in keys)

"""Values: partial dates, sort names, slugs, postcodes, house numbers, identifiers, links."""

from __future__ import annotations

import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError
from sqlalchemy import create_engine, literal, select

from citycontent.models import PartialDate, is_valid_on, valid_on
from citycontent.schemas.fields import HouseNumber, PartialDateField, compact_postcode, parse_link
from citycontent.schemas.identifiers import parse_identifier
from samen_core.api import fold, slugify

DAYS = st.dates(date(1000, 1, 1), date(9999, 12, 31))
PRECISIONS = st.sampled_from([4, 7, 10])
ENGINE = create_engine("sqlite://")


def partial(day: date, length: int) -> PartialDate:
    return PartialDate(day.isoformat()[:length])


@given(DAYS, PRECISIONS)
def test_a_partial_date_covers_its_day(day: date, length: int) -> None:
    value = partial(day, length)
    assert value.first_day <= day <= value.last_day
    following = value.last_day + timedelta(days=1) if value.last_day < date.max else None
    assert following is None or following.isoformat()[:length] != value
    assert str(value) == day.isoformat()[:length]


@pytest.mark.parametrize(
    "text", ["", "26", "2026-13", "2026-02-30", "2026-1", "2026-01-1", "2026-01-01T00", " 2026", "0000", "٢٠٢٦", "2026\n"]
)
def test_what_is_no_partial_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PartialDate(text)


@given(DAYS, PRECISIONS, DAYS, PRECISIONS, DAYS)
def test_the_database_agrees_which_period_holds(start_day: date, one: int, end_day: date, other: int, day: date) -> None:
    start, end = partial(start_day, one), partial(end_day, other)
    with ENGINE.connect() as connection:
        for begin, finish in ((start, end), (None, end), (start, None), (None, None)):
            found = connection.execute(select(valid_on(literal(begin), literal(finish), literal(day.isoformat())))).scalar_one()
            assert bool(found) == is_valid_on(begin, finish, day)


@given(DAYS)
def test_a_date_may_be_typed_the_dutch_way(day: date) -> None:
    field = PartialDateField()
    assert field.deserialize(f"{day.day}-{day.month}-{day.year:04}") == day.isoformat()
    assert field.deserialize(f"{day.month}/{day.year:04}") == day.isoformat()[:7]
    assert field.deserialize(day.isoformat()) == day.isoformat()


@given(st.text(max_size=300))
def test_folding_gives_plain_lower_case_once_and_for_all(text: str) -> None:
    folded = fold(text)
    assert set(folded) <= set(string.ascii_lowercase + string.digits + " ")
    assert fold(folded) == folded
    assert fold(text.upper()) in {folded, fold(text.upper().lower())}
    assert len(folded) <= 200


@pytest.mark.parametrize(
    ("name", "sorted_as"),
    [
        ("Één café!", "een cafe"),
        ("Mehmet Dalkıran", "mehmet dalkiran"),
        ("Łódź & Ørsted", "lodz orsted"),
        ("  's-Gravenhage ", "s gravenhage"),
    ],
)
def test_folding_known_names(name: str, sorted_as: str) -> None:
    assert fold(name) == sorted_as


@given(st.text(max_size=300))
def test_a_slug_fits_in_an_address(text: str) -> None:
    slug = slugify(text, "organisatie")
    assert 0 < len(slug) <= 72
    assert not slug.startswith("-")
    assert not slug.endswith("-")
    assert "--" not in slug


@given(st.integers(1, 9), st.integers(0, 999), st.text(string.ascii_uppercase, min_size=2, max_size=2), st.sampled_from(["", " ", "  "]))
def test_postcodes_are_kept_in_one_shape(first: int, rest: int, letters: str, gap: str) -> None:
    typed = f"{first}{rest:03}{gap}{letters.lower()}"
    expected = None if letters in {"SA", "SD", "SS"} else f"{first}{rest:03}{letters}"
    assert compact_postcode(typed) == expected


@pytest.mark.parametrize("text", ["", "0123AB", "2712", "27123 AB", "2712 A1", "AB 2712", "2712ABC"])
def test_what_is_no_postcode_is_refused(text: str) -> None:
    assert compact_postcode(text) is None


@given(st.integers(1, 99_999), st.sampled_from(["", "a", " b", "-3", " bis", "/4"]))
def test_a_house_number_may_have_an_addition(number: int, addition: str) -> None:
    assert HouseNumber().deserialize(f"{number}{addition}") == number


@pytest.mark.parametrize("text", ["", "0", "a", "123456", "-1", True, None, [1]])
def test_what_is_no_house_number_is_refused(text: object) -> None:
    with pytest.raises(ValidationError):
        HouseNumber().deserialize(text)


def test_identifiers_are_checked_per_scheme() -> None:
    assert parse_identifier("kvk 12345678") == ("kvk", "12345678")
    assert parse_identifier("KVK: 12345678") == ("kvk", "12345678")
    assert parse_identifier({"scheme": "cbs-bu", "identifier": "BU06370001"}) == ("cbs-bu", "BU06370001")
    assert parse_identifier("bron:zaaksysteem ZK-1") == ("bron:zaaksysteem", "ZK-1")
    for wrong in ("kvk 1234567", "bsn 123456782", "rsin 123456789", "bag-num 0637010000000001", "kvk", {"scheme": "kvk"}, 12, None):
        with pytest.raises(ValidationError):
            parse_identifier(wrong)


def test_links_keep_their_note() -> None:
    assert parse_link("https://zoetermeer.example/plan  Het hele plan") == {
        "url": "https://zoetermeer.example/plan",
        "note": "Het hele plan",
    }
    for wrong in ("javascript:alert(1)", "zoetermeer", {"url": 3}, {"note": "x"}):
        with pytest.raises(ValidationError):
            parse_link(wrong)

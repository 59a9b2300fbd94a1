"""Codes that people read and type."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samen_core.codes import clean_code, code_of, new_code


def test_a_code_is_three_groups_that_cannot_be_misread() -> None:
    codes = {new_code() for _time in range(500)}
    assert len(codes) == 500
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)


@pytest.mark.parametrize(
    "typed",
    [
        "7F40-912M-X3TB",
        "7f40-912m-x3tb",
        " 7F4O 9I2M X3TB ",
        "7f4o9l2mx3tb",
        "7F40–912M–X3TB",
        "7F40.912M_X3TB\n",
        "7F40\u00a0912M\u2011X3TB",
    ],
)
def test_a_code_is_known_however_it_is_typed(typed: str) -> None:
    assert clean_code(typed) == "7F40-912M-X3TB"


@pytest.mark.parametrize("typed", ["", "7F40-912M-X3T", "7F40-912M-X3TBB", "7F40-912M-X3TU", "7F40-912M-X3T!", "７F40-912M-X3TB"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert clean_code(typed) is None


@given(st.text(max_size=40))
def test_any_text_gives_a_code_or_none(typed: str) -> None:
    found = clean_code(typed)
    assert found is None or clean_code(found) == found


def test_the_same_hash_gives_the_same_code():
    one, other = "0123456789abcdef" * 4, "f" * 64
    assert code_of(one) == code_of(one) == clean_code(code_of(one))
    assert code_of(one) != code_of(other)

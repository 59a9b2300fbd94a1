"""What seems to be about people in a text is found, and nothing of it is left when it is hidden."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samen_oog_oor.services.private_words import find_private, is_bsn, is_iban, is_plate, without_private


def kinds(text: str) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in find_private(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mail naar noor.de-wit+wijk@example.co.uk aub", [("email", "noor.de-wit+wijk@example.co.uk")]),
        ("Bel 06-12345678.", [("phone", "06-12345678")]),
        ("Bel 06 12 34 56 78 of 079 346 8000", [("phone", "06 12 34 56 78"), ("phone", "079 346 8000")]),
        ("tel: +31 6 12345678, (079)3468000", [("phone", "+31 6 12345678"), ("phone", "(079)3468000")]),
        ("0031612345678 belt", [("phone", "0031612345678")]),
        ("bel +32 470 12 34 56", [("phone", "+32 470 12 34 56")]),
        ("BSN 111222333", [("bsn", "111222333")]),
        ("mijn bsn is 1112.22.333", [("bsn", "1112.22.333")]),
        ("NL91 ABNA 0417 1643 00 is de rekening", [("iban", "NL91 ABNA 0417 1643 00")]),
        ("nl91abna0417164300", [("iban", "nl91abna0417164300")]),
        ("De auto met XX-99-XX, of 9-xxx-99, of GV 123 B", [("plate", "XX-99-XX"), ("plate", "9-xxx-99"), ("plate", "GV 123 B")]),
        ("Mevrouw van der Berg-Jansen woont er", [("name", "van der Berg-Jansen")]),
        ("bij mw. A. de Wit en meneer Özdemir.", [("name", "A. de Wit"), ("name", "Özdemir")]),
        ("Dhr. Jan Pieters parkeert fout", [("name", "Jan Pieters")]),
        ("Mijn naam is Fatima El Idrissi en ik", [("name", "Fatima El Idrissi")]),
    ],
)
def test_what_is_found(text: str, found: list[tuple[str, str]]) -> None:
    assert kinds(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "De lamp bij Markt 10 in 2712 AB brandt niet",
        "Op 12-10-2026 om 19.30 uur lagen er 25 zakken",
        "Mast 12345 en put 987654",
        "Nummer 123456789 staat op de kast",
        "ZM-2026-000123 was mijn melding",
        "de A12 en de N206, bus 70",
        "Een meneer liep langs en een mevrouw ook.",
        "De heer des huizes",
        "€ 1.250.000,00 voor het plein",
        "",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert find_private(text) == []
    assert without_private(text) == text


def test_hidden_words_say_what_they_were() -> None:
    text = "Mevrouw Bakker (06-12345678, a@b.nl) zag XX-99-XX"
    assert without_private(text) == "Mevrouw [naam] ([telefoonnummer], [e-mailadres]) zag [kenteken]"


@given(st.integers(0, 999_999_999))
def test_one_digit_further_is_no_bsn(number: int) -> None:
    digits = f"{number:09}"
    if is_bsn(digits):
        other = digits[:-1] + str((int(digits[-1]) + 1) % 10)
        assert not is_bsn(other)
        assert [one.kind for one in find_private(f"bsn {digits} van hem")] in (["bsn"], ["phone"])


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_every_dutch_account_number_is_found(account: str) -> None:
    base = "ABNA" + account
    check = 98 - int("".join(str(int(sign, 36)) for sign in base + "NL00")) % 97
    iban = f"NL{check:02}{base}"
    assert is_iban(iban)
    spaced = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
    for text in (f"stort op {iban}.", f"stort op {spaced}, graag"):
        assert [one.kind for one in find_private(text)] == ["iban"]
        assert account[-6:] not in without_private(text).replace(" ", "")


@given(
    st.sampled_from(["06", "+316", "00316", "079", "010"]), st.from_regex(r"[1-9][0-9]{7}", fullmatch=True), st.sampled_from(["", " ", "-"])
)
def test_every_dutch_phone_number_is_found(start: str, rest: str, between: str) -> None:
    digits = rest if "6" in start[-1] else rest[:7]
    text = f"bel {start}{between}{digits} vanavond"
    assert digits not in without_private(text)


_PIECES = st.sampled_from(
    [
        "06-12345678",
        "a.b@c.nl",
        "111222333",
        "NL91 ABNA 0417 1643 00",
        "XX-99-XX",
        "mevrouw De Wit",
        "dhr. ",
        "0612",
        "345678",
        "+31",
        " ",
        "-",
    ]
)
_TEXTS = st.lists(st.one_of(_PIECES, st.text(max_size=12)), max_size=12).map("".join)


@settings(max_examples=150)
@given(_TEXTS)
def test_nothing_that_was_found_is_left(text: str) -> None:
    found = find_private(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(before.end <= after.start for before, after in pairwise(found)), "pieces never overlap"
    hidden = without_private(text)
    assert find_private(hidden) == []
    assert without_private(hidden) == hidden
    if not found:
        assert hidden == text


def test_long_texts_are_read_in_one_go() -> None:
    for piece in ("0 ", "a", "1-", "NL91", "mevrouw De ", "@.", "(0"):
        assert isinstance(find_private(piece * (4000 // len(piece))), list)


@pytest.mark.parametrize("plate", ["XX-99-XX", "99-XX-99", "X-999-XX", "9-XX-999", "GV-123-B"])
def test_forms_of_plates(plate: str) -> None:
    assert is_plate(plate)
    assert not is_plate(plate + "1")

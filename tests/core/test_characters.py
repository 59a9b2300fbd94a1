"""Which characters nothing can carry: every one of Unicode is asked, near the ends of what is left out."""

from __future__ import annotations

import unicodedata

from samen_core.characters import has_bad, without_bad

NEAR = (
    *range(0x180),
    *range(0xD7F0, 0xD810),
    *range(0xDFF0, 0xE010),
    *range(0xFDC0, 0xFE00),
    *(plane << 16 | low for plane in range(17) for low in (0, 1, 0xFFF0, *range(0xFFFB, 0x10000))),
)


def is_bad(code: int) -> bool:
    if chr(code) in "\t\n\r":
        return False
    no_character = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    return no_character or unicodedata.category(chr(code)) in ("Cc", "Cs")


def test_what_nothing_can_carry_is_seen_and_left_out() -> None:
    assert [hex(code) for code in NEAR if has_bad(chr(code)) != is_bad(code)] == []
    text = "".join(map(chr, NEAR))
    assert without_bad(text) == "".join(chr(code) for code in NEAR if not is_bad(code))
    assert without_bad("a\x0bé\U0001f600\U0002ffff", "?") == "a?é\U0001f600?"

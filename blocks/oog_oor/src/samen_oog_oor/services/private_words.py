"""Finding what is about people in a text: numbers and addresses by their form and checks, names by the word before them.

It proposes; who wrote the text, or staff, decides. What has no fixed form (a name alone, a story about a neighbour) it cannot know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from samen_core.api import Text, _

Kind = Literal["email", "iban", "bsn", "phone", "plate", "name"]
KINDS: tuple[Kind, ...] = ("email", "iban", "bsn", "phone", "plate", "name")
"""In the order in which a piece of text is claimed: what can be two things, is the first."""
CONTACT: tuple[Kind, ...] = ("email", "phone")
"""How to reach somebody."""
LABELS: dict[str, Text] = {
    "email": _("e-mailadres"),
    "iban": _("rekeningnummer"),
    "bsn": _("burgerservicenummer"),
    "phone": _("telefoonnummer"),
    "plate": _("kenteken"),
    "name": _("naam"),
}
MASKS: dict[str, str] = {
    "email": "[e-mailadres]",
    "iban": "[rekeningnummer]",
    "bsn": "[burgerservicenummer]",
    "phone": "[telefoonnummer]",
    "plate": "[kenteken]",
    "name": "[naam]",
}
"""What stands in a text in place of what was hidden; in Dutch, as texts are."""


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of a text, from ``start`` up to ``end``, and what it seems to be."""

    start: int
    end: int
    kind: Kind


def find_private(text: str, kinds: Sequence[Kind] = KINDS) -> list[Found]:
    """What in a text seems to be about people, in its order; pieces never overlap."""
    taken: list[Found] = []
    for kind in kinds:
        for start, end in _FINDERS[kind](text):
            if all(end <= other.start or start >= other.end for other in taken):
                taken.append(Found(start, end, kind))
    return sorted(taken, key=lambda found: found.start)


def without_private(text: str, kinds: Sequence[Kind] = KINDS) -> str:
    """The text with what was found replaced by what it was. What comes out holds nothing that would be found again."""
    for _round in range(4):
        # Hiding one thing may bring two pieces together that are something now.
        found = find_private(text, kinds)
        if not found:
            break
        text = _masked(text, found)
    return text


def _masked(text: str, found: list[Found]) -> str:
    parts, at = [], 0
    for one in found:
        parts += [text[at : one.start], MASKS[one.kind]]
        at = one.end
    return "".join([*parts, text[at:]])


_EMAIL = re.compile(r"[\w.+'-]{1,64}@(?:[\w-]{1,63}\.){1,4}[^\W\d_]{2,24}")
_IBAN = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2} ?[0-9]{2}(?: ?[0-9A-Za-z]){11,30}(?![0-9A-Za-z])")
_NINE = re.compile(r"(?<![\d.,])\d(?:[ .-]?\d){7,8}(?![\d]|[.,]\d)")
_PHONE = re.compile(
    r"(?<![\w+])(?:(?:\+|00) ?31[ .-]?(?:\(0\))?[ .-]?|\(?0)[1-9](?:\)?[ .-]?\d){8}(?!\d)"
    r"|(?<![\w+])\+(?!31)[1-9]\d{0,2}(?:[ .-]?\d){7,12}(?!\d)",
    re.ASCII,
)
_PLATE = re.compile(r"(?<![0-9A-Za-z-])(?=((?:[0-9]{1,3}|[A-Za-z]{1,3})(?:[ -]?(?:[0-9]{1,3}|[A-Za-z]{1,3})){2})(?![0-9A-Za-z-]))")
_SIDECODES = re.compile(
    r"[A-Z]{2}\d{4}|\d{4}[A-Z]{2}|\d{2}[A-Z]{2}\d{2}|[A-Z]{2}\d{2}[A-Z]{2}|[A-Z]{4}\d{2}|\d{2}[A-Z]{4}|\d{2}[A-Z]{3}\d|\d[A-Z]{3}\d{2}"
    r"|[A-Z]{2}\d{3}[A-Z]|[A-Z]\d{3}[A-Z]{2}|[A-Z]{3}\d{2}[A-Z]|[A-Z]\d{2}[A-Z]{3}|\d[A-Z]{2}\d{3}|\d{3}[A-Z]{2}\d"
)
"""The forms that Dutch number plates have had since 1951, without their dashes."""
_PARTICLE = r"(?:van|de|der|den|het|'t|’t|ten|ter|te|el|al|von|la|le|du|da|dos|bin|ben)"
_NAME_WORD = r"[A-ZÀ-ÖØ-ÞŁŚŞÇ][\w'’.-]{0,39}"
_NAME = re.compile(
    r"(?<!\w)(?i:mevrouw|meneer|mijnheer|mevr|mw|dhr|heer|juffrouw|mr|mrs|ms|miss|familie|fam|dr|drs|ir)(?!\w)\.?[ ]+"
    rf"(?P<name>(?:{_PARTICLE}[ ]+){{0,3}}{_NAME_WORD}(?:[ ]+(?:{_PARTICLE}[ ]+){{0,3}}{_NAME_WORD}){{0,3}})",
)
_CALLED = re.compile(
    r"(?<!\w)(?i:mijn naam is|ik heet|hij heet|zij heet|ze heet|genaamd|my name is|called)[ ]+"
    rf"(?P<name>{_NAME_WORD}(?:[ ]+(?:{_PARTICLE}[ ]+){{0,3}}{_NAME_WORD}){{0,3}})",
)


def is_bsn(digits: str) -> bool:
    """Whether digits can be a burgerservicenummer: nine (or eight, with a zero left out) that meet the eleven test."""
    if not digits.isdigit() or len(digits) not in (8, 9) or not digits.strip("0"):
        return False
    numbers = [int(digit) for digit in digits.zfill(9)]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(number * weight for number, weight in zip(numbers, weights, strict=True)) % 11 == 0


def is_iban(text: str) -> bool:
    """Whether letters and digits are an IBAN by their check digits (ISO 13616: modulo 97 is 1)."""
    code = "".join(text.split()).upper()
    if not 15 <= len(code) <= 34 or not code.isascii() or not code.isalnum():
        return False
    moved = code[4:] + code[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def is_plate(text: str) -> bool:
    """Whether letters and digits have the form of a Dutch number plate."""
    return _SIDECODES.fullmatch(re.sub(r"[ -]", "", text).upper()) is not None


def _emails(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _EMAIL.finditer(text))


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    for match in _IBAN.finditer(text):
        end = match.end()
        # Words after an IBAN look like more of it: the longest piece that ends at a space and passes counts.
        while end > match.start():
            if is_iban(text[match.start() : end]):
                yield match.start(), end
                break
            end = text.rfind(" ", match.start(), end)


def _bsns(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _NINE.finditer(text) if is_bsn(re.sub(r"\D", "", match[0])))


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for match in _PHONE.finditer(text):
        # A bracket around the whole, as in "(06-12345678)", is no part of it.
        around = match[0].startswith("(") and ")" not in match[0]
        yield match.start() + around, match.end()


def _plates(text: str) -> Iterator[tuple[int, int]]:
    """Number plates: with dashes however written; without, in capitals only, or half of all short codes would be one."""
    for match in _PLATE.finditer(text):
        word = match[1]
        plain = "-" not in word
        if is_plate(word) and not (plain and (word != word.upper() or _POSTCODE.fullmatch(word))):
            yield match.span(1)


_POSTCODE = re.compile(r"[1-9]\d{3} ?[A-Z]{2}", re.ASCII)


def _names(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_NAME, _CALLED):
        for match in pattern.finditer(text):
            start, end = match.span("name")
            while text[end - 1] in ".-'’":
                end -= 1
            if end > start:
                yield start, end


_FINDERS: dict[Kind, Callable[[str], Iterator[tuple[int, int]]]] = {
    "email": _emails,
    "iban": _ibans,
    "bsn": _bsns,
    "phone": _phones,
    "plate": _plates,
    "name": _names,
}

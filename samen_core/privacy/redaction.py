"""Taking out of a text what leads to the person who wrote it: own names and addresses, and everything that can be mailed or called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

GONE = "[gewist]"
SHORT = 4
"""A shorter name is too often an ordinary word, so it goes only where it begins with a capital."""

# Words in names that begin sentences far more often than they name somebody.
_SMALL = re.compile(
    "aan|al|bij|da|dal|de|del|della|den|der|des|di|do|dos|du|een|el|en|het|ik|in|la|le|les|met"
    "|mijn|om|onder|op|over|te|ten|ter|tot|uit|uyt|van|vd|von|voor|we|wij|zu|zur"
)
_PART = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")

_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_PHONE = r"(?<![\w+])(?:\+31|0031|0)[\s-]?(?:\(0\)[\s-]?)?[1-9](?:[\s-]?\d){7,9}(?!\w)"
_POSTCODE = r"\b[1-9]\d{3}\s?[A-Z]{2}\b(?:[,\s]+\d+\s?[a-zA-Z]?\b)?"


def redactor(own: Iterable[str]) -> re.Pattern[str]:
    """What to look for: these names and addresses, and every e-mail address, Dutch telephone number and postcode.

    A whole name goes whatever its case. A name of two or three letters, and a part of a name (only the first name, only the last name),
    goes where it is a word by itself that begins with a capital.
    """
    texts = {" ".join(text.split()) for text in own}
    whole = sorted((text for text in texts if len(text) >= SHORT), key=len, reverse=True)
    names = [r"(?<!\w)" + r"\s+".join(re.escape(part) for part in text.split()) + r"(?!\w)" for text in whole]
    parts = sorted({part for text in texts for part in _parts(text)}, key=len, reverse=True)
    words = [rf"(?<![\w-])(?:{re.escape(part)}|{re.escape(part.upper())})(?![\w-])" for part in parts]
    return re.compile("|".join([*(f"(?i:{name})" for name in names), _EMAIL, _PHONE, _POSTCODE, *words]))


def _parts(name: str) -> Iterable[str]:
    """The words of a name that lead to somebody by themselves, with a capital; none of an address or a number."""
    if "@" in name or "/" in name or any(letter.isdigit() for letter in name):
        return
    short = len(name) < SHORT
    for part in _PART.findall(name):
        if len(part) > 1 and not _SMALL.fullmatch(part.lower()) and (short or part[0].isupper()):
            yield part[0].upper() + part[1:]


def redacted(value: Any, pattern: re.Pattern[str]) -> Any:
    """A value (JSON types) with everything that the pattern finds taken out of its texts."""
    if isinstance(value, str):
        return pattern.sub(GONE, value)
    if isinstance(value, list):
        return [redacted(item, pattern) for item in value]
    if isinstance(value, dict):
        return {key: redacted(item, pattern) for key, item in value.items()}
    return value


def texts_in(value: Any) -> Iterable[str]:
    """Every text in a value of JSON types."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts_in(item)

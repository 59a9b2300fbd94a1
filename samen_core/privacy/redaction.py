"""Taking out of a text what leads to the person who wrote it: own names and addresses, and everything that can be mailed or called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

GONE = "[gewist]"
SHORTEST = 4
"""A shorter name is too often a part of something else."""

_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_PHONE = r"(?<![\w+])(?:\+31|0031|0)[\s-]?(?:\(0\)[\s-]?)?[1-9](?:[\s-]?\d){7,9}(?!\w)"
_POSTCODE = r"\b[1-9]\d{3}\s?[A-Z]{2}\b(?:[,\s]+\d+\s?[a-zA-Z]?\b)?"


def redactor(own: Iterable[str]) -> re.Pattern[str]:
    """What to look for: these names and addresses, whatever their case, and every e-mail address, Dutch telephone number and postcode."""
    words = sorted({" ".join(text.split()) for text in own if len(text.strip()) >= SHORTEST}, key=len, reverse=True)
    names = [r"(?<!\w)" + r"\s+".join(re.escape(part) for part in word.split()) + r"(?!\w)" for word in words]
    return re.compile("|".join([*(f"(?i:{name})" for name in names), _EMAIL, _PHONE, _POSTCODE]))


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

"""The addresses of pages, feeds and Open311, without language prefix."""

from __future__ import annotations

import uuid

HOME = "/oog-en-oor"
REPORT = f"{HOME}/melden"
RECEIPT = f"{HOME}/mijn-melding"
"""What became of one's own signal: at the key in the link of a mail, or with the code of the receipt."""
LOST = f"{RECEIPT}/code-kwijt"
"""Where who lost the code has the links mailed."""
OWN = f"{HOME}/mijn-meldingen"
CASES = f"{HOME}/zaken"
MAP = f"{HOME}/kaart"
FIGURES = f"{HOME}/cijfers"
PATTERNS = f"{HOME}/patronen"
FEEDS = f"{HOME}/feeds"
KEYS = f"{HOME}/sleutels"
"""Keys for Open311, made by an account for itself."""
INQUIRY = f"{HOME}/vraag"
"""Questions to reporters and to a third party, at the key in a link."""
DESK = f"{HOME}/werk"
BOARD = f"{DESK}/bord"
ENTER = f"{DESK}/invoeren"
"""Where staff writes down what somebody said."""
RULES = f"{DESK}/regels"
CATEGORIES = f"{DESK}/categorieen"
TEXTS = f"{DESK}/teksten"
SERVERS = f"{DESK}/koppelingen"
OPEN311 = "/open311/v2"


def case(number: str, part: str = "") -> str:
    """The public page of a case, by its number."""
    return _of(CASES, number, part)


def category(code: str, part: str = "") -> str:
    """The page on which a manager sets up a category, by its code."""
    return _of(CATEGORIES, code, part)


def work(number: str, part: str = "") -> str:
    """The page on which staff work at a case."""
    return _of(f"{DESK}/zaken", number, part)


def pattern(id: uuid.UUID, part: str = "") -> str:
    """The page of a pattern."""
    return _of(PATTERNS, str(id), part)


def receipt(key: str, part: str = "") -> str:
    """The page of one signal for who sent it."""
    return _of(RECEIPT, key, part)


def inquiry(key: str) -> str:
    """The page on which somebody answers a question about a case."""
    return f"{INQUIRY}/{key}"


def _of(base: str, name: str, part: str) -> str:
    return f"{base}/{name}/{part}" if part else f"{base}/{name}"

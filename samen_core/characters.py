"""Characters that no page, database, XML or CSV can carry: control characters, half characters and codes that are no character.

HTML Standard §13.2.3.5 (control characters, surrogates and noncharacters in the input stream).
"""

from __future__ import annotations

import re

_FURTHER = "".join(f"{chr(plane << 16)}-{chr(plane << 16 | 0xFFFD)}" for plane in range(1, 17))
# By what is good: a class that names what is bad in each further plane is tried on every character, ten times as slow.
_BAD = re.compile(f"[^\t\n\r -~\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd{_FURTHER}]")


def has_bad(text: str) -> bool:
    """Whether a text holds such a character."""
    return _BAD.search(text) is not None


def without_bad(text: str, instead: str = "") -> str:
    """The text with ``instead`` for each such character, to show again what somebody typed."""
    return _BAD.sub(instead, text)

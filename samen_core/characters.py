"""Characters that no page, database, XML or CSV can carry: control characters, half characters and codes that are no character.

HTML Standard §13.2.3.5 (control characters, surrogates and noncharacters in the input stream).
"""

from __future__ import annotations

import re

_NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_BAD = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{_NO_CHARACTERS}]")


def has_bad(text: str) -> bool:
    """Whether a text holds such a character."""
    return _BAD.search(text) is not None


def without_bad(text: str, instead: str = "") -> str:
    """The text with ``instead`` for each such character, to show again what somebody typed."""
    return _BAD.sub(instead, text)

"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, in words, and what mends it. A warning can wait, a problem cannot."""

    check: str
    state: State
    text: str
    mend: str = ""


def ok(check: str, text: str) -> Finding:
    """Nothing to do."""
    return Finding(check, "ok", text)


def warning(check: str, text: str, mend: str = "") -> Finding:
    """Something that can wait."""
    return Finding(check, "warning", text, mend)


def problem(check: str, text: str, mend: str = "") -> Finding:
    """Something that cannot wait."""
    return Finding(check, "problem", text, mend)

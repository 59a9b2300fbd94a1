"""What a block says about its own quality: the tier that it claims and its exceptions to the conformance rules (``quality.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, cast

from samen_core.blocks.discovery import Installed
from samen_core.i18n import Text, _

FILE = "quality.toml"
TIERS: dict[str, Text] = {"brons": _("Brons"), "zilver": _("Zilver"), "goud": _("Goud")}
"""From what harms nobody, by what keeps data and rights safe, to what is a pleasure to use; each holds the rules of those before it."""

Status = Literal["done", "todo", "exempt"]
STATUSES = ("done", "todo", "exempt")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a block says of one rule: it keeps it, it does not yet, or it need not, with the reason."""

    code: str
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """The content of a ``quality.toml``. ``tier`` is empty where none is claimed; ``problem`` says why a file cannot be read.

    ``not_exported`` has the tables and columns (``table.column``, or ``*.column`` of every table) that no export shows, with the reason.
    """

    tier: str = ""
    marks: dict[str, Mark] = field(default_factory=dict)
    not_exported: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def label(self) -> Text | None:
        """The claimed tier for people."""
        return TIERS.get(self.tier)

    @property
    def exceptions(self) -> tuple[Mark, ...]:
        """The rules that the block does not keep, or not yet, in order of their code."""
        return tuple(mark for _code, mark in sorted(self.marks.items()) if mark.status != "done")

    def mark(self, code: str) -> Mark:
        """What is said of a rule; one that is not named is claimed to be kept."""
        return self.marks.get(code) or Mark(code, "done")


@lru_cache(maxsize=200)
def quality_of(installed: Installed) -> Quality:
    """What an installed block says of itself, read once per process; an empty Quality for a block without the file."""
    path = installed.beside(FILE)
    if path is None:
        return Quality()
    try:
        return read_quality(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return Quality(problem=f"{FILE} cannot be read: {error}")


def read_quality(source: str) -> Quality:
    """The meaning of the text of a ``quality.toml``; what is wrong with it stands in ``problem``."""
    try:
        values = tomllib.loads(source)
        tier, rules, left_out = values.pop("tier", ""), values.pop("rules", {}), values.pop("not_exported", {})
        if values:
            raise ValueError(f"'{min(values)}' is no key: use tier, [rules] and [not_exported]")
        for place, reason in left_out.items():
            if not isinstance(reason, str) or not reason.strip():
                raise ValueError(f"[not_exported] names '{place}' without a reason")
        if tier and tier not in TIERS:
            raise ValueError(f"tier {tier!r} is none of {', '.join(TIERS)}")
        return Quality(tier, {code: _mark(code, value) for code, value in rules.items()}, left_out)
    except (ValueError, AttributeError) as error:
        return Quality(problem=f"{FILE}: {error}")


def _mark(code: str, value: Any) -> Mark:
    given = {"status": value} if isinstance(value, str) else value
    if not isinstance(given, dict) or given.keys() - {"status", "reason"}:
        raise ValueError(f"rule '{code}' needs a status, and perhaps a reason")
    status, reason = given.get("status"), str(given.get("reason", "")).strip()
    if status not in STATUSES:
        raise ValueError(f"the status of rule '{code}' is none of {', '.join(STATUSES)}")
    if status == "exempt" and not reason:
        raise ValueError(f"rule '{code}' is exempt without a reason")
    return Mark(code, cast("Status", status), reason)

"""What a thing of a file is to do here: pure, field by field, between what was imported last, what is here now and what the file says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MOMENTS = ("start", "period")
"""A change of one of these moves a thing."""
ORDER = "order"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``take``: the fields that changed there and not here; ``clash``: those that changed at both sides."""

    take: frozenset[str] = field(default_factory=frozenset)
    clash: frozenset[str] = field(default_factory=frozenset)


def digest(value: Any) -> str:
    """A short digest of a value, the same for equal values."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def digests(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """The digests of what a file says of these fields; what it does not say has none."""
    return {name: digest(values[name]) for name in names if values.get(name) is not None}


def compare(values: Mapping[str, Any], names: Iterable[str], known: Mapping[str, str] | None, now: Mapping[str, Any]) -> Verdict:
    """Compare what a file says with what is here. ``known`` are the digests of the last import, None when there was none.

    What a file leaves out (None) it does not change. Of what was here before it was ever imported nothing changes. A field that is not in
    ``now`` cannot be changed here by people.
    """
    if known is None:
        return Verdict()
    take: set[str] = set()
    clash: set[str] = set()
    for name in names:
        theirs = values.get(name)
        if theirs is None or known.get(name) == digest(theirs):
            continue
        if name == ORDER:
            if not same_order(now.get(name) or [], theirs):
                take.add(name)
        elif name not in now:
            take.add(name)
        elif now[name] != theirs:
            mine = now[name] not in (None, "") if name not in known else digest(now[name]) != known[name]
            (clash if mine else take).add(name)
    return Verdict(frozenset(take), frozenset(clash))


def same_order(ours: list[Any], theirs: list[Any]) -> bool:
    """Whether what stands in both lists stands there in the same order."""
    both = set(ours) & set(theirs)
    return [item for item in ours if item in both] == [item for item in theirs if item in both]


def changed_here(names: Iterable[str], known: Mapping[str, str], now: Mapping[str, Any]) -> bool:
    """Whether somebody changed something here since it was imported."""
    return any(digest(now[name]) != known[name] for name in names if name in known and name in now and name != ORDER)


def outcome_of(verdict: Verdict, values: Mapping[str, Any]) -> str:
    """What to call it, the gravest first."""
    if verdict.clash:
        return "conflict"
    if ("cancelled" in verdict.take and values.get("cancelled")) or ("status" in verdict.take and values.get("status") == "lapsed"):
        return "cancelled"
    if any(name in verdict.take for name in MOMENTS):
        return "moved"
    return "changed" if verdict.take else "same"

"""What a rule is, and what checking one gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from samen_core.blocks.quality import TIERS, Mark, Quality

if TYPE_CHECKING:
    from samen_core.testing.conformance.context import Context


@dataclass(frozen=True, slots=True)
class Unchecked:
    """What a check yields for something that it could not look at here; a rule with one is not kept as far as anybody knows."""

    why: str


@dataclass(frozen=True, slots=True)
class Note:
    """What a check yields for something worth telling that does not count against the block."""

    what: str


Finding = str | Unchecked | Note
Check = Callable[["Context"], Iterable[Finding]]
State = Literal["ok", "failed", "todo", "exempt", "unchecked"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of conformance.

    ``code`` is kebab-case and names its page ``docs/conformance/<code>.md``; ``check`` yields each problem as a sentence. ``heavy``
    rules start another Python or a browser, or walk through a filled city; the others take a few seconds together.
    """

    code: str
    tier: str
    title: str
    check: Check
    heavy: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of checking one rule."""

    rule: Rule
    state: State
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""
    seconds: float = 0.0

    @property
    def counts(self) -> bool:
        """Whether the rule stands in the way of no tier: it is kept, or the block need not keep it."""
        return self.state in ("ok", "exempt")


@dataclass(frozen=True, slots=True)
class Report:
    """The outcomes of one block. ``wanted`` is the tier that it should reach, "" for none."""

    block: str
    quality: Quality
    wanted: str
    outcomes: tuple[Outcome, ...]

    @property
    def reached(self) -> str:
        """The highest tier of which every rule, and every rule of the tiers below it, counts; "" for none."""
        best = ""
        for tier in TIERS:
            found = [outcome for outcome in self.outcomes if outcome.rule.tier == tier]
            if not found or not all(outcome.counts for outcome in found):
                break
            best = tier
        return best

    @property
    def is_good(self) -> bool:
        """Whether the wanted tier is reached, or none is wanted and nothing fails."""
        if not self.wanted:
            return all(outcome.state != "failed" for outcome in self.outcomes)
        order = ["", *TIERS]
        return order.index(self.reached) >= order.index(self.wanted)


def tiers_up_to(tier: str) -> tuple[str, ...]:
    """This tier and those below it. Raises ValueError for an unknown one."""
    names = list(TIERS)
    return tuple(names[: names.index(tier) + 1])


def judged(mark: Mark, findings: Iterator[Finding]) -> tuple[State, tuple[str, ...], tuple[str, ...]]:
    """The state, problems and notes that these findings make of a rule with this mark in quality.toml."""
    problems: list[str] = []
    notes: list[str] = []
    unchecked = False
    for finding in findings:
        if isinstance(finding, str):
            problems.append(finding)
        elif isinstance(finding, Note):
            notes.append(finding.what)
        else:
            unchecked = True
            notes.append(finding.why)
    if mark.status != "done":
        return mark.status, tuple(problems), tuple(notes)
    state: State = "failed" if problems else "unchecked" if unchecked else "ok"
    return state, tuple(problems), tuple(notes)

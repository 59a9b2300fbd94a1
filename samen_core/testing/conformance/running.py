"""Checking the rules of one block."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from samen_core.blocks.discovery import Installed, installed_blocks
from samen_core.errors import StartupError
from samen_core.testing.conformance.context import Context, NotStarted
from samen_core.testing.conformance.model import Finding, Outcome, Report, Rule, judged, tiers_up_to
from samen_core.testing.conformance.rules import RULES


def open_context(name: str, installed: dict[str, Installed] | None = None) -> Context:
    """The block ``name`` under check. Raises StartupError when it is not installed."""
    everything = installed_blocks() if installed is None else installed
    if name not in everything:
        raise StartupError(f"block '{name}' is not installed: run 'pip install samen-{name}', or 'pip install -e .' in its folder")
    return Context(name, everything)


def check_rule(context: Context, rule: Rule) -> Outcome:
    """Check one rule. A check that itself fails is a problem of the block, told with its exception."""
    mark = context.quality.mark(rule.code)
    started = time.perf_counter()
    state, problems, notes = judged(mark, _findings(context, rule) if mark.status != "exempt" else iter(()))
    return Outcome(rule, state, problems, notes, mark.reason, time.perf_counter() - started)


def _findings(context: Context, rule: Rule) -> Iterator[Finding]:
    try:
        yield from rule.check(context)
    except NotStarted as error:
        yield str(error)
    except Exception as error:  # noqa: BLE001 - whatever a vendor's block does, the other rules are checked too
        yield f"the check broke off: {type(error).__name__}: {' '.join(str(error).split())[:300]}"


def check(context: Context, tier: str = "", *, rules: Iterable[Rule] = RULES) -> Iterator[Outcome]:
    """Check the rules up to a tier ("" for all), one after another."""
    tiers = tiers_up_to(tier) if tier else None
    for rule in rules:
        if tiers is None or rule.tier in tiers:
            yield check_rule(context, rule)


def report(context: Context, tier: str, outcomes: Iterable[Outcome]) -> Report:
    """The outcomes as a whole; the tier to reach is the given one, else the one that the block claims."""
    return Report(context.name, context.quality, tier or context.quality.tier, tuple(outcomes))

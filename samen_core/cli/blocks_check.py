"""``samen blocks check``: the conformance rules of a block, one by one."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import click

from samen_core.blocks.quality import TIERS

if TYPE_CHECKING:
    from samen_core.testing.conformance.model import Outcome, Report

SEE = "docs/conformance"


@click.command()
@click.argument("name")
@click.option("--tier", type=click.Choice(list(TIERS)), default=None, help="check only up to this tier, and ask for it")
@click.option("--json", "as_json", is_flag=True, help="print one JSON document")
def check(name: str, tier: str | None, as_json: bool) -> int:
    """Check block NAME against the conformance rules; status 1 when it does not reach the tier that it claims (or --tier)."""
    from samen_core.testing.conformance.running import check as check_rules
    from samen_core.testing.conformance.running import open_context, report

    logging.disable(logging.CRITICAL)
    outcomes = []
    try:
        with open_context(name) as context:
            for outcome in check_rules(context, tier or ""):
                outcomes.append(outcome)
                if not as_json:
                    _print(outcome)
            found = report(context, tier or "", outcomes)
    finally:
        logging.disable(logging.NOTSET)
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        click.echo(_conclusion(found))
    return 0 if found.is_good else 1


def _print(outcome: Outcome) -> None:
    rule = outcome.rule
    reason = f": {outcome.reason}" if outcome.reason else ""
    click.echo(f"{outcome.state:10} {rule.tier:7} {rule.code:24} {rule.title}{reason}")
    for line in (*outcome.problems, *outcome.notes):
        click.echo(f"           - {line}")
    if outcome.problems:
        click.echo(f"           see {SEE}/{rule.code}.md")


def _conclusion(found: Report) -> str:
    reached = f"'{found.block}' reaches {found.reached}" if found.reached else f"'{found.block}' reaches no tier"
    if not found.wanted:
        return f"{reached}; it claims none in quality.toml"
    if found.is_good:
        return f"{reached}, as asked"
    missing = [outcome.rule.code for outcome in found.outcomes if not outcome.counts]
    return f"{reached}, not {found.wanted}: {', '.join(missing)}"


def _as_json(found: Report) -> dict[str, Any]:
    return {
        "block": found.block,
        "claims": found.quality.tier or None,
        "wanted": found.wanted or None,
        "reached": found.reached or None,
        "good": found.is_good,
        "rules": [
            {
                "code": outcome.rule.code,
                "tier": outcome.rule.tier,
                "title": outcome.rule.title,
                "state": outcome.state,
                "problems": list(outcome.problems),
                "notes": list(outcome.notes),
                "reason": outcome.reason or None,
                "seconds": round(outcome.seconds, 2),
            }
            for outcome in found.outcomes
        ],
    }

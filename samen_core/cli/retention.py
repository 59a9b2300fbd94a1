"""``samen retention``: what goes because its term is over."""

from __future__ import annotations

import click

from samen_core.actor import system
from samen_core.cli.common import open_platform
from samen_core.errors import StartupError
from samen_core.privacy.retention import preview, run


@click.group()
def retention() -> None:
    """See what goes because its term is over, or let it go now; the worker does so every hour."""


@retention.command("preview")
def preview_() -> None:
    """List every rule with how many rows go at the next run, and since when the oldest could."""
    with open_platform() as platform, platform.read(system("cli")) as uow:
        for item in preview(uow):
            number = "?" if item.due is None else str(item.due.number)
            oldest = f", oldest {item.due.oldest:%Y-%m-%d}" if item.due and item.due.oldest else ""
            last = f", last run {item.last_at:%Y-%m-%d %H:%M}" if item.last_at else ", never run"
            click.echo(f"{item.rule.name:40} {number:>7} due{oldest}{last}")


@retention.command("run")
def run_() -> None:
    """Let go now of everything whose term is over. Ends with an error when a rule fails; the others are done."""
    with open_platform() as platform, platform.unit_of_work(system("cli")) as uow:
        ran = run(uow)
    for found in ran:
        if found.number:
            click.echo(f"{found.rule}: {found.number}")
    click.echo(f"{len(ran)} rules ran, {sum(found.number or 0 for found in ran)} rows let go")
    if failed := [found.rule for found in ran if found.number is None]:
        raise StartupError(f"these rules failed, see the log: {', '.join(failed)}")

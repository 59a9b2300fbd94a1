"""``samen doctor``: what is wrong, and the command that mends it."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict

import click

MARKS = {"ok": "ok", "warning": "WARNING", "problem": "PROBLEM"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for a program.")
def doctor(as_json: bool) -> int:
    """Look at configuration, machine, database, workers and blocks; status 1 when something is wrong."""
    from samen_core.doctor.report import examine

    logging.disable()
    try:
        found = list(examine())
    finally:
        logging.disable(logging.NOTSET)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=1))
    else:
        width = max(len(finding.check) for finding in found)
        for finding in found:
            click.echo(f"{MARKS[finding.state]:8} {finding.check:{width}}  {finding.text}")
            if finding.mend:
                click.echo(f"{'':8} {'':{width}}  > {finding.mend}")
        numbers = {state: sum(finding.state == state for finding in found) for state in MARKS}
        click.echo(f"problems: {numbers['problem']}, warnings: {numbers['warning']}, right: {numbers['ok']}")
    return int(any(finding.state == "problem" for finding in found))

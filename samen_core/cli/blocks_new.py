"""``samen blocks new``: the start of a building block that works, is tested and can be packaged."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from samen_core.scaffold import trying, writing
from samen_core.scaffold.writing import NewBlock

NEXT = """
What to do next, in {folder}:
  README.md says where to change what. What a municipality reads is docs/proces.nl.md and docs/invoering.nl.md.
  The English texts are in translations/en.po, that of the label "{label}" too.
  After every change: pytest. Before you give it to others: samen blocks check {name}
  For a city to try it in: samen demo. Then, in its folder: samen blocks enable {name}
  The pages stand on /{url_name}, the API on /api/v1/{url_name}/proposals.
  For the wheel that a city installs: pip wheel --no-deps --no-build-isolation --wheel-dir dist ."""


@click.command()
@click.argument("name")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where to write it; by default a new folder NAME.")
@click.option("--label", default="", help="What people call it, in Dutch; by default made from NAME.")
@click.option("--author", default="", help="Who makes it.")
@click.option("--test/--no-test", default=True, help="Whether to install it here and run its tests and the conformance rules.")
def new(name: str, folder: Path | None, label: str, author: str, test: bool) -> None:
    """Write a complete building block NAME, install it in this environment and run its tests.

    Residents make proposals in it: change that into what your block is for.
    """
    chosen = writing.new_block(name, label=label, author=author, folder=folder)
    if test:
        trying.require_tools()
    writing.require_free_path(chosen)
    written = writing.write_block(chosen)
    click.echo(f"wrote {len(written)} files of block '{name}' in {chosen.folder}")
    passed = not test or _try(chosen)
    click.echo(NEXT.format(folder=chosen.folder, label=chosen.label, name=name, url_name=chosen.url_name))
    if not passed:
        sys.exit(1)


def _try(chosen: NewBlock) -> bool:
    """Install it, run its tests and check the rules, in sight; whether nothing fails."""
    trying.install(chosen)
    click.echo(f"installed {chosen.distribution} here, as it stands in that folder\n\nIts tests, on SQLite:")
    tested = trying.run_tests(chosen)
    click.echo("\nThe conformance rules, which take a minute or so:")
    checked = trying.run_check(chosen)
    for line in checked.failed:
        click.echo(f"  failed       {line}")
    for line in checked.unchecked:
        click.echo(f"  not checked  {line}")
    click.echo(f"  {checked.kept} are kept; the block reaches {checked.reached}")
    return tested and not checked.failed

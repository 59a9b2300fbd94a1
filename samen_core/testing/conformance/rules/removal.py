"""The platform without the block, after the block was there."""

from __future__ import annotations

from collections.abc import Iterator

from samen_core.testing.conformance.context import Context
from samen_core.testing.conformance.model import Finding
from samen_core.testing.conformance.probe import ask


def check_removal(context: Context) -> Iterator[Finding]:
    """With its rows still in the database, and its code nowhere to be found, every page that links lead to opens."""
    city = context.copy_of_seeded(without=True)
    city.platform.close()
    yield from ask(context, "without", city=str(city.platform.config.folder))

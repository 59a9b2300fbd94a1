"""Whether importing a block changes what belongs to others; looked at in a Python of its own."""

from __future__ import annotations

from collections.abc import Iterator

from samen_core.testing.conformance.context import Context
from samen_core.testing.conformance.model import Finding
from samen_core.testing.conformance.probe import ask


def check_mappers(context: Context) -> Iterator[Finding]:
    """No attribute, relation, column, listener, subclass or function of others is added, replaced or taken away."""
    yield from ask(context, "mappers")

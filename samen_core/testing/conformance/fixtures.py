"""The fixture of the conformance rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from samen_core.testing.conformance.context import Context


@pytest.fixture(scope="class")
def conformance(request: pytest.FixtureRequest) -> Iterator[Context]:
    """The block that the test class names, with the cities that were made to check it."""
    from samen_core.testing.conformance.running import open_context

    with open_context(request.cls.block) as context:
        yield context

"""What the project's own tests share; what a vendor's tests need too is in samen_core.testing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.paths import SHARED_DATA

LONG = ("tests/integration/", "tests/browser/", "tests/rest/test_generated.py")
"""What takes minutes goes first, so that at the end no process waits for another."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files before the others, which keep their order."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def shared_data_or_skip(folder: Path, *, in_ci: bool) -> Path:
    """The folder if it is there; else skip, or fail in CI, where it must be."""
    if folder.is_dir():
        return folder
    reason = f"the shared data is missing: {folder}"
    if in_ci:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of open data beside the project, which is not part of it."""
    return shared_data_or_skip(SHARED_DATA, in_ci=os.environ.get("CI") == "true")

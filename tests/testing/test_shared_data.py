"""The shared data: used where it is, named where it is missing, demanded in CI."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import shared_data_or_skip


def test_there(shared_data: Path) -> None:
    assert (shared_data / "README.md").is_file()


def test_missing_is_skipped_by_name(tmp_path: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match=r"missing: .*/none"):
        shared_data_or_skip(tmp_path / "none", in_ci=False)


def test_missing_fails_in_ci(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"missing: .*/none"):
        shared_data_or_skip(tmp_path / "none", in_ci=True)

"""A vendor's machine: an environment with only our wheels and what they need, without a network."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.wheels import Environment, build_wheels, make_environment, pack_dependencies


@pytest.fixture
def vendor_environment(tmp_path: Path) -> Environment:
    """A clean environment made by pip from a wheelhouse."""
    house = tmp_path / "wheelhouse"
    house.mkdir()
    build_wheels(house, tmp_path / "sources")
    pack_dependencies(house, "samen[testing]", "setuptools")
    return make_environment(tmp_path / "environment", house, "samen[testing]", "samen-inbreng", "samen-samenspreker")

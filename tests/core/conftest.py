"""What the tests of the kernel share: a platform with the example block, and blocks that are written on the spot."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from samen_core.blocks.discovery import Installed
from tests.support.blocks import BlockMaker


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """The city and the example block."""
    return {"blocks": ["citycontent", "example"]}


@pytest.fixture
def make_block(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Installed]]:
    """``make_block(name, hooks="...", manifest={...}, **files)``: an installed block written for this test (see BlockMaker)."""
    maker = BlockMaker(tmp_path_factory.mktemp("blocks"))
    yield maker
    maker.forget()


@pytest.fixture
def no_bytecode() -> Iterator[None]:
    """Leave no ``__pycache__`` beside modules that a test writes more than once."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    yield
    sys.dont_write_bytecode = before


def folder_of(url: str) -> Path:
    """The folder of a SQLite database."""
    return Path(url.removeprefix("sqlite:///")).parent

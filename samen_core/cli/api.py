"""What the commands of building blocks may import from the platform, besides :mod:`samen_core.api`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from samen_core.cli.common import open_platform
from samen_core.errors import Invalid, SamenError, StartupError

if TYPE_CHECKING:
    from samen_core.platform import Platform

__all__ = ["block_platform"]


@contextmanager
def block_platform(name: str) -> Iterator[Platform]:
    """The platform of this folder, for a command of the block of this name; what services say is in English.

    What a service refuses becomes one line on standard error and status 1. Raises StartupError when the block is paused.
    """
    with open_platform() as platform, platform.translations.use("en"):
        if name in platform.block_states.paused_names():
            raise StartupError(f"block '{name}' is paused: run 'samen blocks activate {name}'")
        try:
            yield platform
        except Invalid as error:
            raise StartupError("; ".join(str(text) for texts in error.errors.values() for text in texts) or str(error)) from None
        except SamenError as error:
            raise StartupError(str(error)) from None

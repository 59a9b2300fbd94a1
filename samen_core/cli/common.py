"""What the commands share: the platform of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from samen_core import logs
from samen_core.config import Config, load_config
from samen_core.db.migrate import require_current
from samen_core.platform import Platform


@contextmanager
def open_platform(config: Config | None = None, *, current: bool = True) -> Iterator[Platform]:
    """The platform that the configuration describes; with ``current`` only when its database is up to date. Raises StartupError."""
    config = config or load_config()
    logs.configure(config)
    platform = Platform(config)
    try:
        if current:
            require_current(platform)
        yield platform
    finally:
        platform.close()

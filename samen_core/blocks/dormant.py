"""Blocks that are installed and have tables here, but are not enabled: their models and their privacy still count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect

from samen_core.blocks.discovery import Installed
from samen_core.blocks.registry import BlockRegistry
from samen_core.errors import StartupError

if TYPE_CHECKING:
    from samen_core.platform import Platform


def dormant_blocks(platform: Platform) -> list[Installed]:
    """The installed blocks with tables here that are not enabled, in order of name; one that cannot be loaded is logged and left out."""
    from samen_core.db.migrate import version_table

    with platform.engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
    enabled = platform.registry.names()
    found = []
    for name, installed in sorted(platform.installed.items()):
        if name in enabled or installed.problem or version_table(name) not in tables:
            continue
        try:
            BlockRegistry([installed])
        except StartupError as error:
            platform.log.warning("dormant_block_left_out", block=name, error=str(error))
        else:
            found.append(installed)
    return found

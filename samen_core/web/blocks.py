"""The blocks as the manager's pages name them."""

from __future__ import annotations

from samen_core.i18n import Text, _
from samen_core.platform import Platform

CORE = "core"


def block_labels(platform: Platform) -> dict[str, Text | str]:
    """The platform itself and every enabled block, in order, by name."""
    return {CORE: _("Platform")} | {found.name: found.block.label if found.block else found.name for found in platform.blocks}


def label_of(platform: Platform, name: str) -> Text | str:
    """What a block is called, also one that is not enabled."""
    found = platform.installed.get(name)
    return _("Platform") if name == CORE else found.block.label if found and found.block else name

"""The manifest of a building block: the one frozen object that its entry point names.

This module imports almost nothing, so that reading the manifests of all installed blocks is cheap and cannot fail half-way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from samen_core.i18n import Text, _, n_

__all__ = ["Block", "Text", "_", "n_"]

ENTRY_POINT_GROUP = "samen.blocks"
NAME_PATTERN = re.compile(r"[a-z][a-z0-9_]{1,20}")
RESERVED = frozenset({"core", "city"})
"""Names that mean the platform itself, in table names, permissions and addresses of static files."""

Maturity = Literal["alpha", "beta", "stable"]


@dataclass(frozen=True, slots=True)
class Block:
    """What a block says about itself; everything else is derived from its distribution and its folder.

    ``name`` equals the entry-point name and the table prefix; in URLs ``_`` becomes ``-``. ``api`` is the lowest and highest core
    ``API_VERSION`` it supports. ``requires`` must be enabled and is loaded earlier; ``after`` only orders, where present.
    Raises ValueError for a name or range that breaks these rules.
    """

    name: str
    label: Text
    summary: Text
    icon: str = "blocks"
    api: tuple[int, int] = (1, 1)
    requires: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    personal_data: bool = False
    maturity: Maturity = field(default="beta")

    def __post_init__(self) -> None:
        if not NAME_PATTERN.fullmatch(self.name) or "__" in self.name:
            raise ValueError(f"block name {self.name!r}: use 2 to 21 of a-z, 0-9 and single underscores, starting with a letter")
        if self.name in RESERVED:
            raise ValueError(f"block name {self.name!r} means the platform itself: choose another")
        for field_name in ("requires", "after"):
            if not isinstance(getattr(self, field_name), tuple):
                raise ValueError(f'block {self.name!r}: {field_name} must be a tuple, such as ("citycontent",)')
        low, high = self.api
        if not 1 <= low <= high:
            raise ValueError(f"block {self.name!r}: api={self.api!r} is not a range (lowest, highest) of API versions")

    @property
    def url_name(self) -> str:
        """The name as it stands in URLs."""
        return self.name.replace("_", "-")

"""The blueprint of all pages."""

from __future__ import annotations

from samen_core.web.api import BlockBlueprint

pages = BlockBlueprint("doe_mee", __name__)

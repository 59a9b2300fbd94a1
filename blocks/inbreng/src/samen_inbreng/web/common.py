"""What the pages share."""

from __future__ import annotations

from samen_core.web.api import BlockBlueprint

pages = BlockBlueprint("inbreng", __name__)
"""Every page of the block."""

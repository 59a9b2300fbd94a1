"""The blueprint, and what its pages share."""

from __future__ import annotations

from samen_core.api import _
from samen_core.web.api import BlockBlueprint

pages = BlockBlueprint("beleidsagenda", __name__)
LABEL = _("Beleidsagenda")

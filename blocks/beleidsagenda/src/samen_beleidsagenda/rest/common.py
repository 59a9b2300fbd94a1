"""What the resources share."""

from __future__ import annotations

from samen_core.rest.api import RestBlueprint

API = "/api/v1/beleidsagenda"
rest = RestBlueprint(
    "beleidsagenda", __name__, description="What the city works on, who decides when, and what was promised: dossiers, moments, meetings."
)

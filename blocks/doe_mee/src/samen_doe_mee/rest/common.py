"""What the resources share."""

from __future__ import annotations

from samen_core.rest.api import RestBlueprint

API = "/api/v1/doe-mee"
rest = RestBlueprint(
    "doe_mee", __name__, description="Ideas of residents, plans of the municipality, and what was done with what people said."
)

"""What the resources share."""

from __future__ import annotations

from samen_core.rest.api import RestBlueprint, current_platform

API = "/api/v1/beleidsagenda"
rest = RestBlueprint(
    "beleidsagenda", __name__, description="What the city works on, who decides when, and what was promised: dossiers, moments, meetings."
)


def base_url() -> str:
    """The address of the platform, without a slash at its end."""
    return current_platform().config.web.base_url.rstrip("/")

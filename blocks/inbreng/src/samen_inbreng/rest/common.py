"""What the resources share."""

from __future__ import annotations

from samen_core.rest.api import RestBlueprint

rest = RestBlueprint("inbreng", __name__, description="Activities in which people contribute, their contributions, and the answers.")
API = "/api/v1/inbreng"

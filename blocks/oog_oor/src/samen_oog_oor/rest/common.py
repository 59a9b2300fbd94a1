"""What the resources share."""

from __future__ import annotations

from samen_core.rest.api import RestBlueprint

rest = RestBlueprint("oog_oor", __name__, description="What people see in their neighbourhood, who handles it and what became of it.")

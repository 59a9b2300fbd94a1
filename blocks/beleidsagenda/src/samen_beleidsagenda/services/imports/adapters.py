"""The adapters by kind of thing."""

from __future__ import annotations

from samen_beleidsagenda.services.imports import meetings, papers, people, planning
from samen_beleidsagenda.services.imports.work import Adapter

ADAPTERS: dict[str, Adapter] = {
    adapter.kind: adapter for adapter in (*people.ADAPTERS, *planning.ADAPTERS, *meetings.ADAPTERS, *papers.ADAPTERS)
}

"""The manifest of the city database."""

from __future__ import annotations

from samen_core.manifest import Block, _

block = Block(
    name="citycontent",
    label=_("Stadsgegevens"),
    summary=_("Organisaties, personen, projecten, agenda, buurten en thema's: de gegevens van de stad waar alle bouwstenen op staan."),
    icon="building-2",
    personal_data=True,
)

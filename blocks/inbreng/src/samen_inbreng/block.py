"""The manifest."""

from __future__ import annotations

from samen_core.manifest import Block, _

block = Block(
    name="inbreng",
    label=_("Inbreng"),
    summary=_("Reacties en vragenlijsten verzamelen over elk onderwerp, en op elke bijdrage antwoord geven."),
    icon="messages-square",
    requires=("citycontent",),
    personal_data=True,
    maturity="beta",
)

"""The manifest."""

from __future__ import annotations

from samen_core.manifest import Block, _

block = Block(
    name="oog_oor",
    label=_("Oog & Oor"),
    summary=_("Wat bewoners en professionals in de buurt zien, wie het oppakt en wat ermee gedaan is."),
    icon="eye",
    requires=("citycontent",),
    personal_data=True,
    maturity="beta",
)

"""The manifest."""

from __future__ import annotations

from samen_core.manifest import Block, _

block = Block(
    name="doe_mee",
    label=_("Doe Mee"),
    summary=_("Ideeën van inwoners en plannen van de gemeente: meedoen in een minuut, en zien wat ermee is gedaan."),
    icon="lightbulb",
    requires=("citycontent", "inbreng"),
    personal_data=True,
    maturity="beta",
)

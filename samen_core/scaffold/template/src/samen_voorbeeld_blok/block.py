"""The manifest: what the platform reads before it loads anything else. It imports only ``samen_core.manifest``."""

from __future__ import annotations

from samen_core.manifest import Block, _

block = Block(
    name="voorbeeld_blok",
    label=_("Voorbeeldblok"),
    summary=_("Inwoners doen een voorstel, bijvoorbeeld bij een project. Iedereen leest mee."),
    icon="lightbulb",
    api=(1, 1),
    requires=("citycontent",),
    personal_data=True,
    maturity="alpha",
)

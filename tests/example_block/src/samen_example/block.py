"""The manifest."""

from __future__ import annotations

from samen_core.manifest import Block, _

block = Block(
    name="example",
    label=_("Bedankjes"),
    summary=_("Inwoners bedanken een organisatie. Dit is het voorbeeld van een bouwsteen."),
    icon="heart-handshake",
    requires=("citycontent",),
    personal_data=True,
    maturity="alpha",
)

"""The manifest."""

from __future__ import annotations

from samen_core.manifest import Block, _

block = Block(
    name="gereedschap",
    label=_("Gereedschap"),
    summary=_("Buren lenen gereedschap van organisaties in de stad, ook voor een project in de buurt."),
    icon="construction",
    requires=("citycontent",),
    after=("samenspreker",),
    personal_data=True,
    maturity="alpha",
)

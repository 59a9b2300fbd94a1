"""The manifest."""

from __future__ import annotations

from samen_core.manifest import Block, _

block = Block(
    name="beleidsagenda",
    label=_("Digitale Beleidsagenda"),
    summary=_("Waar de gemeente aan werkt, wie wanneer besluit, en hoe u kunt meepraten."),
    icon="calendar-clock",
    requires=("citycontent",),
    after=("samenspreker",),
    personal_data=True,
    maturity="beta",
)

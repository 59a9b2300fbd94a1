"""The manifest."""

from __future__ import annotations

from samen_core.manifest import Block, _

block = Block(
    name="samenspreker",
    label=_("Samenspreker"),
    summary=_("Een vraag van de stad gaat in vijf stappen over de Samenspraaktafel: van agenda tot evaluatie."),
    icon="users-round",
    requires=("citycontent", "inbreng"),
    personal_data=True,
    maturity="beta",
)

"""The manifest."""

from __future__ import annotations

from samen_core.manifest import Block, _

block = Block(name="counting", label=_("Teller"), summary=_("Telt wat er gebeurt."), icon="badge-check", maturity="alpha")

"""The manifest."""

from __future__ import annotations

from samen_core.manifest import Block, _

block = Block(name="notes", label=_("Notities"), summary=_("Korte notities."), icon="file-text")

"""The conformance rules of Samen, one test each; the heavy ones are left to ``samen blocks check voorbeeld_blok``."""

from __future__ import annotations

from samen_core.testing.conformance.suite import BlockConformance


class TestConformance(BlockConformance):
    """This block."""

    block = "voorbeeld_blok"
    heavy = False

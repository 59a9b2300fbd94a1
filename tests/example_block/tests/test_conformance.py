"""The conformance rules of the platform, but for the heavy ones, which ``samen blocks check gereedschap`` walks through."""

from __future__ import annotations

from samen_core.testing.conformance.suite import BlockConformance


class TestConformance(BlockConformance):
    """Gereedschap keeps the contract."""

    block = "gereedschap"
    heavy = False

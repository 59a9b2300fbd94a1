"""The conformance rules as tests of a block: subclass :class:`BlockConformance` in the block's own test suite."""

from __future__ import annotations

from typing import ClassVar

import pytest

from samen_core.testing.conformance.context import Context
from samen_core.testing.conformance.model import Rule, tiers_up_to
from samen_core.testing.conformance.rules import RULES
from samen_core.testing.conformance.running import check_rule


class BlockConformance:
    """A test per rule. A subclass, whose name starts with ``Test``, names its block::

        class TestConformance(BlockConformance):
            block = "buurtbudget"

    ``tier`` is the highest tier of the rules; ``heavy = False`` leaves out those that walk through a filled city or start a browser.
    A rule that the block marks todo or exempt, or that cannot be checked here, is skipped with the reason.
    """

    block: ClassVar[str]
    tier: ClassVar[str] = "goud"
    heavy: ClassVar[bool] = True

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
    def test_rule(self, rule: Rule, conformance: Context) -> None:
        """The block keeps the rule."""
        if rule.tier not in tiers_up_to(self.tier) or (rule.heavy and not self.heavy):
            pytest.skip(f"not asked for: this suite checks {self.tier}{'' if self.heavy else ' without what is heavy'}")
        found = check_rule(conformance, rule)
        if found.state in ("todo", "exempt"):
            pytest.skip(f"{found.state}: {found.reason}")
        if found.state == "unchecked":
            pytest.skip(f"not checked: {'; '.join(found.notes)}")
        assert found.problems == (), "\n".join((rule.title, *found.problems, f"see docs/conformance/{rule.code}.md"))

"""Checks of what a block does with personal data."""

from __future__ import annotations

from samen_core.actor import system
from samen_core.platform import Platform
from samen_core.privacy.retention import run


def keep_to_terms(platform: Platform) -> dict[str, int]:
    """Let go of everything whose term is over, as the worker does every hour: the number by rule, of rules that let go of something.

    Raises AssertionError for a rule that fails.
    """
    with platform.unit_of_work(system("test")) as uow:
        ran = run(uow)
    failed = [found.rule for found in ran if found.number is None]
    assert not failed, f"these rules fail: {failed}"
    return {found.rule: found.number for found in ran if found.number}

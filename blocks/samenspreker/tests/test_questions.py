"""Asking, changing, taking back."""

from __future__ import annotations

from samen_core.platform import Platform
from samen_samenspreker.testing import an_accepted_question


def test_an_accepted_question_is_in_the_first_step(platform: Platform) -> None:
    question = an_accepted_question(platform)
    assert (question.state, question.step, question.cycle, question.slug) == (
        "accepted",
        "agenda",
        1,
        "hoe-maken-we-de-dorpsstraat-veilig-voor-fietsers",
    )

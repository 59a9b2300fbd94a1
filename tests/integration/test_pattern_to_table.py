"""What is reported again and again becomes a question at the table, and the pattern says what became of it: two blocks, their events."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from samen_core.actor import system
from samen_core.platform import Platform
from samen_oog_oor import paths
from samen_oog_oor.models import Pattern
from samen_oog_oor.schemas.patterns import ProposePattern
from samen_oog_oor.services.patterns import find_patterns, propose
from samen_oog_oor.testing import LAT, LON, a_category, a_signal, make_cases
from samen_samenspreker.models import Question
from samen_samenspreker.schemas.questions import JudgeQuestion
from samen_samenspreker.services.judging import accept, refuse

QUESTION = "Hoe houden we het fietspad licht?"


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """Both blocks, and what they need."""
    return {"blocks": ["citycontent", "inbreng", "samenspreker", "oog_oor"]}


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("judge", "said"), [(accept, "ligt nu op tafel"), (refuse, "niet aangenomen")])
def test_a_pattern_goes_to_the_table_and_hears_what_became_of_it(
    platform: Platform, outbox: Any, actor_as: Any, client: Any, judge: Any, said: str
) -> None:
    with platform.unit_of_work(system("test")) as uow:
        cases = make_cases(uow, a_category(uow, "Lampen"), 6, lat=LAT, lon=LON)
        a_signal(uow, cases[0], email="noor@example.org")
        find_patterns(uow)
        pattern = uow.session.execute(select(Pattern)).scalar_one()
        id = pattern.id
    with platform.unit_of_work(actor_as("moderator")) as uow:
        propose(uow, id, ProposePattern(question=QUESTION))
    outbox.drain()
    with platform.unit_of_work(actor_as("manager")) as uow:
        question = uow.session.execute(select(Question)).scalar_one()
        assert (question.title, question.state) == (QUESTION, "submitted")
        assert cases[0].title in question.description
        assert paths.pattern(id) in question.description
        judge(uow, question.id, JudgeQuestion(reason="Dat hebben wij besproken.", version=question.version))
        address = question.slug
    outbox.drain()
    body = client.get(paths.pattern(id)).get_data(as_text=True)
    assert said in body
    assert address in body
    assert "noor@example.org" in {mail.to for mail in outbox.mails() if "vraag aan de stad" in mail.subject}

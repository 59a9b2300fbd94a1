"""The demonstration: every question got where its data says, and what is kept about it equals a recount."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from samen_core.api import system
from samen_core.platform import Platform
from samen_core.seed import seed_demo
from samen_inbreng.api import Contribution, Support, Tally, Theme, ThemedContribution
from samen_samenspreker.models import FinalReport, Option, OptionSupport, Question, QuestionSupport, Seat
from samen_samenspreker.seed.story import stories

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def test_the_demonstration(platform: Platform) -> None:
    seed_demo(platform)
    with platform.read(system("test")) as uow:
        session = uow.session
        questions = {row.title: row for row in session.execute(select(Question)).scalars()}
        for data, _said in stories():
            question = questions.pop(data["title"])
            steps = data.get("steps", [])
            assert question.step == (steps[-1][0] if steps else "agenda")
            assert question.cycle == max(1, sum(step[0] == "solve" for step in steps))
            supports = select(func.count()).where(QuestionSupport.question_id == question.id)
            assert question.supports == session.execute(supports).scalar_one() == data.get("supports", 0)
        assert not questions
        number = session.execute(select(func.count(Contribution.id))).scalar_one()
        assert number == sum(1 + len(item.replies) for _data, said in stories() for item in said) >= 300
        given = select(func.count(Support.account_id)).where(Support.contribution_id == Contribution.id).scalar_subquery()
        assert session.execute(select(func.count()).where(Contribution.supports != given)).scalar_one() == 0
        themed = select(func.count()).where(ThemedContribution.theme_id == Theme.id).scalar_subquery()
        assert session.execute(select(func.count()).where(Theme.contributions != themed)).scalar_one() == 0
        top = select(func.count()).where(Contribution.parent_id.is_(None))
        total = select(func.sum(Tally.number)).where(Tally.dimension == "total")
        assert session.execute(total).scalar_one() == session.execute(top).scalar_one()
        assert session.execute(select(func.count(Seat.id))).scalar_one() >= 25
        assert session.execute(select(func.count(FinalReport.id))).scalar_one() == 1
        argued = select(func.count()).where(OptionSupport.position == "against", OptionSupport.reason == "")
        assert session.execute(argued).scalar_one() == 0
        assert session.execute(select(func.count(Option.id)).where(Option.state == "withdrawn")).scalar_one() == 1

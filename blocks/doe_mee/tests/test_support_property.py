"""Whatever people do in whatever order, the counters of an idea are what a count of its voices gives, and reached is reached."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from samen_core.actor import Actor, anonymous, system
from samen_core.api import Platform, new_code
from samen_doe_mee.models import Idea, IdeaStep, Voice
from samen_doe_mee.schemas.support import GiveVoice
from samen_doe_mee.services.counting import recount
from samen_doe_mee.services.support import confirm_voice, give_voice, take_back
from samen_doe_mee.services.voice_keys import voice_key
from samen_doe_mee.testing_support import an_idea


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counters_are_what_a_count_gives(platform: Platform, actor_as: Callable[..., Actor], seed: int) -> None:
    chance, idea = random.Random(seed), an_idea(platform, needed=5)
    people, codes = [actor_as("resident") for _n in range(4)], [new_code() for _n in range(4)]
    mails = [f"iemand{number}@example.org" for number in range(4)]
    model: dict[str, bool] = {}
    most = 0
    for _act in range(60):
        number, what = chance.randrange(4), chance.choice(("account", "code", "mail", "confirm", "back"))
        actor, device = (people[number], "") if what == "account" or chance.random() < 0.5 else (anonymous(), codes[number])
        with platform.unit_of_work(anonymous() if what in ("code", "mail", "confirm") else actor) as uow:
            if what == "account":
                give_voice(uow, idea.id, GiveVoice())
                model[f"account {number}"] = True
            elif what == "code":
                give_voice(uow, idea.id, GiveVoice(), device=codes[number])
                model[f"code {number}"] = True
            elif what == "mail":
                give_voice(uow, idea.id, GiveVoice(email=mails[number]))
                model.setdefault(f"mail {number}", False)
            elif what == "confirm":
                waiting = uow.session.execute(select(Voice.id).where(Voice.confirmed_at.is_(None)).limit(1)).scalar_one_or_none()
                if waiting is not None:
                    confirm_voice(uow, voice_key(platform, waiting))
            else:
                take_back(uow, idea.id, device=device)
                model.pop(f"account {number}" if not device else f"code {number}", None)
        with platform.read(system("test")) as uow:
            found = uow.session.get_one(Idea, idea.id)
            counted = dict(
                uow.session.execute(select(Voice.way, func.count()).where(Voice.confirmed_at.is_not(None)).group_by(Voice.way)).all()
            )
            assert found.supports == counted.get("account", 0) == sum(name.startswith("account") for name in model)
            assert found.open_supports == counted.get("code", 0) + counted.get("mail", 0)
            assert found.all_supports == found.supports + found.open_supports
            most = max(most, found.all_supports)
            assert (found.reached_at is not None) == (most >= 5)
    with platform.unit_of_work(system("test")) as uow:
        before = uow.session.get_one(Idea, idea.id)
        numbers = before.supports, before.open_supports, before.all_supports
        recount(uow, idea.id)
        assert (before.supports, before.open_supports, before.all_supports) == numbers
        assert len(uow.session.execute(select(IdeaStep.id).where(IdeaStep.kind == "reached")).all()) == (most >= 5)

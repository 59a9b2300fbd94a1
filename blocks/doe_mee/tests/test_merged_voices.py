"""Who takes support back from an idea that another was merged into, takes it back from that other too."""

from __future__ import annotations

from typing import Any

import pytest

from samen_core.api import Platform
from samen_doe_mee.models import Idea
from samen_doe_mee.schemas.idea_handling import MergeIdea, UnmergeIdea
from samen_doe_mee.schemas.support import GiveVoice
from samen_doe_mee.services.idea_merging import merge_idea, unmerge_idea
from samen_doe_mee.services.support import give_voice, supports, take_back
from samen_doe_mee.testing_support import an_idea


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_voice_taken_back_from_a_merged_idea_is_gone_from_its_double(platform: Platform, actor_as: Any) -> None:
    into, double = an_idea(platform), an_idea(platform, title="Nog een bankje")
    staff, person = actor_as("facilitator"), actor_as("resident")
    for idea in (into, double):
        with platform.unit_of_work(person) as uow:
            give_voice(uow, idea.id, GiveVoice())
    with platform.unit_of_work(staff) as uow:
        version = uow.session.get_one(Idea, double.id).version
        merge_idea(uow, double.id, MergeIdea(into=into.number, reason="Hetzelfde", version=version))
    with platform.unit_of_work(person) as uow:
        assert take_back(uow, into.id)
    with platform.unit_of_work(staff) as uow:
        unmerge_idea(uow, double.id, UnmergeIdea(reason="Toch niet", version=uow.session.get_one(Idea, double.id).version))
    with platform.read(person) as uow:
        assert not supports(uow, double.id)
        assert uow.session.get_one(Idea, double.id).all_supports == 0

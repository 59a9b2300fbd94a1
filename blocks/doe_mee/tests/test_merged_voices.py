"""Voices for ideas that became one: taken back in one they are gone in both, and a mistake undone leaves each where it was given."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from samen_core.api import ACCOUNT_ADDRESSES, Platform, anonymous
from samen_doe_mee.models import Idea
from samen_doe_mee.schemas.idea_handling import MergeIdea, UnmergeIdea
from samen_doe_mee.schemas.support import GiveVoice
from samen_doe_mee.services.idea_merging import merge_idea, unmerge_idea
from samen_doe_mee.services.support import confirm_voice, give_voice, supports, take_back
from samen_doe_mee.services.voice_keys import voice_key
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


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_voice_that_is_confirmed_after_merging_is_there_when_the_double_is_on_its_own_again(platform: Platform, actor_as: Any) -> None:
    into, double = an_idea(platform), an_idea(platform, title="Nog een bankje")
    staff, person = actor_as("facilitator"), actor_as("resident")
    with platform.read(person) as uow:
        email = uow.session.execute(select(ACCOUNT_ADDRESSES.c.email).where(ACCOUNT_ADDRESSES.c.id == person.account_id)).scalar_one()
    with platform.unit_of_work(person) as uow:
        give_voice(uow, into.id, GiveVoice())
    with platform.unit_of_work(anonymous()) as uow:
        asked = give_voice(uow, double.id, GiveVoice(email=email))
        assert asked.voice_id is not None
        key = voice_key(platform, asked.voice_id)
    with platform.unit_of_work(staff) as uow:
        version = uow.session.get_one(Idea, double.id).version
        merge_idea(uow, double.id, MergeIdea(into=into.number, reason="Hetzelfde", version=version))
    with platform.unit_of_work(anonymous()) as uow:
        assert confirm_voice(uow, key).state == "again"
    with platform.unit_of_work(staff) as uow:
        assert uow.session.get_one(Idea, into.id).all_supports == 1, "one person, one voice"
        unmerge_idea(uow, double.id, UnmergeIdea(reason="Toch niet", version=uow.session.get_one(Idea, double.id).version))
    with platform.read(person) as uow:
        assert supports(uow, into.id)
        assert supports(uow, double.id)
        assert uow.session.get_one(Idea, double.id).all_supports == 1

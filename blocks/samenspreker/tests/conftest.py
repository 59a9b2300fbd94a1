"""The platform with the blocks that this one needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from citycontent.models import AccountPerson, Organization
from citycontent.schemas import CreateMembership
from citycontent.services.memberships import create_membership
from citycontent.testing import make_organization, make_person
from samen_core.actor import Actor, system
from samen_core.platform import Platform


@pytest.fixture(autouse=True)
def samen_config() -> dict[str, Any]:
    """The city database, contributions and this block."""
    return {"blocks": ["citycontent", "inbreng", "samenspreker"]}


@pytest.fixture
def member_of(platform: Platform, actor_as: Callable[..., Actor]) -> Callable[..., tuple[Actor, Organization]]:
    """``member_of("Fietsersbond", "civil_society")``: an actor who acts for a new organisation, and the organisation; committed."""

    def make(name: str, sector: str) -> tuple[Actor, Organization]:
        actor = actor_as("resident")
        with platform.unit_of_work(system("test")) as uow:
            organization = make_organization(uow, name, sector)
            person = make_person(uow, "Lid", name)
            create_membership(uow, CreateMembership(person_id=person.id, organization_id=organization.id))
            uow.session.add(AccountPerson(account_id=actor.account_id, person_id=person.id, linked_at=uow.now))
        return actor.acting_for(organization.id), organization

    return make

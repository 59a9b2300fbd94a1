"""The process of a city: its own checks, names and explanations."""

from __future__ import annotations

import pytest

from samen_core.api import Conflict, NotAllowed, NotFound, anonymous, system, uuid7
from samen_core.settings import change_settings
from samen_samenspreker.queries.definitions import city_gates
from samen_samenspreker.schemas.definitions import CreateGate, PlaceGate, UpdateGate
from samen_samenspreker.services.definitions import create_gate, place_gate, update_gate
from samen_samenspreker.settings import step_meaning, step_name, support_needed


def gate(platform, title: str, step: str = "agenda", **values):
    with platform.unit_of_work(system("test")) as uow:
        return create_gate(uow, CreateGate(step=step, title=title, role="facilitator", **values))


def order(platform, step: str = "agenda") -> list[str]:
    with platform.read(anonymous()) as uow:
        return [row.title for row in city_gates(uow)[step]]


def test_gates_are_added_changed_and_ordered(platform):
    one, two, three = (gate(platform, title) for title in ("Een", "Twee", "Drie"))
    with platform.unit_of_work(system("test")) as uow:
        place_gate(uow, three.id, PlaceGate(earlier=True, version=three.version))
    assert order(platform) == ["Een", "Drie", "Twee"]
    with platform.unit_of_work(system("test")) as uow:
        place_gate(uow, one.id, PlaceGate(earlier=True, version=one.version))
    assert order(platform) == ["Een", "Drie", "Twee"]
    with platform.unit_of_work(system("test")) as uow:
        changed = UpdateGate(step="decide", title="Naar het besluit", role="decision_maker", active=False, version=one.version)
        update_gate(uow, one.id, changed)
    assert (order(platform), order(platform, "decide")) == (["Drie", "Twee"], ["Naar het besluit"])
    with platform.read(anonymous()) as uow:
        assert city_gates(uow, only_active=True)["decide"] == []
    with pytest.raises(Conflict), platform.unit_of_work(system("test")) as uow:
        update_gate(uow, one.id, changed)
    assert two.step == "agenda"


def test_only_the_manager_sets_up_the_process(platform, actor_as):
    there = gate(platform, "Een")
    for role in ("resident", "facilitator", "decision_maker", "moderator"):
        for act in (
            lambda uow: create_gate(uow, CreateGate(step="agenda", title="X", role="manager")),
            lambda uow: place_gate(uow, there.id, PlaceGate(earlier=True, version=1)),
        ):
            with pytest.raises(NotAllowed), platform.unit_of_work(actor_as(role)) as uow:
                act(uow)
    with pytest.raises(NotFound), platform.unit_of_work(actor_as("manager")) as uow:
        place_gate(uow, uuid7(), PlaceGate(earlier=True, version=1))


def test_the_city_says_it_in_its_own_words(platform, actor_as):
    values = {
        "samenspreker.step_solve": "Samen zoeken",
        "samenspreker.explanation_solve": "Wij zoeken samen.",
        "samenspreker.support_threshold": 50,
    }
    with platform.unit_of_work(actor_as("manager")) as uow:
        assert (str(step_name(uow, "solve")), support_needed(uow, 13)) == ("Oplossing zoeken", 12)
        change_settings(uow, values)
    with platform.read(anonymous()) as uow:
        assert (step_name(uow, "solve"), step_meaning(uow, "solve")) == ("Samen zoeken", "Wij zoeken samen.")
        assert (support_needed(uow, 13), support_needed(uow, 50), support_needed(uow, 51)) == (37, 0, 0)

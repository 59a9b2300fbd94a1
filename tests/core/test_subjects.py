"""The subject register: who may see which card."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, insert

from samen_core.actor import Actor, Grant, anonymous, system
from samen_core.capacities import capacities, require_capacity
from samen_core.errors import NotAllowed, NotFound
from samen_core.platform import Platform
from samen_core.subjects import Subject, SubjectData, SubjectRef, cards, register, update_card
from samen_core.testing.platforms import Outbox
from tests.core.samples import add_tool

FACILITATOR = Actor("account", uuid.uuid4(), grants=(Grant("facilitator"),))


def card_of(platform: Platform, id: uuid.UUID, actor: Actor) -> Any:
    """The card that this actor sees, or None."""
    with platform.read(actor) as uow:
        return cards(uow, [id]).get(id)


def test_a_card_holds_what_the_owner_registered(platform: Platform) -> None:
    id = uuid.uuid4()
    with platform.unit_of_work(system("test")) as uow:
        register(uow, SubjectRef("tool", id), SubjectData("Ladder", "/gereedschap/1", summary="Kort"))
    card = card_of(platform, id, anonymous())
    assert (card.title, card.url, card.summary, card.type, card.owner, card.state) == (
        "Ladder",
        "/gereedschap/1",
        "Kort",
        "tool",
        "gereedschap",
        "active",
    )
    assert card.is_live


def test_only_who_may_sees_the_card_of_what_is_not_public(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        id = add_tool(uow, public=False).id
    assert card_of(platform, id, anonymous()) is None
    assert card_of(platform, id, Actor("account", uuid.uuid4())) is None
    assert card_of(platform, id, FACILITATOR).id == id
    assert card_of(platform, id, Actor("account", uuid.uuid4(), grants=(Grant("facilitator", id),))).id == id
    assert card_of(platform, id, Actor("account", uuid.uuid4(), grants=(Grant("facilitator", uuid.uuid4()),))) is None


def test_a_card_outlives_its_block(platform: Platform) -> None:
    public, hidden = uuid.uuid4(), uuid.uuid4()
    with platform.unit_of_work(system("test")) as uow:
        rows = [
            {"id": id, "type": "of_a_block_that_is_gone", "owner": "gone", "title": "Wat was", "state": "gone", "public": id == public}
            for id in (public, hidden)
        ]
        uow.session.execute(insert(Subject), [{**row, "updated_at": uow.now} for row in rows])
    card = card_of(platform, public, anonymous())
    assert (card.title, card.state, card.is_live) == ("Wat was", "gone", False)
    assert card_of(platform, hidden, FACILITATOR) is None


def test_cards_cost_one_statement_whatever_their_number(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        ids = [add_tool(uow).id for _index in range(10)]
    statements: list[str] = []
    event.listen(
        platform.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]) if arguments[2] != "BEGIN" else None
    )
    with platform.read(anonymous()) as uow:
        assert list(cards(uow, ids * 2)) != []
        assert len(statements) == 1
        assert cards(uow, []) == {}
        assert len(statements) == 1


def test_a_type_that_nobody_owns_cannot_be_registered(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow, pytest.raises(KeyError):
        register(uow, SubjectRef("absent", uuid.uuid4()), SubjectData("x", "/x"))


def test_a_card_that_is_not_there_cannot_be_updated(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow, pytest.raises(NotFound):
        update_card(uow, SubjectRef("tool", uuid.uuid4()), SubjectData("x", "/x"))


def test_a_card_keeps_its_type(platform: Platform) -> None:
    """An id of another type is somebody else's thing."""
    with platform.unit_of_work(system("test")) as uow:
        id = add_tool(uow).id
        with pytest.raises(NotFound):
            update_card(uow, SubjectRef("account", id), SubjectData("x", "/x"))


def test_who_is_not_logged_in_speaks_for_nobody(platform: Platform) -> None:
    with platform.read(anonymous()) as uow:
        assert capacities(uow) == []
    with platform.read(FACILITATOR) as uow, pytest.raises(NotAllowed):
        require_capacity(uow, uuid.uuid4())


def test_a_change_of_a_card_is_told(platform: Platform, outbox: Outbox, actor_as: Callable[..., Actor]) -> None:
    with platform.unit_of_work(system("test")) as uow:
        id = add_tool(uow).id
    before = len(outbox.events("core.subject.changed"))
    with platform.unit_of_work(system("test")) as uow:
        update_card(uow, SubjectRef("tool", id), SubjectData("Anders", "/gereedschap/x"))
    told = outbox.events("core.subject.changed")[before:]
    assert told == [{"subject_type": "tool", "subject_id": str(id), "about": [{"type": "tool", "id": str(id)}]}]

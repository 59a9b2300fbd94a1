"""Categories: the delivered ones, making and changing, order, switching off, and what is kept in memory."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from samen_core.api import Actor, Conflict, Invalid, NotAllowed, NotFound, Platform, system
from samen_oog_oor.models import Category
from samen_oog_oor.queries.categories import CategoryTree, category_tree
from samen_oog_oor.schemas.categories import SaveCategory
from samen_oog_oor.services.categories import (
    create_category,
    delivered,
    move_category,
    order_categories,
    remove_category,
    seed_categories,
    set_questions,
    switch_off,
    switch_on,
    update_category,
)
from samen_oog_oor.testing import a_case, a_category

ActorAs = Callable[..., Actor]
QUESTION = {"name": "hoeveel", "kind": "number", "label": "Hoeveel zijn het er?"}


def tree_of(platform: Platform) -> CategoryTree:
    with platform.read(system("test")) as uow:
        return category_tree(uow)


def saved(category: Category, **values: Any) -> SaveCategory:
    return replace(SaveCategory(name=category.name, parent_id=category.parent_id, version=category.version), **values)


def wrong(error: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return set(error.value.errors)


def test_the_delivered_categories_are_whole() -> None:
    mains = [command for command, parent in delivered() if not parent]
    subs = [command for command, parent in delivered() if parent]
    assert 10 <= len(mains) <= 14
    assert 75 <= len(subs) <= 95
    assert len({command.code for command, _parent in delivered()}) == len(delivered())
    for command in subs:
        assert all((command.name_en, command.description, len(command.words.splitlines()) >= 4)), command.code
        if command.stop:
            assert all((command.stop_text, command.stop_text_en, not command.form)), command.code
        else:
            assert command.promise, command.code
            assert 1 <= command.term_days <= 20
    assert {"112", "0800-9009"} <= {command.stop_phone for command in subs if command.stop == "emergency"}
    assert {"politie", "spoor", "waterschap", "huurwoning", "provinciale-weg"} <= {
        command.code for command in subs if command.stop == "not_ours"
    }


def test_delivered_categories_come_once_and_what_a_city_changed_stays(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        assert seed_categories(uow) == len(delivered())
    tree = tree_of(platform)
    first = tree.by_code["zwerfafval"]
    assert tree.parent(first) is tree.by_code["afval"]
    assert first.called("nl") == "Zwerfafval op straat"
    assert first.called("en") == "Litter in the street"
    assert next(main.code for main, _subs in tree.offered()) == "afval"
    with platform.unit_of_work(system("test")) as uow:
        command = SaveCategory(name="Rommel", parent_id=first.parent_id, version=first.version)
        update_category(uow, first.id, command)
    with platform.unit_of_work(system("test")) as uow:
        assert seed_categories(uow) == 0
    assert tree_of(platform).by_code["zwerfafval"].name == "Rommel"


def test_only_who_defines_may(platform: Platform, actor_as: ActorAs) -> None:
    with platform.unit_of_work(actor_as("facilitator")) as uow, pytest.raises(NotAllowed):
        create_category(uow, SaveCategory(name="Afval"))
    with platform.unit_of_work(actor_as("manager")) as uow:
        main = create_category(uow, SaveCategory(name="Afval"))
        sub = create_category(uow, SaveCategory(name="Glas op straat", parent_id=main.id))
        again = create_category(uow, SaveCategory(name="Glas op straat", parent_id=main.id))
    assert (sub.code, again.code) == ("glas-op-straat", "glas-op-straat-2")
    assert (sub.position, again.position) == (0, 1)


def test_every_mistake_is_told_at_once(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        main = create_category(uow, SaveCategory(name="Afval", code="afval"))
        sub = create_category(uow, SaveCategory(name="Glas", parent_id=main.id))
        with pytest.raises(Invalid) as error:
            create_category(uow, SaveCategory(name="X", code="afval", parent_id=sub.id, publication="all", stop="emergency"))
        assert wrong(error) == {"code", "parent_id", "publication", "stop_text"}
        with pytest.raises(Invalid) as error:
            create_category(uow, SaveCategory(name="X", stop="emergency", stop_text="Bel 112.", organization_id=uuid.uuid4()))
        assert wrong(error) == {"stop", "organization_id"}
        with pytest.raises(Invalid) as error:
            update_category(uow, sub.id, saved(sub, code="anders", parent_id=None))
        assert wrong(error) == {"code", "parent_id"}


def test_two_people_who_change_one_category_are_told(platform: Platform) -> None:
    category = a_category(platform, "Glas")
    with platform.unit_of_work(system("test")) as uow:
        update_category(uow, category.id, saved(category, name="Glas op straat"))
    with platform.unit_of_work(system("test")) as uow:
        with pytest.raises(Conflict) as error:
            update_category(uow, category.id, saved(category, name="Scherven"))
        assert error.value.current["name"] == "Glas op straat"
        with pytest.raises(NotFound):
            update_category(uow, uuid.uuid4(), saved(category))


def test_order_by_steps_and_as_a_whole(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        main = create_category(uow, SaveCategory(name="Afval"))
        ids = [create_category(uow, SaveCategory(name=name, parent_id=main.id)).id for name in "abc"]

    def names() -> str:
        return "".join(row.name for row in tree_of(platform).subs(main.id))

    def step(number: int, by: int) -> None:
        with platform.unit_of_work(system("test")) as uow:
            move_category(uow, ids[number], by)

    step(2, -1)
    assert names() == "acb"
    step(0, -1)
    assert names() == "acb"
    step(0, 5)
    assert names() == "cba"
    with platform.unit_of_work(system("test")) as uow:
        order_categories(uow, main.id, ids)
        with pytest.raises(Invalid):
            order_categories(uow, main.id, ids[:2])
    assert names() == "abc"


def test_what_is_switched_off_is_not_offered_and_keeps_its_cases(platform: Platform) -> None:
    category = a_category(platform, "Glas")
    case = a_case(platform, category)
    with platform.unit_of_work(system("test")) as uow:
        with pytest.raises(Invalid):
            switch_off(uow, category.id, category.version, " ")
        switch_off(uow, category.id, category.version, "Doet de provincie nu.")
    tree = tree_of(platform)
    assert not tree.is_offered(tree.by_id[category.id])
    assert tree.offered() == []
    with platform.unit_of_work(system("test")) as uow:
        with pytest.raises(Invalid):
            remove_category(uow, category.id, tree.by_id[category.id].version)
        assert uow.session.get_one(Category, case.category_id).active is False
        switch_on(uow, category.id, tree.by_id[category.id].version)
    assert [sub.id for _main, subs in tree_of(platform).offered() for sub in subs] == [category.id]


def test_a_main_category_takes_what_is_under_it_along(platform: Platform) -> None:
    category = a_category(platform, "Glas")
    with platform.unit_of_work(system("test")) as uow:
        main = uow.session.get_one(Category, category.parent_id)
        switch_off(uow, main.id, main.version, "Niet nodig.")
    assert tree_of(platform).offered() == []


def test_what_was_never_used_can_go(platform: Platform) -> None:
    category = a_category(platform, "Glas")
    with platform.unit_of_work(system("test")) as uow:
        remove_category(uow, category.id, category.version)
    assert category.id not in tree_of(platform).by_id


def test_confidential_categories_are_for_professionals(platform: Platform) -> None:
    category = a_category(platform, "Ondermijning", confidential=True)
    tree = tree_of(platform)
    assert tree.offered() == []
    assert [sub.id for _main, subs in tree.offered(confidential=True) for sub in subs] == [category.id]


def test_questions_get_a_version_and_old_ones_stay_known(platform: Platform) -> None:
    category = a_category(platform, "Ratten")
    with platform.unit_of_work(system("test")) as uow:
        first = set_questions(uow, category.id, {"questions": [QUESTION]}, category.version)
        assert first.form["version"] == 1
        same = set_questions(uow, category.id, {"questions": [QUESTION]}, first.version)
        assert same.form["version"] == 1
        other = {**QUESTION, "name": "waar", "kind": "short_text", "label": "Waar precies?"}
        changed = set_questions(uow, category.id, {"questions": [other]}, same.version)
        assert changed.form["version"] == 2
        assert [question["name"] for question in changed.form["former"]] == ["hoeveel"]
        with pytest.raises(Invalid):
            set_questions(uow, category.id, {"questions": [{**QUESTION, "kind": "place"}]}, changed.version)
        with pytest.raises(Invalid):
            set_questions(uow, category.id, {"questions": [QUESTION, QUESTION]}, changed.version)
        with pytest.raises(Invalid):
            set_questions(uow, category.parent_id, {"questions": [QUESTION]}, 1)


def test_the_tree_is_read_once_and_again_after_a_change(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        seed_categories(uow)
    statements: list[str] = []
    listen = (platform.engine, "after_cursor_execute", lambda _c, _cur, statement, *_rest: statements.append(statement.split()[0]))
    event.listen(*listen)
    try:
        first = tree_of(platform)
        assert statements.count("SELECT") <= 2
        statements.clear()
        assert tree_of(platform) is first
        assert statements.count("SELECT") == 1
    finally:
        event.remove(*listen)
    row = first.by_code["graffiti"]
    with platform.unit_of_work(system("test")) as uow, uow.at(uow.now + timedelta(seconds=1)):
        switch_off(uow, row.id, row.version, "Niet nodig.")
        assert not category_tree(uow).by_code["graffiti"].active
    second = tree_of(platform)
    assert second is not first
    assert second.etag != first.etag


def test_what_is_taken_back_is_not_remembered(platform: Platform) -> None:
    category = a_category(platform, "Glas")
    uow = platform.unit_of_work(system("test"))
    with uow:
        switch_off(uow, category.id, category.version, "Toch niet.")
        assert not category_tree(uow).by_id[category.id].active
        uow.rollback()
    assert tree_of(platform).by_id[category.id].active

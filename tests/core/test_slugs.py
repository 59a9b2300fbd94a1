"""Slugs of things whose address never changes."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import insert

from citycontent.models import Theme
from samen_core.actor import system
from samen_core.db.base import uuid7
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.slugs import free_slug
from samen_core.subjects import SubjectData, SubjectRef, register


@pytest.fixture
def samen_config() -> dict[str, list[str]]:
    return {"blocks": ["citycontent"]}


def add(uow: UnitOfWork, name: str, reserved: tuple[str, ...] = ()) -> str:
    """A row of any table with a unique slug."""
    slug, id = free_slug(uow, Theme.slug, name, "thema", reserved), uuid7()
    register(uow, SubjectRef("theme", id), SubjectData(name, f"/themas/{slug}"))
    row = {
        "id": id,
        "version": 1,
        "created_at": uow.now,
        "updated_at": uow.now,
        "sources": [],
        "slug": slug,
        "sort_name": name,
        "name": name,
    }
    uow.session.execute(insert(Theme).values(row | {"state": "active"}))
    return slug


def test_a_slug_that_is_taken_gets_a_number(uow) -> None:
    names = ["Groen & blauw", "Groen, blauw!", "groen-blauw", "Groen", "Groen blauw 2", "???", "!!!"]
    assert [add(uow, name) for name in names] == [
        "groen-blauw",
        "groen-blauw-2",
        "groen-blauw-3",
        "groen",
        "groen-blauw-2-2",
        "thema",
        "thema-2",
    ]


def test_a_word_that_is_a_page_is_no_slug(uow) -> None:
    assert [add(uow, "Nieuw", ("nieuw", "nieuw-2")), add(uow, "Nieuw", ("nieuw",))] == ["nieuw-3", "nieuw-2"]


def test_a_long_name_leaves_room_for_its_number(uow) -> None:
    name = "lang " * 30
    first, second = add(uow, name), add(uow, name)
    assert len(first) <= 72
    assert second == f"{first}-2"


def test_at_once_everybody_gets_another_slug(platform) -> None:
    start, given = threading.Barrier(4), []

    def take() -> None:
        start.wait()
        with platform.unit_of_work(system("test")) as uow:
            given.append(add(uow, "Samen"))

    threads = [threading.Thread(target=take) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == ["samen", "samen-2", "samen-3", "samen-4"]

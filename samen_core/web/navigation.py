"""The main menu and "what waits for me", filled by the blocks."""

from __future__ import annotations

from dataclasses import dataclass

from samen_core.actor import Actor
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.i18n import Text


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """An entry of the main menu. ``path`` is a page path without language prefix; lower ``order`` comes first."""

    label: Text
    path: str
    icon: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the actor: a sentence, the page where it is done, and how many there are."""

    title: Text
    path: str
    count: int = 1
    icon: str = "list-todo"


def menu(uow: UnitOfWork, actor: Actor) -> list[NavigationItem]:
    """The main menu of this actor."""
    items = [item for _block, item in uow.platform.registry.ask("samen_navigation", actor=actor)]
    return sorted(items, key=lambda item: item.order)


def tasks(uow: UnitOfWork) -> list[Task]:
    """What waits for the actor, most first."""
    found = [task for _block, task in uow.platform.registry.ask("samen_tasks", uow=uow) if task.count]
    return sorted(found, key=lambda task: -task.count)

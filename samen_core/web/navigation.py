"""The main menu and "what waits for me", filled by the blocks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from samen_core.actor import Actor
from samen_core.blocks.discovery import ICONS
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.i18n import Text


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """An entry of the main menu. ``path`` is a page path without language prefix; lower ``order`` comes first.

    Raises ValueError or TypeError for what would break the page it stands on.
    """

    label: Text
    path: str
    icon: str = ""
    order: int = 100

    def __post_init__(self) -> None:
        _require_showable(self.label, self.path, self.icon, self.order)


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the actor: a sentence, the page where it is done, and how many there are.

    Raises ValueError or TypeError for what would break the page it stands on.
    """

    title: Text
    path: str
    count: int = 1
    icon: str = "list-todo"

    def __post_init__(self) -> None:
        _require_showable(self.title, self.path, self.icon, self.count)


@cache
def _is_icon(name: str) -> bool:
    return (ICONS / f"{name}.svg").is_file()


def _require_showable(words: object, path: object, icon: object, number: object) -> None:
    if not isinstance(words, Text | str) or not isinstance(path, str) or not isinstance(icon, str) or not isinstance(number, int):
        raise TypeError(f"a label, a path, the name of an icon and a number are needed, not {words!r}, {path!r}, {icon!r}, {number!r}")
    if not path.startswith("/") or path.startswith("//"):
        raise ValueError(f"'{path}' is no path of a page: it starts with one /")
    if icon and not _is_icon(icon):
        raise ValueError(f"there is no icon '{icon}'")
    str(words)  # a placeholder without a value is found here, not on the page


def menu(uow: UnitOfWork, actor: Actor) -> list[NavigationItem]:
    """The main menu of this actor."""
    items = [item for _block, item in uow.platform.registry.ask("samen_navigation", NavigationItem, actor=actor)]
    return sorted(items, key=lambda item: item.order)


def tasks(uow: UnitOfWork) -> list[Task]:
    """What waits for the actor, most first."""
    found = [task for _block, task in uow.platform.registry.ask("samen_tasks", Task, uow=uow) if task.count]
    return sorted(found, key=lambda task: -task.count)

"""How far actions are, counted over their parts. Plain arithmetic on rows; knows no database."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(slots=True)
class Node:
    """An action (a row) with its parts. ``progress`` is in percent, ``budget`` in whole euros (None when none is known)."""

    row: Any
    parts: list[Node] = field(default_factory=list)

    @property
    def is_finished(self) -> bool:
        """Whether nothing has to be done any more."""
        return self.row.state in ("done", "dropped")

    @property
    def progress(self) -> int:
        """How far it is: with parts their mean, else what was said; 100 when it is done."""
        if self.row.state == "done":
            return 100
        return mean(self.parts) if self.parts else self.row.progress

    @property
    def state(self) -> str:
        """Its state; one of which a part began is in progress, also before somebody says so."""
        began = self.row.state == "planned" and any(part.state != "planned" for part in self.parts)
        return "in_progress" if began else str(self.row.state)

    @property
    def budget(self) -> int | None:
        """Its own budget, else that of its parts together, without what was dropped."""
        if self.row.budget is not None:
            return int(self.row.budget)
        known = [part.budget for part in self.parts if part.row.state != "dropped" and part.budget is not None]
        return sum(known) if known else None

    def days_late(self, today: date) -> int:
        """How many days ago it should have been finished; 0 when it is, or when there is time."""
        return 0 if self.is_finished else max((today - self.row.due_on).days, 0)


def mean(nodes: Iterable[Node]) -> int:
    """The progress of these together, each by its weight; what was dropped does not count. 0 without any, rounded down."""
    counted = [node for node in nodes if node.row.state != "dropped"]
    weights = sum(node.row.weight for node in counted)
    return sum(node.progress * node.row.weight for node in counted) // weights if weights else 0


def tree(rows: Sequence[Any]) -> list[Node]:
    """The actions with their parts, in the order of the rows (``id``, ``parent_id``, ``state``, ``progress``, ``weight``, ``budget``)."""
    nodes = {row.id: Node(row) for row in rows}
    tops = []
    for row in rows:
        parent = nodes.get(row.parent_id)
        if parent is None:
            tops.append(nodes[row.id])
        else:
            parent.parts.append(nodes[row.id])
    return tops


def by_cycle(nodes: Iterable[Node]) -> dict[int, list[Node]]:
    """The actions per cycle, the latest cycle first."""
    found: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        found[node.row.cycle].append(node)
    return dict(sorted(found.items(), reverse=True))


def budget_of(nodes: Iterable[Node]) -> int | None:
    """What these cost together, without what was dropped; None when nothing is known."""
    known = [node.budget for node in nodes if node.row.state != "dropped" and node.budget is not None]
    return sum(known) if known else None


def ids(nodes: Iterable[Node]) -> list[uuid.UUID]:
    """The ids of these actions and of their parts."""
    return [id for node in nodes for id in (node.row.id, *ids(node.parts))]

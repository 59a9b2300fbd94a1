"""The areas and themes of the city, ready for pages: names, addresses, what lies in what and beside what, the drawn map.

Built from the database once per change and kept in the application, so that filters, links and maps on a page cost one small statement.
"""

from __future__ import annotations

import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import current_app, g

from citycontent.geo import AreaMap, Shape, area_map
from citycontent.paths import page
from citycontent.queries import atlas as queries
from citycontent.queries.areas import AreaRow, AreaTree, area_tree
from samen_core.api import Text, UnitOfWork, _

_KEY = "citycontent_atlas"
MOST_KEPT = 1000
_PLACE = re.compile(r"-?[\d.]+ -?[\d.]+")
KIND_LABELS: dict[str, Text] = {"gemeente": _("gemeente"), "wijk": _("wijk"), "buurt": _("buurt")}


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme."""

    id: uuid.UUID
    name: str
    slug: str
    path: str
    parent_id: uuid.UUID | None
    description: str


@dataclass
class Atlas:
    """Everything in one place; read only."""

    tree: AreaTree
    map: AreaMap
    themes: dict[uuid.UUID, ThemeView]
    parts: dict[Any, Any] = field(default_factory=dict)
    """What only depends on the atlas and the language, such as a drawn map as HTML, kept by whoever made it."""

    kept: dict[Any, Any] = field(default_factory=dict)
    """What :meth:`keep` made."""

    def keep(self, key: Any, make: Callable[[], Any]) -> Any:
        """What ``make`` gives, made once for this key, which names the language where that matters. When there are too many, all go."""
        found = self.kept.get(key)
        if found is None:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            found = self.kept[key] = make()
        return found

    @cached_property
    def theme_by_slug(self) -> dict[str, ThemeView]:
        """Every theme by its slug."""
        return {theme.slug: theme for theme in self.themes.values()}

    @cached_property
    def city(self) -> AreaRow | None:
        """The municipality."""
        return next(iter(self.tree.of("gemeente")), None)

    @cached_property
    def wijken(self) -> tuple[AreaRow, ...]:
        """The wijken, by name."""
        return self.tree.of("wijk")

    def inside(self, area: AreaRow) -> list[AreaRow]:
        """The current areas right inside one, by name."""
        return [other for other in self.tree.children(area.id) if other.is_current]

    def beside(self, area: AreaRow) -> list[AreaRow]:
        """The areas of the same kind that border on this one, by name."""
        if area.classification not in self.parts:
            self.parts[area.classification] = neighbours(self.map.of(area.classification))
        found = self.parts[area.classification].get(area.id, ())
        return [other for other in self.tree.current if other.id in found]

    def subthemes(self, theme: ThemeView) -> list[ThemeView]:
        """The themes right under one, by name."""
        return [other for other in self.themes.values() if other.parent_id == theme.id]


def area_path(area: AreaRow) -> str:
    """The page of an area."""
    return page("area", area.slug)


def neighbours(shapes: Iterable[Shape]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Per area the areas that share a stretch of border with it: at least two corners. Touching in one corner is no neighbour.

    The shapes must be of one kind: CBS draws them together, so that neighbours share their corners.
    """
    owners: dict[str, set[uuid.UUID]] = defaultdict(set)
    for shape in shapes:
        for place in _PLACE.findall(shape.path):
            owners[place].add(shape.area_id)
    shared: dict[tuple[uuid.UUID, uuid.UUID], int] = defaultdict(int)
    for found in owners.values():
        for one in found:
            for other in found - {one}:
                shared[one, other] += 1
    beside: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for (one, other), corners in shared.items():
        if corners >= 2:
            beside[one].add(other)
    return beside


def atlas(uow: UnitOfWork) -> Atlas:
    """The atlas of this moment. One statement per request; more only after an area or theme changed."""
    known: Atlas | None = g.get(_KEY)
    if known is not None:
        return known
    stamp = queries.stamp(uow)
    kept: tuple[tuple[Any, ...], Atlas] | None = current_app.extensions.get(_KEY)
    if kept is None or kept[0] != stamp:
        kept = (stamp, _build(uow))
        current_app.extensions[_KEY] = kept
    setattr(g, _KEY, kept[1])
    return kept[1]


def _build(uow: UnitOfWork) -> Atlas:
    themes = {
        row.id: ThemeView(row.id, row.name, row.slug, page("theme", row.slug), row.parent_id, row.description)
        for row in queries.current_themes(uow)
    }
    return Atlas(area_tree(uow), area_map(uow), themes)

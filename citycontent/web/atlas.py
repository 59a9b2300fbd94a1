"""The areas and themes of the city, ready for pages: names, addresses, what lies in what, the drawn map.

Built from the database once per change and kept in the application, so that filters, links and maps on a page cost one small statement.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, g

from citycontent.queries import atlas as queries
from citycontent.web.drawing import Drawing, Ring, draw, neighbours, rings
from samen_core.api import NotFound, UnitOfWork

_KEY = "citycontent_atlas"


@dataclass(frozen=True, slots=True)
class AreaView:
    """An area of the current division. ``path`` is its page; ``classification`` is gemeente, wijk or buurt."""

    id: uuid.UUID
    name: str
    slug: str
    path: str
    code: str
    year: int
    classification: str
    parent_id: uuid.UUID | None
    hectares: float | None
    point: tuple[float, float] | None


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

    areas: dict[uuid.UUID, AreaView]
    themes: dict[uuid.UUID, ThemeView]
    borders: dict[uuid.UUID, list[Ring]] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)
    """HTML that only depends on the atlas and the language, kept by whoever made it."""

    def __post_init__(self) -> None:
        self.area_by_slug = {area.slug: area for area in self.areas.values()}
        self.theme_by_slug = {theme.slug: theme for theme in self.themes.values()}
        self.municipality = next((area for area in self.areas.values() if area.classification == "gemeente"), None)
        self.wijken = [area for area in self.areas.values() if area.classification == "wijk"]
        self.buurten = [area for area in self.areas.values() if area.classification == "buurt"]
        self._beside: dict[uuid.UUID, set[uuid.UUID]] | None = None
        self._drawings: dict[uuid.UUID | None, Drawing] = {}

    def inside(self, area: AreaView) -> list[AreaView]:
        """The areas directly inside this one, by name."""
        return [other for other in self.areas.values() if other.parent_id == area.id]

    def within(self, area_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
        """The ids of an area and of all areas in it."""
        found = [area_id]
        for outer in found:
            found += [other.id for other in self.areas.values() if other.parent_id == outer]
        return tuple(found)

    def around(self, area_id: uuid.UUID | None) -> list[AreaView]:
        """The areas that this one lies in, from large to small, and itself last."""
        chain: list[AreaView] = []
        while area_id is not None and (area := self.areas.get(area_id)):
            chain.insert(0, area)
            area_id = area.parent_id
        return chain

    def beside(self, area: AreaView) -> list[AreaView]:
        """The areas of the same kind that border on this one, by name."""
        if self._beside is None:
            self._beside = {}
            for kind in (self.wijken, self.buurten):
                self._beside |= neighbours({other.id: self.borders[other.id] for other in kind if other.id in self.borders})
        found = self._beside.get(area.id, set())
        return [other for other in self.areas.values() if other.id in found]

    def drawing(self, area: AreaView | None = None) -> Drawing:
        """The map: of all wijken without ``area``, else of all buurten, with this area filling the width."""
        key = area.id if area else None
        if key not in self._drawings:
            shown = self.wijken if area is None else self.buurten
            borders = {other.id: self.borders[other.id] for other in shown if other.id in self.borders}
            labels = {other.id: (other.point[1], other.point[0]) for other in shown if other.point}
            middle = None if area is None else [inner for inner in self.within(area.id) if inner in borders]
            self._drawings[key] = draw(borders, middle or None, labels)
        return self._drawings[key]

    def subthemes(self, theme: ThemeView) -> list[ThemeView]:
        """The themes directly under this one, by name."""
        return [other for other in self.themes.values() if other.parent_id == theme.id]


def atlas(uow: UnitOfWork) -> Atlas:
    """The atlas of this moment. One statement per request; more only after an area or theme changed."""
    if _KEY in g:
        known: Atlas = g.get(_KEY)
        return known
    stamp = queries.stamp(uow)
    kept: tuple[tuple[Any, ...], Atlas] | None = current_app.extensions.get(_KEY)
    if kept is None or kept[0] != stamp:
        kept = (stamp, _build(uow))
        current_app.extensions[_KEY] = kept
    setattr(g, _KEY, kept[1])
    return kept[1]


def _build(uow: UnitOfWork) -> Atlas:
    areas = {
        row.id: AreaView(
            row.id,
            row.name,
            row.slug,
            f"/wijken/{row.slug}",
            row.code,
            row.year,
            row.classification,
            row.parent_id,
            row.hectares,
            (row.lat, row.lon) if row.lat is not None and row.lon is not None else None,
        )
        for row in queries.current_areas(uow)
    }
    themes = {
        row.id: ThemeView(row.id, row.name, row.slug, f"/themas/{row.slug}", row.parent_id, row.description)
        for row in queries.current_themes(uow)
    }
    borders = {area_id: rings(geometry) for area_id, geometry in queries.geometries(uow).items()}
    return Atlas(areas, themes, borders)


def area_of(book: Atlas, slug: str) -> AreaView:
    """The area of a page address. Raises NotFound."""
    if slug not in book.area_by_slug:
        raise NotFound
    return book.area_by_slug[slug]

"""Wijken and buurten: the map with its list, and what there is in each."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from citycontent.queries import events, organizations, projects
from citycontent.queries.areas import AreaRow
from citycontent.queries.events import EventFilter
from citycontent.queries.organizations import OrganizationFilter
from citycontent.queries.projects import ProjectFilter
from citycontent.web import parts
from citycontent.web.atlas import KIND_LABELS, Atlas, area_path, atlas
from citycontent.web.pages import data_links, lost, pages
from samen_core.api import PageRequest, Text, _, format_number
from samen_core.web.api import crumbs, current_uow, page_url, render, render_part

PATH = "/wijken"
LABEL = _("Wijken en buurten")
MOST = 5


@dataclass(frozen=True, slots=True)
class MapShape:
    """An area on a map: ``kind`` is plain, current or around (outside of what the map is about)."""

    name: str
    url: str
    path: str
    x: float
    y: float
    kind: str


@dataclass(frozen=True, slots=True)
class WijkView:
    """A wijk with its buurten, for the list beside the map."""

    link: parts.Link
    buurten: list[parts.Link]


def link(area: AreaRow) -> parts.Link:
    """A link to an area."""
    return parts.Link(area.name, page_url(area_path(area)))


def city_map(book: Atlas) -> Markup:
    """The map of all wijken, each a link. Kept per language until an area changes."""
    return _kept_map(book, None)


def area_map(book: Atlas, area: AreaRow) -> Markup:
    """The map of the buurten in and around an area, each a link."""
    return _kept_map(book, area)


def _kept_map(book: Atlas, area: AreaRow | None) -> Markup:
    key = ("map", request.script_root, area.id if area else None)
    if key not in book.parts:
        book.parts[key] = _draw(book, area)
    found: Markup = book.parts[key]
    return found


def _draw(book: Atlas, area: AreaRow | None) -> Markup:
    shown = book.map.of("wijk" if area is None or area.classification == "gemeente" else "buurt")
    about = set(book.tree.within(area.id)) if area else {shape.area_id for shape in shown}
    frame = area.parent_id if area and area.classification == "buurt" and area.parent_id else area.id if area else None
    box = book.map.box(book.tree.within(frame) if frame else about, margin=60 if frame else 12)
    shapes = []
    for shape in shown:
        inside = shape.area_id in about or (area is not None and area.classification == "gemeente")
        if not inside and not book.map.in_view(shape, box):
            continue
        kind = "around" if not inside else "current" if area and area.id == shape.area_id else "plain"
        shapes.append(MapShape(shape.name, page_url(f"{PATH}/{shape.slug}"), shape.path, shape.x, shape.y, kind))
    width = float(box.split()[2])
    title = _("Kaart van {area}", area=area.name) if area else _("Kaart van de wijken")
    # Shapes around first, so that the borders of what the map is about are drawn over theirs.
    shapes.sort(key=lambda shape: ("around", "plain", "current").index(shape.kind))
    return render_part(
        "citycontent/map.html", shapes=shapes, box=box, title=title, size=round(width / (30 if area is None else 19), 1), named=area is None
    )


@pages.route(PATH, public=True)
def area_list() -> ResponseReturnValue:
    """The map of the city, with a list of every wijk and its buurten."""
    book = atlas(current_uow())
    wijken = [WijkView(link(wijk), [link(buurt) for buurt in book.inside(wijk)]) for wijk in book.wijken]
    return render(
        "citycontent/areas.html",
        map=city_map(book) if wijken else "",
        wijken=wijken,
        my_area_url=page_url("/mijn-buurt"),
        breadcrumbs=crumbs((LABEL, None)),
    )


@pages.route(f"{PATH}/<slug>", public=True)
def area_page(slug: str) -> ResponseReturnValue:
    """One wijk or buurt: what is on, what is being done and who is there."""
    uow = current_uow()
    book = atlas(uow)
    area = book.tree.by_slug.get(slug)
    if area is None:
        raise lost(uow, "area", slug)
    ids = book.tree.within(area.id)
    request = PageRequest(limit=MOST)
    planned = events.list_events(uow, EventFilter(period="upcoming", area_ids=ids), request, with_count=False)
    running = projects.list_projects(uow, ProjectFilter(area_ids=ids), request, with_count=False)
    active = organizations.list_organizations(uow, OrganizationFilter(area_ids=ids), request, with_count=False)
    areas_of = projects.areas_of(uow, [row.id for row in running.items])
    here = f"?gebied={slug}"
    trail = book.tree.trail(area.id)
    return render(
        "citycontent/area.html",
        area=area,
        kind=_kind(book, area),
        wijk=next((link(outer) for outer in trail if outer.classification == "wijk" and outer.id != area.id), None),
        map=area_map(book, area) if area.is_current else "",
        inside=[link(inner) for inner in book.inside(area)],
        beside=[link(other) for other in book.beside(area)],
        events=[parts.event_row(book, row) for row in planned.items],
        events_url=page_url("/agenda") + here if planned.next else None,
        projects=[parts.project_row(book, row, areas_of.get(row.id, ())) for row in running.items],
        projects_url=page_url("/projecten") + here if running.next else None,
        organizations=[parts.organization_row(book, row) for row in active.items],
        organizations_url=page_url("/organisaties") + here if active.next else None,
        size=_("{hectares} hectare", hectares=format_number(round(area.hectares))) if area.hectares else "",
        data_links=data_links("area", area.id),
        my_area_url=page_url("/mijn-buurt"),
        breadcrumbs=crumbs((LABEL, PATH), *((outer.name, area_path(outer)) for outer in trail[1:-1]), (area.name, None)),
    )


def _kind(book: Atlas, area: AreaRow) -> Text:
    """``Buurt in de wijk Centrum``, ``Wijk van Zoetermeer``, ``gemeente``."""
    outer = book.tree.get(area.parent_id)
    if outer is None:
        return KIND_LABELS[area.classification]
    if area.classification == "buurt":
        return _("Buurt in de wijk {area}", area=outer.name)
    return _("Wijk van {area}", area=outer.name)

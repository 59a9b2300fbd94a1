"""Feeds: what changed at the cases of the whole city, of an area and of a category, as Atom and as JSON Feed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Response, request
from flask.typing import ResponseReturnValue

from citycontent.web.api import Atlas, ListPage, area_field, atlas, filters_part, list_page
from samen_core.api import CITY_TIME_ZONE, PageRequest, Text, _, current_language
from samen_core.web.api import BoundField, crumbs, current_platform, current_uow, page_url, render
from samen_oog_oor import paths
from samen_oog_oor.exchange.calendar import CALENDAR, PlannedWork, planned_calendar
from samen_oog_oor.exchange.feeds import ATOM, JSON_FEED, FeedEntry, FeedHead, atom_feed, json_feed
from samen_oog_oor.labels import STATE_LABELS
from samen_oog_oor.queries import public
from samen_oog_oor.queries.categories import CategoryTree
from samen_oog_oor.services.kinds import CASE
from samen_oog_oor.web import case_parts
from samen_oog_oor.web.common import LABEL, pages, tabs

TITLE = _("Feeds")
FILTERS = ("gebied", "categorie")
ON_A_PAGE = 50
MOST_PLANNED = 1_000
PLANNED = f"{paths.FEEDS}/gepland-werk.ics"
PATHS = {"atom": f"{paths.FEEDS}/zaken.atom", "json": f"{paths.FEEDS}/zaken.json"}


@pages.route(PATHS["atom"], public=True, cache=False)
def atom() -> ResponseReturnValue:
    """What changed, as Atom."""
    return _feed(PATHS["atom"], ATOM, atom_feed)


@pages.route(PATHS["json"], public=True, cache=False)
def json_() -> ResponseReturnValue:
    """What changed, as JSON Feed."""
    return _feed(PATHS["json"], JSON_FEED, json_feed)


@pages.route(PLANNED, public=True, cache=False)
def planned_ics() -> ResponseReturnValue:
    """On which days work is planned, for a calendar."""
    tag, fresh = _stamped()
    if fresh is not None:
        return fresh
    uow, book = current_uow(), atlas(current_uow())
    where = list_page(PLANNED, *FILTERS)
    chosen = case_parts.narrowed(uow, book, where)
    base = _base()
    rows = public.planned(uow, chosen.filter, MOST_PLANNED)
    written = planned_calendar(
        str(_("Gepland werk in {city}: {what}", city=current_platform().config.city.name, what=_what(chosen))),
        base + where.url(),
        base + ListPage(paths.CASES, {**_filters_of(where), "staat": "planned"}).url(),
        [_work(chosen.tree, row, base) for row in rows],
    )
    return _finish(Response(written, content_type=CALENDAR), tag, max((row.changed_at for row in rows), default=None))


def _work(tree: CategoryTree, row: Any, base: str) -> PlannedWork:
    category, page = tree.by_id.get(row.category_id), base + page_url(paths.case(row.number))
    who = _("{organization} doet het werk.", organization=row.organization_name) if row.organization_name else ""
    about = _("Waarover: {category}", category=case_parts.called(category)) if category else ""
    return PlannedWork(
        uid=f"{row.id}@{urlsplit(base).hostname or 'samen'}",
        day=row.planned_on,
        title=row.title,
        text="\n".join(str(line) for line in (row.public_text, about, who, page) if line),
        place=row.address,
        point=(row.lat, row.lon) if row.lat is not None and row.lon is not None else None,
        page=page,
        changed_at=row.changed_at,
        version=row.version,
    )


@pages.route(paths.FEEDS, public=True)
def feeds_page() -> ResponseReturnValue:
    """The feeds, and how to use them."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.FEEDS, *FILTERS)
    chosen = case_parts.narrowed(uow, book, where)
    base = _base()

    def fields() -> list[BoundField]:
        return [area_field(book, where), case_parts.category_field(chosen.tree, where)]

    picked = [label for _name, label in chosen.picked if label]
    return render(
        "oog_oor/feeds.html",
        tabs=tabs(uow.actor, paths.FEEDS),
        filters=filters_part(where, fields, len(picked), book=book, key=("oog_oor.feeds", chosen.tree.stamp)),
        chosen=", ".join(str(label) for label in picked),
        atom_url=base + ListPage(PATHS["atom"], where.values).url(),
        json_url=base + ListPage(PATHS["json"], where.values).url(),
        planned_url=base + ListPage(PLANNED, where.values).url(),
        figures_url=page_url(paths.FIGURES) + "#gegevens",
        open311_url=base + f"{paths.OPEN311}/discovery.json",
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
    )


def _feed(path: str, kind: str, write: Callable[[FeedHead, list[FeedEntry]], bytes | str]) -> Response:
    tag, fresh = _stamped()
    if fresh is not None:
        return fresh
    uow = current_uow()
    book = atlas(uow)
    where = list_page(path, *FILTERS)
    chosen = case_parts.narrowed(uow, book, where)
    asked = PageRequest(limit=ON_A_PAGE, cursor=where.values.get("cursor", ""))
    found = public.list_public(uow, chosen.filter, asked, "gewijzigd", with_count=False)
    base = _base()
    platform = current_platform()
    title = _("Oog & Oor in {city}: {what}", city=platform.config.city.name, what=_what(chosen))
    head = FeedHead(
        title=str(title),
        author=platform.config.city.name,
        page=base + ListPage(paths.CASES, _filters_of(where)).url(),
        address=base + (where.url(cursor=asked.cursor) if asked.cursor else where.url()),
        first=base + where.url(),
        next=base + where.url(cursor=found.next) if found.next else None,
        changed_at=found.items[0].changed_at if found.items else uow.now,
        language=current_language(),
    )
    written = write(head, [_entry(book, chosen.tree, row, base) for row in found.items])
    # Not the moment of the stamp: that may be of a case that nobody may know of.
    return _finish(Response(written, content_type=kind), tag, found.items[0].changed_at if found.items else None)


def _stamped() -> tuple[str, Response | None]:
    """The tag of what a feed is now, and the answer for who has it already. One statement."""
    uow, platform = current_uow(), current_platform()
    changed_at, told_at = public.stamp(uow)
    day = uow.now.astimezone(CITY_TIME_ZONE).date()
    facts = (platform.build, changed_at, told_at, day, request.script_root, request.full_path)
    tag = hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()[:24]
    if request.if_none_match and request.if_none_match.contains_weak(tag):
        return tag, _finish(Response(status=304), tag, None)
    return tag, None


def _what(chosen: case_parts.Narrowed) -> Text | str:
    """What was chosen, for the name of a feed."""
    return ", ".join(str(label) for _name, label in chosen.picked if label) or _("alle zaken")


def _filters_of(where: ListPage) -> dict[str, str]:
    return {name: where.values[name] for name in FILTERS if name in where.values}


def _finish(response: Response, tag: str, changed_at: Any) -> Response:
    response.set_etag(tag, weak=True)
    if changed_at is not None:
        response.last_modified = changed_at
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _entry(book: Atlas, tree: CategoryTree, row: Any, base: str) -> FeedEntry:
    category, area = tree.by_id.get(row.category_id), book.tree.get(row.area_id)
    tags = [str(STATE_LABELS[row.state]), case_parts.called(category) if category else "", area.name if area else ""]
    return FeedEntry(
        id=f"{base}/id/{CASE}/{row.id}",
        page=base + page_url(paths.case(row.number)),
        title=row.title,
        text=row.answer or row.public_text,
        tags=tuple(tag for tag in tags if tag),
        published_at=row.reported_at,
        changed_at=row.changed_at,
    )


def _base() -> str:
    return current_platform().config.web.base_url.rstrip("/")

"""Feeds: new ideas, new plans and results of the whole city, of an area and of a theme, as Atom and JSON Feed; and a calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response
from flask.typing import ResponseReturnValue

from citycontent.web.api import Atlas, ListPage, area_field, area_filter, atlas, filters_part, list_page, theme_field, theme_filter
from samen_core.api import NotFound, PageRequest, Text, _, current_language, markdown_text
from samen_core.web.api import BoundField, crumbs, current_platform, current_uow, page_url, render
from samen_doe_mee import paths
from samen_doe_mee.exchange.calendar import CALENDAR, Entry, calendar
from samen_doe_mee.exchange.feeds import ATOM, JSON_FEED, FeedEntry, FeedHead, atom_feed, json_feed
from samen_doe_mee.labels import IDEA_STATUS_LABELS, PLAN_STATE_LABELS
from samen_doe_mee.queries.feeds import FeedFilter, calendar_meetings, closing_activities, feed_page
from samen_doe_mee.services.kinds import IDEA, PLAN, ROUND
from samen_doe_mee.services.lateness import city_day
from samen_doe_mee.web.common import LABEL, pages, tabs
from samen_inbreng.api import last_moment

TITLE = _("Feeds en agenda")
FILTERS = ("gebied", "thema")
ON_A_PAGE = 50
MOST_MEETINGS = 500
NAMES: dict[str, tuple[str, Text, str]] = {
    "ideeen": ("ideas", _("Nieuwe ideeën"), paths.IDEAS),
    "plannen": ("plans", _("Nieuwe plannen"), paths.PLANS),
    "gedaan": ("done", _("Wat is ermee gedaan"), paths.DONE),
}
"""By their names in an address: what it is of, its title, and the page with the same."""
KINDS: dict[str, tuple[str, Callable[[FeedHead, list[FeedEntry]], bytes | str]]] = {
    "atom": (ATOM, atom_feed),
    "json": (JSON_FEED, json_feed),
}
CALENDAR_PATH = f"{paths.FEEDS}/agenda.ics"


@pages.route(paths.FEEDS, public=True)
def feeds_page() -> ResponseReturnValue:
    """The feeds, and how to use them."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.FEEDS, *FILTERS)
    _filter, picked = _narrowed(book, where)

    def fields() -> list[BoundField]:
        return [area_field(book, where), theme_field(book, where)]

    return render(
        "doe_mee/feeds.html",
        tabs=tabs(uow.actor, paths.FEEDS),
        filters=filters_part(where, fields, len(picked), book=book, key="doe_mee.feeds"),
        chosen=", ".join(picked),
        feeds=[
            (label, [(kind, _base() + ListPage(f"{paths.FEEDS}/{name}.{kind}", where.values).url()) for kind in KINDS])
            for name, (_of, label, _page) in NAMES.items()
        ],
        calendar_url=_base() + ListPage(CALENDAR_PATH, where.values).url(),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
    )


@pages.route(f"{paths.FEEDS}/<name>.<any(atom, json):kind>", public=True)
def feed(name: str, kind: str) -> ResponseReturnValue:
    """One feed, a page of it."""
    if name not in NAMES:
        raise NotFound
    of, label, page = NAMES[name]
    uow = current_uow()
    book = atlas(uow)
    where = list_page(f"{paths.FEEDS}/{name}.{kind}", *FILTERS)
    filter, picked = _narrowed(book, where)
    cursor = where.values.get("cursor", "")
    found = feed_page(uow, of, filter, PageRequest(limit=ON_A_PAGE, cursor=cursor))
    base = _base()
    entries = [_ENTRIES[of](book, row, base) for row in found.items]
    city = current_platform().config.city.name
    title = _("{what} in {place}", what=label, place=", ".join(picked) or city)
    head = FeedHead(
        title=str(title),
        author=city,
        page=base + ListPage(page, {name: value for name, value in where.values.items() if name in FILTERS and page != paths.DONE}).url(),
        address=base + (where.url(cursor=cursor) if cursor else where.url()),
        first=base + where.url(),
        next=base + where.url(cursor=found.next) if found.next else None,
        changed_at=max((entry.changed_at for entry in entries), default=uow.now.replace(hour=0, minute=0, second=0, microsecond=0)),
        language=current_language(),
    )
    content_type, write = KINDS[kind]
    return Response(write(head, entries), content_type=content_type)


@pages.route(CALENDAR_PATH, public=True)
def agenda() -> ResponseReturnValue:
    """Meetings that come, and the last day of what one can take part in, for a calendar."""
    uow, book, base = current_uow(), atlas(current_uow()), _base()
    where = list_page(CALENDAR_PATH, *FILTERS)
    filter, picked = _narrowed(book, where)
    place = ", ".join(picked) or current_platform().config.city.name
    host = urlsplit(base).hostname or "samen"
    entries = [_meeting(row, base, host) for row in calendar_meetings(uow, filter, MOST_MEETINGS)]
    entries += [_closing(row, base, host) for row in closing_activities(uow, filter)]
    page = base + page_url(paths.HOME)
    written = calendar(str(_("Doe Mee in {place}", place=place)), base + where.url(), page, entries)
    return Response(written, content_type=CALENDAR)


def _narrowed(book: Atlas, where: ListPage) -> tuple[FeedFilter, list[str]]:
    """What the address asks for, and that in words. Raises Invalid for what does not exist."""
    area, theme = area_filter(book, where), theme_filter(book, where)
    themes = (theme.id, *(sub.id for sub in book.subthemes(theme))) if theme else None
    filter = FeedFilter(area_ids=tuple(book.tree.within(area.id)) if area else None, theme_ids=themes)
    return filter, [found.name for found in (area, theme) if found is not None]


def _idea(book: Atlas, row: Any, base: str) -> FeedEntry:
    text = "\n\n".join(part for part in (row.status_text, row.text) if part)
    changed = max(at for at in (row.published_at, row.edited_at, row.status_at) if at is not None)
    tags = _tags(book, row, IDEA_STATUS_LABELS[row.status])
    return _entry(base, (IDEA, row.id), paths.idea(row.slug), (row.title, text), tags, (row.published_at, changed))


def _plan(book: Atlas, row: Any, base: str) -> FeedEntry:
    changed = max(row.published_at, row.finished_at or row.published_at)
    tags = _tags(book, row, PLAN_STATE_LABELS[row.state])
    return _entry(base, (PLAN, row.id), paths.plan(row.slug), (row.title, markdown_text(row.summary)), tags, (row.published_at, changed))


def _done(book: Atlas, row: Any, base: str) -> FeedEntry:
    title = f"{row.plan_title}: {row.title}"
    text = "\n\n".join(markdown_text(part) for part in (row.heard, row.done) if part)
    page = f"{paths.plan(row.plan_slug)}#{row.slug}"
    return _entry(base, (ROUND, row.id), page, (title, text), _tags(book, row, _("Resultaat")), (row.closed_at, row.closed_at))


_ENTRIES: dict[str, Callable[[Atlas, Any, str], FeedEntry]] = {"ideas": _idea, "plans": _plan, "done": _done}


def _entry(
    base: str, thing: tuple[str, Any], path: str, words: tuple[str, str], tags: tuple[str, ...], *moments: tuple[datetime, datetime]
) -> FeedEntry:
    (kind, id), (title, text), ((published, changed),) = thing, words, moments
    address = f"{base}/id/{kind}/{id}"
    return FeedEntry(id=address, page=base + page_url(path), title=title, text=text, tags=tags, published_at=published, changed_at=changed)


def _tags(book: Atlas, row: Any, status: Text) -> tuple[str, ...]:
    area, theme = book.tree.get(row.area_id), book.themes.get(row.theme_id)
    return tuple(name for name in (str(status), area.name if area else "", theme.name if theme else "") if name)


def _meeting(row: Any, base: str, host: str) -> Entry:
    start: Any = city_day(row.start_date) if row.all_day else row.start_date
    end: Any = row.end_date
    if row.all_day:
        end = city_day(row.end_date or row.start_date) + timedelta(days=1)
    return Entry(
        uid=row.ical_uid or f"{row.id}@{host}",
        start=start,
        end=end,
        title=row.name,
        text="\n".join(part for part in (row.summary, str(_("Bij het plan {plan}", plan=row.plan_title))) if part),
        place=row.location,
        page=base + page_url(paths.meeting(row.id)),
        changed_at=row.updated_at,
        version=row.sequence,
        cancelled=row.status == "cancelled",
    )


def _closing(row: Any, base: str, host: str) -> Entry:
    day = city_day(last_moment(row.closes_at))
    page = base + page_url(paths.activity(row.slug))
    return Entry(
        uid=f"{row.id}@{host}",
        start=day,
        end=day + timedelta(days=1),
        title=str(_("Laatste dag: {title}", title=row.title)),
        text="\n".join(part for part in (markdown_text(row.intro), str(_("Bij het plan {plan}", plan=row.plan_title)), page) if part),
        place="",
        page=page,
        changed_at=row.created_at,
        version=row.version,
    )


def _base() -> str:
    return current_platform().config.web.base_url.rstrip("/")

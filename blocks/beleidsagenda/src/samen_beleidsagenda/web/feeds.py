"""Feeds and downloads: the agenda as a calendar to subscribe to, what changed as Atom, and everything as CSV and JSON."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from citycontent.web.api import (
    Atlas,
    ListPage,
    area_field,
    area_filter,
    atlas,
    list_page,
    select_field,
    theme_field,
    theme_filter,
    unknown_filter,
)
from samen_beleidsagenda import paths
from samen_beleidsagenda.periods import Period
from samen_beleidsagenda.queries import feeds
from samen_beleidsagenda.queries.feeds import FeedFilter, Recent
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.services.kinds import BY_NAME, PLANNING_ITEM
from samen_beleidsagenda.services.vevent import summary
from samen_beleidsagenda.web.common import LABEL, pages, tabs
from samen_beleidsagenda.web.downloads import DATA_LABELS
from samen_core.api import CITY_TIME_ZONE, UnitOfWork, _
from samen_core.web.api import BoundField, crumbs, current_platform, current_uow, page_url, render

if TYPE_CHECKING:
    from samen_beleidsagenda.exchange.atom import AtomEntry
    from samen_beleidsagenda.models import Entry

CALENDAR = f"{paths.FEEDS}/agenda.ics"
CHANGES = f"{paths.FEEDS}/wijzigingen.atom"
FILTERS = ("thema", "gebied", "dossier", "orgaan")
PAST = timedelta(days=400)
"""How far back a calendar goes."""
ON_A_PAGE = 50
PLACE = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)_([0-9a-f]{32})")
MOST_DOSSIERS = 500


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something in calendars changed last, and the ETag of the asked one that follows from it."""

    changed_at: datetime | None
    tag: str


@pages.route(CALENDAR, public=True, cache=False)
def calendar_feed() -> ResponseReturnValue:
    """The agenda to subscribe to, or the part of it that the address names."""
    if request.if_none_match and request.if_none_match.contains_weak(tag := current_tag()):
        return _finish(Response(status=304), Stamp(None, tag))
    stamp = current_stamp()
    if is_known(stamp):
        return _finish(Response(status=304), stamp)
    uow = current_uow()
    where = list_page(CALENDAR, *FILTERS)
    filter, names = _chosen(uow, where)
    return _finish(calendar_response(uow, filter, stamp, names or str(LABEL), where.url()), stamp)


def calendar_response(uow: UnitOfWork, filter: FeedFilter, stamp: Stamp, names: str, address: str) -> Response:
    """A calendar of what everybody may see and ``filter`` names, called after ``names``; ``address`` is its own path."""
    from samen_beleidsagenda.exchange.ical import MEDIA_TYPE, CalendarHead
    from samen_beleidsagenda.exchange.ical import calendar_feed as pieces

    city, base = uow.platform.config.city, _base()
    head = CalendarHead(
        name=f"{city.short_name or city.name}: {names}",
        description=str(_("Waar {city} aan werkt, wie wanneer besluit, en hoe u kunt meepraten.", city=city.name)),
        source=base + address,
        page=base + page_url(paths.HOME),
        changed_at=stamp.changed_at,
    )
    response = Response(pieces(head, feeds.vevents(uow, filter, today(uow) - PAST)), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = 'inline; filename="beleidsagenda.ics"'
    return response


@pages.route(CHANGES, public=True)
def changes_feed() -> ResponseReturnValue:
    """What changed on the agenda, newest first, fifty at a time."""
    from samen_beleidsagenda.exchange.atom import MEDIA_TYPE, AtomHead, atom_feed

    uow = current_uow()
    after = _place(request.args.get("na", ""))
    rows = feeds.recent_changes(uow, after, ON_A_PAGE)
    shown = rows[:ON_A_PAGE]
    base, first = _base(), _base() + page_url(CHANGES)
    more = f"{first}?na={_place_of(shown[-1])}" if len(rows) > ON_A_PAGE else None
    head = AtomHead(
        title=str(_("Beleidsagenda van {city}: wat er veranderde", city=uow.platform.config.city.name)),
        author=uow.platform.config.city.name,
        page=base + page_url(paths.HOME),
        address=f"{first}?na={request.args['na']}" if after else first,
        first=first,
        next=more,
        changed_at=shown[0].changed_at if shown else uow.now,
    )
    moments = feeds.entries(uow, [row.id for row in shown])
    return Response(atom_feed(head, [_change(row, moments.get(row.id), base) for row in shown]), content_type=MEDIA_TYPE)


@pages.route(paths.FEEDS, public=True)
def feeds_page() -> ResponseReturnValue:
    """All feeds and downloads, and how to use them."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.FEEDS, *FILTERS)
    filter, names = _chosen(uow, where)
    feed = ListPage(CALENDAR, where.values)
    return render(
        "beleidsagenda/feeds.html",
        tabs=tabs(uow.actor, paths.FEEDS),
        fields=_fields(uow, book, where),
        action=page_url(paths.FEEDS),
        chosen=names,
        calendar_url=_base() + feed.url(),
        webcal_url="webcal://" + (_base() + feed.url()).partition("://")[2],
        is_filtered=filter != FeedFilter(),
        changes_url=_base() + page_url(CHANGES),
        data=[
            (label, text, page_url(f"{paths.FEEDS}/{name}.csv"), page_url(f"{paths.FEEDS}/{name}.json"))
            for name, (label, text) in DATA_LABELS.items()
        ],
        ori_url=_base() + paths.ORI,
        openapi_url=_base() + "/api/v1/openapi.json",
        following_url=page_url(paths.FOLLOWING),
        breadcrumbs=crumbs((LABEL, paths.HOME), (_("Abonneren en gegevens"), None)),
    )


def current_tag() -> str:
    """The ETag of the calendar that was asked for: from what changed last, the day, the software and the address."""
    platform = current_platform()
    day = platform.clock().astimezone(CITY_TIME_ZONE).date()
    facts = (platform.build, *feeds.stamp(platform), day, request.script_root, request.full_path)
    return hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()[:24]


def current_stamp() -> Stamp:
    """The stamp of the calendar that was asked for. Two statements."""
    return Stamp(feeds.last_change(current_uow()), current_tag())


def is_known(stamp: Stamp) -> bool:
    """Whether the reader has this calendar already; its ETag counts, the date only without one (RFC 9110 §13.2.2)."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(stamp.tag)
    since = request.if_modified_since
    return since is not None and stamp.changed_at is not None and stamp.changed_at.replace(microsecond=0) <= since


def _finish(response: Response, stamp: Stamp) -> Response:
    response.set_etag(stamp.tag, weak=True)
    if stamp.changed_at is not None:
        response.last_modified = stamp.changed_at
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _base() -> str:
    return current_platform().config.web.base_url.rstrip("/")


def _chosen(uow: UnitOfWork, where: ListPage) -> tuple[FeedFilter, str]:
    """What the address narrows the feed to, and its name. Raises Invalid for what does not exist."""
    if not where.values:
        return FeedFilter(), ""
    book = atlas(uow)
    area, theme = area_filter(book, where), theme_filter(book, where)
    dossier = body = None
    if slug := where.values.get("dossier"):
        dossier = feeds.public_dossier(uow, slug)
        if dossier is None:
            raise unknown_filter()
    if slug := where.values.get("orgaan"):
        body = next((body for body in feeds.bodies(uow) if body.slug == slug), None)
        if body is None:
            raise unknown_filter()
    filter = FeedFilter(
        theme_id=theme.id if theme else None,
        area_ids=book.tree.within(area.id) if area else None,
        dossier_id=dossier.id if dossier else None,
        body_id=body.id if body else None,
    )
    named = (dossier.title if dossier else "", theme.name if theme else "", area.name if area else "", body.name if body else "")
    return filter, ", ".join(name for name in named if name)


def _fields(uow: UnitOfWork, book: Atlas, where: ListPage) -> list[BoundField]:
    bodies = [(body.slug, body.name) for body in feeds.bodies(uow)]
    dossiers = [(row.slug, row.title) for row in feeds.dossiers_by_title(uow, MOST_DOSSIERS)]
    return [
        theme_field(book, where),
        area_field(book, where),
        select_field(where, "orgaan", _("Wie besluit"), bodies, _("Iedereen")),
        select_field(where, "dossier", _("Dossier"), dossiers, _("Alle dossiers")),
    ]


def _place(text: str) -> Recent | None:
    """Where the list of changes goes on. Raises Invalid for what this feed never gave."""
    if not text:
        return None
    if not (found := PLACE.fullmatch(text)):
        raise unknown_filter()
    try:
        return Recent(datetime.strptime(found[1], "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC), uuid.UUID(found[2]))
    except ValueError:
        raise unknown_filter() from None


def _place_of(row: Any) -> str:
    return f"{row.changed_at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}_{row.id.hex}"


def _change(row: Any, moment: Entry | None, base: str) -> AtomEntry:
    from samen_beleidsagenda.exchange.atom import AtomEntry

    if moment is None:
        kind = BY_NAME[row.type]
        return AtomEntry(
            id=f"{base}/id/{kind.name}/{row.id}",
            page=base + kind.path(row),
            title=row.title,
            text=row.text,
            kind=str(kind.label),
            changed_at=row.changed_at,
        )
    is_meeting = moment.kind == "meeting"
    return AtomEntry(
        id=f"{base}/id/{'event' if is_meeting else PLANNING_ITEM.name}/{row.id}",
        page=base + moment.path,
        title=summary(moment),
        text=str(Period(moment.start_date, moment.end_date, moment.precision)),
        kind=str(_("Vergadering") if is_meeting else PLANNING_ITEM.label),
        changed_at=row.changed_at,
    )

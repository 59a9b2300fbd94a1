"""Rows, cards and lines that several pages show, made of rows of the database."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from citycontent.models.event import EVENT_STATUSES
from citycontent.paths import page
from citycontent.queries.addresses import Prefixed, postcode_line, street_line
from citycontent.schemas.event import EVENT_STATUS_LABELS
from citycontent.schemas.organization import SECTOR_LABELS
from citycontent.schemas.project import PROJECT_STATUS_LABELS
from citycontent.web.atlas import Atlas, area_path
from citycontent.web.dates import period, when
from samen_core.api import Text, _
from samen_core.web.api import Row, page_url

Label = Text | str
PROJECT_KINDS = {"idea": "neutral", "preparation": "info", "execution": "warm", "completed": "success", "stopped": "neutral"}
EVENT_KINDS = {"tentative": "neutral", "rescheduled": "warning", "postponed": "warning", "cancelled": "danger"}
UNUSUAL = tuple(status for status in EVENT_STATUSES if status != "confirmed")


@dataclass(frozen=True, slots=True)
class Link:
    """A link: what it says and its complete address."""

    label: Label
    url: str


@dataclass(slots=True)
class Role:
    """A post or role in an organisation and who has it; nobody when it is vacant."""

    label: Label
    portfolio: str = ""
    people: list[Link] = field(default_factory=list)


def thing_link(type: str, name: str | None, slug: str | None) -> Link | None:
    """A link to another thing; None without one."""
    return Link(name, page_url(page(type, slug))) if name and slug else None


def area_links(book: Atlas, ids: Iterable[uuid.UUID | None]) -> list[Link]:
    """Links to areas of the current division, by name."""
    areas = (book.tree.get(id) for id in ids)
    return sorted((Link(area.name, page_url(area_path(area))) for area in areas if area), key=lambda link: str(link.label))


def theme_links(book: Atlas, ids: Iterable[uuid.UUID]) -> list[Link]:
    """Links to themes, by name."""
    found = {id: book.themes[id] for id in ids if id in book.themes}
    return [Link(theme.name, page_url(theme.path)) for theme in book.themes.values() if theme.id in found]


def area_name(book: Atlas, id: uuid.UUID | None) -> str:
    """The name of an area; empty when it is unknown."""
    area = book.tree.get(id)
    return area.name if area else ""


def address_lines(row: Any) -> list[str]:
    """The lines of the address that came with a row as ``address_…``; none without one."""
    if row.address_id is None:
        return []
    address = Prefixed(row, "address_")
    return [line for line in (street_line(address), postcode_line(address)) if line]


def place_lines(row: Any) -> list[str]:
    """Where an event is: its place, then its address as far as the place does not name it already."""
    lines = [line for line in address_lines(row) if line not in row.location]
    return [row.location, *lines] if row.location else lines


def organization_row(book: Atlas, row: Any) -> Row:
    """An organisation in a list."""
    meta: list[tuple[str, Label]] = []
    if row.classification:
        meta.append(("tag", capital(row.classification)))
    if area := area_name(book, row.area_id):
        meta.append(("map-pin", area))
    url = page_url(page("organization", row.slug))
    return Row(row.name, url, row.abstract, sector=_sector(row.sector), meta=tuple(meta))


def project_row(book: Atlas, row: Any, area_ids: Iterable[uuid.UUID] = ()) -> Row:
    """A project in a list."""
    meta: list[tuple[str, Label]] = []
    if names := sorted(name for name in (area_name(book, id) for id in area_ids) if name):
        meta.append(("map-pin", ", ".join(names[:3]) + (" …" if len(names) > 3 else "")))
    if time := period(row.start_date, row.end_date):
        meta.append(("calendar-days", time))
    badge = (PROJECT_STATUS_LABELS[row.status], PROJECT_KINDS[row.status])
    return Row(row.name, page_url(page("project", row.slug)), row.summary, badges=(badge,), meta=tuple(meta))


def event_row(book: Atlas, row: Any) -> Row:
    """An event in a list."""
    meta: list[tuple[str, Label]] = [("calendar-days", when(row.start_date, row.end_date, all_day=row.all_day))]
    if place := row.location or area_name(book, row.area_id):
        meta.append(("map-pin", place))
    badges = ((EVENT_STATUS_LABELS[row.status], EVENT_KINDS[row.status]),) if row.status in UNUSUAL else ()
    return Row(row.name, page_url(page("event", row.slug)), row.summary, badges=badges, meta=tuple(meta))


def roles(rows: Sequence[Any]) -> list[Role]:
    """The people of an organisation as :func:`citycontent.queries.memberships.people_of` gives them: by post, then by role."""
    posts: dict[Any, Role] = {}
    others: dict[str, Role] = {}
    for row in rows:
        if row.post_id is not None:
            role = posts.setdefault(row.post_id, Role(row.post_label, row.portfolio))
        else:
            label = row.label or row.role
            role = others.setdefault(label.casefold(), Role(capital(label) or _("Lid")))
        if row.slug:
            role.people.append(Link(row.name, page_url(page("person", row.slug))))
    return [*posts.values(), *others.values()]


def role_name(row: Any) -> str:
    """What somebody is in an organisation: the post, else the role in words; empty for a plain member."""
    return capital(row.post_label or row.label or row.role)


def capital(text: str) -> str:
    """The text with a capital in front, whatever follows."""
    return text[:1].upper() + text[1:]


def person_row(row: Any, current: Sequence[Any]) -> Row:
    """A person in a list, with what he or she is today."""
    roles = tuple(("briefcase-business", f"{role_name(role)}, {role.name}" if role_name(role) else role.name) for role in current[:3])
    return Row(row.name, page_url(page("person", row.slug)), row.summary, meta=roles)


def role_row(row: Any) -> Row:
    """A role of a person on his or her page: the organisation, what one is there and since when."""
    meta: tuple[tuple[str, Label], ...] = (("calendar-days", time),) if (time := period(row.start_date, row.end_date)) else ()
    # An organisation that is gone keeps its name here, but has no page any more.
    url = page_url(page("organization", row.slug)) if row.organization_state == "active" else ""
    return Row(row.name, url, role_name(row) or _("Lid"), sector=_sector(row.sector), meta=meta)


def _sector(code: str) -> tuple[str, Label]:
    return code, SECTOR_LABELS[code]


def split_events(book: Atlas, rows: Sequence[Any], now: datetime) -> tuple[list[Row], list[Row]]:
    """Events that come latest first, as rows: what is to come (soonest first) and what is over (latest first)."""
    coming = [row for row in rows if (row.end_date or row.start_date) >= now]
    past = [row for row in rows if (row.end_date or row.start_date) < now]
    return [event_row(book, row) for row in reversed(coming)], [event_row(book, row) for row in past]

"""What the city database puts on pages of others: the home page and the account page."""

from __future__ import annotations

from datetime import timedelta

from citycontent.paths import page
from citycontent.queries import events, projects
from citycontent.queries.events import EventFilter
from citycontent.queries.projects import ProjectFilter
from citycontent.schemas import PROJECT_STATUS_LABELS, SECTOR_LABELS, FindNeighbourhoodSchema
from citycontent.settings import days_ahead
from citycontent.web import areas, calendar, my_area, own_person, parts
from citycontent.web.atlas import atlas
from citycontent.web.dates import when
from samen_core.api import PageRequest, UnitOfWork, _, capacities, cards
from samen_core.web.api import BoundForm, Card, Row, SlotFill, page_url, render_part

MOST_EVENTS = 4
MOST_CARDS = 3


def near(_uow: UnitOfWork) -> str:
    """The form of "mijn buurt"."""
    form = BoundForm(FindNeighbourhoodSchema)
    return render_part("citycontent/near.html", form=form, action=page_url(my_area.PATH))


def city_map(uow: UnitOfWork) -> str | None:
    """The map of the wijken."""
    book = atlas(uow)
    return areas.city_map(book) if book.wijken else None


def next_events(uow: UnitOfWork) -> str | None:
    """The first events of the coming days."""
    chosen = EventFilter(period="upcoming", end=uow.now + timedelta(days=days_ahead(uow)))
    found = events.list_events(uow, chosen, PageRequest(limit=MOST_EVENTS), with_count=False).items
    book = atlas(uow)
    return render_part("citycontent/rows.html", rows=[parts.event_row(book, row) for row in found]) if found else None


def join(uow: UnitOfWork) -> str | None:
    """Projects in preparation, where something can still change, each with its next event when there is one."""
    found = projects.list_projects(
        uow, ProjectFilter(status="preparation"), PageRequest(limit=MOST_CARDS), order="newest", with_count=False
    ).items
    if not found:
        return None
    planned = events.next_of_projects(uow, [row.id for row in found])
    shown = []
    for row in found:
        event = planned.get(row.id)
        date = _("{event}: {when}", event=event.name, when=when(event.start_date, None, all_day=event.all_day)) if event else ""
        status = PROJECT_STATUS_LABELS[row.status]
        shown.append(Card(row.name, page_url(page("project", row.slug)), row.summary, date, status, parts.PROJECT_KINDS[row.status]))
    return render_part("citycontent/cards.html", cards=shown)


def my_organizations(uow: UnitOfWork) -> str | None:
    """The organisations that one may act for."""
    if uow.actor.account_id is None:
        return None
    found = capacities(uow)
    known = cards(uow, (capacity.subject_id for capacity in found))
    rows = [
        Row(capacity.title, page_url(card.url), capacity.role, sector=(capacity.sector, SECTOR_LABELS[capacity.sector]))
        for capacity in found
        if (card := known.get(capacity.subject_id))
    ]
    return render_part("citycontent/my_organizations.html", rows=rows, list_url=page_url("/organisaties"))


SLOTS = (
    SlotFill("home.near", near, order=10),
    SlotFill("home.join", join, order=50, more="/projecten?status=preparation"),
    SlotFill("home.map", city_map, order=10, more=areas.PATH),
    SlotFill("home.agenda", next_events, order=10, more=calendar.PATH),
    SlotFill("account.overview", own_person.linked, order=40),
    SlotFill("account.overview", my_organizations, order=50),
)

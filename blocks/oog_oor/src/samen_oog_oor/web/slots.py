"""Oog & Oor on pages of others: on the front page, at an area, and at the organisation that cases are at."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from citycontent.web.api import ListPage, atlas
from samen_core.api import Page, PageRequest, Text, UnitOfWork, _, format_date
from samen_core.web.api import Card, SlotFill, page_url, render_part
from samen_oog_oor import paths
from samen_oog_oor.labels import STATE_BADGES, STATE_LABELS
from samen_oog_oor.queries import public
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.public import PublicFilter
from samen_oog_oor.services.own_signals import own_signals
from samen_oog_oor.settings import CASE_DAYS, number
from samen_oog_oor.web import case_parts
from samen_oog_oor.web.cases import DEVICE, KEPT
from samen_oog_oor.web.receipt import own_rows
from samen_oog_oor.working_days import city_day, today

SHOWN = 3
LATELY = timedelta(days=60)


def propose(_uow: UnitOfWork, **_values: Any) -> str:
    """The button to report something, on the front page."""
    return render_part("oog_oor/slots/propose.html", url=page_url(paths.REPORT))


def solved(uow: UnitOfWork, **_values: Any) -> str | None:
    """What was solved lately, on the front page."""
    rows = public.lately_solved(uow, None, today(uow) - LATELY, SHOWN)
    if not rows:
        return None
    cards = [
        Card(
            row.title,
            page_url(paths.case(row.number)),
            case_parts.short(row.answer),
            _("Opgelost op {day}", day=format_date(city_day(row.closed_at))),
            STATE_LABELS[row.state],
            STATE_BADGES[row.state],
        )
        for row in rows
    ]
    return render_part("oog_oor/slots/solved.html", cards=cards)


def of_area(uow: UnitOfWork, subject_id: uuid.UUID, **_values: Any) -> str | None:
    """What was reported in a wijk or buurt. Two statements."""
    area = atlas(uow).tree.get(subject_id)
    if area is None:
        return None
    page = _first(uow, PublicFilter(area_ids=atlas(uow).tree.within(area.id)))
    more = ListPage(paths.CASES, {"gebied": area.slug}).url() if page.items else None
    return _part(uow, _("Wat is hier gemeld?"), page, more, page_url(paths.REPORT))


def of_organization(uow: UnitOfWork, subject_id: uuid.UUID, **_values: Any) -> str | None:
    """What an organisation works at. Two statements."""
    page = _first(uow, PublicFilter(organization_id=subject_id))
    if not page.items:
        return None
    more = ListPage(paths.CASES, {"organisatie": page.items[0].organization_slug}).url()
    return _part(uow, _("Wat er uit de buurt gemeld is"), page, more, None)


def _first(uow: UnitOfWork, filter: PublicFilter) -> Page[Any]:
    return public.list_public(uow, filter, PageRequest(limit=SHOWN), with_count=False)


def _part(uow: UnitOfWork, title: Text, page: Page[Any], more_url: str | None, report_url: str | None) -> str:
    rows = case_parts.case_rows(atlas(uow), category_tree(uow), page.items, today(uow))
    return render_part("oog_oor/slots/cases.html", title=title, rows=rows, more_url=more_url, report_url=report_url)


def of_account(uow: UnitOfWork, **_values: Any) -> str | None:
    """The newest signals of who is logged in. Two statements."""
    found = own_signals(uow, PageRequest(limit=SHOWN))
    if not found.items:
        return None
    return render_part("oog_oor/slots/own.html", rows=own_rows(uow, found.items), more_url=page_url(paths.OWN))


def kept_of_reporters(uow: UnitOfWork, **_values: Any) -> str:
    """What is kept of a reporter, here and in their browser, on the privacy page."""
    return render_part("oog_oor/slots/kept.html", cookie=DEVICE, days=KEPT.days, address_days=number(uow, CASE_DAYS))


PUBLIC_SLOTS = (
    SlotFill("home.propose", propose, order=20),
    SlotFill("home.done", solved, order=60, more=f"{paths.CASES}?staat=resolved"),
    SlotFill("account.overview", of_account, order=40),
    SlotFill("privacy.kept", kept_of_reporters, order=40),
    SlotFill("subject.main", of_area, order=60, subject_types=("area",)),
    SlotFill("subject.main", of_organization, order=60, subject_types=("organization",)),
)

"""Doe Mee on pages of others: the front page, areas, themes, projects and organisations, and one's account."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from citycontent.web.api import ListPage, atlas
from samen_core.api import UnitOfWork, _, format_date
from samen_core.web.api import Card, SlotFill, page_url, render_part
from samen_doe_mee import paths
from samen_doe_mee.models import Idea, Plan
from samen_doe_mee.queries import overview
from samen_doe_mee.queries.own import has_own
from samen_doe_mee.services.kinds import IDEA, PLAN
from samen_doe_mee.services.lateness import city_day
from samen_doe_mee.services.plans import is_public
from samen_doe_mee.web import overview_parts as parts

MOST_CARDS = 3
MOST_ROWS = 4
TYPES = ("area", "theme", "project", "organization")


def join(uow: UnitOfWork, **_values: Any) -> str | None:
    """What one can take part in now, the first that closes in front. One statement."""
    found = overview.open_activities(uow, MOST_CARDS, without=parts.ENTERED)
    return _cards([parts.activity_card(uow, row) for row in found])


def propose(_uow: UnitOfWork, **_values: Any) -> str:
    """The button for an idea. No SQL."""
    return render_part("doe_mee/slots/propose.html", url=page_url(paths.NEW_IDEA))


def done(uow: UnitOfWork, **_values: Any) -> str | None:
    """What was done with what people said. One statement."""
    found = overview.latest_done(uow, MOST_CARDS)
    return _cards(
        [
            Card(
                row.plan_title,
                page_url(paths.plan(row.plan_slug)) + f"#{row.slug}",
                parts.short(row.done or row.heard),
                format_date(city_day(row.closed_at)),
                _("Resultaat"),
                "success",
            )
            for row in found
        ]
    )


def about(uow: UnitOfWork, subject_id: uuid.UUID, subject_type: str, **_values: Any) -> str | None:
    """Plans and ideas about a thing; about a neighbourhood or theme with a way to propose something. Two statements besides the atlas."""
    book = atlas(uow)
    ids: Iterable[uuid.UUID] = book.tree.within(subject_id) if subject_type == "area" else (subject_id,)
    plans = overview.plans_about(uow, subject_type, ids, MOST_ROWS)
    ideas = overview.ideas_about(uow, subject_type, ids, MOST_ROWS)
    places = {"area": ("gebied", book.tree.get(subject_id)), "theme": ("thema", book.themes.get(subject_id))}
    name, place = places.get(subject_type, ("", None))
    if not plans and not ideas and place is None:
        return None
    return render_part(
        "doe_mee/slots/about.html",
        plans=[parts.plan_row(uow, book, row) for row in plans],
        ideas=[parts.idea_row(uow, book, row) for row in ideas],
        more_url=ListPage(paths.NEAR_ME, {name: place.slug}).url() if place is not None and (plans or ideas) else None,
        idea_url=page_url(paths.NEW_IDEA) if place is not None else None,
    )


def of_account(uow: UnitOfWork, **_values: Any) -> str | None:
    """The way to what is one's own, for who has something there. One statement."""
    if uow.actor.account_id is None or not has_own(uow, uow.actor.account_id):
        return None
    return render_part("doe_mee/slots/own.html", url=page_url(paths.OWN))


def share(uow: UnitOfWork, subject_id: uuid.UUID, subject_type: str, **_values: Any) -> str | None:
    """The way to tell others, on the page of an idea or plan that is there for everybody. No SQL: the page has read the thing itself."""
    if subject_type == IDEA:
        idea = uow.session.get(Idea, subject_id)
        path = paths.idea(idea.slug, "deel") if idea is not None and idea.state == "published" else ""
    else:
        plan = uow.session.get(Plan, subject_id)
        path = paths.plan(plan.slug, "deel") if plan is not None and is_public(plan) else ""
    return render_part("doe_mee/slots/share.html", url=page_url(path)) if path else None


def _cards(cards: list[Card]) -> str | None:
    return render_part("doe_mee/slots/cards.html", cards=cards) if cards else None


SLOTS = (
    SlotFill("home.join", join, order=20, more=paths.HOME),
    SlotFill("home.propose", propose, order=10),
    SlotFill("home.done", done, order=20, more=paths.DONE),
    SlotFill("account.overview", of_account, order=25),
    SlotFill("subject.aside", share, order=90, subject_types=(IDEA, PLAN)),
    SlotFill("subject.main", about, order=35, subject_types=TYPES),
)

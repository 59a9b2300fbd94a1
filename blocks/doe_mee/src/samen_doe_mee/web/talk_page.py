"""What the pages of activities with contributions share: the form, sending it, and what others said."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import ListPage, in_words, list_page
from samen_core.api import Count, Invalid, UnitOfWork, _
from samen_core.web.api import Received, page_url, receive_files
from samen_doe_mee import paths
from samen_doe_mee.services.activities import Placed
from samen_doe_mee.services.talks import NOT_PUBLIC, is_open, talk_of, talk_to_join, total_of
from samen_doe_mee.web.activity_types.shape import Refused
from samen_inbreng.api import Activity as Talk
from samen_inbreng.api import ContributionFilter, Given, list_contributions
from samen_inbreng.web.api import GiveForm, acts_for, contribution_views, give, give_form, give_schema, thank_for

ORDERS = {"": "newest", "gesteund": "supported", "wacht": "oldest"}
SORTS = (("", _("Nieuwste eerst")), ("gesteund", _("Meeste steun")), ("wacht", _("Wacht op antwoord")))


def show_reactions(uow: UnitOfWork, placed: Placed, refused: Refused | None) -> dict[str, Any]:
    """The form, and a page of what others said."""
    talk = talk_of(uow, placed.activity)
    return {"give": the_form(uow, placed, talk, refused), **what_was_said(uow, placed, talk)}


def receive_reaction(uow: UnitOfWork, placed: Placed) -> Received:
    """The form as it was sent, with its files."""
    return receive_files(uow, give_schema(uow, open_talk(uow, placed)))


def send_reaction(uow: UnitOfWork, placed: Placed, received: Received) -> ResponseReturnValue:
    """Contribute, and go to the receipt."""
    return receipt(uow, placed, contribute_here(uow, placed, received))


def contribute_here(uow: UnitOfWork, placed: Placed, received: Received) -> Given:
    """Contribute what the form says; the worker counts that somebody took part (services/talk_events.py). Raises Invalid and Gone."""
    talk = open_talk(uow, placed)
    # Where it came from is kept by who hears of every contribution (hooks.py), whichever way it came in.
    return give(uow, talk, received, give_schema(uow, talk))


def receipt(uow: UnitOfWork, placed: Placed, given: Given) -> ResponseReturnValue:
    """Go to the page that thanks, with the code of the receipt in a cookie."""
    talk = open_talk(uow, placed)
    return thank_for(talk.slug, given, paths.activity(placed.activity.slug, "bedankt"))


def open_talk(uow: UnitOfWork, placed: Placed) -> Talk:
    """The activity of inbreng behind an activity. Raises Invalid as long as the plan is a draft."""
    talk = talk_to_join(uow, placed.activity)
    if talk is None:
        raise Invalid(NOT_PUBLIC)
    return talk


def the_form(uow: UnitOfWork, placed: Placed, talk: Talk | None, refused: Refused | None, part: str = "") -> GiveForm | None:
    """The form, empty or as it was typed; None when one cannot take part now or has to log in first."""
    if talk is None or not is_open(uow, talk) or (talk.access == "logged_in" and uow.actor.is_anonymous):
        return None
    received, errors = (refused.received, refused.errors) if refused else (None, None)
    action = paths.activity(placed.activity.slug) + part
    return give_form(uow, talk, action, received=received, errors=errors, acts_for=acts_for())


def what_was_said(uow: UnitOfWork, placed: Placed, talk: Talk | None) -> dict[str, Any]:
    """A page of what was said, newest first or in the order that was asked."""
    where = the_list(placed)
    if talk is None:
        return {"contributions": [], "total": 0, "sorts": [], "list_url": page_url(where.path), "previous_url": None, "next_url": None}
    order = where.values.get("volgorde", "")
    waiting = order == "wacht"
    chosen = ContributionFilter(activity_id=talk.id, waiting=waiting)
    found = list_contributions(uow, chosen, where.request(), order=ORDERS.get(order, "newest"))
    total = total_of(uow, talk)
    return {
        "contributions": contribution_views(uow, talk, found.items),
        "total": total,
        "count": None if waiting else in_words(Count(total), _("reactie"), _("reacties")),
        "sorts": where.sorts("volgorde", SORTS) if total > 1 else [],
        "list_url": page_url(where.path),
        **where.pager(found),
    }


def the_list(placed: Placed, *names: str) -> ListPage:
    """The address of the page with what was chosen in it; after a form was refused nothing is."""
    path = paths.activity(placed.activity.slug)
    return list_page(path, "volgorde", *names) if request.method == "GET" else ListPage(path, {})

"""A text to react to: the paragraphs with how much was said about each, the form at the one that was chosen, and what others said."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from citycontent.web.api import in_words
from samen_core.api import Count, Invalid, Order, PageRequest, SortKey, UnitOfWork, _, fetch_page
from samen_core.web.api import BoundField, Option, Received, page_url
from samen_doe_mee import paths
from samen_doe_mee.models import Paragraph, Remark
from samen_doe_mee.services.activities import Placed
from samen_doe_mee.services.paragraphs import NOT_IN_TEXT, paragraphs_of, remark
from samen_doe_mee.services.talks import talk_of
from samen_doe_mee.web.activity_types.shape import EntryPart, Refused, TypePage
from samen_doe_mee.web.desk_links import links_of_talk
from samen_doe_mee.web.talk_page import contribute_here, receipt, receive_reaction, the_form, the_list, what_was_said
from samen_inbreng.api import Activity as Talk
from samen_inbreng.api import Contribution, ContributionFilter, list_contributions
from samen_inbreng.web.api import contribution_views

CHOSEN = "alinea"
_R = Remark.__table__.c
_NEWEST = Order("doe_mee.remarks.newest", SortKey(_R.contribution_id, descending=True))


def show_text(uow: UnitOfWork, placed: Placed, refused: Refused | None) -> dict[str, Any]:
    """The text; at the paragraph that was chosen the form and what was said about it, else both about the whole."""
    talk = talk_of(uow, placed.activity)
    everything = paragraphs_of(uow, placed.activity.id, gone=True)
    chosen = _chosen(everything)
    part = f"?{CHOSEN}={chosen.id}" if chosen else ""
    return {
        "paragraphs": [one for one in everything if one.removed_at is None],
        "gone": [one for one in everything if one.removed_at is not None and one.reactions],
        "chosen": chosen,
        "paragraph_url": f"{page_url(paths.activity(placed.activity.slug))}?{CHOSEN}=",
        "give": the_form(uow, placed, talk, refused, part),
        **(_about(uow, placed, talk, chosen) if chosen is not None else what_was_said(uow, placed, talk)),
    }


def send_text(uow: UnitOfWork, placed: Placed, received: Received) -> ResponseReturnValue:
    """Contribute, about the paragraph that was chosen."""
    given = contribute_here(uow, placed, received)
    keep_remark(uow, placed, given.contribution, request.args.get(CHOSEN, ""))
    return receipt(uow, placed, given)


def keep_remark(uow: UnitOfWork, placed: Placed, contribution: Contribution, id: str) -> None:
    """Keep which paragraph it is about; nothing for the whole text. Raises Invalid for a paragraph that is not there."""
    if not id:
        return
    chosen = next((one for one in paragraphs_of(uow, placed.activity.id) if str(one.id) == id), None)
    if chosen is None:
        raise Invalid(NOT_IN_TEXT)
    remark(uow, chosen, contribution.id)


def entry_field(uow: UnitOfWork, placed: Placed) -> BoundField:
    """Which paragraph it is about, for staff who enters it."""
    sent = request.form.get(CHOSEN, "")
    options = [Option("", _("De hele tekst"), f"f-{CHOSEN}", sent == "")]
    for one in paragraphs_of(uow, placed.activity.id):
        words = one.heading or one.text[:60]
        options.append(Option(str(one.id), f"{one.position + 1}. {words}", f"f-{CHOSEN}-{one.position}", sent == str(one.id)))
    return BoundField(CHOSEN, f"f-{CHOSEN}", _("Over welke alinea?"), "", "select", sent, options=tuple(options))


def entered(uow: UnitOfWork, placed: Placed, contribution: Contribution) -> None:
    """Keep which paragraph was chosen at entering."""
    keep_remark(uow, placed, contribution, request.form.get(CHOSEN, ""))


def _chosen(everything: list[Paragraph]) -> Paragraph | None:
    asked = request.args.get(CHOSEN, "")
    return next((one for one in everything if str(one.id) == asked), None) if asked else None


def _about(uow: UnitOfWork, placed: Placed, talk: Talk | None, chosen: Paragraph) -> dict[str, Any]:
    """A page of what was said about one paragraph, newest first."""
    where = the_list(placed, CHOSEN)
    mine = select(_R.contribution_id).where(_R.paragraph_id == chosen.id)
    page = fetch_page(uow.session, mine, _NEWEST, where.request())
    ids = tuple(row.contribution_id for row in page.items)
    rows: list[Any] = []
    if talk is not None and ids:
        found = list_contributions(uow, ContributionFilter(activity_id=talk.id, ids=ids), PageRequest(limit=len(ids)))
        order = {id: at for at, id in enumerate(ids)}
        rows = sorted(found.items, key=lambda row: order[row.id])
    return {
        "contributions": contribution_views(uow, talk, rows) if talk is not None else [],
        "total": chosen.reactions,
        "count": in_words(Count(chosen.reactions), _("reactie"), _("reacties")),
        "sorts": [],
        "list_url": page_url(where.path),
        **where.pager(page),
    }


PAGE = TypePage(
    code="text",
    template="doe_mee/activity_text.html",
    show=show_text,
    receive=receive_reaction,
    send=send_text,
    desk_links=links_of_talk,
    entry=EntryPart(entry_field, entered),
)

"""Reactions on the page of an idea: the form, what others said with the answers to it, and going through it page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import ListPage, in_words, list_page
from samen_core.api import Count, Gone, Invalid, UnitOfWork, _
from samen_core.web.api import current_uow, limit_visitor, page_url, receive_files
from samen_doe_mee import paths
from samen_doe_mee.models import Idea
from samen_doe_mee.services.idea_talk import is_open, may_react, open_talk, talk_of
from samen_doe_mee.services.talks import total_of
from samen_doe_mee.web.common import pages
from samen_doe_mee.web.idea_inside import idea_here, refused, show_again
from samen_inbreng.api import ContributionFilter, list_contributions
from samen_inbreng.web.api import (
    ContributionView,
    GiveForm,
    acts_for,
    contribution_views,
    give,
    give_form,
    give_schema,
    limit_mail,
    thank_for,
)

PART = "reageren"
TIMES, HOUR = 60, 60 * 60
ORDERS = {"": "newest", "gesteund": "supported", "eerste": "oldest"}
SORTS = (("", _("Nieuwste eerst")), ("gesteund", _("Meeste steun")), ("eerste", _("Oudste eerst")))


@dataclass(frozen=True, slots=True)
class TalkView:
    """Reactions as the page of an idea shows them. ``lost`` is what somebody typed when it was too late to send it."""

    give: GiveForm | None
    contributions: Sequence[ContributionView]
    total: int
    count: Any
    sorts: Any
    list_url: str
    previous_url: str | None
    next_url: str | None
    lost: str = ""


def talk_part(uow: UnitOfWork, idea: Idea) -> TalkView | None:
    """What the part about reactions shows; None when nobody ever could react. A constant number of statements."""
    talk = talk_of(uow, idea)
    if talk is None:
        return None
    path = paths.idea(idea.slug)
    where = list_page(path, "volgorde") if request.method == "GET" else ListPage(path, {})
    order = ORDERS.get(where.values.get("volgorde", ""), "newest")
    found = list_contributions(uow, ContributionFilter(activity_id=talk.id), where.request(), order=order)
    total = total_of(uow, talk)
    typed = refused(PART)
    form = None
    if is_open(uow, idea, talk):
        received, errors = (typed.typed, typed.errors) if typed else (None, None)
        form = give_form(uow, talk, paths.idea(idea.slug, PART), received=received, errors=errors, acts_for=acts_for())
    pager = where.pager(found)
    return TalkView(
        give=form,
        contributions=contribution_views(uow, talk, found.items),
        total=total,
        count=in_words(Count(total), _("reactie"), _("reacties")),
        sorts=where.sorts("volgorde", SORTS) if total > 1 else [],
        list_url=page_url(path),
        previous_url=pager["previous_url"],
        next_url=pager["next_url"],
        lost=str(typed.typed.form.get("text", "")) if typed and form is None else "",
    )


@pages.route(paths.idea("<slug>", PART), public=True, cache=False, methods=["POST"])
def react_to_idea(slug: str) -> ResponseReturnValue:
    """React, or see the form as it was typed with everything that is wrong."""
    limit_visitor("doe_mee.react", TIMES, HOUR)
    limit_mail()
    uow = current_uow()
    idea, _code = idea_here(slug, uow)
    if may_react(idea):
        open_talk(uow, idea)
    talk = talk_of(uow, idea)
    if talk is None:
        raise Gone(_("Over dit idee kunt u niets meer zeggen."))
    schema = give_schema(uow, talk)
    received = receive_files(uow, schema)
    try:
        if not is_open(uow, idea, talk):
            raise Gone(_("Over dit idee kunt u niets meer zeggen."))
        given = give(uow, talk, received, schema)
    except (Invalid, Gone) as error:
        uow.rollback()
        return show_again(slug, PART, received, error if isinstance(error, Invalid) else Invalid(error.message or _("Te laat.")))
    return thank_for(talk.slug, given)

"""What somebody follows: the button on pages, one's own overview, and a calendar at a secret address."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from samen_beleidsagenda import paths
from samen_beleidsagenda.permissions import FOLLOW
from samen_beleidsagenda.queries.entries import JOINED, ORDERS
from samen_beleidsagenda.queries.feeds import FeedFilter
from samen_beleidsagenda.queries.following import entry_condition, follow_stamp, follows, has_feed_key, is_followed, latest_news
from samen_beleidsagenda.schemas.participation import FollowSubjectSchema
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.services.following import account_of_key, drop_feed_key, follow, new_feed_key, unfollow
from samen_beleidsagenda.web.common import LABEL, pages
from samen_beleidsagenda.web.feeds import Stamp, calendar_response, current_stamp, is_known
from samen_beleidsagenda.web.moments import entry_row
from samen_core.api import NotFound, SubjectCard, Text, UnitOfWork, _, cards, parse
from samen_core.web.api import SlotFill, crumbs, current_platform, current_uow, go, limit_visitor, page_url, render, render_part, say

TITLE = _("Wat u volgt")
MOST_MOMENTS = 10
MOST_NEWS = 10
WRONG_KEYS, QUARTER = 20, 900
"""Secret addresses that one visitor may try in a quarter of an hour: a key has 256 bits, so this only keeps machines away."""

GROUPS: tuple[tuple[str, Text], ...] = (
    ("dossier", _("Dossiers")),
    ("theme", _("Thema's")),
    ("area", _("Wijken en buurten")),
    ("organization", _("Organen")),
)
PLACES = {"theme": paths.THEMES, "area": paths.AREAS, "organization": paths.BODIES}
"""Where the agenda has its own page of a thing of the city."""


@dataclass(frozen=True, slots=True)
class FollowButton:
    """What ``macros/follow.html`` shows: whether the reader follows the thing, or where to log in for that."""

    subject_id: uuid.UUID
    follows: bool
    back: str
    log_in_url: str


def follow_button(uow: UnitOfWork, subject_id: uuid.UUID, back: str) -> FollowButton:
    """The button on the page at ``back``. One statement; none for who is not logged in."""
    log_in = f"{page_url('/inloggen')}?volgende={page_url(back)}" if uow.actor.is_anonymous else ""
    return FollowButton(subject_id, is_followed(uow, subject_id), back, log_in)


@pages.route(paths.FOLLOWING, permission=FOLLOW)
def following() -> ResponseReturnValue:
    """What one follows, what comes of that, and the address of one's own calendar."""
    return _page(current_uow())


@pages.route(f"{paths.FOLLOWING}/aan", permission=FOLLOW, methods=["POST"])
def start_following() -> ResponseReturnValue:
    """Follow a thing, and back to its page."""
    card = follow(current_uow(), parse(FollowSubjectSchema, request.form))
    say(_("U volgt dit nu. Alles wat u volgt, staat bij elkaar op uw eigen pagina."))
    return go(_back() or _place(card))


@pages.route(f"{paths.FOLLOWING}/uit", permission=FOLLOW, methods=["POST"])
def stop_following() -> ResponseReturnValue:
    """Stop following a thing."""
    unfollow(current_uow(), parse(FollowSubjectSchema, request.form))
    say(_("U volgt dit niet meer."))
    return go(_back() or paths.FOLLOWING)


@pages.route(f"{paths.FOLLOWING}/adres", permission=FOLLOW, methods=["POST"])
def make_address() -> ResponseReturnValue:
    """Make a new secret address; it is shown this once."""
    uow = current_uow()
    return _page(uow, new_feed_key(uow))


@pages.route(f"{paths.FOLLOWING}/adres/weg", permission=FOLLOW, methods=["POST"])
def drop_address() -> ResponseReturnValue:
    """Let the secret address stop to work."""
    drop_feed_key(current_uow())
    say(_("Het geheime adres werkt niet meer."))
    return go(paths.FOLLOWING)


@pages.route(f"{paths.FOLLOWING}/agenda/<key>.ics", public=True, cache=False)
def own_calendar(key: str) -> ResponseReturnValue:
    """The calendar of what somebody follows, for who has its secret address; it holds what everybody may know."""
    uow = current_uow()
    try:
        account_id = account_of_key(uow, key)
    except NotFound:
        limit_visitor("beleidsagenda.own_feed", WRONG_KEYS, QUARTER)
        raise
    known = follow_stamp(uow, account_id)
    stamp = current_stamp()
    stamp = replace(stamp, tag=hashlib.sha256(f"{stamp.tag}\n{known}".encode()).hexdigest()[:24], changed_at=None)
    if is_known(stamp):
        return _private(Response(status=304), stamp)
    response = calendar_response(uow, FeedFilter(follower_id=account_id), stamp, str(TITLE), page_url(paths.own_calendar(key)))
    return _private(response, stamp)


def _private(response: Response, stamp: Stamp) -> Response:
    response.set_etag(stamp.tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _page(uow: UnitOfWork, key: str = "") -> ResponseReturnValue:
    account_id = uow.actor.account_id
    if account_id is None:
        raise NotFound
    shown = cards(uow, follows(uow))
    moments = JOINED.where(entry_condition(account_id), _coming(uow)).order_by(*ORDERS["ending"].forward).limit(MOST_MOMENTS)
    address = current_platform().config.web.base_url.rstrip("/") + page_url(paths.own_calendar(key)) if key else ""
    page = render(
        "beleidsagenda/following.html",
        title=TITLE,
        groups=[(label, [_row(card) for card in shown.values() if card.type == kind]) for kind, label in GROUPS],
        is_empty=not shown,
        moments=[entry_row(row) for row in uow.session.execute(moments)] if shown else [],
        news=_news(uow, account_id) if shown else [],
        address=address,
        webcal=f"webcal://{address.partition('://')[2]}" if address else "",
        has_key=bool(key) or has_feed_key(uow),
        dossiers_url=page_url(paths.DOSSIERS),
        feeds_url=page_url(paths.FEEDS),
        path=page_url(paths.FOLLOWING),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
    )
    # The address is a secret that stands on this answer alone.
    return Response(page, headers={"Cache-Control": "private, no-store"})


def _coming(uow: UnitOfWork) -> ColumnElement[bool]:
    """What is not over and goes on."""
    shown = JOINED.selected_columns
    return (shown.end_date >= today(uow)) & (shown.status != "cancelled")


def _row(card: SubjectCard) -> tuple[SubjectCard, str]:
    """A followed thing, and its page on the agenda; "" when it is gone."""
    return card, page_url(_place(card)) if card.is_live else ""


def _place(card: SubjectCard) -> str:
    base = PLACES.get(card.type)
    return f"{base}/{card.url.rpartition('/')[2]}" if base else card.url


def _news(uow: UnitOfWork, account_id: uuid.UUID) -> list[tuple[str, str, str, datetime, str]]:
    """The dossier with its page, what happened, when and why."""
    found = []
    for change, title, slug in latest_news(uow, account_id, MOST_NEWS):
        said: str | None = uow.platform.registry.first("samen_render_log", str, change=change)
        found.append((title, page_url(paths.dossier(slug)), said or change.sentence, change.at, change.reason))
    return found


def _back() -> str:
    """The page that the form came from, when it is one of the agenda."""
    path = request.form.get("back", "")
    return path if path == paths.HOME or path.startswith(f"{paths.HOME}/") else ""


def of_account(uow: UnitOfWork) -> str | None:
    """The way from the account to what one follows. No SQL."""
    if uow.actor.account_id is None:
        return None
    return render_part("beleidsagenda/slots/of_account.html", url=page_url(paths.FOLLOWING))


FOLLOWING_SLOTS = (SlotFill("account.overview", of_account, order=55),)

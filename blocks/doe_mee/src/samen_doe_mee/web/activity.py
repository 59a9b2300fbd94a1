"""The page on which people take part in an activity, whatever its type: what is asked, the form, what others did, what happens with it."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from samen_core.api import Conflict, Gone, Invalid, UnitOfWork, _
from samen_core.web.api import current_uow, limit_visitor, page_url, render, render_status
from samen_doe_mee import paths
from samen_doe_mee.services.activities import Placed, activity_to_join, visible_activity
from samen_doe_mee.services.activity_types import type_of
from samen_doe_mee.services.talks import talk_of
from samen_doe_mee.web.activity_frame import frame, trail
from samen_doe_mee.web.activity_types import Refused, page_of
from samen_doe_mee.web.common import pages
from samen_inbreng.api import FOLLOW_PATH, contribution_path
from samen_inbreng.web.api import limit_mail, take_sent

ADDRESS = f"{paths.ACTIVITIES}/<slug>"
MOST, HOUR = 60, 60 * 60
"""How often one address may take part in an hour: a library or a school has one address for many people."""


@pages.route(ADDRESS, public=True, cache=False)
def activity_page(slug: str) -> ResponseReturnValue:
    """What is asked, and what was said."""
    uow = current_uow()
    return _show(uow, visible_activity(uow, slug), None)


@pages.route(ADDRESS, public=True, cache=False, methods=["POST"])
def take_part(slug: str) -> ResponseReturnValue:
    """Take part, or see the form as it was typed with everything that is wrong."""
    limit_visitor("doe_mee.take_part", MOST, HOUR)
    limit_mail()
    uow = current_uow()
    placed = activity_to_join(uow, slug)
    page = page_of(placed.activity.type)
    received = page.receive(uow, placed)
    try:
        answer = page.send(uow, placed, received)
        if not isinstance(answer, Refused):
            return answer
        refused = answer
    except (Invalid, Gone, Conflict) as error:
        errors = error.errors if isinstance(error, Invalid) else {}
        refused = Refused(received, errors, error.status, None if isinstance(error, Invalid) else error.message)
    uow.rollback()
    return _show(uow, visible_activity(uow, slug), refused)


@pages.route(f"{ADDRESS}/bedankt", public=True, cache=False)
def thanks_page(slug: str) -> ResponseReturnValue:
    """What happens next, with the code of the receipt: shown once."""
    uow = current_uow()
    placed = visible_activity(uow, slug)
    talk_slug = talk_slug_of(uow, placed)
    sent = take_sent(talk_slug) if talk_slug else None
    number = sent.number if sent else None
    return render(
        "doe_mee/activity_thanks.html",
        **frame(uow, placed),
        number=number,
        code=sent.code if sent else "",
        confirms=bool(sent and sent.confirms),
        url=page_url(contribution_path(talk_slug, number)) if number else None,
        follow_url=page_url(FOLLOW_PATH),
        mail_url=page_url(f"{FOLLOW_PATH}/mail"),
        anonymous=uow.actor.is_anonymous,
        breadcrumbs=trail(placed, _("Bedankt")),
    )


def talk_slug_of(uow: UnitOfWork, placed: Placed) -> str:
    """The address at inbreng of what is behind an activity; "" for a type without."""
    talk = talk_of(uow, placed.activity)
    return talk.slug if talk is not None else ""


def _show(uow: UnitOfWork, placed: Placed, refused: Refused | None) -> ResponseReturnValue:
    activity = placed.activity
    page = page_of(activity.type)
    return render_status(
        refused.status if refused else 200,
        page.template,
        **{
            **frame(uow, placed),
            "outcome": type_of(activity.type).outcome(uow, activity),
            "problem": refused.message if refused else None,
            "breadcrumbs": trail(placed),
            **page.show(uow, placed, refused),
        },
    )

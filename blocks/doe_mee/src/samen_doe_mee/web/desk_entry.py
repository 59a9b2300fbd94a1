"""Entering what somebody else said in an activity: by letter, by phone or in a meeting; several in a row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from citycontent.web.api import FormSpec, Named, Options, area_choices, atlas, send, show, suggestions
from samen_core.api import CITY_TIME_ZONE, LOGGED_IN, Grant, Invalid, NotFound, Text, UnitOfWork, _, form_from_json
from samen_core.web.api import crumbs, current_uow, go, page_url, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.services.activities import Placed, visible_activity
from samen_doe_mee.services.plans import require_work
from samen_doe_mee.services.talks import talk_of
from samen_doe_mee.web.activity_types import page_of
from samen_doe_mee.web.common import DESK, LABEL, pages
from samen_doe_mee.web.desk_links import ENTERERS
from samen_inbreng.api import (
    CHANNEL_LABELS,
    PREFIX,
    Activity,
    EnterContribution,
    EnterContributionSchema,
    Given,
    enter_contribution,
    with_questions,
)
from samen_inbreng.web.api import MARK, check_mark, new_mark

LAST = "doe_mee_entry"
"""In the session: what the next one in a row most likely has in common with the last."""

FROM = ("channel", "received_on", "source")
WHO = ("sector", "organization_id", "name", "email", "wants_mail")
WHERE = ("area_id", "place")


@pages.route(f"{paths.DESK}/activiteiten/<slug>/invoeren", permission=LOGGED_IN, methods=["GET", "POST"])
def desk_activity_enter(slug: str) -> ResponseReturnValue:
    """Enter one reaction, and go on with the next if asked."""
    uow = current_uow()
    placed = visible_activity(uow, slug)
    require_work(uow, placed.plan, *ENTERERS)
    talk = _talk(uow, placed)
    schema = with_questions(EnterContributionSchema, form_from_json(talk.form), asks_text=talk.asks_text, anonymous=True)
    spec = FormSpec(schema, {"organization_id": Named("organization")})
    extra = page_of(placed.activity.type).entry
    channels = [(code, label) for code, label in CHANNEL_LABELS.items() if code != "online"]
    options: Options = {"area_id": area_choices(atlas(uow)), "channel": channels}
    path, mark = paths.desk_activity(slug, "invoeren"), request.form.get(MARK, "")
    nonce, wrong = check_mark(uow, talk.id, mark, "")

    def write(command: EnterContribution) -> str:
        if wrong is not None:
            raise Invalid(wrong)
        given = enter(uow, placed, talk, command, nonce)
        if extra is not None:
            extra.keep(uow, placed, given.contribution)
        again = bool(request.form.get("volgende"))
        session[LAST] = {name: str(getattr(command, name)) for name in ("channel", "received_on", "source", "sector")}
        number, code = given.contribution.number, given.receipt_code
        say(_("Bijdrage {number} is bewaard. De ontvangstcode voor de afzender: {code}", number=number, code=code))
        return path if again else paths.desk_activity(slug)

    answer = show(uow, spec, _first(uow), options) if request.method == "GET" else send(uow, spec, write, options)
    if isinstance(answer, str):
        return go(answer)
    form = answer.form
    words = (*((form["text"],) if talk.asks_text else ()), *(item for item in form.fields if item.name.startswith(PREFIX)))
    groups: list[tuple[Text, Any]] = [
        (_("Wanneer en hoe?"), [form[name] for name in FROM]),
        (_("De bijdrage"), list(words)),
        (_("Wie zegt het?"), [form[name] for name in WHO]),
        (_("Waar gaat het over?"), [*((extra.field(uow, placed),) if extra else ()), *(form[name] for name in WHERE)]),
    ]
    return render_status(
        answer.status,
        "inbreng/enter.html",
        activity=talk,
        form=form,
        groups=groups,
        mark=mark if nonce else new_mark(uow, talk.id),
        mark_name=MARK,
        suggestions=suggestions(uow, spec),
        action=page_url(path),
        cancel_url=page_url(paths.desk_activity(slug)),
        breadcrumbs=entry_trail(placed, _("Voer een bijdrage in")),
    )


def enter(uow: UnitOfWork, placed: Placed, talk: Activity, command: EnterContribution, nonce: str) -> Given:
    """Enter it for who may work at the plan: a colleague needs no role in the city for it. The same form twice is one contribution."""
    activity_id = placed.activity.id
    actor = replace(uow.actor, grants=(*uow.actor.grants, Grant("facilitator", activity_id)))
    with uow.acting(actor):
        try:
            return enter_contribution(uow, talk.id, command, nonce=nonce)
        except IntegrityError:
            uow.rollback()
            return enter_contribution(uow, talk.id, command, nonce=nonce)


def entry_trail(placed: Placed, last: Text) -> list[Any]:
    """The breadcrumbs of a page on which something is entered."""
    activity, plan = placed.activity, placed.plan
    start = ((LABEL, paths.HOME), (DESK, paths.DESK_PLANS), (plan.title, paths.desk_plan(plan.slug)))
    return crumbs(*start, (activity.title, paths.desk_activity(activity.slug)), (last, None))


def _talk(uow: UnitOfWork, placed: Placed) -> Activity:
    talk = talk_of(uow, placed.activity)
    if talk is None or talk.kind != "reactions":
        raise NotFound
    return talk


def _first(uow: UnitOfWork) -> dict[str, Any]:
    last: dict[str, Any] = session.get(LAST, {})
    return {"channel": "meeting", "received_on": str(uow.now.astimezone(CITY_TIME_ZONE).date()), "sector": "citizens", **last}

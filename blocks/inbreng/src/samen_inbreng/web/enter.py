"""The desk: staff enters what came by phone, letter or in a meeting, several in a row."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request, session
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from sqlalchemy.exc import IntegrityError

from citycontent.web.api import FormSpec, Named, Options, area_choices, atlas, send, show, suggestions
from samen_core.api import CITY_TIME_ZONE, Invalid, Text, UnitOfWork, _, form_from_json
from samen_core.web.api import crumbs, current_uow, go, page_url, render_status, say
from samen_inbreng import paths
from samen_inbreng.labels import CHANNEL_LABELS
from samen_inbreng.models import Activity
from samen_inbreng.permissions import ENTER
from samen_inbreng.schemas.contribution import PREFIX, EnterContribution, EnterContributionSchema, with_questions
from samen_inbreng.services.common import find_activity, require
from samen_inbreng.services.contributions import Given
from samen_inbreng.services.entry import enter_contribution
from samen_inbreng.services.guard import check_mark, new_mark
from samen_inbreng.web.activity_page import LABEL
from samen_inbreng.web.common import pages
from samen_inbreng.web.give_form import MARK

LAST = "inbreng_entry"
"""In the session: what the next one in a row most likely has in common with the last."""

FROM = ("channel", "received_on", "source")
WHO = ("sector", "organization_id", "name", "email", "wants_mail")
WHERE = ("area_id", "place")


@pages.route(f"{paths.HOME}/<slug>/invoeren", permission=ENTER, methods=["GET", "POST"])
def enter_page(slug: str) -> ResponseReturnValue:
    """Enter one contribution, and go on with the next if asked."""
    uow = current_uow()
    activity = find_activity(uow, slug)
    require(uow, ENTER, activity)
    spec = FormSpec(_schema(activity), {"organization_id": Named("organization")})
    options: Options = {
        "area_id": area_choices(atlas(uow)),
        "channel": [(code, label) for code, label in CHANNEL_LABELS.items() if code != "online"],
    }
    path, id, mark = paths.activity(slug, "invoeren"), activity.id, request.form.get(MARK, "")
    nonce, wrong = check_mark(uow, id, mark, "")

    def write(command: EnterContribution) -> str:
        if wrong is not None:
            raise Invalid(wrong)
        given = _enter_once(uow, id, command, nonce)
        again = bool(request.form.get("volgende"))
        session[LAST] = {
            "channel": command.channel,
            "received_on": str(command.received_on),
            "source": command.source,
            "sector": command.sector,
        }
        say(
            _(
                "Bijdrage {number} is bewaard. De ontvangstcode voor de afzender: {code}",
                number=given.contribution.number,
                code=given.receipt_code,
            )
        )
        return path if again else paths.contribution(slug, given.contribution.number)

    answer = show(uow, spec, _first(uow), options) if request.method == "GET" else send(uow, spec, write, options)
    if isinstance(answer, str):
        return go(answer)
    form = answer.form
    questions = tuple(item for item in form.fields if item.name.startswith(PREFIX))
    words = (form["text"],) if activity.asks_text else ()
    groups: list[tuple[Text, Any]] = [
        (_("Wanneer en hoe?"), [form[name] for name in FROM]),
        (_("De bijdrage"), [*words, *questions]),
        (_("Wie zegt het?"), [form[name] for name in WHO]),
        (_("Waar gaat het over?"), [form[name] for name in WHERE]),
    ]
    return render_status(
        answer.status,
        "inbreng/enter.html",
        activity=activity,
        form=form,
        groups=groups,
        mark=mark if nonce else new_mark(uow, id),
        mark_name=MARK,
        suggestions=suggestions(uow, spec),
        action=page_url(path),
        cancel_url=page_url(paths.activity(slug)),
        breadcrumbs=crumbs((LABEL, paths.HOME), (activity.title, paths.activity(slug)), (_("Voer een bijdrage in"), None)),
    )


def _enter_once(uow: UnitOfWork, id: uuid.UUID, command: EnterContribution, nonce: str) -> Given:
    try:
        return enter_contribution(uow, id, command, nonce=nonce)
    except IntegrityError:
        # The same form came in this same moment; what it gave is stored now, and found by its mark.
        uow.rollback()
        return enter_contribution(uow, id, command, nonce=nonce)


def _schema(activity: Activity) -> type[Schema]:
    return with_questions(EnterContributionSchema, form_from_json(activity.form), asks_text=activity.asks_text, anonymous=True)


def _first(uow: UnitOfWork) -> dict[str, Any]:
    today = uow.now.astimezone(CITY_TIME_ZONE).date()
    last: dict[str, Any] = session.get(LAST, {})
    return {"channel": "meeting", "received_on": str(today), "sector": "citizens", **last}

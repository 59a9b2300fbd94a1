"""Entering a questionnaire that came back on paper or from a meeting."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any, cast

from flask import request
from flask.typing import ResponseReturnValue

from samen_core.api import LOGGED_IN, Conflict, Grant, Invalid, NotFound, Text, UnitOfWork, _, anonymous, form_from_json, form_schema, parse
from samen_core.web.api import BoundForm, Received, current_uow, go, page_url, receive_files, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.services.activities import Placed, visible_activity
from samen_doe_mee.services.plans import require_work
from samen_doe_mee.services.taking_part import person, took_part
from samen_doe_mee.services.talks import talk_of
from samen_doe_mee.web.common import pages
from samen_doe_mee.web.desk_entry import entry_trail
from samen_doe_mee.web.desk_links import ENTERERS
from samen_inbreng.api import Activity, HowItCame, HowItCameSchema, enter_response
from samen_inbreng.web.api import check_mark, new_mark

MARK = "formulier-merk"
HOW = ("hoe-binnen", "van-wie", "op-datum")
"""The names in the form of how it came in; with a hyphen, so that no question has the same."""

OF_SERVICE = {"channel": "hoe-binnen", "sector": "van-wie", "received_on": "op-datum"}


@pages.route(f"{paths.DESK}/activiteiten/<slug>/lijst-invoeren", permission=LOGGED_IN, methods=["GET", "POST"])
def desk_questionnaire_enter(slug: str) -> ResponseReturnValue:
    """Enter one that was filled in on paper; the same form sent twice counts once."""
    uow = current_uow()
    placed, talk = _at_work(uow, slug)
    schema = form_schema(form_from_json(talk.form))
    if request.method == "GET":
        return _page(uow, placed, BoundForm(schema), BoundForm(HowItCameSchema))
    with uow.acting(anonymous(uow.actor.origin)):
        received = receive_files(uow, schema)
    nonce, problem = check_mark(uow, talk.id, request.form.get(MARK, ""), "")
    errors: dict[str, list[Text]] = {"": [problem]} if problem is not None else {}
    how: HowItCame | None = None
    try:
        how = parse(HowItCameSchema, request.form)
    except Invalid as error:
        errors |= error.errors
    try:
        made = schema()
        answers = {name: value for name, value in made.dump(received.parse(made)).items() if value not in (None, "", [])}
        if how is not None and problem is None:
            _enter(uow, placed, answers, how, nonce)
    except Conflict:
        uow.rollback()  # the same form came before, and is stored: the answer is the same
    except Invalid as error:
        errors |= error.errors
    if errors:
        uow.rollback()
        return _again(uow, slug, schema, received, errors)
    say(_("De vragenlijst is ingevoerd. Vul de volgende in, of ga terug naar de activiteit."))
    return go(paths.desk_activity(slug, "lijst-invoeren"))


def _enter(uow: UnitOfWork, placed: Placed, answers: dict[str, Any], how: HowItCame, nonce: str) -> None:
    actor = replace(uow.actor, grants=(*uow.actor.grants, Grant("facilitator", placed.activity.id)))
    with uow.acting(actor):
        enter_response(uow, cast("uuid.UUID", placed.activity.talk_id), answers, how, nonce=nonce)
    # By the form and not by the response: nothing ties what was answered to a row with a moment.
    took_part(uow, placed.activity, who=person(uow, paper=nonce))


def _again(uow: UnitOfWork, slug: str, schema: Any, received: Received, errors: dict[str, list[Text]]) -> ResponseReturnValue:
    placed, _now = _at_work(uow, slug)
    named = {OF_SERVICE.get(name, name): texts for name, texts in errors.items()}
    about = {name: texts for name, texts in named.items() if name in HOW}
    own = {name.removeprefix("answers."): texts for name, texts in named.items() if name not in HOW}
    form = BoundForm(schema, data=received.form, errors=own, files=received.files)
    return _page(uow, placed, form, BoundForm(HowItCameSchema, data=request.form, errors=about), 400)


def _page(uow: UnitOfWork, placed: Placed, form: BoundForm, how: BoundForm, status: int = 200) -> ResponseReturnValue:
    slug, talk_id = placed.activity.slug, cast("uuid.UUID", placed.activity.talk_id)
    sent = request.form.get(MARK, "") if status != 200 else ""
    return render_status(
        status,
        "inbreng/paper_entry.html",
        activity=placed.activity,
        form=form,
        how=how,
        mark=sent if sent and check_mark(uow, talk_id, sent, "")[0] else new_mark(uow, talk_id),
        mark_name=MARK,
        urls={"entry": page_url(paths.desk_activity(slug, "lijst-invoeren")), "result": page_url(paths.desk_activity(slug))},
        breadcrumbs=entry_trail(placed, _("Lijst van papier invoeren")),
    )


def _at_work(uow: UnitOfWork, slug: str) -> tuple[Placed, Activity]:
    placed = visible_activity(uow, slug)
    require_work(uow, placed.plan, *ENTERERS)
    talk = talk_of(uow, placed.activity)
    if talk is None or talk.kind != "questionnaire":
        raise NotFound
    return placed, talk

"""What was done with contributions: all of one's own beside the decision, and the way of one of them through the steps."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import SECTOR_LABELS
from samen_core.api import Invalid, NotFound, Text, UnitOfWork, _, n_, parse
from samen_core.web.api import BoundForm, current_uow, limit_visitor, page_url
from samen_inbreng.api import (
    CHANNEL_LABELS,
    OUTCOME_BADGES,
    OUTCOME_LABELS,
    UseReceiptSchema,
    contribution_by_code,
    contribution_path,
)
from samen_samenspreker.labels import ACTION_STATE_LABELS
from samen_samenspreker.models import Question
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.queries.decisions import AnyRow
from samen_samenspreker.queries.trails import Trail, followed, trail_of, trails_of_account
from samen_samenspreker.settings import step_name
from samen_samenspreker.texts import Day, Listing
from samen_samenspreker.web.frame import on_table, pages, table_page

PATH = f"{HOME}/<slug>/mijn-inbreng"
TITLE = _("Wat is er met mijn inbreng gedaan?")
TRIES, QUARTER = 10, 900
"""Codes that one visitor may try in so many seconds: a code of 60 bits is then never guessed."""


@pages.route(PATH, public=True, cache=False)
def own_contributions(slug: str) -> ResponseReturnValue:
    """What became of everything that the reader contributed; without account the form for the code of a receipt."""
    uow = current_uow()
    question = on_table(uow, slug)
    if uow.actor.account_id is None:
        return _own_page(uow, question, None, [], form=BoundForm(UseReceiptSchema))
    decision, trails = trails_of_account(uow, question.id, uow.actor.account_id)
    return _own_page(uow, question, decision, trails, form=None if trails else BoundForm(UseReceiptSchema))


@pages.route(PATH, public=True, methods=["POST"])
def contribution_behind_code(slug: str) -> ResponseReturnValue:
    """What became of the contribution behind the code of a receipt. The code never stands in an address."""
    limit_visitor("samenspreker.receipt", TRIES, QUARTER)
    uow = current_uow()
    question = on_table(uow, slug)
    try:
        contribution = contribution_by_code(uow, parse(UseReceiptSchema, request.form))
        decision, trail = trail_of(uow, question.id, contribution.id)
        if trail is None:
            raise Invalid({"code": [_("Deze bijdrage hoort bij een andere vraag.")]})
    except Invalid as error:
        form = BoundForm(UseReceiptSchema, data=request.form, errors=error.errors)
        return _own_page(uow, question, None, [], form=form, status=400)
    return _own_page(uow, question, decision, [trail], form=None)


@pages.route(f"{HOME}/<slug>/inbreng/<uuid:id>", public=True)
def contribution_trail(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """The way of one contribution through the steps: from what was said to what came of it."""
    uow = current_uow()
    question = on_table(uow, slug)
    decision, trail = trail_of(uow, question.id, id)
    if trail is None:
        raise NotFound
    return table_page(
        uow,
        question,
        "inbreng",
        "samenspreker/trail.html",
        title=_("De weg van bijdrage {number}", number=trail.row.number),
        above=[(_("Inbreng"), table(slug, "inbreng"))],
        trail=trail,
        **_words(trail),
        url=page_url(contribution_path(trail.row.slug, trail.row.number)),
        stages=_stages(uow, question, decision, trail),
    )


def _words(trail: Trail) -> dict[str, Any]:
    outcome = trail.outcome
    return {
        "sector": (trail.row.sector, SECTOR_LABELS[trail.row.sector]),
        "channel": CHANNEL_LABELS[trail.row.channel],
        "outcome": (OUTCOME_LABELS[outcome.outcome], OUTCOME_BADGES[outcome.outcome]) if outcome else None,
    }


def _own_page(
    uow: UnitOfWork, question: Question, decision: AnyRow | None, trails: list[Trail], *, form: BoundForm | None, status: int = 200
) -> ResponseReturnValue:
    path = table(question.slug)
    answered = sum(trail.outcome is not None for trail in trails)
    asked = sum(not trail.is_reply for trail in trails)
    views = [
        {
            "trail": trail,
            **_words(trail),
            "url": page_url(contribution_path(trail.row.slug, trail.row.number)),
            "trail_url": page_url(f"{path}/inbreng/{trail.row.id}"),
        }
        for trail in trails
    ]
    return table_page(
        uow,
        question,
        "inbreng",
        "samenspreker/own_contributions.html",
        title=TITLE,
        above=[(_("Inbreng"), f"{path}/inbreng")],
        status=status,
        views=views,
        answered=_answered(asked, answered) if asked else None,
        decision=decision,
        decision_url=page_url(f"{path}/besluit"),
        form=form,
        action=page_url(f"{path}/mijn-inbreng"),
        collect_url=page_url(f"{path}/inbreng"),
    )


def _answered(asked: int, answered: int) -> Text:
    if asked == 1:
        return _("Uw bijdrage heeft een antwoord.") if answered else _("Uw bijdrage heeft nog geen antwoord.")
    return n_("{n} van uw {asked} bijdragen heeft antwoord.", "{n} van uw {asked} bijdragen hebben antwoord.", answered, asked=asked)


Stage = tuple[Text | str, str, Text | str, str]
"""A step in the way of a contribution: its name, its state (done, current, todo), what happened in it, and a page ("")."""


def _stages(uow: UnitOfWork, question: Question, decision: AnyRow | None, trail: Trail) -> list[Stage]:
    """What happened with the question of a contribution after it was given."""
    path = table(question.slug)
    if decision is None:
        words = _("Er is nog geen besluit. Dit komt hier te staan zodra het er is.")
        return [(step_name(uow, "decide"), "todo", words, "")]
    after = followed(uow, question.id, decision.cycle)
    weighed = [title for title, text in trail.themes if text]
    decided: Text = _("Op {day} is besloten.", day=Day(decision.decided_on))
    if weighed:
        decided = _("Op {day} is besloten. Het thema is gewogen: {themes}.", day=Day(decision.decided_on), themes=Listing(weighed))
    found: list[Stage] = [(step_name(uow, "decide"), "done", decided, page_url(f"{path}/besluit"))]
    if after.actions:
        states = Listing([_("{state} ({n})", n=number, state=ACTION_STATE_LABELS[state]) for state, number in after.actions.items()])
        done = not set(after.actions) - {"done", "dropped"}
        found.append(
            (
                step_name(uow, "execute"),
                "done" if done else "current",
                _("Acties: {states}.", states=states),
                page_url(f"{path}/uitvoering"),
            )
        )
    else:
        found.append((step_name(uow, "execute"), "todo", _("Er zijn nog geen acties."), ""))
    if after.evaluated_at:
        words = _("De evaluatie is gepubliceerd op {day}.", day=Day(after.evaluated_at))
        found.append((step_name(uow, "evaluate"), "done", words, page_url(f"{path}/evaluatie")))
    else:
        found.append((step_name(uow, "evaluate"), "todo", _("De evaluatie komt nog."), ""))
    if after.reported_at:
        words = _("De bijdrage staat in het eindverslag van {day}.", day=Day(after.reported_at))
        found.append((_("Eindverslag"), "done", words, page_url(f"{path}/eindverslag")))
    return found

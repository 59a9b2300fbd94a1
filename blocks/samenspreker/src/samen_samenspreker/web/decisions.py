"""Decisions: what was decided and why, how everything was weighed, and for who decides the draft and its publication."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Link, Named, Section, form_page, thing_link
from samen_core.api import LOGGED_IN, Conflict, Gone, Invalid, NotAllowed, NotFound, Text, UnitOfWork, _, parse
from samen_core.web.api import Crumb, current_uow, go, page_url, say
from samen_samenspreker.labels import DECISION_LABELS
from samen_samenspreker.models import Decision, Question
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import DECIDE, WRITE_DECISION
from samen_samenspreker.queries.decisions import (
    AnyRow,
    decision_by_id,
    decisions_of,
    level_of,
    themes_to_weigh,
    weighings_of,
)
from samen_samenspreker.queries.options import options_of
from samen_samenspreker.queries.support import support_of
from samen_samenspreker.schemas.decisions import PublishDecisionSchema, decision_form
from samen_samenspreker.services.common import my_seats
from samen_samenspreker.services.decisions import (
    STEPS,
    decision_missing,
    decision_values,
    may_write,
    publish_decision,
    write_decision,
)
from samen_samenspreker.services.gates import BACK
from samen_samenspreker.services.options import option_path
from samen_samenspreker.services.steps import may_move
from samen_samenspreker.settings import level_name
from samen_samenspreker.texts import Day
from samen_samenspreker.web.frame import LABEL, on_table, pages, table_page
from samen_samenspreker.web.options import POSITIONS
from samen_samenspreker.web.support_view import SupportView, views_of

PATH = f"{HOME}/<slug>/besluit"
TITLE = _("Besluit")
BADGES = {"draft": "warning", "published": "success", "superseded": "neutral"}
LEVEL_RULES: dict[str, Text] = {
    "inform": _("U krijgt uitleg. De beslisser weegt de oplossingen en schrijft op waarom."),
    "consult": _("Elk thema van reacties krijgt antwoord. De beslisser mag afwijken."),
    "advise": _("Elk thema van reacties krijgt antwoord. Wijkt de beslisser af van het advies, dan staat er waarom."),
    "coproduce": _("De tafel moet het eens zijn: geen deelnemer is tegen, en uit elke sector aan tafel is iemand voor of kan ermee leven."),
    "codecide": _("De tafel beslist mee: zij moet het eens zijn, en het besluit wijkt niet af van wat zij koos."),
}


@dataclass(frozen=True, slots=True)
class WeighingView:
    """How something was weighed, with its page ("" without one)."""

    title: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision, ready to render."""

    row: AnyRow
    organization: Link | None
    option_url: str
    badge: tuple[Text, str]
    options: list[WeighingView]
    themes: list[WeighingView]
    support: tuple[SupportView, SupportView] | None


@pages.route(PATH, public=True)
def decision_page(slug: str) -> ResponseReturnValue:
    """The decision that holds, and the earlier ones."""
    uow = current_uow()
    question = on_table(uow, slug)
    found = decisions_of(uow, question.id)
    writes = not uow.actor.is_anonymous and question.step in STEPS and may_write(uow, question)
    level = level_of(uow, question.id)
    return table_page(
        uow,
        question,
        "besluit",
        "samenspreker/decision.html",
        title=TITLE,
        decision=_view(uow, question, found.published) if found.published else None,
        earlier_cycle=found.published is not None and found.published.cycle < question.cycle,
        positions=POSITIONS,
        superseded=[(row, page_url(table(slug, f"besluit/{row.id}"))) for row in found.superseded],
        level=(level_name(uow, level), LEVEL_RULES[level]) if level else None,
        draft=found.draft if writes else None,
        path=page_url(table(slug, "besluit")) if writes else "",
        back_url=_back_url(uow, question),
        permalink="",
    )


@pages.route(f"{PATH}/<uuid:id>", public=True)
def decision_permalink(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """One decision, also a superseded one, and a draft for who writes it."""
    uow = current_uow()
    question = on_table(uow, slug)
    row = decision_by_id(uow, id)
    if row is None or row.question_id != question.id or (row.state == "draft" and not may_write(uow, question)):
        raise NotFound
    return table_page(
        uow,
        question,
        "besluit",
        "samenspreker/decision.html",
        title=DECISION_LABELS[row.state] if row.state != "published" else _("Besluit van {day}", day=Day(row.decided_on)),
        above=[(TITLE, table(slug, "besluit"))],
        decision=_view(uow, question, row),
        earlier_cycle=row.cycle < question.cycle,
        positions=POSITIONS,
        superseded=[],
        level=None,
        draft=None,
        path="",
        back_url="",
        permalink=page_url(table(slug, "besluit")),
    )


def _view(uow: UnitOfWork, question: Question, row: AnyRow) -> DecisionView:
    weighed = weighings_of(uow, [row.id])[row.id]
    return DecisionView(
        row=row,
        organization=thing_link("organization", row.organization_name, row.organization_slug) if row.organization_slug else None,
        option_url=page_url(option_path(question, row.option_position)) if row.option_position else "",
        badge=(DECISION_LABELS[row.state], BADGES[row.state]),
        options=[
            WeighingView(item.option_title, page_url(option_path(question, item.option_position)), item.text)
            for item in weighed
            if item.option_id
        ],
        themes=[WeighingView(item.theme_title, "", item.text) for item in weighed if item.theme_id],
        support=views_of(support_of(uow, [row.option_id])[row.option_id]) if row.option_id else None,
    )


def _back_url(uow: UnitOfWork, question: Question) -> str:
    """Where the decision maker returns the question to step 2; "" for who may not."""
    way = BACK.get(question.step)
    if question.step != "decide" or way is None or uow.actor.is_anonymous:
        return ""
    roles = frozenset(seat.role for seat in my_seats(uow, question.id))
    return page_url(table(question.slug, "stap/oplossing")) if may_move(uow, question, way, seat_roles=roles) else ""


@pages.route(f"{PATH}/bewerken", permission=WRITE_DECISION, methods=["GET", "POST"])
def decision_edit(slug: str) -> ResponseReturnValue:
    """Write the draft: everything in one form, with a field for each option and theme."""
    uow = current_uow()
    question = on_table(uow, slug)
    _require_writer(uow, question)
    question_id, path = question.id, table(slug, "besluit")
    options = {row.id: row.title for row in options_of(uow, question_id) if row.state == "active"}
    themes = {row.id: row.title for row in themes_to_weigh(uow, question_id)}
    found = decisions_of(uow, question_id)
    if found.draft is not None:
        # Also of a theme that lost its contributions since: what was written about it can be made empty, or it could never go.
        themes |= {row.theme_id: row.theme_title for row in weighings_of(uow, [found.draft.id])[found.draft.id] if row.theme_id}
    page = FormPage(
        title=_("Besluit schrijven"),
        lead=_("U mag nu iets leeg laten. Voor het publiceren ziet u wat nog ontbreekt. Alleen begeleider en beslisser zien dit concept."),
        submit=_("Bewaar het concept"),
        done=_("Het concept is bewaard. Hieronder staat wat er nog ontbreekt voor u het publiceert."),
        path=f"{path}/bewerken",
        back=path,
        trail=_trail(question, _("Schrijven")),
    )

    def write(command: Any) -> str:
        write_decision(uow, question_id, command)
        return f"{path}/publiceren"

    spec = FormSpec(decision_form(options, themes), {"organization_id": Named("organization")})
    values = _values(uow, found.draft or found.published, is_draft=found.draft is not None)
    choices = {"option_id": [(str(id), title) for id, title in options.items()]}
    return form_page(uow, page, spec, _sections(options, themes), write, values=values, options=choices)


def _sections(options: dict[uuid.UUID, str], themes: dict[uuid.UUID, str]) -> list[Section]:
    found = [
        Section(_("Wie besluit, en wanneer?"), ("organization_id", "decided_by", "decided_on")),
        Section(_("Wat is besloten, en waarom?"), ("option_id", "text", "reasons")),
    ]
    if options:
        found.append(Section(_("Hoe is elke oplossing gewogen?"), tuple(f"option_{id.hex}" for id in options)))
    if themes:
        found.append(Section(_("Wat is het antwoord op elk thema van reacties?"), tuple(f"theme_{id.hex}" for id in themes)))
    return [*found, Section(_("Wijkt het besluit af?"), ("deviates", "deviation")), Section(_("Voor het eindverslag"), ("reaction",))]


def _values(uow: UnitOfWork, row: AnyRow | None, *, is_draft: bool) -> dict[str, Any]:
    """What the form begins with: the draft, or for the first draft of a new decision what the one before it said."""
    if row is None:
        return {}
    stored = uow.session.get_one(Decision, row.id)
    values = decision_values(uow, stored)
    if not is_draft:
        for name in ("version", "decided_on", "text", "reasons"):
            values.pop(name)
    return values


@pages.route(f"{PATH}/publiceren", permission=LOGGED_IN, methods=["GET", "POST"])
def decision_publish(slug: str) -> ResponseReturnValue:
    """The draft as it will be read, what is missing, and the button that publishes it once."""
    uow = current_uow()
    question = on_table(uow, slug)
    _require_writer(uow, question)
    found = decisions_of(uow, question.id).draft
    if found is None:
        raise Gone(_("Er is geen concept (meer). Het besluit is al gepubliceerd, of er is nog niets geschreven."))
    problem: Text | None = None
    status = 200
    if request.method == "POST":
        try:
            publish_decision(uow, found.id, parse(PublishDecisionSchema, request.form))
            say(_("Het besluit is gepubliceerd. Wie meedeed, kan lezen wat er met de eigen bijdragen is gedaan."))
            return go(table(slug, "besluit"))
        except (Invalid, Conflict) as error:
            uow.rollback()
            problem = error.message if isinstance(error, Conflict) else None
            status = error.status
    row = decision_by_id(uow, found.id)
    if row is None:
        raise NotFound
    draft = uow.session.get_one(Decision, found.id)
    return table_page(
        uow,
        question,
        "besluit",
        "samenspreker/decision_publish.html",
        title=_("Besluit controleren en publiceren"),
        above=[(TITLE, table(slug, "besluit"))],
        status=status,
        decision=_view(uow, question, row),
        positions=POSITIONS,
        missing=decision_missing(uow, question, draft),
        problem=problem,
        may_publish=DECIDE.allows(uow.actor, question.id),
        replaces=decisions_of(uow, question.id).published is not None,
        path=page_url(table(slug, "besluit")),
        back_url=_back_url(uow, question),
    )


def _require_writer(uow: UnitOfWork, question: Question) -> None:
    if not may_write(uow, question):
        raise NotAllowed(_("Alleen de procesbegeleider en de beslisser schrijven aan het besluit."))


def _trail(question: Question, last: Text) -> tuple[Crumb, ...]:
    return ((LABEL, HOME), (question.title, table(question.slug)), (TITLE, table(question.slug, "besluit")), (last, None))

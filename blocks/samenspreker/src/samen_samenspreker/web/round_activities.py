"""Adding activities to a round: online ones, and ones elsewhere with their report."""

from __future__ import annotations

import uuid
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_core.api import NotFound, Text, UnitOfWork, _
from samen_core.web.api import Crumb, current_uow
from samen_samenspreker.models import Question, Round, RoundActivity
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.queries.rounds import round_by_number
from samen_samenspreker.schemas.rounds import AddOfflineActivitySchema, AddOnlineActivitySchema, UpdateOfflineActivitySchema
from samen_samenspreker.services.round_activities import (
    add_offline_activity,
    add_online_activity,
    offline_values,
    update_offline_activity,
)
from samen_samenspreker.services.rounds import round_path
from samen_samenspreker.web.frame import LABEL, on_table, pages
from samen_samenspreker.web.rounds import ONE, PATH, TITLE

ONLINE_SECTIONS = (
    Section(_("Wat vraagt u?"), ("title", "intro", "form", "questions")),
    Section(_("Wie en wanneer?"), ("access", "opens_on", "closes_on")),
)
OFFLINE_SECTIONS = (
    Section(_("Wat, waar en wanneer?"), ("title", "held_on", "place")),
    Section(_("Hoe was het?"), ("people", "report")),
)


@pages.route(f"{ONE}/online", permission=FACILITATE, methods=["GET", "POST"])
def online_activity(slug: str, number: int) -> ResponseReturnValue:
    """Let people contribute on the website."""
    uow = current_uow()
    question, found = _at(uow, slug, number)
    id, path = found.id, round_path(question, number)
    page = FormPage(
        title=_("Online activiteit toevoegen"),
        lead=_(
            "Mensen doen mee op deze website. Elke bijdrage is openbaar en krijgt een antwoord. "
            "Van een vragenlijst zijn alleen de getelde antwoorden openbaar."
        ),
        submit=_("Zet de activiteit klaar"),
        done=_("De activiteit staat klaar."),
        path=f"{path}/online",
        back=path,
        trail=_trail(question, number, _("Online activiteit")),
    )

    def write(command: Any) -> str:
        add_online_activity(uow, id, command)
        return path

    values = {"form": "reactions"}
    return form_page(uow, page, FormSpec(AddOnlineActivitySchema), ONLINE_SECTIONS, write, values=values)


@pages.route(f"{ONE}/elders", permission=FACILITATE, methods=["GET", "POST"])
def offline_activity(slug: str, number: int) -> ResponseReturnValue:
    """Tell of an activity elsewhere."""
    uow = current_uow()
    question, found = _at(uow, slug, number)
    id, path = found.id, round_path(question, number)
    page = FormPage(
        title=_("Activiteit elders toevoegen"),
        lead=_("Een bijeenkomst, een wandeling, een kraam op de markt. Wat mensen daar zeggen, voert u daarna in als bijdragen."),
        submit=_("Voeg de activiteit toe"),
        done=_("De activiteit staat bij de ronde. Voer de bijdragen van de bezoekers in."),
        path=f"{path}/elders",
        back=path,
        trail=_trail(question, number, _("Activiteit elders")),
    )

    def write(command: Any) -> str:
        add_offline_activity(uow, id, command)
        return path

    return form_page(uow, page, FormSpec(AddOfflineActivitySchema), OFFLINE_SECTIONS, write, values={})


@pages.route(f"{PATH}/activiteit/<uuid:id>", permission=FACILITATE, methods=["GET", "POST"])
def offline_activity_edit(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Change what is told of an activity elsewhere, its report above all."""
    uow = current_uow()
    question = on_table(uow, slug)
    FACILITATE.require(uow.actor, question.id)
    known = uow.session.get(RoundActivity, id)
    found = uow.session.get(Round, known.round_id) if known else None
    if known is None or found is None or found.question_id != question.id or known.mode != "offline":
        raise NotFound
    path = round_path(question, found.number)
    page = FormPage(
        title=_("{name} bewerken", name=known.title),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=table(slug, f"rondes/activiteit/{id}"),
        back=path,
        trail=_trail(question, found.number, _("Bewerken")),
    )

    def write(command: Any) -> str:
        update_offline_activity(uow, id, command)
        return path

    return form_page(uow, page, FormSpec(UpdateOfflineActivitySchema), OFFLINE_SECTIONS, write, values=offline_values(known))


def _at(uow: UnitOfWork, slug: str, number: int) -> tuple[Question, Round]:
    question = on_table(uow, slug)
    FACILITATE.require(uow.actor, question.id)
    found = round_by_number(uow, question.id, number)
    if found is None:
        raise NotFound
    return question, found


def _trail(question: Question, number: int, last: Text) -> tuple[Crumb, ...]:
    return (
        (LABEL, HOME),
        (question.title, table(question.slug)),
        (TITLE, table(question.slug, "rondes")),
        (_("Ronde {number}", number=number), round_path(question, number)),
        (last, None),
    )

"""Where an idea goes: a question for the table, which another block makes of it and tells about, or a project of the city.

The block that makes questions is known by the types of its events alone.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select

from citycontent.api import CreateProject, Project, create_project
from samen_core.api import Delivered, Invalid, Text, UnitOfWork, _, page_address
from samen_doe_mee import paths
from samen_doe_mee.events.ideas import IdeaBecameProject, IdeaMoved, IdeaPassedOn
from samen_doe_mee.models import Idea
from samen_doe_mee.schemas.idea_handling import GiveStatus
from samen_doe_mee.schemas.idea_trail import MakeProject, PassOn
from samen_doe_mee.services.idea_common import about, add_step, idea_to_handle, keep_card, locked_idea, log, today
from samen_doe_mee.services.idea_handling import give_status
from samen_doe_mee.services.kinds import IDEA
from samen_doe_mee.settings import ANSWER_DAYS, number

MADE = "samenspreker.question.made"
"""Another block made a question of an idea; ``question_id`` is it, and ``about`` names the idea."""
MERGED, STEP = "samenspreker.question.merged", "samenspreker.step.changed"
TOLD: dict[str, Text] = {
    "samenspreker.question.accepted": _("De vraag is aangenomen en ligt nu op tafel."),
    "samenspreker.question.refused": _("De vraag is niet aangenomen. De gemeente kijkt opnieuw wat er met het idee kan."),
    "samenspreker.question.withdrawn": _("De vraag is ingetrokken. De gemeente kijkt opnieuw wat er met het idee kan."),
    MERGED: _("De vraag is samengevoegd met een andere vraag en gaat daar verder."),
    "samenspreker.decision.published": _("Er is een besluit over de vraag."),
    "samenspreker.report.published": _("Het eindverslag over de vraag is er."),
}
"""What can become of the question, and what the idea says then."""
STEPS: dict[str, Text] = {
    "execute": _("Wat is besloten, wordt nu uitgevoerd."),
    "evaluate": _("Het is uitgevoerd. Nu wordt bekeken hoe het ging."),
}
"""The steps of the table that are told."""
BACK = ("samenspreker.question.refused", "samenspreker.question.withdrawn")
"""After these nobody works at it any more but who handles the idea."""
QUESTION_EVENTS = (MADE, STEP, *TOLD)


def pass_on(uow: UnitOfWork, id: uuid.UUID, command: PassOn) -> Idea:
    """Propose an idea as a question for the table: everybody reads why, and whoever makes questions may take it up.

    Raises NotFound, NotAllowed, Conflict, and Invalid for an idea that went on already, or without a question or a text.
    """
    idea = idea_to_handle(uow, id, command.version)
    question = " ".join(command.question.split())
    if idea.status == "passed_on" or idea.went_to_id is not None:
        raise Invalid(_("Dit idee is al doorgegeven."))
    if not question:
        raise Invalid({"question": [_("Schrijf de vraag die u voorlegt.")]})
    idea = give_status(uow, id, GiveStatus(status="passed_on", text=command.text, version=command.version))
    uow.publish(IdeaPassedOn(idea_id=idea.id, status=idea.status, title=idea.title, question=question, about=about(idea)))
    return idea


def make_project(uow: UnitOfWork, id: uuid.UUID, command: MakeProject) -> Idea:
    """Make a project of the city of an idea, or tie it to one that is there; the idea is then supported by the municipality.

    Raises NotFound, NotAllowed (also for who may not make projects), Conflict, and Invalid for an idea that has a project.
    """
    idea = idea_to_handle(uow, id, command.version)
    if idea.project_id is not None:
        raise Invalid(_("Dit idee hoort al bij een project."))
    if idea.state != "published":
        raise Invalid(_("Dit idee staat niet op de website. Een antwoord kan daarom niet."))
    project = _project(uow, idea, command)
    idea = give_status(uow, id, GiveStatus(status="supported", text=command.text, version=command.version))
    idea.project_id = project.id
    idea.went_to_id = idea.went_to_id or project.id
    step = add_step(uow, idea, "went_to", subject_id=project.id)
    step.told_at = uow.now  # who is mailed reads of it in the answer itself
    keep_card(uow, idea)
    log(uow, IdeaBecameProject, idea, _("Het idee hoort bij een project: {name}.", name=project.name), after={"project": project.id})
    return idea


def follow_question(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: the idea says what became of the question that was made of it."""
    question_id = _id(event.payload.get("question_id"))
    if question_id is None:
        return
    if event.type == MADE:
        for ref in event.about:
            if ref.type == IDEA:
                _asked(uow, ref.id, question_id)
        return
    sentence = STEPS.get(str(event.payload.get("step"))) if event.type == STEP else TOLD.get(event.type)
    if sentence is None:
        return
    found = select(Idea.id).where(Idea.went_to_id == question_id).order_by(Idea.id)
    for idea_id in uow.session.execute(found).scalars().all():
        idea = locked_idea(uow, idea_id)
        if event.type == MERGED:
            idea.went_to_id = next((ref.id for ref in event.about if ref.type == "question" and ref.id != question_id), question_id)
        _say(uow, idea, sentence, back=event.type in BACK)


def _project(uow: UnitOfWork, idea: Idea, command: MakeProject) -> Project:
    if command.project_id is not None:
        found = uow.session.get(Project, command.project_id)
        if found is None or found.state != "active":
            raise Invalid({"project_id": [_("Dit project bestaat niet (meer).")]})
        return found
    if not command.name.strip():
        raise Invalid({"name": [_("Kies een project, of geef een naam voor een nieuw project.")]})
    link = page_address(uow.platform, paths.idea(idea.slug), "nl")
    with uow.platform.translations.use("nl"):
        origin = str(_("Dit project begon met een idee van inwoners: {link}", link=f"[{_plain(idea.title)}]({link})"))
    return create_project(
        uow,
        CreateProject(
            name=command.name.strip(),
            status="idea",
            description=origin,
            lead_organization_id=idea.owner_organization_id,
            area_ids=(idea.area_id,) if idea.area_id else (),
            theme_ids=(idea.theme_id,) if idea.theme_id else (),
        ),
    )


def _asked(uow: UnitOfWork, idea_id: uuid.UUID, question_id: uuid.UUID) -> None:
    if uow.session.get(Idea, idea_id) is None:
        return
    idea = locked_idea(uow, idea_id)
    if idea.status != "passed_on" or idea.went_to_id == question_id:
        return
    idea.went_to_id = question_id
    _say(uow, idea, _("Er is een vraag van gemaakt. Die wacht op een besluit."))


def _say(uow: UnitOfWork, idea: Idea, sentence: Text, *, back: bool = False) -> None:
    """Add what happened elsewhere as a step; ``back`` puts the idea with who handles it again, with a day for an answer."""
    before, went_to = idea.status, idea.went_to_id
    if back and idea.status == "passed_on":
        idea.status, idea.status_at, idea.ended_at, idea.went_to_id = "in_conversation", uow.now, None, None
        idea.answer_by = today(uow) + timedelta(days=number(uow, ANSWER_DAYS))
    with uow.platform.translations.use("nl"):
        text = str(sentence)
    add_step(uow, idea, "went_to", text, before=before, subject_id=went_to)
    keep_card(uow, idea)
    log(uow, IdeaMoved, idea, sentence, before={"status": before}, after={"status": idea.status})


def _plain(title: str) -> str:
    return title.replace("[", "(").replace("]", ")")


def _id(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None

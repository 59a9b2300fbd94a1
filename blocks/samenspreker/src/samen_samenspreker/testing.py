"""Short ways to make what a test needs: questions in a state, tables with what stands on them."""

from __future__ import annotations

from typing import Any

from samen_core.api import Actor, system
from samen_core.platform import Platform
from samen_samenspreker.models import Question
from samen_samenspreker.schemas.questions import AskQuestion, JudgeQuestion
from samen_samenspreker.services.judging import accept
from samen_samenspreker.services.questions import ask

TITLE = "Hoe maken we de Dorpsstraat veilig voor fietsers?"


def a_question(platform: Platform, actor: Actor | None = None, **values: Any) -> Question:
    """A submitted question, committed; asked by the system (so without account) unless an actor is given."""
    command = AskQuestion(**{"kind": "problem", "title": TITLE, "description": "Auto's rijden er te hard, ook langs de school.", **values})
    with platform.unit_of_work(actor or system("test")) as uow:
        question = ask(uow, command).question
    return question


def an_accepted_question(platform: Platform, actor: Actor | None = None, **values: Any) -> Question:
    """A question in step 1, committed, with its whole row loaded; detached, so ``get_question(uow, question.id)`` to change it."""
    question = a_question(platform, actor, **values)
    with platform.unit_of_work(system("test")) as uow:
        return accept(uow, question.id, JudgeQuestion(reason="Veel mensen maken zich hier zorgen over.", version=question.version))

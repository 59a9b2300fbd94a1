"""A question that another block proposes because residents came with an idea: it comes in as one that was put, to be judged as usual.

That block is known by the type of its event alone; what it proposes is read from the event and the register.
"""

from __future__ import annotations

from samen_core.api import Delivered, Invalid, SubjectRef, UnitOfWork, _, anonymous, cards
from samen_samenspreker.events import QuestionMade
from samen_samenspreker.models import Question
from samen_samenspreker.schemas.questions import LONG, TITLE, AskQuestion
from samen_samenspreker.services.common import tell
from samen_samenspreker.services.patterns import link_to
from samen_samenspreker.services.questions import ask


def idea_passed_on(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: put the proposed question, with where it came from in the description; the event of that names the idea."""
    thing = next((ref for ref in event.about if str(ref.id) == event.payload.get("idea_id")), None)
    title = " ".join(str(event.payload.get("question", "")).split())
    if thing is None or not title:
        return
    with uow.acting(anonymous()):
        idea = cards(uow, [thing.id]).get(thing.id)
    if idea is None or not idea.is_live:
        return
    with uow.platform.translations.use("nl"):
        said = [str(_("Deze vraag komt van een idee van inwoners: {link}", link=link_to(uow, idea)))]
    if idea.summary:
        said.append(idea.summary)
    tell(uow, QuestionMade, _ask(uow, event, title, "\n\n".join(said)[:LONG]), SubjectRef(thing.type, thing.id))


def _ask(uow: UnitOfWork, event: Delivered, title: str, description: str) -> Question:
    """The question with the area and the theme of the idea; without them when they are no longer there, which must not cost it."""
    places = {ref.type: ref.id for ref in event.about if ref.type in ("area", "theme")}
    command = AskQuestion(
        kind="opportunity", title=title[:TITLE], description=description, area_id=places.get("area"), theme_id=places.get("theme")
    )
    try:
        with uow.session.begin_nested():
            return ask(uow, command, nonce=str(event.id)).question
    except Invalid as error:
        uow.platform.log.warning("samenspreker_idea_without_place", fields=sorted(error.errors))
        return ask(uow, AskQuestion(kind="opportunity", title=title[:TITLE], description=description), nonce=str(event.id)).question

"""A question that another block proposes because much of the same was reported: it comes in as one that was put, to be judged as usual.

That block is known by the type of its event alone; what it proposes and what belongs to that is read from the event and the register.
"""

from __future__ import annotations

from samen_core.api import Delivered, Invalid, SubjectCard, SubjectRef, UnitOfWork, _, anonymous, cards, page_address
from samen_samenspreker.events import QuestionMade
from samen_samenspreker.schemas.questions import LONG, TITLE, AskQuestion
from samen_samenspreker.services.common import tell
from samen_samenspreker.services.questions import ask

MOST_NAMED = 20
"""Things that the description names with a link; the page of what was proposed has them all."""


def pattern_proposed(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: put the proposed question, with what belongs to it in the description; the event of that names what it was made of."""
    thing = next((ref for ref in event.about if str(ref.id) == event.payload.get("pattern_id")), None)
    title = " ".join(str(event.payload.get("question", "")).split())
    if thing is None or not title:
        return
    with uow.acting(anonymous()):
        known = cards(uow, [ref.id for ref in event.about])
    proposed = known.get(thing.id)
    if proposed is None or not proposed.is_live:
        return
    areas = [ref.id for ref in event.about if ref.type == "area"]
    others = [known[ref.id] for ref in event.about if ref != thing and ref.type != "area" and ref.id in known]
    number = sum(1 for ref in event.about if ref != thing and ref.type != "area")
    with uow.platform.translations.use("nl"):
        description = _description(uow, proposed, others, number)
    command = AskQuestion(kind="problem", title=title[:TITLE], description=description, area_id=areas[0] if areas else None)
    try:
        with uow.session.begin_nested():
            question = ask(uow, command, nonce=str(event.id)).question
    except Invalid as error:
        # An area that is no longer there must not cost the question.
        uow.platform.log.warning("samenspreker_pattern_without_area", fields=sorted(error.errors))
        question = ask(uow, AskQuestion(kind="problem", title=title[:TITLE], description=description), nonce=str(event.id)).question
    tell(uow, QuestionMade, question, SubjectRef(thing.type, thing.id))


def _description(uow: UnitOfWork, proposed: SubjectCard, others: list[SubjectCard], number: int) -> str:
    """What the question is about, and links to what belongs to it, as Markdown."""
    said = [
        str(_("Deze vraag is voorgelegd omdat er veel van hetzelfde gemeld is: {title}.", title=proposed.title)),
        str(_("Alle zaken en de kaart staan hier: {link}", link=link_to(uow, proposed))),
    ]
    named = [f"- {link_to(uow, card)}" for card in others if card.is_live][:MOST_NAMED]
    if named:
        said.append("\n".join([str(_("Deze zaken horen erbij:")), "", *named]))
    if number > len(named):
        said.append(str(_("Het gaat in totaal om {n} zaken.", n=number)))
    return "\n\n".join(said)[:LONG]


def link_to(uow: UnitOfWork, card: SubjectCard) -> str:
    """A link to a thing, as Markdown."""
    title = card.title.replace("[", "(").replace("]", ")")
    return f"[{title}]({page_address(uow.platform, card.url, 'nl')})"

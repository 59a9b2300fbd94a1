"""What follows when a pattern is proposed: its reporters hear it, and what becomes of the question elsewhere comes back to it.

The block that makes questions is known by the types of its events alone.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select

from samen_core.api import Delivered, SubjectRef, Text, UnitOfWork, _, cards, page_address, update_card
from samen_oog_oor import paths
from samen_oog_oor.managed_texts.patterns import PROPOSED
from samen_oog_oor.models import Case, Pattern, PatternCase, Signal
from samen_oog_oor.queries.public import COUNTED
from samen_oog_oor.services.kinds import PATTERN, pattern_card
from samen_oog_oor.services.mailing import mail_signals

MADE = "samenspreker.question.made"
"""Another block made a question of a pattern; ``question_id`` is it, and ``about`` names the pattern."""
JUDGED = {
    "samenspreker.question.accepted": _("De vraag is aangenomen en ligt nu op tafel."),
    "samenspreker.question.refused": _("De vraag is niet aangenomen."),
    "samenspreker.question.merged": _("De vraag is samengevoegd met een andere vraag en gaat daar verder."),
    "samenspreker.question.withdrawn": _("De vraag is ingetrokken."),
}
"""What can become of it, and what the pattern says then."""
QUESTION_EVENTS = (MADE, *JUDGED)


def mail_reporters(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: everybody who reported one of the cases hears that it became a question, each address once."""
    pattern = uow.session.get(Pattern, uuid.UUID(event.payload["pattern_id"]))
    if pattern is None or pattern.state not in ("proposed", "asked"):
        return
    mine = select(Signal.id).join(Case, Case.id == Signal.case_id).join(PatternCase, PatternCase.case_id == Case.id)
    of_pattern = mine.where(PatternCase.pattern_id == pattern.id, COUNTED).order_by(Signal.at, Signal.id)
    title, question, path = pattern.title, pattern.question, paths.pattern(pattern.id)

    def filled(language: str) -> dict[str, str]:
        return {"title": title, "question": question, "link": page_address(uow.platform, path, language)}

    mail_signals(uow, PROPOSED, list(uow.session.execute(of_pattern).scalars()), filled)


def follow_question(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: the pattern says what became of the question that was made of it."""
    id = _id(event.payload.get("question_id"))
    if id is None:
        return
    if event.type == MADE:
        for ref in event.about:
            if ref.type == PATTERN:
                _asked(uow, ref.id, id)
        return
    found = select(Pattern).where(Pattern.subject_id == id).with_for_update()
    for pattern in uow.session.execute(found).scalars():
        _say(uow, pattern, event.type.rpartition(".")[2], JUDGED[event.type])


def question_of(uow: UnitOfWork, pattern: Pattern) -> tuple[str, str] | None:
    """The title and path of the question that a pattern became, for who may see it now. One statement."""
    if pattern.subject_id is None:
        return None
    card = cards(uow, [pattern.subject_id]).get(pattern.subject_id)
    return (card.title, card.url) if card is not None and card.is_live else None


def _asked(uow: UnitOfWork, pattern_id: uuid.UUID, question_id: uuid.UUID) -> None:
    pattern = uow.session.get(Pattern, pattern_id, with_for_update=True)
    if pattern is None or pattern.state != "proposed":
        return
    pattern.state, pattern.subject_id = "asked", question_id
    _say(uow, pattern, "asked", _("Er is een vraag van gemaakt. Die wacht op een besluit."))


def _say(uow: UnitOfWork, pattern: Pattern, what: str, sentence: Text) -> None:
    with uow.platform.translations.use("nl"):
        pattern.reason = str(sentence)
    uow.session.flush()
    update_card(uow, SubjectRef(PATTERN, pattern.id), pattern_card(pattern))
    uow.record(f"oog_oor.pattern.{what}", pattern.id, after={"state": pattern.state}, public=True, sentence=sentence)


def _id(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None

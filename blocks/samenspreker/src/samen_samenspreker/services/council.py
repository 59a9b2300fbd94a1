"""What the council or another body decided elsewhere about what a table worked on: in its public logbook, and told to who took part.

The block that keeps those decisions is known by the type of its event alone; who decided what is read from the register and from the linked
data of the decision (``/id/<type>/<uuid>``, schema.org), so that any block can tell it.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from samen_core.api import Change, Delivered, SubjectCard, SubjectRef, UnitOfWork, anonymous, cards
from samen_samenspreker.events import CouncilDecided
from samen_samenspreker.models import Question
from samen_samenspreker.services.common import TYPE, city_day, log
from samen_samenspreker.step_log import decided


def council_decided(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: note a decision at every table that it is about, once; the event of that mails who takes part and agreed to it."""
    id = uuid.UUID(event.payload["thing_id"])
    tables = [question for ref in event.about if ref.type == TYPE and (question := _table(uow, ref.id)) is not None]
    if not tables:
        return
    card = public_card(uow, id)
    if card is None:
        return
    with uow.acting(anonymous()):
        facts = _facts(uow, card, event)
    for question in dict.fromkeys(tables):
        if decided_facts(uow, question.id, id) is None:
            log(uow, CouncilDecided, question, decided(facts), thing=id, after=facts)


def public_card(uow: UnitOfWork, id: uuid.UUID) -> SubjectCard | None:
    """The card of a decision that everybody may know of now; mails about it go to people outside."""
    with uow.acting(anonymous()):
        card = cards(uow, [id]).get(id)
    return card if card is not None and card.is_live else None


def decided_facts(uow: UnitOfWork, question_id: uuid.UUID, decision_id: uuid.UUID) -> dict[str, Any] | None:
    """What the logbook of a question keeps of a decision: title, text, body, day, done and path; None when it was not told of it."""
    statement = select(Change.after).where(Change.subject_id == question_id, Change.action == CouncilDecided.type)
    rows = uow.session.execute(statement.order_by(Change.seq.desc())).scalars()
    return next((row for row in rows if row and row.get("decision") == str(decision_id)), None)


def _table(uow: UnitOfWork, id: uuid.UUID) -> Question | None:
    """The table of a question, or of the one that it was merged into, locked; None when it has none."""
    question = uow.session.get(Question, id, with_for_update=True)
    if question is not None and question.state == "merged" and question.merged_into_id is not None:
        question = uow.session.get(Question, question.merged_into_id, with_for_update=True)
    return question if question is not None and question.state == "accepted" else None


def _facts(uow: UnitOfWork, card: SubjectCard, event: Delivered) -> dict[str, object]:
    data = _linked_data(uow, SubjectRef(card.type, card.id))
    bodies = cards(uow, [ref.id for ref in event.about if ref.type == "organization"])
    return {
        "decision": card.id,
        "title": card.title,
        "text": card.summary,
        "body": next((body.title for body in bodies.values()), ""),
        "day": str(data.get("legislationDate") or city_day(event.at)),
        "done": str((data.get("comment") or {}).get("text") or ""),
        "path": card.url,
    }


def _linked_data(uow: UnitOfWork, ref: SubjectRef) -> dict[str, Any]:
    kind = uow.platform.subject_types.get(ref.type)
    return kind.linked_data(uow, ref.id) if kind is not None and kind.linked_data is not None else {}

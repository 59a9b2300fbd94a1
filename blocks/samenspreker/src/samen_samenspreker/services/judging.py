"""Accepting and refusing: every question gets an answer with a reason that everybody may read."""

from __future__ import annotations

import uuid

from samen_core.api import Conflict, Text, UnitOfWork, _
from samen_samenspreker.events import QuestionAccepted, QuestionRefused
from samen_samenspreker.models import Question
from samen_samenspreker.permissions import JUDGE
from samen_samenspreker.question_log import SENTENCES
from samen_samenspreker.schemas.questions import JudgeQuestion
from samen_samenspreker.services import asker_mail
from samen_samenspreker.services.common import check_version, locked_question, log
from samen_samenspreker.services.question_cards import keep_card


def accept(uow: UnitOfWork, id: uuid.UUID, command: JudgeQuestion) -> Question:
    """Put a submitted question on the agenda: its table starts in step 1.

    Raises NotFound, NotAllowed, and Conflict when it changed meanwhile or was judged already.
    """
    question = _to_judge(uow, id, command.version)
    put_on_agenda(uow, question, command.reason)
    asker_mail.accepted(uow, question)
    return question


def put_on_agenda(uow: UnitOfWork, question: Question, reason: str) -> None:
    """The act of accepting itself, of a question that is locked (or new) and of an actor who was checked."""
    question.step, question.step_since, question.cycle = "agenda", uow.now, 1
    _decide(uow, question, "accepted", reason)
    log(uow, QuestionAccepted, question, SENTENCES[QuestionAccepted.type], after={"state": "accepted"}, reason=reason)


def refuse(uow: UnitOfWork, id: uuid.UUID, command: JudgeQuestion) -> Question:
    """Refuse a submitted question; its page stays, with the reason. Raises like :func:`accept`."""
    question = _to_judge(uow, id, command.version)
    _decide(uow, question, "refused", command.reason)
    log(uow, QuestionRefused, question, SENTENCES[QuestionRefused.type], after={"state": "refused"}, reason=command.reason)
    asker_mail.refused(uow, question)
    return question


def require_submitted(question: Question, text: Text) -> None:
    """Raise Conflict unless the question still waits to be judged."""
    if question.state != "submitted":
        raise Conflict(text, current={"state": question.state}, version=question.version)


def _to_judge(uow: UnitOfWork, id: uuid.UUID, version: int) -> Question:
    question = locked_question(uow, id)
    JUDGE.require(uow.actor, question.id)
    require_submitted(question, _("Over deze vraag is al besloten."))
    check_version(question, version, {"state": question.state})
    return question


def _decide(uow: UnitOfWork, question: Question, state: str, reason: str) -> None:
    question.state, question.reason = state, reason
    question.decided_at, question.decided_by_id = uow.now, uow.actor.account_id
    uow.session.flush()
    keep_card(uow, question)

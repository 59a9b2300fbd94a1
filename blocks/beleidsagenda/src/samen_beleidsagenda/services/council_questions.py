"""Questions of council members to the college: asked, given more time, answered or withdrawn."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from samen_beleidsagenda.events import QuestionChanged
from samen_beleidsagenda.models import QUESTION_DAYS, CouncilQuestion
from samen_beleidsagenda.schemas.council_questions import (
    AnswerQuestion,
    AskCouncilQuestion,
    ExtendQuestion,
    UpdateCouncilQuestion,
    WithdrawQuestion,
)
from samen_beleidsagenda.services.common import enter, keep_card, log, require_reason, set_confidential, tell, to_change, today
from samen_beleidsagenda.services.promise_links import first_state, set_submitters, submitters, tie
from samen_core.api import Invalid, Text, UnitOfWork, _, uuid7

ASKED = _("De vraag is gesteld.")
CHANGED = _("De gegevens van de vraag zijn bijgewerkt.")
EXTENDED = _("Het antwoord krijgt meer tijd.")
ANSWERED = _("De vraag is beantwoord.")
WITHDRAWN = _("De vraag is ingetrokken.")
FACTS = ("kind", "number", "title", "text", "holder_id")


def ask_question(uow: UnitOfWork, command: AskCouncilQuestion) -> CouncilQuestion:
    """Write down a question; its answer is due thirty days later. Raises NotAllowed, and Invalid for what does not exist."""
    tied = tie(uow, command)
    due = command.asked_on + timedelta(days=QUESTION_DAYS)
    question = CouncilQuestion(
        id=uuid7(),
        asked_on=command.asked_on,
        due_date=due,
        original_due=due,
        dossier_id=tied.dossier_id,
        agenda_item_id=tied.agenda_item_id,
        confidential=command.confidential or tied.confidential,
        **{name: getattr(command, name) for name in FACTS},
    )
    question.state = first_state(uow, question, publish=command.publish)
    enter(uow, question)
    set_submitters(uow, question.id, command.group_ids, command.person_ids)
    uow.session.flush()
    log(uow, "beleidsagenda.council_question.asked", question, ASKED)
    tell(uow, QuestionChanged, question)
    return question


def update_question(uow: UnitOfWork, id: uuid.UUID, command: UpdateCouncilQuestion) -> CouncilQuestion:
    """Replace what is known of a question. Raises NotFound, NotAllowed, Conflict, and Invalid for one that is closed."""
    question = _open(uow, id, command.version)
    tied = tie(uow, command, question)
    set_confidential(uow, question, command.confidential or tied.confidential)
    for name in FACTS:
        setattr(question, name, getattr(command, name))
    question.dossier_id, question.agenda_item_id = tied.dossier_id, tied.agenda_item_id
    if (command.group_ids, command.person_ids) != submitters(uow, id):
        set_submitters(uow, id, command.group_ids, command.person_ids)
    return _kept(uow, question, "updated", CHANGED)


def extend_question(uow: UnitOfWork, id: uuid.UUID, command: ExtendQuestion) -> CouncilQuestion:
    """Give the answer more time. The first day stays as ``original_due``, every earlier one with its reason in the log.

    Raises NotFound, NotAllowed, Conflict, and Invalid without reason, for a day that is no later, and for a question that is closed.
    """
    question = _open(uow, id, command.version)
    reason = require_reason(command.reason)
    if command.due_date <= question.due_date:
        raise Invalid({"due_date": [_("Kies een dag na de dag die nu geldt.")]})
    before, question.due_date = question.due_date, command.due_date
    question.extension_reason = reason
    dates = {"before": {"due_date": before}, "after": {"due_date": command.due_date}}
    return _kept(uow, question, "extended", EXTENDED, reason=reason, **dates)


def answer_question(uow: UnitOfWork, id: uuid.UUID, command: AnswerQuestion) -> CouncilQuestion:
    """Answer a question with words, a document or both. Raises NotFound, NotAllowed, Conflict, and Invalid without either."""
    question = _open(uow, id, command.version)
    errors: dict[str, list[Text]] = {}
    if not command.answer.strip() and command.answer_document_id is None:
        errors["answer"] = [_("Vul het antwoord in of kies een stuk.")]
    if command.answered_on < question.asked_on:
        errors["answered_on"] = [_("De vraag was toen nog niet gesteld.")]
    elif command.answered_on > today(uow):
        errors["answered_on"] = [_("Deze dag moet nog komen.")]
    tie(uow, command, **errors)
    question.answer, question.answer_document_id = command.answer.strip(), command.answer_document_id
    question.answered_on = command.answered_on
    return _kept(uow, question, "answered", ANSWERED)


def withdraw_question(uow: UnitOfWork, id: uuid.UUID, command: WithdrawQuestion) -> CouncilQuestion:
    """Write down that a question was withdrawn. Raises NotFound, NotAllowed, Conflict, and Invalid for one that is closed."""
    question = _open(uow, id, command.version)
    if not question.asked_on <= command.withdrawn_on <= today(uow):
        raise Invalid({"withdrawn_on": [_("Kies een dag tussen de dag van de vraag en vandaag.")]})
    question.withdrawn_on = command.withdrawn_on
    return _kept(uow, question, "withdrawn", WITHDRAWN, reason=command.reason.strip())


def is_open(question: CouncilQuestion | Any) -> bool:
    """Whether it waits for its answer."""
    return question.answered_on is None and question.withdrawn_on is None


def question_values(uow: UnitOfWork, question: CouncilQuestion) -> dict[str, Any]:
    """The values of a question for its forms."""
    names = (*FACTS, "asked_on", "due_date", "dossier_id", "agenda_item_id", "confidential", "version", "answer", "answer_document_id")
    groups, persons = submitters(uow, question.id)
    return {**{name: getattr(question, name) for name in names}, "group_ids": groups, "person_ids": persons}


def _open(uow: UnitOfWork, id: uuid.UUID, version: int) -> CouncilQuestion:
    question = to_change(uow, CouncilQuestion, id, version, lambda found: question_values(uow, found))
    if not is_open(question):
        raise Invalid(_("Deze vraag is al beantwoord of ingetrokken."))
    return question


def _kept(uow: UnitOfWork, question: CouncilQuestion, what: str, sentence: Text, **values: Any) -> CouncilQuestion:
    keep_card(uow, question)
    log(uow, f"beleidsagenda.council_question.{what}", question, sentence, **values)
    tell(uow, QuestionChanged, question)
    return question

"""What the block adds to the platform."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from samen_core.api import (
    ACCOUNT_ERASED,
    Change,
    Event,
    EventHandler,
    Job,
    ManagedText,
    Permission,
    RetentionRule,
    SearchSource,
    Setting,
    SignalReceiver,
    SubjectType,
    Task,
    UnitOfWork,
    _,
    hookimpl,
    n_,
)
from samen_inbreng import paths
from samen_inbreng.events import EVENTS, AnswerMailed, AnswerSent
from samen_inbreng.managed_texts import TEXTS
from samen_inbreng.permissions import ANSWER, MODERATE, PERMISSIONS
from samen_inbreng.queries.desk import waiting_number
from samen_inbreng.queries.documents import activity_documents, contribution_documents
from samen_inbreng.services.answer_mails import mail_answer
from samen_inbreng.services.answers import send_due
from samen_inbreng.services.apart import lay_apart
from samen_inbreng.services.contribution_lines import contributing_sentence
from samen_inbreng.services.leaving import forget_account
from samen_inbreng.services.log_lines import answering_sentence
from samen_inbreng.services.retention import RULES
from samen_inbreng.settings import SETTINGS

if TYPE_CHECKING:
    from flask import Blueprint

    from samen_core.rest.api import RestBlueprint
    from samen_core.web.api import SlotFill


@hookimpl
def samen_blueprints() -> list[Blueprint]:
    """The pages."""
    from samen_inbreng.web import pages

    return [pages]


@hookimpl
def samen_resources() -> list[RestBlueprint]:
    """The REST resources."""
    from samen_inbreng.rest import rest

    return [rest]


@hookimpl
def samen_permissions() -> tuple[Permission, ...]:
    """The permissions."""
    return PERMISSIONS


@hookimpl
def samen_texts() -> tuple[ManagedText, ...]:
    """What is said after giving, and the mails."""
    return TEXTS


@hookimpl
def samen_subject_types() -> list[SubjectType]:
    """What can be cited."""
    api = "/api/v1/inbreng"
    return [
        SubjectType(
            "activity", _("Activiteit"), _("Activiteiten"), "messages-square", permission=ANSWER.name, api_path=f"{api}/activities/{{id}}"
        ),
        SubjectType(
            "contribution",
            _("Bijdrage"),
            _("Bijdragen"),
            "message-circle",
            permission=MODERATE.name,
            api_path=f"{api}/contributions/{{id}}",
        ),
    ]


@hookimpl
def samen_event_types() -> list[type[Event]]:
    """The events."""
    return list(EVENTS)


@hookimpl
def samen_settings() -> tuple[Setting, ...]:
    """What a city may set."""
    return SETTINGS


@hookimpl
def samen_event_handlers() -> list[EventHandler]:
    """Mail answers that were sent, a portion at a time."""
    return [EventHandler("inbreng.mail_answer", mail_answer, (AnswerSent.type, AnswerMailed.type))]


@hookimpl
def samen_jobs() -> list[Job]:
    """Tell of the answers whose ten minutes are over; keep answers apart from who gave them."""
    return [
        Job("inbreng.send_answers", timedelta(minutes=1), send_due),
        Job("inbreng.lay_apart", timedelta(days=1), lay_apart),
    ]


@hookimpl
def samen_retention() -> tuple[RetentionRule, ...]:
    """When names and addresses go."""
    return RULES


@hookimpl
def samen_signal_receivers() -> list[SignalReceiver]:
    """Let go of an account that is erased."""
    return [SignalReceiver(ACCOUNT_ERASED, forget_account)]


@hookimpl
def samen_search_sources() -> list[SearchSource]:
    """The words of activities and contributions."""
    return [SearchSource("activity", activity_documents), SearchSource("contribution", contribution_documents)]


@hookimpl
def samen_slots() -> list[SlotFill]:
    """The newest answers and what one can say something about on the home page; what is asked on the page of the thing itself."""
    from samen_inbreng.web.done import DONE
    from samen_inbreng.web.slots import SLOTS

    return [DONE, *SLOTS]


@hookimpl
def samen_tasks(uow: UnitOfWork) -> list[Task]:
    """Contributions that wait for an answer, for who may give it."""
    if not ANSWER.somewhere(uow.actor):
        return []
    number = waiting_number(uow, ANSWER)
    title = n_("{n} bijdrage wacht op een antwoord", "{n} bijdragen wachten op een antwoord", number)
    return [Task(title, paths.DESK, number, "messages-square")]


@hookimpl
def samen_render_log(change: Change) -> str | None:
    """The sentence of an activity, a contribution, a theme or an answer in the reader's language."""
    sentence = answering_sentence(change.action, change.after) or contributing_sentence(change.action, change.after)
    return str(sentence) if sentence else None

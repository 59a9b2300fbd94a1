"""What the block adds to the platform."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from citycontent.api import AreasImported, OrganizationDeleted, OrganizationUpdated
from samen_core.api import (
    ACCOUNT_CONFIRMED,
    ACCOUNT_ERASED,
    Delivered,
    Event,
    EventHandler,
    Job,
    ManagedText,
    NavigationItem,
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
)
from samen_oog_oor.events import EVENTS, CaseMerged, CaseOpened, CaseReopened, CaseRouted, MailsWaiting, PatternProposed
from samen_oog_oor.managed_texts import TEXTS
from samen_oog_oor.paths import HOME
from samen_oog_oor.permissions import HANDLE, PERMISSIONS
from samen_oog_oor.queries.search import case_documents, pattern_documents, signal_documents
from samen_oog_oor.services.kinds import CASE, PATTERN, SIGNAL
from samen_oog_oor.services.pattern_events import QUESTION_EVENTS
from samen_oog_oor.services.retention import RULES, claim_signals, forget_account
from samen_oog_oor.settings import SETTINGS

if TYPE_CHECKING:
    from click import Command
    from flask import Blueprint

    from samen_core.rest.api import RestBlueprint
    from samen_core.web.api import SlotFill

_API = "/api/v1/oog-oor"


@hookimpl
def samen_blueprints() -> list[Blueprint]:
    """The pages."""
    from samen_oog_oor.web import pages
    from samen_oog_oor.web.open311 import open311

    return [pages, open311]


@hookimpl
def samen_resources() -> list[RestBlueprint]:
    """The REST resources."""
    from samen_oog_oor.rest import rest

    return [rest]


@hookimpl
def samen_slots() -> list[SlotFill]:
    """What stands on pages of others."""
    from samen_oog_oor.web.slots import PUBLIC_SLOTS

    return [*PUBLIC_SLOTS]


@hookimpl
def samen_navigation() -> list[NavigationItem]:
    """The front page."""
    return [NavigationItem(_("Oog & Oor"), HOME, "eye", 20)]


@hookimpl
def samen_permissions() -> tuple[Permission, ...]:
    """The permissions."""
    return PERMISSIONS


@hookimpl
def samen_settings() -> tuple[Setting, ...]:
    """What a city may set."""
    return SETTINGS


@hookimpl
def samen_texts() -> tuple[ManagedText, ...]:
    """The mails."""
    return TEXTS


@hookimpl
def samen_subject_types() -> list[SubjectType]:
    """What can be cited."""
    return [
        # No permission: who works at cases may not know of those that are confidential.
        SubjectType(CASE, _("Zaak"), _("Zaken"), "eye", sees=_sees_case, api_path=f"{_API}/cases/{{id}}"),
        SubjectType(
            SIGNAL,
            _("Melding"),
            _("Meldingen"),
            "message-circle",
            sees=_sees_signal,
            api_path=f"{_API}/signals/{{id}}",
        ),
        SubjectType(PATTERN, _("Patroon"), _("Patronen"), "trending-up", permission=HANDLE.name, api_path=f"{_API}/patterns/{{id}}"),
    ]


@hookimpl
def samen_event_types() -> list[type[Event]]:
    """The events."""
    return list(EVENTS)


@hookimpl
def samen_retention() -> tuple[RetentionRule, ...]:
    """When contact details, texts and viewings go."""
    return RULES


@hookimpl
def samen_signal_receivers() -> list[SignalReceiver]:
    """Signals become those of the account that proves its address; what reaches one that is erased goes."""
    return [SignalReceiver(ACCOUNT_CONFIRMED, claim_signals), SignalReceiver(ACCOUNT_ERASED, forget_account)]


@hookimpl
def samen_search_sources() -> list[SearchSource]:
    """The words of what everybody may read; and apart from those, what is searched at the desk."""
    return [
        SearchSource(CASE, case_documents),
        SearchSource(SIGNAL, signal_documents, offered=False),
        SearchSource(PATTERN, pattern_documents),
    ]


@hookimpl
def samen_tasks(uow: UnitOfWork) -> list[Task]:
    """What waits for the actor."""
    from samen_oog_oor.services.desk_tasks import desk_tasks
    from samen_oog_oor.services.routing_rules import problem_tasks

    return [*desk_tasks(uow), *problem_tasks(uow)]


@hookimpl
def samen_jobs() -> list[Job]:
    """What is done by the clock."""
    return [
        Job("oog_oor.rules", timedelta(hours=1), _check_rules),
        Job("oog_oor.words", timedelta(days=1), _learn_words),
        Job("oog_oor.remind_handlers", timedelta(hours=1), _remind_handlers),
        Job("oog_oor.tell_silence", timedelta(hours=1), _tell_silence),
        Job("oog_oor.inquiries", timedelta(hours=1), _remind_inquiries),
        Job("oog_oor.end_waiting", timedelta(hours=1), _end_waiting),
        Job("oog_oor.forward", timedelta(minutes=2), _forward),
        Job("oog_oor.patterns", timedelta(hours=1), _find_patterns),
        Job("oog_oor.numbers", timedelta(minutes=2), _keep_numbers),
        Job("oog_oor.figures", timedelta(minutes=10), _keep_figures),
    ]


@hookimpl
def samen_event_handlers() -> list[EventHandler]:
    """What the worker does."""
    city = (OrganizationUpdated.type, OrganizationDeleted.type, AreasImported.type)
    return [
        EventHandler("oog_oor.rules", _follow_city, city),
        EventHandler("oog_oor.forward", _plan_forward, (CaseOpened.type, CaseRouted.type)),
        EventHandler("oog_oor.forward_again", _take_up_forward, (CaseReopened.type, CaseMerged.type)),
        EventHandler("oog_oor.mails", _send_portion, (MailsWaiting.type,)),
        EventHandler("oog_oor.pattern_mail", _mail_of_pattern, (PatternProposed.type,)),
        EventHandler("oog_oor.pattern_question", _follow_question, QUESTION_EVENTS),
    ]


def _keep_numbers(uow: UnitOfWork) -> None:
    from samen_oog_oor.services.counting import keep_numbers

    keep_numbers(uow)


def _keep_figures(uow: UnitOfWork) -> None:
    from samen_oog_oor.services.counting import keep_figures

    keep_figures(uow)


def _find_patterns(uow: UnitOfWork) -> None:
    from samen_oog_oor.services.patterns import find_next

    find_next(uow)


def _send_portion(uow: UnitOfWork, event: Delivered) -> None:
    from samen_oog_oor.services.mailing import send_portion

    send_portion(uow, event)


def _mail_of_pattern(uow: UnitOfWork, event: Delivered) -> None:
    from samen_oog_oor.services.pattern_events import mail_reporters

    mail_reporters(uow, event)


def _follow_question(uow: UnitOfWork, event: Delivered) -> None:
    from samen_oog_oor.services.pattern_events import follow_question

    follow_question(uow, event)


def _remind_handlers(uow: UnitOfWork) -> None:
    from samen_oog_oor.services.reminders import remind_handlers

    remind_handlers(uow)


def _tell_silence(uow: UnitOfWork) -> None:
    from samen_oog_oor.services.reminders import tell_silence

    tell_silence(uow)


def _end_waiting(uow: UnitOfWork) -> None:
    from samen_oog_oor.services.reminders import end_waiting

    end_waiting(uow)


def _remind_inquiries(uow: UnitOfWork) -> None:
    from samen_oog_oor.services.inquiries import remind

    remind(uow)


def _check_rules(uow: UnitOfWork) -> None:
    from samen_oog_oor.services.routing import check_rules

    check_rules(uow)


@hookimpl
def samen_cli() -> list[Command]:
    """Taking over the requests of another Open311 server."""
    from samen_oog_oor.cli import import_

    return [import_]


def _forward(uow: UnitOfWork) -> None:
    from samen_oog_oor.services.forwarding import forward_due

    forward_due(uow)


def _plan_forward(uow: UnitOfWork, event: Delivered) -> None:
    from samen_oog_oor.services.forwarding import plan_forward

    plan_forward(uow, event)


def _take_up_forward(uow: UnitOfWork, event: Delivered) -> None:
    from samen_oog_oor.services.forwarding import take_up_forward

    take_up_forward(uow, event)


def _follow_city(uow: UnitOfWork, _event: Delivered) -> None:
    _check_rules(uow)


@hookimpl
def samen_seed(uow: UnitOfWork) -> None:
    """A year of what people saw in the demonstration city."""
    from samen_oog_oor.seed import seed

    seed(uow)


def _sees_case(uow: UnitOfWork, id: UUID) -> bool:
    from samen_oog_oor.models import Case
    from samen_oog_oor.services.common import may_see

    case = uow.session.get(Case, id)
    return case is not None and may_see(uow, case)


def _sees_signal(uow: UnitOfWork, id: UUID) -> bool:
    from samen_oog_oor.models import Case, Signal
    from samen_oog_oor.permissions import SEE_ORIGINALS
    from samen_oog_oor.services.common import may_work

    signal = uow.session.get(Signal, id)
    case = uow.session.get(Case, signal.case_id) if signal is not None else None
    return case is not None and may_work(uow, case) and may_work(uow, case, SEE_ORIGINALS)


def _learn_words(uow: UnitOfWork) -> None:
    from samen_oog_oor.services.learning import learn_words

    learn_words(uow)

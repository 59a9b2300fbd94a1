"""What the block adds to the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from citycontent.api import EventCancelled, EventMoved, EventUpdated
from samen_core.api import (
    ACCOUNT_ERASED,
    Actor,
    Change,
    Delivered,
    Event,
    EventHandler,
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
from samen_inbreng.api import (
    CODE_UNKNOWN,
    THEME_RENAMED,
    ContributionForgotten,
    ContributionHidden,
    ContributionShown,
    ContributionWithdrawn,
)
from samen_samenspreker.events import (
    EVENTS,
    CouncilDecided,
    DecisionPublished,
    MailsDue,
    MeetingPlanned,
    ProposalPublished,
    ReportPublished,
    StepChanged,
)
from samen_samenspreker.managed_texts import TEXTS
from samen_samenspreker.paths import DESK, HOME
from samen_samenspreker.permissions import FACILITATE, PERMISSIONS, SEE_UNPUBLISHED
from samen_samenspreker.settings import SETTINGS

if TYPE_CHECKING:
    from flask import Blueprint

    from samen_core.rest.api import RestBlueprint
    from samen_core.web.api import SlotFill


@hookimpl
def samen_blueprints() -> list[Blueprint]:
    """The pages."""
    from samen_samenspreker.web import pages

    return [pages]


@hookimpl
def samen_resources() -> list[RestBlueprint]:
    """The REST resources."""
    from samen_samenspreker.rest import rest

    return [rest]


@hookimpl
def samen_slots() -> list[SlotFill]:
    """What stands on pages of others."""
    from samen_samenspreker.web.seat_slots import SEAT_SLOTS
    from samen_samenspreker.web.slots import SLOTS
    from samen_samenspreker.web.trail_slots import TRAIL_SLOTS

    return [*SLOTS, *SEAT_SLOTS, *TRAIL_SLOTS]


@hookimpl
def samen_permissions() -> tuple[Permission, ...]:
    """The permissions."""
    return PERMISSIONS


@hookimpl
def samen_settings() -> tuple[Setting, ...]:
    """How the city calls its steps and levels."""
    return SETTINGS


@hookimpl
def samen_texts() -> tuple[ManagedText, ...]:
    """The mails, and what is said to who asks a question."""
    return TEXTS


@hookimpl
def samen_subject_types() -> list[SubjectType]:
    """What can be cited."""
    api = "/api/v1/samenspreker"
    see = SEE_UNPUBLISHED.name
    return [
        SubjectType("question", _("Vraag"), _("Vragen"), "circle-question-mark", permission=see, api_path=f"{api}/questions/{{id}}"),
        SubjectType("round", _("Ronde"), _("Rondes"), "refresh-cw", permission=see, api_path=f"{api}/rounds/{{id}}"),
        SubjectType("option", _("Oplossing"), _("Oplossingen"), "lightbulb", permission=see, api_path=f"{api}/options/{{id}}"),
        SubjectType("decision", _("Besluit"), _("Besluiten"), "gavel", permission=see, api_path=f"{api}/decisions/{{id}}"),
        SubjectType("action", _("Actie"), _("Acties"), "list-checks", permission=see, api_path=f"{api}/actions/{{id}}"),
        SubjectType("final_report", _("Eindverslag"), _("Eindverslagen"), "scroll-text", permission=see, api_path=f"{api}/reports/{{id}}"),
    ]


@hookimpl
def samen_event_types() -> list[type[Event]]:
    """The events."""
    return list(EVENTS)


@hookimpl
def samen_event_handlers() -> list[EventHandler]:
    """What the worker does."""
    return [
        EventHandler("samenspreker.meeting_mail", _tell_of_meeting, MEETING_EVENTS),
        EventHandler("samenspreker.mail_participants", _mail_participants, MAIL_EVENTS),
        EventHandler("samenspreker.council_decided", _council_decided, (COUNCIL_DECISION,)),
        EventHandler("samenspreker.pattern_proposed", _pattern_proposed, (PATTERN_PROPOSED,)),
        EventHandler("samenspreker.idea_passed_on", _idea_passed_on, (IDEA_PASSED_ON,)),
        EventHandler("samenspreker.memo_pdf", _make_memo, (ProposalPublished.type,), outside_effect=True),
        EventHandler("samenspreker.report_pdf", _make_report, (ReportPublished.type,), outside_effect=True),
        EventHandler("samenspreker.report_pdf_again", _make_reports_again, CHANGED_CONTRIBUTIONS, outside_effect=True),
    ]


@hookimpl
def samen_navigation(actor: Actor) -> list[NavigationItem]:
    """The overview of questions, and for who facilitates a table those tables."""
    desk = [NavigationItem(_("Begeleiding"), DESK, "list-checks", 51)] if FACILITATE.somewhere(actor) else []
    return [NavigationItem(LABEL, HOME, "users-round", 50), *desk]


@hookimpl
def samen_signal_receivers() -> list[SignalReceiver]:
    """Forgetting an account that is erased; keeping the names of themes in published decisions; knowing the codes of questions."""
    return [
        SignalReceiver(ACCOUNT_ERASED, _forget_account),
        SignalReceiver(ACCOUNT_ERASED, _forget_seats),
        SignalReceiver(THEME_RENAMED, _keep_theme),
        SignalReceiver(CODE_UNKNOWN, _know_code),
    ]


@hookimpl
def samen_retention() -> tuple[RetentionRule, ...]:
    """When it is forgotten who asked, supported, was invited, sat at a table or said something there."""
    from samen_samenspreker.services.retention import RULES

    return RULES


@hookimpl
def samen_search_sources() -> list[SearchSource]:
    """What can be found of questions and what came out at their tables."""
    from samen_samenspreker.queries.decisions import decision_documents
    from samen_samenspreker.queries.documents import action_documents, round_documents
    from samen_samenspreker.queries.options import option_documents
    from samen_samenspreker.queries.question_documents import question_documents
    from samen_samenspreker.queries.reports import report_documents

    return [
        SearchSource("question", question_documents),
        SearchSource("round", round_documents),
        SearchSource("option", option_documents),
        SearchSource("decision", decision_documents),
        SearchSource("action", action_documents),
        SearchSource("final_report", report_documents),
    ]


@hookimpl
def samen_render_log(change: Change) -> str | None:
    """A line of the public logbook in the reader's language."""
    from samen_samenspreker import document_log, question_log, seat_log, solve_log, step_log

    action, facts = change.action, change.after
    found = (
        question_log.sentence_of(action, facts)
        or step_log.sentence_of(action, change.before, facts)
        or document_log.sentence_of(action, facts)
        or seat_log.seat_sentence(action, facts)
        or solve_log.sentence_of(action, facts)
    )
    return None if found is None else str(found)


@hookimpl
def samen_tasks(uow: UnitOfWork) -> list[Task]:
    """What waits for the actor at tables."""
    from samen_samenspreker.services.tasks import tasks

    return tasks(uow)


def _mail_participants(uow: UnitOfWork, event: Delivered) -> None:
    from samen_samenspreker.services.mails import mail_portion

    mail_portion(uow, event)


def _council_decided(uow: UnitOfWork, event: Delivered) -> None:
    from samen_samenspreker.services.council import council_decided

    council_decided(uow, event)


def _idea_passed_on(uow: UnitOfWork, event: Delivered) -> None:
    from samen_samenspreker.services.ideas import idea_passed_on

    idea_passed_on(uow, event)


def _pattern_proposed(uow: UnitOfWork, event: Delivered) -> None:
    from samen_samenspreker.services.patterns import pattern_proposed

    pattern_proposed(uow, event)


def _make_memo(uow: UnitOfWork, event: Delivered) -> None:
    from samen_samenspreker.services.document_files import make_memo

    make_memo(uow, event)


def _make_report(uow: UnitOfWork, event: Delivered) -> None:
    from samen_samenspreker.services.document_files import make_report

    make_report(uow, event)


def _make_reports_again(uow: UnitOfWork, event: Delivered) -> None:
    from samen_samenspreker.services.document_files import make_reports_again

    make_reports_again(uow, event)


def _tell_of_meeting(uow: UnitOfWork, event: Delivered) -> None:
    from samen_samenspreker.services.meeting_mail import meeting_changed

    meeting_changed(uow, event)


def _forget_seats(uow: UnitOfWork, account_id: UUID) -> None:
    from samen_samenspreker.services.seat_privacy import forget_account

    forget_account(uow, account_id)


def _keep_theme(uow: UnitOfWork, theme_id: UUID) -> None:
    from samen_samenspreker.services.decisions import require_not_decided_on

    require_not_decided_on(uow, theme_id)


def _know_code(uow: UnitOfWork, code: str, pages: list[str]) -> None:
    from samen_samenspreker.services.receipts import know_code

    know_code(uow, code, pages)


def _forget_account(uow: UnitOfWork, account_id: UUID) -> None:
    from samen_samenspreker.services.retention import forget_account

    forget_account(uow, account_id)


MEETING_EVENTS = (MeetingPlanned.type, EventMoved.type, EventUpdated.type, EventCancelled.type)
"""After these the table may not know when or where a meeting is."""

CHANGED_CONTRIBUTIONS = (ContributionWithdrawn.type, ContributionHidden.type, ContributionForgotten.type, ContributionShown.type)
"""After these a PDF of a final report may say too much or too little."""

MAIL_EVENTS = (StepChanged.type, DecisionPublished.type, ReportPublished.type, CouncilDecided.type, MailsDue.type)
"""After these everybody who takes part and agreed gets mail."""

COUNCIL_DECISION = "beleidsagenda.decision.made"
"""What the policy agenda tells when the college, a committee or the council decided."""

PATTERN_PROPOSED = "oog_oor.pattern.proposed"
"""What Oog & Oor tells when much of the same that was reported is proposed as a question."""

IDEA_PASSED_ON = "doe_mee.idea.passed_on"
"""What Doe Mee tells when an idea of residents is proposed as a question."""

LABEL = _("Samenspreker")


@hookimpl
def samen_seed(uow: UnitOfWork) -> None:
    """Nine questions of the demonstration city."""
    from samen_samenspreker.seed import seed

    seed(uow)

"""What the block adds to the platform."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from citycontent.api import EventCancelled, EventMoved, EventUpdated
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
from samen_doe_mee.events import EVENTS
from samen_doe_mee.events.activities import ActivityAdded
from samen_doe_mee.events.ideas import IdeaMailsDue, IdeaMerged, IdeaMoved, IdeaPublished, IdeaReached
from samen_doe_mee.events.plans import PlanPublished, ResultMailsWaiting, RoundClosed
from samen_doe_mee.managed_texts import TEXTS
from samen_doe_mee.paths import HOME
from samen_doe_mee.permissions import PERMISSIONS
from samen_doe_mee.services.kinds import ACTIVITY, IDEA, IDEA_NEWS, PLAN, PLAN_DOCUMENT, PLAN_NEWS, ROUND
from samen_doe_mee.services.retention import RULES
from samen_doe_mee.settings import SETTINGS

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Blueprint

    from samen_core.rest.api import RestBlueprint
    from samen_core.web.api import SlotFill

_API = "/api/v1/doe-mee"


@hookimpl
def samen_blueprints() -> list[Blueprint]:
    """The pages."""
    from samen_doe_mee.web import pages

    return [pages]


@hookimpl
def samen_resources() -> list[RestBlueprint]:
    """The REST resources."""
    from samen_doe_mee.rest import rest

    return [rest]


@hookimpl
def samen_slots() -> list[SlotFill]:
    """What stands on pages of others."""
    from samen_doe_mee.web.plan_figures import FIGURES
    from samen_doe_mee.web.slots import SLOTS

    return [*SLOTS, FIGURES]


@hookimpl
def samen_search_sources() -> list[SearchSource]:
    """The words of what everybody may read."""
    from samen_doe_mee.queries.search import activity_documents, idea_documents, plan_documents

    return [SearchSource(IDEA, idea_documents), SearchSource(PLAN, plan_documents), SearchSource(ACTIVITY, activity_documents)]


@hookimpl
def samen_navigation() -> list[NavigationItem]:
    """The front page."""
    return [NavigationItem(_("Doe Mee"), HOME, "lightbulb", 10)]


@hookimpl
def samen_permissions() -> tuple[Permission, ...]:
    """The permissions."""
    return PERMISSIONS


@hookimpl
def samen_texts() -> tuple[ManagedText, ...]:
    """The mails."""
    return TEXTS


@hookimpl
def samen_settings() -> tuple[Setting, ...]:
    """What a city may set."""
    return SETTINGS


@hookimpl
def samen_event_types() -> list[type[Event]]:
    """The events."""
    return list(EVENTS)


@hookimpl
def samen_subject_types() -> list[SubjectType]:
    """What can be cited."""
    return [
        SubjectType(IDEA, _("Idee"), _("Ideeën"), "lightbulb", api_path=f"{_API}/ideas/{{id}}"),
        SubjectType(IDEA_NEWS, _("Nieuws over een idee"), _("Nieuws over ideeën"), "newspaper"),
        SubjectType(PLAN, _("Plan"), _("Plannen"), "clipboard-list", api_path=f"{_API}/plans/{{id}}", sees=_sees_plan),
        SubjectType(ROUND, _("Ronde"), _("Rondes"), "refresh-cw"),
        SubjectType(ACTIVITY, _("Activiteit"), _("Activiteiten"), "hand", api_path=f"{_API}/activities/{{id}}"),
        SubjectType(PLAN_NEWS, _("Nieuws over een plan"), _("Nieuws over plannen"), "newspaper"),
        SubjectType(PLAN_DOCUMENT, _("Document van een plan"), _("Documenten van plannen"), "file-text", sees=_sees_document),
    ]


@hookimpl
def samen_retention() -> tuple[RetentionRule, ...]:
    """When it goes who proposed, supported and took part."""
    return RULES


@hookimpl
def samen_tasks(uow: UnitOfWork) -> list[Task]:
    """What waits for the actor."""
    from samen_doe_mee.services.answer_tasks import answer_tasks
    from samen_doe_mee.services.idea_handling import idea_tasks
    from samen_doe_mee.services.meeting_tasks import meeting_tasks
    from samen_doe_mee.services.reaching import reached_tasks

    return [*idea_tasks(uow), *reached_tasks(uow), *answer_tasks(uow), *meeting_tasks(uow)]


@hookimpl
def samen_signal_receivers() -> list[SignalReceiver]:
    """Voices become those of the account that proves its address; who leaves is let go of."""
    from samen_inbreng.api import CONTRIBUTED

    return [
        SignalReceiver(ACCOUNT_CONFIRMED, _claim_voices),
        SignalReceiver(ACCOUNT_ERASED, _forget_account),
        SignalReceiver(CONTRIBUTED, _trace_contribution),
    ]


@hookimpl
def samen_event_handlers() -> list[EventHandler]:
    """What the worker does."""
    from samen_doe_mee.services.idea_talk import TALK_EVENTS
    from samen_doe_mee.services.idea_trail import QUESTION_EVENTS
    from samen_doe_mee.services.talk_events import HANDLERS

    return [
        *HANDLERS,
        EventHandler("doe_mee.idea_talk", _follow_idea, TALK_EVENTS),
        EventHandler("doe_mee.idea_question", _follow_question, QUESTION_EVENTS),
        EventHandler("doe_mee.idea_steps", _tell_steps, (IdeaMoved.type, IdeaReached.type, IdeaMerged.type)),
        EventHandler("doe_mee.result", _tell_result, (RoundClosed.type,)),
        EventHandler("doe_mee.result_mails", _send_results, (ResultMailsWaiting.type,)),
        EventHandler("doe_mee.idea_mails", _mail_followers, (IdeaMailsDue.type,)),
        EventHandler("doe_mee.short_links", _make_links, (IdeaPublished.type, PlanPublished.type, ActivityAdded.type)),
        EventHandler("doe_mee.meeting_mails", _tell_of_meeting, (EventMoved.type, EventUpdated.type, EventCancelled.type)),
    ]


@hookimpl
def samen_jobs() -> list[Job]:
    """What is done by the clock."""
    return [
        Job("doe_mee.remind_organisers", timedelta(hours=1), _remind_organisers),
        Job("doe_mee.idea_news", timedelta(hours=1), _mail_news),
        Job("doe_mee.remind_visitors", timedelta(minutes=10), _remind_visitors),
    ]


def _mail_news(uow: UnitOfWork) -> None:
    from samen_doe_mee.services.idea_news import send_waiting

    send_waiting(uow)


def _remind_visitors(uow: UnitOfWork) -> None:
    from samen_doe_mee.services.meeting_mails import remind_due

    remind_due(uow)


def _tell_of_meeting(uow: UnitOfWork, event: Delivered) -> None:
    from samen_doe_mee.services.meeting_mails import meeting_changed

    meeting_changed(uow, event)


def _remind_organisers(uow: UnitOfWork) -> None:
    from samen_doe_mee.services.result_reminders import remind_organisers

    remind_organisers(uow)


def _tell_result(uow: UnitOfWork, event: Delivered) -> None:
    from samen_doe_mee.services.result_mails import tell_result

    tell_result(uow, event)


def _send_results(uow: UnitOfWork, event: Delivered) -> None:
    from samen_doe_mee.services.result_mails import send_portion

    send_portion(uow, event)


def _claim_voices(uow: UnitOfWork, account_id: UUID) -> None:
    from samen_doe_mee.services.support_claims import claim_voices

    claim_voices(uow, account_id)


def _forget_account(uow: UnitOfWork, account_id: UUID) -> None:
    from samen_doe_mee.services.leaving import forget_account

    forget_account(uow, account_id)


def _trace_contribution(uow: UnitOfWork, **sent: Any) -> None:
    from samen_doe_mee.services.idea_talk import trace_contribution

    trace_contribution(uow, sent["contribution"], sent["address"])


def _follow_question(uow: UnitOfWork, event: Delivered) -> None:
    from samen_doe_mee.services.idea_trail import follow_question

    follow_question(uow, event)


def _follow_idea(uow: UnitOfWork, event: Delivered) -> None:
    from samen_doe_mee.services.idea_talk import follow_idea

    follow_idea(uow, event)


def _tell_steps(uow: UnitOfWork, event: Delivered) -> None:
    from samen_doe_mee.services.idea_mails import tell_steps

    tell_steps(uow, event)


def _mail_followers(uow: UnitOfWork, event: Delivered) -> None:
    from samen_doe_mee.services.idea_mails import mail_portion

    mail_portion(uow, event)


def _make_links(uow: UnitOfWork, event: Delivered) -> None:
    from samen_doe_mee.services.short_links import make_links

    make_links(uow, event)


@hookimpl
def samen_seed(uow: UnitOfWork) -> None:
    """Ideas and plans of the demonstration city."""
    from samen_doe_mee.seed import seed

    seed(uow)


def _sees_plan(uow: UnitOfWork, id: UUID) -> bool:
    from samen_doe_mee.services.plan_cards import sees_plan

    return sees_plan(uow, id)


def _sees_document(uow: UnitOfWork, id: UUID) -> bool:
    from samen_doe_mee.services.plan_cards import sees_document

    return sees_document(uow, id)

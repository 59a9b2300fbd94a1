"""What the block adds to the platform."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from samen_core.api import (
    ACCOUNT_ERASED,
    Actor,
    Change,
    Event,
    EventHandler,
    Job,
    NavigationItem,
    Permission,
    SearchSource,
    Setting,
    SignalReceiver,
    Subject,
    SubjectType,
    Task,
    UnitOfWork,
    _,
    hookimpl,
    n_,
)
from samen_example.events import ThanksGiven, ThanksHidden
from samen_example.permissions import HIDE, THANK
from samen_example.queries import NUMBER
from samen_example.schemas import GiveThanks
from samen_example.services import GIVEN, TYPE, count_again, documents, forget_authors, give_thanks, let_go
from samen_example.settings import SETTINGS

if TYPE_CHECKING:
    from flask import Blueprint

    from samen_core.rest.api import RestBlueprint
    from samen_core.web.api import SlotFill

CITY = select(Subject.id).where(Subject.type == "organization", Subject.state == "active").order_by(Subject.id).limit(3)


@hookimpl
def samen_blueprints() -> list[Blueprint]:
    """The pages."""
    from samen_example.web import pages

    return [pages]


@hookimpl
def samen_resources() -> list[RestBlueprint]:
    """The REST resource."""
    from samen_example.rest import rest

    return [rest]


@hookimpl
def samen_slots() -> Iterable[SlotFill]:
    """Notes on the page of an organisation."""
    from samen_example.web import SLOTS

    return SLOTS


@hookimpl
def samen_permissions() -> list[Permission]:
    """The permissions."""
    return [THANK, HIDE]


@hookimpl
def samen_settings() -> Iterable[Setting]:
    """The settings."""
    return SETTINGS


@hookimpl
def samen_subject_types() -> list[SubjectType]:
    """Notes are citable things."""
    return [SubjectType(TYPE, _("Bedankje"), _("Bedankjes"), "heart", permission=HIDE.name, api_path="/api/v1/example/thanks/{id}")]


@hookimpl
def samen_event_types() -> list[type[Event]]:
    """The events."""
    return [ThanksGiven, ThanksHidden]


@hookimpl
def samen_event_handlers() -> list[EventHandler]:
    """Keep the tally."""
    return [EventHandler("example.tally", count_again, (ThanksGiven.type, ThanksHidden.type))]


@hookimpl
def samen_signal_receivers() -> list[SignalReceiver]:
    """Forget an erased account."""
    return [SignalReceiver(ACCOUNT_ERASED, let_go)]


@hookimpl
def samen_search_sources() -> list[SearchSource]:
    """The text of notes."""
    return [SearchSource(TYPE, documents)]


@hookimpl
def samen_jobs() -> list[Job]:
    """Forget authors in time."""
    return [Job("example.forget", timedelta(days=1), forget_authors)]


@hookimpl
def samen_navigation(actor: Actor) -> list[NavigationItem]:
    """The list of notes; not for who moderates, who finds it under what waits."""
    return [] if HIDE.somewhere(actor) else [NavigationItem(_("Bedankjes"), "/bedankjes", "heart", 900)]


@hookimpl
def samen_tasks(uow: UnitOfWork) -> list[Task]:
    """Notes to read, for who may hide them."""
    if not HIDE.somewhere(uow.actor):
        return []
    number = uow.session.execute(NUMBER).scalar() or 0
    return [Task(n_("{n} bedankje om te lezen", "{n} bedankjes om te lezen", number), "/bedankjes", number, "heart")]


@hookimpl
def samen_render_log(change: Change) -> str | None:
    """The sentence of a note in the reader's language."""
    return str(_("Iemand bedankte deze organisatie.")) if change.action == GIVEN else None


@hookimpl
def samen_seed(uow: UnitOfWork) -> None:
    """A note to three organisations."""
    texts = (
        "Dank voor de koffie tijdens de verhuizing van onze straat.",
        "Fijn dat u zo snel hielp met de kapotte speeltuin.",
        "Mooi buurtfeest!",
    )
    for organization_id, text in zip(uow.session.execute(CITY).scalars().all(), texts, strict=False):
        give_thanks(uow, GiveThanks(organization_id, text))

"""What the block adds to the platform. Pages, slots and REST are imported inside their hook, so that a worker does not load them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samen_core.api import (
    MODERATE,
    Actor,
    Change,
    Event,
    EventHandler,
    ManagedText,
    NavigationItem,
    Permission,
    SearchSource,
    SubjectType,
    UnitOfWork,
    _,
    hookimpl,
)

from samen_voorbeeld_blok import paths
from samen_voorbeeld_blok.block import block
from samen_voorbeeld_blok.events import ProposalMade
from samen_voorbeeld_blok.managed_texts import TEXTS
from samen_voorbeeld_blok.permissions import PROPOSE
from samen_voorbeeld_blok.queries import documents
from samen_voorbeeld_blok.services import MADE, SENTENCE, TYPE, confirm

if TYPE_CHECKING:
    from flask import Blueprint
    from samen_core.rest.api import RestBlueprint
    from samen_core.web.api import SlotFill


@hookimpl
def samen_blueprints() -> list[Blueprint]:
    """The pages."""
    from samen_voorbeeld_blok.web import pages

    return [pages]


@hookimpl
def samen_resources() -> list[RestBlueprint]:
    """The REST resource."""
    from samen_voorbeeld_blok.rest import rest

    return [rest]


@hookimpl
def samen_slots() -> tuple[SlotFill, ...]:
    """The newest proposals on the page of a project."""
    from samen_voorbeeld_blok.web import SLOTS

    return SLOTS


@hookimpl
def samen_permissions() -> list[Permission]:
    """The permissions."""
    return [PROPOSE]


@hookimpl
def samen_subject_types() -> list[SubjectType]:
    """Proposals can be cited."""
    path = "/api/v1/voorbeeld-blok/proposals/{id}"
    return [SubjectType(TYPE, _("Voorstel"), _("Voorstellen"), "lightbulb", permission=MODERATE.name, api_path=path)]


@hookimpl
def samen_event_types() -> list[type[Event]]:
    """The events."""
    return [ProposalMade]


@hookimpl
def samen_event_handlers() -> list[EventHandler]:
    """Mail who made a proposal."""
    return [EventHandler("voorbeeld_blok.confirm", confirm, (ProposalMade.type,))]


@hookimpl
def samen_texts() -> tuple[ManagedText, ...]:
    """The mails, which a city may write anew."""
    return TEXTS


@hookimpl
def samen_search_sources() -> list[SearchSource]:
    """The words of proposals."""
    return [SearchSource(TYPE, documents)]


@hookimpl
def samen_navigation(actor: Actor) -> list[NavigationItem]:
    """The list of proposals."""
    return [NavigationItem(block.label, paths.HOME, "lightbulb", 800)]


@hookimpl
def samen_render_log(change: Change) -> str | None:
    """The sentence of a proposal in the reader's language."""
    return str(SENTENCE) if change.action == MADE else None


@hookimpl
def samen_seed(uow: UnitOfWork) -> None:
    """A few proposals for the demonstration city."""
    from samen_voorbeeld_blok.testing import seed

    seed(uow)

"""What the block adds to the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from samen_core.api import Event, ManagedText, Permission, Setting, SubjectType, UnitOfWork, _, hookimpl
from samen_oog_oor.events import EVENTS
from samen_oog_oor.managed_texts import TEXTS
from samen_oog_oor.permissions import HANDLE, PERMISSIONS
from samen_oog_oor.services.kinds import CASE, PATTERN, SIGNAL
from samen_oog_oor.settings import SETTINGS

if TYPE_CHECKING:
    from flask import Blueprint

    from samen_core.rest.api import RestBlueprint


@hookimpl
def samen_blueprints() -> list[Blueprint]:
    """The pages."""
    from samen_oog_oor.web import pages

    return [pages]


@hookimpl
def samen_resources() -> list[RestBlueprint]:
    """The REST resources."""
    from samen_oog_oor.rest import rest

    return [rest]


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
        SubjectType(CASE, _("Zaak"), _("Zaken"), "eye", permission=HANDLE.name, sees=_sees_case),
        SubjectType(SIGNAL, _("Melding"), _("Meldingen"), "message-square", permission=HANDLE.name, sees=_sees_signal),
        SubjectType(PATTERN, _("Patroon"), _("Patronen"), "chart-scatter", permission=HANDLE.name),
    ]


@hookimpl
def samen_event_types() -> list[type[Event]]:
    """The events."""
    return list(EVENTS)


def _sees_case(uow: UnitOfWork, id: UUID) -> bool:
    from samen_oog_oor.models import Case
    from samen_oog_oor.services.common import may_see

    case = uow.session.get(Case, id)
    return case is not None and may_see(uow, case)


def _sees_signal(uow: UnitOfWork, id: UUID) -> bool:
    from samen_oog_oor.models import Case, Signal
    from samen_oog_oor.services.common import may_work

    signal = uow.session.get(Signal, id)
    case = uow.session.get(Case, signal.case_id) if signal is not None else None
    return case is not None and may_work(uow, case)
